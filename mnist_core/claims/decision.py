"""The rule by which claims are decided: when enough seeds were tried, and which verdict follows from them.

Seeds are added until every primary comparison is decided, or its interval is narrower than the smallest effect that
matters and no affordable number of seeds would decide it. Looking several times gives chance several times to deceive,
and so do several comparisons: each look spends its part of the 5 % that a wrong verdict may take (C. E. Bonferroni;
repeated confidence intervals, C. Jennison and B. W. Turnbull, *Interim analyses: the repeated confidence interval
approach*, 1989), and within a look the comparisons share it by S. Holm's rule (*A simple sequentially rejective
multiple test procedure*, 1979).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from mnist_core.claims.claim import Comparison
from mnist_core.claims.effect import Effect, Verdict
from mnist_core.claims.metrics import METRICS, Metric

LOOKS = (8, 16, 24, 40)
"""With how many seeds the results are looked at: at least, and at most."""

ERROR = 0.05
"""How likely any verdict of a claim may be wrong, over all looks and all comparisons."""

ClaimVerdict = Literal["holds", "holds_when", "does_not_hold", "undecided"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A comparison, and what came of it: the one thing that pages, reports and tables say in their ways."""

    comparison: Comparison
    effect: Effect

    @property
    def metric(self) -> Metric:
        """What is compared."""
        return METRICS[self.comparison.metric]

    @property
    def verdict(self) -> Verdict:
        """The verdict on the claim by this comparison alone."""
        return self.effect.verdict(self.comparison.direction, self.comparison.min_effect)

    @property
    def is_enough(self) -> bool:
        """Whether more seeds would tell nothing that matters.

        That is when it is decided, or when its interval is narrower than what matters and even the most seeds would
        hardly decide it, if mean and spread stay as they are.
        """
        if self.verdict != "undecided":
            return True
        if not self.effect.high - self.effect.low < self.comparison.min_effect:
            return False
        needed = self.effect.seeds_needed(self.comparison.direction, self.comparison.min_effect)
        return needed is None or needed > LOOKS[-1]


EffectAt = Callable[[Comparison, float], Effect]
"""The effect of a comparison, with an interval of that confidence."""


def decide(comparisons: Sequence[Comparison], effect_at: EffectAt) -> tuple[Finding, ...]:
    """What came of comparisons that are judged together, in their order.

    Their intervals hold together, in at least 95 of 100 cases, whenever it was looked.
    """
    found: dict[Comparison, Finding] = {}
    open_ = list(comparisons)
    while open_:
        confidence = 1 - ERROR / (len(LOOKS) * len(open_))
        found |= {one: Finding(one, effect_at(one, confidence)) for one in open_}
        undecided = [one for one in open_ if found[one].verdict == "undecided"]
        if len(undecided) == len(open_):
            break
        open_ = undecided
    return tuple(found[one] for one in comparisons)


def combine(verdicts: Sequence[Verdict]) -> ClaimVerdict:
    """The verdict on a claim by those on its primary comparisons, each of them a condition under which it may hold.

    It holds when it does in each, and does not hold when it does in none; `holds_when` it does in some and does not in
    others. While none of these is shown, it is undecided.
    """
    found = set(verdicts)
    if {"holds", "does_not_hold"} <= found:
        return "holds_when"
    if found == {"holds"}:
        return "holds"
    return "does_not_hold" if found == {"does_not_hold"} else "undecided"
