"""Which of a page's panels is open: chosen on the page, or by the link that led to it."""

from collections.abc import Mapping

import streamlit as st

from mnist_core.ui import address, messages

PARAMETER = "look"
"""The open panel's name in the page's address; without it, the first one is open."""


def choose(titles: Mapping[str, str], key: str) -> str:
    """Show the panels to choose from; the name of the open one.

    Args:
        titles: What each panel is called on the page, by its name in the address.
        key: The choice's name on the page.
    """
    first = next(iter(titles))
    _take_up(titles, key)
    chosen: str | None = st.segmented_control(
        "Look at",
        list(titles),
        format_func=titles.__getitem__,
        default=None if key in st.session_state else first,
        required=True,
        key=key,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    chosen = chosen or first
    address.put({PARAMETER: None if chosen == first else chosen})
    return chosen


def _take_up(titles: Mapping[str, str], key: str) -> None:
    asked = address.arrived(PARAMETER)
    if asked is None:
        return
    if asked in titles:
        st.session_state[key] = asked
    else:
        messages.show_notices([f"There is no “{asked[:20]}” to look at on this page."])
