"""Wins and losses: what one model gets right and the other wrong, both ways, and whether that is significant."""

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui.common import words
from mnist_core.ui.common.choice import choose
from mnist_core.ui.common.section import section
from mnist_core.ui.mistakes import gallery_view, image_detail
from mnist_core.ui.mistakes.comparison_state import MARKS, Comparison

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mnist_core.evaluation.paired_comparison import PairedComparison

_GROUP = "versus_group"  # the choice of a group of images
_HELP = (
    "McNemar's exact test: only the images count that exactly one of the two models gets right. If the two were "
    "equally good, each of those would be as likely to be a win as a loss, like the toss of a fair coin. p is how "
    "likely so uneven a split would then be; below 0.05 the difference is called significant."
)


@section("Wins and losses")
def show(comparison: Comparison) -> None:
    """The counts, the test in words, and beside them the images of whichever group is chosen."""
    if comparison.other is None or comparison.other_evaluation is None:
        st.info(
            "Choose a second model under “Compare with” to see which images only one of the two gets right.",
            icon=":material/compare:",
        )
        return
    from mnist_core.evaluation.paired_comparison import PairedComparison

    paired = PairedComparison(comparison.evaluation, comparison.other_evaluation)
    image_detail.show_beside(
        comparison, partial(_show_counts, paired), partial(_show_images, comparison, paired), [0.42, 0.58]
    )


def _groups(paired: "PairedComparison") -> "dict[str, NDArray[np.int64]]":
    return {"broken": paired.lost, "fixed": paired.gained, "both": paired.both_wrong}


def _show_images(comparison: Comparison, paired: "PairedComparison") -> None:
    """The images of the group that is chosen, or of the first one."""
    group = _groups(paired)[st.session_state.get(_GROUP) or "broken"]
    gallery_view.show(comparison, group, words.counted(len(group), "images"), key="versus")


def _show_counts(paired: "PairedComparison") -> None:
    """Say how the two compare; with the groups of images to choose from."""
    a, b = MARKS
    titles = {"broken": f"{a} wrong, {b} correct", "fixed": f"{a} correct, {b} wrong", "both": "Both wrong"}
    st.markdown(f"##### {conclusion(len(paired.gained), len(paired.lost))}")
    st.markdown(verdict(len(paired.gained), len(paired.lost), paired.p_value), help=_HELP)
    counted = {name: f"{titles[name]} ({len(images):,})" for name, images in _groups(paired).items()}
    choose("Images", counted, _GROUP, persist_state="session", on_change=image_detail.close)


def conclusion(wins: int, losses: int) -> str:
    """How many images only A gets right, and how many only B, in a sentence."""
    a, b = MARKS
    if not wins and not losses:
        return f"{a} and {b} are right on the same images."
    images = words.counted(wins, "images")
    return f"{a} is right on {images} that {b} gets wrong, and wrong on {losses:,} that {b} gets right."


def verdict(wins: int, losses: int, p_value: float) -> str:
    """Which of the two is better, and whether that is significant.

    Args:
        wins: How many images only A gets right.
        losses: How many images only B gets right.
        p_value: Of the exact test of McNemar.
    """
    from mnist_core.evaluation.paired_comparison import CHANCE

    if wins == losses:
        return "Neither is better: no difference."
    p = f"p = {p_value:.3f}" if p_value >= 0.001 else "p < 0.001"
    better = MARKS[0 if wins > losses else 1]
    return f"{better} is better: {'not significant' if p_value >= CHANCE else 'significant'} ({p})."
