"""The settings that decide about the training images, and the way back to Train."""

import streamlit as st

from mnist_core.recipe import FIELDS, Recipe
from mnist_core.ui import navigation
from mnist_core.ui.train.form import rare_digits, state
from mnist_core.ui.train.form.controls import control

_SHOWN = ("label_noise", "label_noise_kind", "outliers", "outlier_kind")
_QUICK_SHARE = 0.05


def show() -> Recipe:
    """Show them, and give the recipe as it stands; the page's address is brought in step with it."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown("##### The recipe's data", width="content")
        train = st.container(width="content")
    control(FIELDS["train_images"])
    rare_digits.show()
    with st.container(horizontal=True, gap="small"):
        _quick("5 % wrong labels", "label_noise")
        _quick("5 % outliers", "outliers")
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


def _quick(label: str, name: str) -> None:
    """A button that puts a fault in, or takes it out again."""
    is_in = bool(getattr(state.current(), name))
    st.button(
        f"Without {label.split(' % ')[1]}" if is_in else f"Add {label}",
        key=f"quick_{name}",
        icon=":material/undo:" if is_in else ":material/add:",
        on_click=state.change,
        kwargs={name: 0.0 if is_in else _QUICK_SHARE},
    )
