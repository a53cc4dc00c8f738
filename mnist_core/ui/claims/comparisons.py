"""Every comparison of a claim as a table: the effect, how sure it is, and what follows."""

from typing import Any

import streamlit as st

from mnist_core.claims.claim import Claim, Comparison
from mnist_core.claims.outcome import Outcome
from mnist_core.ui.claims import wording
from mnist_core.ui.claims.verdicts import VERDICTS
from mnist_core.ui.common.section import section

_SIGNS = {"confirmed": "✓", "refuted": "✗", "mixed": "≈", "not_measurable": "?"}
_DECIDES = "▸"
_ROW_PX, _WORDS_PX = 35, 250
_CLAIMED_HELP = "What the claim says of the treatment's number, and how large an effect must be to matter to anybody."


@section("The comparisons")
def show(claim: Claim, outcome: Outcome) -> None:
    """The table; what decides stands first."""
    st.markdown("##### Every comparison", help=wording.PAIRED_HELP)
    rows = [row(claim, outcome, one) for one in sorted(claim.comparisons, key=lambda one: not one.decides)]
    st.dataframe(
        {name: [one[name] for one in rows] for name in rows[0]},
        hide_index=True,
        height=_ROW_PX * (len(rows) + 1) + 3,
        column_config=_columns(),
        key=f"comparisons_{claim.id}",
        alt=f"All comparisons of {claim.title} with effect, interval, number of pairs and verdict",
    )
    with st.expander("What the numbers are", icon=":material/straighten:"):
        st.markdown(metrics_words(claim))


def row(claim: Claim, outcome: Outcome, one: Comparison) -> dict[str, Any]:
    """One comparison as the table shows it."""
    metric, effect = wording.metric_of(one), outcome.effect(one)
    verdict = effect.says(one.says, one.least)
    return {
        "what": f"{_DECIDES} {one.words}" if one.decides else one.words,
        "effect": metric.write_effect(effect.mean) if effect.n else "",
        "interval": wording.interval_words(effect, metric),
        "verdict": f"{_SIGNS[verdict]} {VERDICTS[verdict].word}",
        "n": effect.n,
        "metric": metric.title,
        "claimed": f"{one.says}, by {metric.write_effect(one.least).lstrip('+')}",
        "control": claim.arm(one.control).label,
        "treatment": claim.arm(one.treatment).label,
    }


def metrics_words(claim: Claim) -> str:
    """What is measured, a line a metric."""
    used = {wording.metric_of(one).key: wording.metric_of(one) for one in claim.comparisons}
    return "\n".join(f"- **{metric.title}**: {metric.help}" for metric in used.values())


def _columns() -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        "what": text("Compared", width=_WORDS_PX, help=f"{_DECIDES}: the claim stands or falls with it."),
        "metric": text("Measured", help="The number that is compared; below the table it says what each one is."),
        "effect": text("Effect", help="The treatment's number less the control's, mean of the pairs."),
        "interval": text("95 % interval", help=wording.INTERVAL_HELP),
        "n": st.column_config.NumberColumn("Pairs", help="How many seeds gave both numbers.", width="small"),
        "verdict": text("Verdict", help="What becomes of the claim by this comparison alone."),
        "claimed": text("Claimed", help=_CLAIMED_HELP),
        "control": text("Control"),
        "treatment": text("Treatment"),
    }
