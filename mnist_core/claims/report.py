"""A claim's outcome as plain values: what `python -m mnist_core claims --json` prints."""

from math import isfinite
from typing import Any

from mnist_core.claims.claim import Claim
from mnist_core.claims.outcome import Finding, Outcome
from mnist_core.claims.wording import conclude


def report(claim: Claim, outcome: Outcome) -> dict[str, Any]:
    """The claim's first primary comparison, the verdict by all of those, all comparisons, and how it was tested."""
    compared = [_as_dict(claim, outcome.finding(one)) for one in claim.comparisons]
    return {
        "id": claim.id,
        "claim": claim.statement,
        **{key: compared[0][key] for key in ("control", "treatment", "metric", "effect", "low", "high", "n")},
        "verdict": outcome.verdict(claim),
        "conclusion": conclude(claim, outcome),
        "comparisons": compared,
        "seeds": list(outcome.seeds),
        "quick": outcome.quick,
        "date": outcome.date,
        "versions": dict(outcome.versions or {}),
        "machine": outcome.machine,
        "wall_s": round(outcome.wall_s, 1),
    }


def _as_dict(claim: Claim, found: Finding) -> dict[str, Any]:
    one, effect = found.comparison, found.effect
    numbers = {"effect": effect.mean, "low": effect.low, "high": effect.high}
    return {
        "control": claim.arm(one.control).label,
        "treatment": claim.arm(one.treatment).label,
        "metric": one.metric,
        "words": one.label,
        "claimed": one.direction,
        "least": one.min_effect,
        **{key: float(f"{value:.6g}") if isfinite(value) else None for key, value in numbers.items()},
        "n": effect.n,
        "verdict": found.verdict,
        "decides": one in claim.primary,
    }
