"""A claim's outcome as plain values: what `python -m mnist_core causes --json` prints."""

from math import isfinite
from typing import Any

from mnist_core.claims.claim import Claim, Comparison
from mnist_core.claims.outcome import Outcome
from mnist_core.claims.wording import conclude


def report(claim: Claim, outcome: Outcome) -> dict[str, Any]:
    """The claim's first deciding comparison, the verdict on all that decide, all comparisons, and how it was tested."""
    headline = _compared(claim, outcome, claim.deciding[0])
    return {
        "id": claim.id,
        "claim": claim.statement,
        **{key: headline[key] for key in ("control", "treatment", "metric", "effect", "low", "high", "n")},
        "verdict": outcome.verdict(claim),
        "conclusion": conclude(claim, outcome),
        "comparisons": [_compared(claim, outcome, one) for one in claim.comparisons],
        "seeds": list(outcome.seeds),
        "quick": outcome.quick,
        "date": outcome.date,
        "versions": dict(outcome.versions or {}),
        "machine": outcome.machine,
        "wall_s": round(outcome.wall_s, 1),
    }


def _compared(claim: Claim, outcome: Outcome, one: Comparison) -> dict[str, Any]:
    effect = outcome.effect(one)
    return {
        "control": claim.arm(one.control).label,
        "treatment": claim.arm(one.treatment).label,
        "metric": one.metric,
        "words": one.words,
        "claimed": one.says,
        "least": one.least,
        "effect": _number(effect.mean),
        "low": _number(effect.low),
        "high": _number(effect.high),
        "n": effect.n,
        "verdict": effect.says(one.says, one.least),
        "decides": one.decides,
    }


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if isfinite(value) else None
