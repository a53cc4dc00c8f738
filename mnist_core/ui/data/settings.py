"""The settings that decide about the training images, and the way back to Train."""

import streamlit as st

from mnist_core.recipe import FIELDS, Recipe
from mnist_core.ui import navigation
from mnist_core.ui.train.form import rare_digits, state
from mnist_core.ui.train.form.controls import control

_SHOWN = ("label_noise", "label_noise_kind", "outliers", "outlier_kind")


def show() -> Recipe:
    """Show them, and give the recipe as it stands; the page's address is brought in step with it."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown("##### The recipe's data", width="content")
        train = st.container(width="content", key="train_on_this")  # a link that looks like the button it stands for
    control(FIELDS["train_images"])
    rare_digits.show()
    with st.grid(2, min_column_width=170, gap=("small", "medium")):
        for name in _SHOWN:
            with st.container(gap="xsmall"):
                control(FIELDS[name])
    recipe = state.settle()
    with train:
        navigation.link("train", "Train on this", recipe.to_query(), icon=":material/model_training:")
    if recipe.cleaning:
        st.caption(
            "“Remove suspected label errors” is on: training cleans these images first. Here they are uncleaned."
        )
    return recipe
