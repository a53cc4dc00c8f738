"""The effect of a treatment, seed by seed, with an interval; and the verdict on a claim by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

import numpy as np

from mnist_core.claims.claim import Direction
from mnist_core.stats import t_interval

Verdict = Literal["confirmed", "refuted", "mixed", "not_measurable"]


@dataclass(frozen=True, slots=True)
class Effect:
    """By how much a treatment's metric differs from its control's.

    Attributes:
        mean: The mean difference of the pairs, treatment minus control.
        low, high: The 95 % confidence interval of that mean, by Student's t on the differences.
        n: How many pairs.
    """

    mean: float
    low: float
    high: float
    n: int

    def verdict(self, direction: Direction, min_effect: float) -> Verdict:
        """The verdict on the claim that the treatment's metric is higher or lower, by at least `min_effect`.

        Confirmed: the interval lies on the claimed side, and the effect is as large as matters. Refuted: the interval
        has nothing of that size on the claimed side; there is no effect, or the opposite one. Mixed: neither can be
        said. Not measurable: fewer than two pairs.
        """
        if self.n < 2:
            return "not_measurable"
        sign = 1 if direction == "higher" else -1
        near, far = sorted((sign * self.low, sign * self.high))
        if near > 0 and sign * self.mean >= min_effect:
            return "confirmed"
        return "refuted" if far < min_effect else "mixed"


def paired_effect(control: Sequence[float], treatment: Sequence[float]) -> Effect:
    """The effect of a treatment on pairs (N,) with the same seed; pairs with what is no number are left out."""
    pairs = zip(control, treatment, strict=True)
    differences = [after - before for before, after in pairs if isfinite(before + after)]
    mean = float(np.mean(differences)) if differences else nan
    low, high = t_interval(differences) if len(differences) > 1 else (nan, nan)
    return Effect(mean, low, high, len(differences))


def combine_verdicts(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on a claim that stands or falls with several comparisons: theirs, if they agree."""
    found = set(verdicts)
    if "not_measurable" in found or not found:
        return "not_measurable"
    return found.pop() if len(found) == 1 else "mixed"
