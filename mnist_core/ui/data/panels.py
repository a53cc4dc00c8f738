"""The parts of the Data page, one at a time."""

import streamlit as st

from mnist_core.recipe import Recipe
from mnist_core.ui.common import messages, panel_choice
from mnist_core.ui.common.section import section
from mnist_core.ui.data import classes, excluded_images, ink_spread, suspects, test_set
from mnist_core.ui.data.dataset_view import part_of

_PANELS = {
    "classes": ":material/bar_chart: Digits",
    "ink": ":material/straighten: Ink",
    "suspects": ":material/flag: Suspects",
    "test": ":material/verified: Test labels",
}


@st.fragment
@section("The panels")
def show(recipe: Recipe) -> None:
    """The chosen part, for the recipe's training images."""
    excluded_images.take_up(recipe)
    panel = panel_choice.choose(_PANELS, "open_data_panel")
    part = part_of(recipe)
    with messages.explained():
        if panel == "classes":
            classes.show(part)
        elif panel == "ink":
            ink_spread.show(part)
        elif panel == "suspects":
            suspects.show(part, recipe)
        else:
            test_set.show()
