"""A page's panels: which there are, and which of them is open, chosen on the page or by the link that led to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from mnist_core.ui.common import choice, messages, query_params, widget_state

PARAMETER = "look"
"""The open panel's name in the page's address; without it, the one that opens by itself."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One of a page's panels.

    Attributes:
        name: In the page's address.
        title: On the page.
        icon: Of Google's Material Symbols.
        render: Shows it, for what the page is about.
    """

    name: str
    title: str
    icon: str
    render: Callable[..., None]


def choose(
    panels: Sequence[Panel], key: str, found: Mapping[str, str] | None = None, *, usual: str | None = None
) -> Panel:
    """Show the panels to choose from; the open one.

    Args:
        panels: In the order of the page.
        key: The choice's name on the page.
        found: Of some panels, by name, what is to be seen there, in two or three words.
        usual: The name of the one that opens by itself; the first one's when it is None. It may be another one at the
            next visit of the page, and then opens in the place of the one that opened by itself before.
    """
    by_name = {panel.name: panel for panel in panels}
    usual = usual or panels[0].name
    open_now = st.session_state.get(key) or usual
    if query_params.is_unknown(PARAMETER) and open_now == st.session_state.get(f"{key}_usual"):
        open_now = usual  # somebody has just come, and had chosen none
    st.session_state[f"{key}_usual"] = usual
    asked = query_params.new_param(PARAMETER)  # a link was just opened
    if asked in by_name:
        open_now = asked
    elif asked is not None:
        messages.show_notices([f"Unknown panel “{asked[:20]}”."])
    chosen = choice.choose(
        "Look at",
        {panel.name: _title(panel, (found or {}).get(panel.name, "")) for panel in panels},
        key,
        default=widget_state.put(key, open_now),
        persist_state="session",
        label_visibility="collapsed",
    )
    query_params.put({PARAMETER: None if chosen == usual else chosen})
    return by_name[chosen]


def _title(panel: Panel, found: str) -> str:
    return f":material/{panel.icon}: {panel.title}" + (f": **{found}**" if found else "")
