"""Every comparison of a claim as a table: the effect, its interval, and what follows."""

from typing import Any

import streamlit as st

from mnist_core.claims.claim import Claim
from mnist_core.claims.decision import Finding
from mnist_core.claims.metrics import METRICS
from mnist_core.claims.outcome import Outcome
from mnist_core.claims.wording import comparison_text, interval_text
from mnist_core.ui.claims.claim_results import VERDICTS
from mnist_core.ui.common.section import section

_PRIMARY = "▸"
_ROW_PX, _VERDICT_PX, _LABEL_PX = 35, 130, 340
_PAIRED_HELP = (
    "Both arms are trained with the same seeds, so that chance (initial weights, order of the images) is the same in "
    "each pair; the effect is the mean difference of the pairs."
)
_INTERVAL_HELP = (
    "If all of it were trained again and again with other seeds (other training images, initial weights and orders), "
    "all intervals of the primary comparisons together would hold the true mean effects in 95 of 100 cases, however "
    "often one had looked; so would those of the others. They are wider than intervals that were taken alone. The test "
    "images are the same for all seeds: of other test images they say nothing."
)


@section("The comparisons")
def show(claim: Claim, outcome: Outcome) -> None:
    """The table; the primary comparisons stand first."""
    st.markdown("##### All comparisons", help=_PAIRED_HELP)
    rows = [row(claim, found) for found in outcome.findings(claim)]
    st.dataframe(
        {name: [one[name] for one in rows] for name in rows[0]},
        hide_index=True,
        height=_ROW_PX * (len(rows) + 1) + 3,
        column_config=_columns(),
        key=f"comparisons_{claim.id}",
        alt=f"All comparisons of {claim.title} with effect, interval, number of pairs and verdict",
    )
    with st.expander("What the metrics are", icon=":material/straighten:"):
        st.markdown(metrics_text(claim))


def row(claim: Claim, found: Finding) -> dict[str, Any]:
    """One comparison as the table shows it."""
    one, metric, effect, look = found.comparison, found.metric, found.effect, VERDICTS[found.verdict]
    words = comparison_text(one)
    return {
        "verdict": f"{look.sign} {look.word}",
        "what": f"{_PRIMARY} {words}" if one in claim.primary else words,
        "effect": metric.write_effect(effect.mean) if effect.n else "",
        "interval": interval_text(effect, metric),
        "n": effect.n,
        "claimed": f"{one.direction}, by {metric.write_effect(one.min_effect).lstrip('+')}",
        "control": claim.arm(one.control).label,
        "treatment": claim.arm(one.treatment).label,
    }


def metrics_text(claim: Claim) -> str:
    """What is measured, a line a metric."""
    used = [METRICS[key] for key in dict.fromkeys(one.metric for one in claim.comparisons)]
    return "\n".join(f"- **{metric.title}**: {metric.help}" for metric in used)


def _columns() -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        "verdict": text("Verdict", width=_VERDICT_PX, help="The verdict on the claim by this comparison alone."),
        "what": text("Compared", width=_LABEL_PX, help=f"{_PRIMARY}: the claim stands or falls with it."),
        "effect": text("Effect", help="The treatment's metric minus the control's, mean of the pairs."),
        "interval": text("Interval", help=_INTERVAL_HELP),
        "n": st.column_config.NumberColumn("Pairs", help="How many seeds gave both values.", width="small"),
        "claimed": text("Claimed", help="The direction that the claim names, and the smallest effect that matters."),
        "control": text("Control"),
        "treatment": text("Treatment"),
    }
