"""Which training images are ticked to be left out: kept for the session, by their places in MNIST's file."""

from collections.abc import Iterable, Mapping

import streamlit as st

from mnist_core.fields import indexes_in
from mnist_core.recipe import FIELDS, Recipe

MOST = FIELDS["left_out"].most
"""More do not fit into a link."""

_TICKED = "data_left_out"
_OF_RECIPE = "data_left_out_of_recipe"  # what the recipe had when it was last looked at


def take_up(recipe: Recipe) -> None:
    """Tick what the recipe leaves out, when that is new."""
    if _TICKED not in st.session_state or st.session_state.get(_OF_RECIPE) != recipe.left_out:
        st.session_state[_OF_RECIPE] = recipe.left_out
        st.session_state[_TICKED] = set(indexes_in(recipe.left_out))


def ticked() -> set[int]:
    """The ticked images."""
    found: set[int] = st.session_state[_TICKED]
    return found


def change(changes: Mapping[int, bool]) -> None:
    """Tick and untick some; what is too much is not ticked."""
    _put(ticked() - {index for index, on in changes.items() if not on})
    add(index for index, on in changes.items() if on)


def add(indexes: Iterable[int]) -> None:
    """Tick these as well, the first ones first, as many as there is room for."""
    chosen = set(ticked())
    for index in indexes:
        if len(chosen) < MOST:
            chosen.add(index)
    _put(chosen)


def clear() -> None:
    """Tick none."""
    _put(set())


def without_ticked(recipe: Recipe) -> Recipe:
    """The recipe that leaves out what is ticked, and nothing else by hand."""
    return recipe.replace(left_out=",".join(map(str, sorted(ticked()))))


def _put(chosen: set[int]) -> None:
    st.session_state[_TICKED] = chosen
