"""The panels of the Data page: one record each, one of them open at a time."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from mnist_core.recipe import Recipe
from mnist_core.ui.common import panel_choice
from mnist_core.ui.common.section import section
from mnist_core.ui.data import classes, excluded_images, ink_spread, suspects, test_set
from mnist_core.ui.data.dataset_view import part_of


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel.

    Attributes:
        name: In the address.
        title, icon: On the page; the icon as Streamlit names it.
        render: Shows it for a recipe: given the part of it that decides about the images, and the whole.
    """

    name: str
    title: str
    icon: str
    render: Callable[[Recipe, Recipe], None]


PANELS = (
    Panel("classes", "Digits", "bar_chart", lambda part, _: classes.show(part)),
    Panel("ink", "Ink", "straighten", lambda part, _: ink_spread.show(part)),
    Panel("suspects", "Suspects", "flag", suspects.show),
    Panel("test", "Test labels", "verified", lambda *_: test_set.show()),
)
"""In the order of the page; the first one is open at first."""


@st.fragment
@section("The panels")
def show(recipe: Recipe) -> None:
    """The panel that is open, for the recipe's training images, with the others to open."""
    excluded_images.read_recipe(recipe)
    titles = {panel.name: f":material/{panel.icon}: {panel.title}" for panel in PANELS}
    name = panel_choice.choose(titles, "open_data_panel")
    next(panel for panel in PANELS if panel.name == name).render(part_of(recipe), recipe)
