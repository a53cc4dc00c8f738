"""Mistakes: what a model gets wrong on the test set, and how it looks."""

import streamlit as st

from mnist_core.ui import messages, mistakes_view, model_choice, navigation, services

navigation.guard()
services.warm()

with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
    headline = st.container(width="content")
    with st.container(width=380):
        model = model_choice.choose("mistakes_model")
with headline, messages.explained_or_stop():
    evaluation = services.evaluation(model.name)
    mistakes_view.show_headline(evaluation)


@st.fragment
def look() -> None:
    left, right = st.columns([0.48, 0.52], gap="large")
    with left:
        mistakes_view.show_matrix(evaluation)
    with right:
        mistakes_view.show_images(evaluation)
    mistakes_view.show_picked(evaluation, model.name)


look()
