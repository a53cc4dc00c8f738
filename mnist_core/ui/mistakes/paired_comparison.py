"""Wins and losses: what one model gets right and the other wrong, both ways, and whether that is significant."""

import streamlit as st

from mnist_core.ui.common import words
from mnist_core.ui.common.choice import choose
from mnist_core.ui.common.section import section
from mnist_core.ui.mistakes import gallery_view
from mnist_core.ui.mistakes.comparison_state import Comparison

_HELP = (
    "McNemar's exact test: only the images count that exactly one of the two models gets right. If the two were "
    "equally good, each of those would be as likely to be a win as a loss, like the toss of a fair coin. p is how "
    "likely so uneven a split would then be; below 0.05 the difference is called significant."
)


@section("Wins and losses")
def show(comparison: Comparison) -> None:
    """The counts, the test in words, and the images of whichever group is chosen."""
    from mnist_core.evaluation.paired_comparison import PairedComparison

    if comparison.other is None or comparison.other_evaluation is None:
        st.info(
            "Choose a second model under “Compare with” to see which images only one of the two gets right.",
            icon=":material/compare:",
        )
        return
    paired = PairedComparison(comparison.evaluation, comparison.other_evaluation)
    groups = {"broken": paired.lost, "fixed": paired.gained, "both": paired.both_wrong}
    titles = {"broken": "A wrong, B correct", "fixed": "A correct, B wrong", "both": "Both wrong"}
    st.markdown(comparison.legend.replace("● solid, ", "").replace("◇ dashed, ", ""))
    st.markdown(f"##### {conclusion(len(paired.gained), len(paired.lost), paired.p_value)}", help=_HELP)
    counted = {group: f"{title} ({len(groups[group]):,})" for group, title in titles.items()}
    chosen = choose("Images", counted, "versus_group", persist_state="session")
    gallery_view.show(comparison, groups[chosen], words.counted(len(groups[chosen]), "images"), key="versus")


def conclusion(wins: int, losses: int, p_value: float) -> str:
    """What the test says.

    Args:
        wins: How many images only A gets right.
        losses: How many images only B gets right.
        p_value: Of the exact test of McNemar.
    """
    from mnist_core.evaluation.paired_comparison import CHANCE

    if wins == losses:
        return f"Each is right {wins:,} times where the other is wrong: no difference."
    better, worse, more, less = ("A", "B", wins, losses) if wins > losses else ("B", "A", losses, wins)
    p = f"p = {p_value:.3f}" if p_value >= 0.001 else "p < 0.001"
    verdict = "not significant" if p_value >= CHANCE else "significant"
    lead = f"{better} is right {more:,} times where {worse} is wrong, {less:,} times the other way round"
    return f"{lead}: {verdict} ({p})."
