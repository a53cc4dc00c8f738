"""The effect of a treatment, seed by seed, with an interval; and what a comparison says of a claim by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite, nan, sqrt
from typing import Literal

import numpy as np

from mnist_core.claims.claim import Direction
from mnist_core.claims.metrics import Kind
from mnist_core.stats import (
    CONFIDENCE,
    difference_interval,
    share_interval,
    t_interval,
    t_quantile,
    wilson_interval,
)

Verdict = Literal["holds", "does_not_hold", "undecided"]

MOST_NEEDED = 1_000
"""Seeds, beyond which nobody would go on: the effect is as good as exactly the smallest that matters."""


@dataclass(frozen=True, slots=True)
class Effect:
    """By how much a treatment's metric differs from its control's.

    Attributes:
        mean: The mean difference of the pairs, treatment minus control.
        low, high: A confidence interval of that mean.
        n: How many pairs.
        confidence: Of the interval.
    """

    mean: float
    low: float
    high: float
    n: int
    confidence: float = CONFIDENCE

    def verdict(self, direction: Direction, min_effect: float) -> Verdict:
        """The verdict on the claim that the treatment's metric is higher or lower, by at least `min_effect`.

        It holds when the whole interval is at least that far on the claimed side, and does not hold when the whole
        interval is short of it: within the smallest effect that matters, or on the other side. So each verdict is a
        test against the smallest effect, not against none (minimum-effect and equivalence tests; D. Lakens,
        *Equivalence Tests*, 2017). Undecided otherwise, and with fewer than two pairs.
        """
        near, far = self.claimed(direction)
        if self.n >= 2 and near >= min_effect:
            return "holds"
        return "does_not_hold" if self.n >= 2 and far < min_effect else "undecided"

    def claimed(self, direction: Direction) -> tuple[float, float]:
        """The interval, from its lower to its upper end, counted in the claimed direction."""
        return (self.low, self.high) if direction == "higher" else (-self.high, -self.low)

    def seeds_needed(self, direction: Direction, min_effect: float) -> int | None:
        """With about how many seeds it would be decided, if mean and spread stay; None beyond `MOST_NEEDED`.

        Raises:
            ValueError: With fewer than two pairs.
        """
        if self.n < 2:
            raise ValueError("nothing is known of the spread")
        tail = (1 + self.confidence) / 2
        deviation = (self.high - self.low) / 2 / t_quantile(tail, self.n - 1) * sqrt(self.n)
        distance = abs((self.mean if direction == "higher" else -self.mean) - min_effect)
        if distance * sqrt(MOST_NEEDED) <= t_quantile(tail) * deviation:
            return None
        return max(self.n + 1, ceil((t_quantile(tail) * deviation / distance) ** 2))


def paired_effect(
    control: Sequence[float], treatment: Sequence[float], kind: Kind = "number", confidence: float = CONFIDENCE
) -> Effect:
    """The effect of a treatment on pairs (N,) with the same seed; pairs with what is no number are left out.

    The interval is Student's t on the differences, within what is possible (shares differ by 1 at most). Of what is
    either so or not (`yes_no`), it is Newcombe's, from two score intervals: five of five against none of five is not
    certain, as t would have it.
    """
    pairs = [pair for pair in zip(control, treatment, strict=True) if isfinite(sum(pair))]
    differences = [after - before for before, after in pairs]
    mean, n = float(np.mean(differences)) if differences else nan, len(differences)
    if n < 2:
        return Effect(mean, nan, nan, n, confidence)
    if kind == "yes_no":
        before, after = (round(sum(side)) for side in zip(*pairs, strict=True))
        return Effect(mean, *difference_interval(before, after, n, confidence), n, confidence)
    low, high = t_interval(differences, confidence)
    if kind in ("share", "difference"):
        low, high = max(low, -1.0), min(high, 1.0)
    return Effect(mean, low, high, n, confidence)


def mean_effect(values: Sequence[float], kind: Kind, confidence: float = CONFIDENCE) -> Effect:
    """The mean of some values (N,) with its interval, which lies within what is possible; NaN is left out.

    Of shares, 0 to 1, Student's t is taken of their log odds, so that no accuracy is said to be above 100 %.
    """
    known = [value for value in values if isfinite(value)]
    mean = float(np.mean(known)) if known else nan
    if len(known) < 2:
        return Effect(mean, nan, nan, len(known), confidence)
    if kind == "yes_no":
        low, high = wilson_interval(sum(known), len(known), confidence)
    elif kind == "share":
        low, high = share_interval(known, confidence)
    else:
        low, high = t_interval(known, confidence)
    return Effect(mean, low, high, len(known), confidence)
