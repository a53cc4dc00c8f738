"""Data: look at what a recipe trains with, and find what is wrong with it."""

import streamlit as st

from mnist_core.ui import messages, navigation, recipe_form, services
from mnist_core.ui.data import panels, settings

navigation.guard()

recipe_form.take_up_address()
messages.show_notices(recipe_form.notices())
left, right = st.columns([0.28, 0.72], gap="large")
with left:
    recipe = settings.show()
services.warm()  # before what needs MNIST and torch, and may have to wait for them
with right:
    panels.show(recipe)
