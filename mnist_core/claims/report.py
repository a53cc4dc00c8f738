"""A claim's outcome as plain values, for `python -m mnist_core claims --json`, and all its trials as a table."""

import csv
import io
from math import isfinite, nan
from typing import Any

from mnist_core.claims.claim import Claim
from mnist_core.claims.decision import Finding
from mnist_core.claims.outcome import Outcome
from mnist_core.claims.wording import answer, conclude


def report(claim: Claim, outcome: Outcome) -> dict[str, Any]:
    """The claim's first primary comparison, the verdict by all of those, all comparisons, and how it was tested."""
    compared = [_as_dict(claim, found) for found in outcome.findings(claim)]
    return {
        "id": claim.id,
        "claim": claim.statement,
        **{key: compared[0][key] for key in ("control", "treatment", "metric", "effect", "low", "high", "n")},
        "verdict": outcome.verdict(claim),
        "answer": answer(claim, outcome),
        "conclusion": conclude(claim, outcome),
        "comparisons": compared,
        "seeds": list(outcome.seeds),
        "quick": outcome.quick,
        "date": outcome.date,
        "versions": dict(outcome.versions or {}),
        "machine": outcome.machine,
        "wall_s": round(outcome.wall_s, 1),
    }


def trials_csv(claim: Claim, outcome: Outcome) -> str:
    """Every trial as a row of a table: the arm, its name, the seed, and each metric; empty where there is no number."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["arm", "label", "seed", *claim.metrics])
    for trial in outcome.trials:
        values = (trial.values.get(metric, nan) for metric in claim.metrics)
        numbers = [f"{value:.6g}" if isfinite(value) else "" for value in values]
        writer.writerow([trial.arm, claim.arm(trial.arm).label, trial.seed, *numbers])
    return table.getvalue()


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
        "confidence": effect.confidence,
        "verdict": found.verdict,
        "decides": one in claim.primary,
    }
