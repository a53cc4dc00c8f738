"""Fixed and broken: what one model reads right and the other wrong, both ways."""

import streamlit as st

from mnist_core.ui.common import messages
from mnist_core.ui.common.section import section
from mnist_core.ui.mistakes import gallery_view
from mnist_core.ui.mistakes.comparison_state import Comparison

_HELP = (
    "The exact test of McNemar: only the images that the two models read differently count. If the two were equally "
    "good, each of those would be as likely to be fixed as broken, like tosses of a fair coin. The smaller the "
    "probability, the less likely it is that the difference is chance."
)


@section("Fixed and broken")
def show(looked: Comparison) -> None:
    """The counts, the test in words, and the images of whichever is chosen."""
    from mnist_core.evaluation.paired_comparison import PairedComparison

    if looked.other is None or looked.other_evaluation is None:
        st.info(
            "Choose a second model under “Compare with” to see what the one reads right and the other wrong.",
            icon=":material/compare:",
        )
        return
    versus = PairedComparison(looked.evaluation, looked.other_evaluation)
    groups = {"broken": versus.lost, "fixed": versus.gained, "both": versus.both_wrong}
    ours, theirs = messages.plain(looked.model.title), messages.plain(looked.other.title)
    titles = {
        "broken": f":material/heart_broken: Only the first is wrong ({len(versus.lost):,})",
        "fixed": f":material/healing: Only the second is wrong ({len(versus.gained):,})",
        "both": f":material/close: Both are wrong ({len(versus.both_wrong):,})",
    }
    st.markdown(f"First: **{ours}** · second: **{theirs}**")
    st.markdown(f"##### {conclusion(len(versus.gained), len(versus.lost), versus.p_value)}", help=_HELP)
    chosen: str = st.segmented_control(
        "Which images",
        list(groups),
        format_func=titles.__getitem__,
        default="broken",
        required=True,
        key="versus_group",
        persist_state="session",
        wrap=True,
    )
    gallery_view.show(looked, groups[chosen], _count(len(groups[chosen])), key="versus")


def conclusion(fixed: int, broken: int, p_value: float) -> str:
    """What the test says of so many images that only the second, and only the first reads wrong."""
    from mnist_core.evaluation.paired_comparison import CHANCE

    if fixed == broken:
        return f"Each is right {fixed:,} times where the other is wrong: no difference."
    better, more, less = ("first", fixed, broken) if fixed > broken else ("second", broken, fixed)
    chance = f"p = {p_value:.3f}" if p_value >= 0.001 else "p < 0.001"
    lead = f"The {better} is right {more:,} times where the other is wrong, against {less:,} the other way round"
    if p_value >= CHANCE:
        return f"{lead}: that may be chance ({chance})."
    return f"{lead}: that is hardly chance ({chance})."


def _count(count: int) -> str:
    return f"{count:,} image{'' if count == 1 else 's'}"
