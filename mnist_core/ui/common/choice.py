"""Choosing one of a few things that stand side by side."""

from collections.abc import Mapping
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


def choose(label: str, titles: Mapping[T, str], key: str, **more: Any) -> T:
    """Show the choices; the chosen one, which is the first until people choose.

    Args:
        label: What is chosen.
        titles: What each choice is called on the page.
        key: The choice's name on the page.
        more: As `st.segmented_control` takes it, such as another `default`.
    """
    settings = {"default": next(iter(titles)), "required": True, "wrap": True, **more}
    chosen: T = st.segmented_control(label, list(titles), format_func=titles.__getitem__, key=key, **settings)
    return chosen
