"""Which training images are selected to be excluded: kept for the session, by their places in MNIST's file."""

from collections.abc import Iterable, Mapping

import streamlit as st

from mnist_core.fields import indexes_in
from mnist_core.recipe import FIELDS, Recipe

MOST = FIELDS["left_out"].most
"""More do not fit into a link."""

_SELECTED = "data_left_out"
_OF_RECIPE = "data_left_out_of_recipe"  # what the recipe had when it was last looked at


def read_recipe(recipe: Recipe) -> None:
    """Select what the recipe excludes, when that is new."""
    if _SELECTED not in st.session_state or st.session_state.get(_OF_RECIPE) != recipe.left_out:
        st.session_state[_OF_RECIPE] = recipe.left_out
        st.session_state[_SELECTED] = set(indexes_in(recipe.left_out))


def selected() -> set[int]:
    """The selected images."""
    found: set[int] = st.session_state[_SELECTED]
    return found


def change(changes: Mapping[int, bool]) -> None:
    """Select and deselect some; what is too much is not selected."""
    st.session_state[_SELECTED] = selected() - {index for index, is_on in changes.items() if not is_on}
    add(index for index, is_on in changes.items() if is_on)


def add(indices: Iterable[int]) -> None:
    """Select these as well, the first ones first, as many as there is room for."""
    chosen = set(selected())
    for index in indices:
        if len(chosen) < MOST:
            chosen.add(index)
    st.session_state[_SELECTED] = chosen


def clear() -> None:
    """Select none."""
    st.session_state[_SELECTED] = set()


def without_selected(recipe: Recipe) -> Recipe:
    """The recipe that excludes what is selected, and nothing else manually."""
    return recipe.replace(left_out=",".join(map(str, sorted(selected()))))
