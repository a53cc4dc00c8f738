"""What a control of Streamlit shows when something else than the visitor's hand sets it."""

from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def put(key: str, value: T, *, again: bool = False) -> T | None:
    """Let the control of that key show that value; what the control is to be made with: `value=` or `default=`.

    A value set through the session is told to the browser once, and a rerun in that moment (a run that ends, on a
    busy machine) can swallow it: then a control made without a value would stand at its lowest end, and report that
    as if somebody had moved it there. So a value that stands already is also what the control begins with.

    Args:
        key: The control's key. To be called in each run of the page, just before the control is made.
        value: What it is to show.
        again: Whether the browser is to be told although the session has that value.
    """
    if key in st.session_state and st.session_state[key] == value and not again:
        return value
    st.session_state[key] = value
    return None  # Streamlit wants to be told a value in one way only
