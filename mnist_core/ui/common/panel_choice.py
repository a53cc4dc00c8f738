"""Which of a page's panels is open: chosen on the page, or by the link that led to it."""

from collections.abc import Mapping

import streamlit as st

from mnist_core.ui.common import messages, query_params, widget_state

PARAMETER = "look"
"""The open panel's name in the page's address; without it, the first one is open."""


def choose(titles: Mapping[str, str], key: str) -> str:
    """Show the panels to choose from; the name of the open one.

    Args:
        titles: What each panel is called on the page, by its name in the address.
        key: The choice's name on the page.
    """
    first = next(iter(titles))
    chosen: str | None = st.segmented_control(
        "Look at",
        list(titles),
        format_func=titles.__getitem__,
        default=widget_state.put(key, _wanted(titles, st.session_state.get(key) or first)),
        required=True,
        key=key,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    chosen = chosen or first
    query_params.put({PARAMETER: None if chosen == first else chosen})
    return chosen


def _wanted(titles: Mapping[str, str], open_now: str) -> str:
    """The panel that the address asks for when a link was just opened, otherwise the one that is open."""
    asked = query_params.new_param(PARAMETER)
    if asked is None:
        return open_now
    if asked in titles:
        return asked
    messages.show_notices([f"There is no “{asked[:20]}” to look at on this page."])
    return open_now
