"""Mistakes: what a model gets wrong on the test set, how it looks, and why."""

import streamlit as st

from mnist_core.ui import navigation, services
from mnist_core.ui.common import messages
from mnist_core.ui.common.turns import fragment
from mnist_core.ui.mistakes import comparison_state, panels

navigation.guard()

with st.container(horizontal=True, vertical_alignment="bottom", key="mistakes_header"):
    headline = st.container(key="mistakes_headline")
    with st.container(horizontal=True, width=500, key="mistakes_asked"):
        model, other = comparison_state.choose()
services.preload()
with headline, messages.explained_or_stop():
    comparison = comparison_state.look_at(model, other)
    comparison_state.show_headline(comparison)


@fragment
@messages.explained(part="The mistakes")
def look() -> None:
    panels.show(comparison)


look()
