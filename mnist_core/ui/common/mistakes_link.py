"""The way back to the mistakes, for a test image that was opened on Draw from there."""

import streamlit as st

from mnist_core.ui import navigation
from mnist_core.ui.common import query_params

_LEFT = "mistakes_left"


def open_in_draw(index: int, model: str) -> None:
    """A link that shows this test image on Draw, as that model reads it; the mistakes are found again as they are."""
    st.session_state[_LEFT] = index, query_params.current()
    navigation.link("draw", "Open in Draw", {"image": str(index), "run": model}, icon=":material/draw:")


def show(index: int) -> None:
    """A link back to the mistakes as they were left; nothing for an image that was not opened from there."""
    left, query = st.session_state.get(_LEFT, (None, {}))
    if left == index:
        navigation.link("mistakes", "Back to the mistakes", query, icon=":material/arrow_back:")
