"""The effect of a treatment, seed by seed, with an interval; and what becomes of a claim by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Literal

import numpy as np

from mnist_core.claims.claim import Direction
from mnist_core.claims.student import t_quantile

Verdict = Literal["confirmed", "refuted", "mixed", "not_measurable"]
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Effect:
    """By how much a treatment's metric differs from its control's.

    Attributes:
        mean: The mean difference of the pairs, treatment less control.
        low, high: Between which the true mean lies in 95 of 100 cases, by Student's t on the differences.
        n: How many pairs.
    """

    mean: float
    low: float
    high: float
    n: int

    def says(self, direction: Direction, least: float) -> Verdict:
        """What becomes of the claim that the treatment's metric is higher or lower, by at least `least` to matter.

        Confirmed: the interval lies on the claimed side, and the effect is as large as matters. Refuted: the interval
        has nothing of that size on the claimed side; there is no effect, or the opposite one. Mixed: neither can be
        said. Not measurable: fewer than two pairs.
        """
        if self.n < 2:
            return "not_measurable"
        sign = 1 if direction == "higher" else -1
        near, far = sorted((sign * self.low, sign * self.high))
        if near > 0 and sign * self.mean >= least:
            return "confirmed"
        return "refuted" if far < least else "mixed"


def paired(control: Sequence[float], treatment: Sequence[float]) -> Effect:
    """The effect of a treatment on pairs (N,) with the same seed; pairs with what is no number are left out."""
    pairs = [(before, after) for before, after in zip(control, treatment, strict=True) if isfinite(before + after)]
    differences = np.array([after - before for before, after in pairs])
    count = len(differences)
    if count == 0:
        return Effect(float("nan"), float("nan"), float("nan"), 0)
    mean = float(differences.mean())
    if count == 1:
        return Effect(mean, float("nan"), float("nan"), 1)
    half = t_quantile((1 + CONFIDENCE) / 2, count - 1) * float(differences.std(ddof=1)) / sqrt(count)
    return Effect(mean, mean - half, mean + half, count)


def combine_verdicts(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on a claim that stands or falls with several comparisons: theirs, if they agree."""
    found = set(verdicts)
    if "not_measurable" in found or not found:
        return "not_measurable"
    return found.pop() if len(found) == 1 else "mixed"
