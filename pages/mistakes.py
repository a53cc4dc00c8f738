"""Mistakes: what a model gets wrong on the test set, how it looks, and why."""

import streamlit as st

from mnist_core.ui import messages, navigation, services
from mnist_core.ui.mistakes import close_up, looked, panels

navigation.guard()

with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
    headline = st.container(width="content")
    with st.container(horizontal=True, width=620):
        model, other = looked.choose()
services.warm()
with headline, messages.explained_or_stop():
    what = looked.look_at(model, other)
    looked.show_headline(what)


@st.fragment
def look() -> None:
    panels.show(what)
    close_up.show(what)


look()
