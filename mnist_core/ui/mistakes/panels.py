"""The ways to look at a model's mistakes, one at a time."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from mnist_core.ui import address, messages
from mnist_core.ui.mistakes import confusion, figures, map, robustness, versus
from mnist_core.ui.mistakes.looked import Looked

_PARAMETER = "look"
_OPEN = "open_mistakes_panel"


@dataclass(frozen=True, slots=True)
class Panel:
    """One way to look: its name on the page, and what shows it."""

    title: str
    show: Callable[[Looked], None]


PANELS = {
    "matrix": Panel(":material/grid_on: Confusion matrix", confusion.show),
    "figures": Panel(":material/percent: Figures", figures.show),
    "map": Panel(":material/scatter_plot: Map", map.show),
    "robustness": Panel(":material/tune: Robustness", robustness.show),
    "versus": Panel(":material/compare: Fixed and broken", versus.show),
}
"""By their names in the address; the first one is open at first."""


def show(looked: Looked) -> None:
    """The panel that is open, with the others to open."""
    name = _choose()
    with messages.explained():
        PANELS[name].show(looked)


def _choose() -> str:
    first = next(iter(PANELS))
    asked = address.arrived(_PARAMETER)
    if asked in PANELS:
        st.session_state[_OPEN] = asked
    elif asked is not None:
        messages.show_notices([f"There is no “{asked[:20]}” to look at on this page."])
    chosen: str = st.segmented_control(
        "Look at",
        list(PANELS),
        format_func=lambda name: PANELS[name].title,
        default=first,
        required=True,
        key=_OPEN,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    address.put({_PARAMETER: None if chosen == first else chosen})
    return chosen
