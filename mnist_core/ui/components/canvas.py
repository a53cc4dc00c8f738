"""The pad people draw on, with mouse, finger or pen."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from mnist_core.ui.components.register_component import load, sent

PEN_PX = 20
"""The pen's width to begin with, on a canvas of 280 pixels: MNIST's digits look as if drawn with it."""

_mount = load("canvas")


def last_drawing(key: str) -> Any:
    """What was last drawn on the pad `key`, as the browser sent it; None when nothing ever was.

    The browser's word is not checked here: `preprocessing.strokes.drawing_from_json` does that. The drawing is kept
    apart from the pad's own state, which Streamlit forgets when the pad is not on the page.
    """
    latest, kept = sent(key, "drawing"), f"{key}_kept"
    if latest is not None:
        st.session_state[kept] = latest
    return st.session_state.get(kept)


def canvas(key: str) -> None:
    """Show the pad. Mount it after its drawing was answered: that tells the browser it may send the next."""
    drawing = last_drawing(key)
    answered = drawing.get("seq") if isinstance(drawing, Mapping) else None
    _mount(
        key=key,
        data={"drawing": drawing, "answered": answered, "pen_px": PEN_PX},
        default={"drawing": None},
        on_drawing_change=lambda: None,  # the state itself is read at the next run
    )
