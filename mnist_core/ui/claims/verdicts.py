"""What became of a claim, as it is shown: a word and an icon, never a colour alone."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st


@dataclass(frozen=True, slots=True)
class Look:
    """How a verdict is shown, and what it means."""

    word: str
    icon: str
    color: Literal["green", "red", "orange", "gray", "violet"]
    help: str


VERDICTS = {
    "confirmed": Look(
        "Confirmed",
        ":material/check_circle:",
        "green",
        "The 95 % interval of the effect lies on the side that the claim names, and the effect is large enough to "
        "matter.",
    ),
    "refuted": Look(
        "Refuted",
        ":material/cancel:",
        "red",
        "The 95 % interval holds no effect on the side that the claim names that is large enough to matter: there is "
        "none, or the opposite one.",
    ),
    "mixed": Look(
        "Mixed",
        ":material/balance:",
        "orange",
        "Some of what the claim says holds and some does not, or the seeds differ too much to tell.",
    ),
    "not_measurable": Look(
        "Not measurable", ":material/help:", "violet", "What the claim is about could not be measured here."
    ),
    "not_tested": Look("Not tested yet", ":material/hourglass_empty:", "gray", "No result came with this version."),
}
"""By their names in the results, in the order of the page."""


def show_badge(verdict: str) -> None:
    """The verdict as a badge that says what it means when pointed at."""
    look = VERDICTS[verdict]
    st.badge(look.word, icon=look.icon, color=look.color, help=look.help)
