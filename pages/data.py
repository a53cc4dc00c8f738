"""Data: look at what a recipe trains with, and find what is wrong with it."""

import streamlit as st

from mnist_core.ui import navigation, services
from mnist_core.ui.common import messages
from mnist_core.ui.data import panels, settings
from mnist_core.ui.train.form import state

navigation.guard()

state.read_query_params()
messages.show_notices(state.notices())
with st.container(key="data_page"):  # by this name, a phone shows the second column first
    left, right = st.columns([0.28, 0.72], gap="large")
with left:
    recipe = settings.show()
services.preload()  # before what needs MNIST and torch, and may have to wait for them
with right:
    panels.show(recipe)
