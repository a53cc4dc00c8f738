"""Choosing one of a few things that stand side by side."""

from collections.abc import Callable, Mapping
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


def select(label: str, titles: Mapping[T, str], key: str, **more: Any) -> T:
    """As `choose`, of many: a list that opens. What is chosen and no longer among them is shown by its name."""
    chosen: T = st.selectbox(label, list(titles), format_func=lambda one: titles.get(one, str(one)), key=key, **more)
    return chosen


def set_button(label: str, is_set: bool, use: Callable[[], None], key: str, help: str | None = None) -> None:
    """A button that sets something, by calling `use`; it is ticked while that is set."""
    icon = ":material/check:" if is_set else None
    st.button(label, type="primary" if is_set else "secondary", icon=icon, on_click=use, key=key, help=help)
