"""How often the rule by which claims are decided is wrong, where the truth is known: claims with planted effects."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.claims.catalog import CLAIMS
from mnist_core.claims.claim import Comparison
from mnist_core.claims.decision import LOOKS, ClaimVerdict, combine, decide
from mnist_core.claims.effect import Effect, paired_effect
from mnist_core.claims.outcome import shipped
from mnist_core.stats import wilson_interval
from tests.benchmarks.benchmark import Benchmark, count_option, seed_option

Random = np.random.Generator

RIGHT: dict[float, ClaimVerdict] = {0.0: "does_not_hold", 1.0: "undecided", 2.0: "holds"}
"""What is true of an effect of none, one and two times the smallest that matters. Of exactly that, nobody can tell."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of claims with the same planted effect.

    Attributes:
        planted: In smallest effects that matter; all comparisons of a claim have it.
        count: How many claims.
        right, undecided, wrong: Shares of them; what is right of exactly the smallest effect is to stay undecided.
        wrong_low, wrong_high: The 95 % interval of the wrong ones.
        seeds: Tried on average.
    """

    planted: float
    count: int
    right: float
    undecided: float
    wrong: float
    wrong_low: float
    wrong_high: float
    seeds: float


def bench_planted(claims: int = 1_000, seed: int = 0) -> Iterator[Row]:
    """Decide simulated claims that have as many comparisons, and spread as much, as those that ship."""
    spreads = spreads_of_shipped()
    for planted, right in RIGHT.items():
        random = np.random.default_rng([seed, round(10 * planted)])
        found: Counter[ClaimVerdict] = Counter()
        seeds = 0
        for _ in range(claims):
            spread = spreads[random.integers(len(spreads))]
            verdict, tried = decided(np.full(len(spread), planted), spread, random)
            found[verdict] += 1
            seeds += tried
        wrong = claims - found[right] - (found["undecided"] if right != "undecided" else 0)
        low, high = wilson_interval(wrong, claims)
        shares = (found[right] / claims, found["undecided"] / claims, wrong / claims)
        yield Row(planted, claims, *shares, low, high, seeds / claims)


def spreads_of_shipped() -> list[list[float]]:
    """Of each claim that was tested, how much its primary effects differ by seed, in smallest effects that matter."""
    spreads = []
    for claim in CLAIMS.values():
        outcome = shipped(claim.id)
        if outcome is not None and outcome.fits(claim):
            values = [
                [outcome.values_of(claim, side, one.metric) for side in (one.treatment, one.control)]
                for one in claim.primary
            ]
            differences = np.array([np.subtract(*sides) for sides in values])
            least = np.array([one.min_effect for one in claim.primary])
            spreads.append((np.nanstd(differences, axis=1, ddof=1) / least).tolist())
    return [of_claim for of_claim in spreads if min(of_claim) > 0]  # what never varies cannot be decided wrongly


def decided(planted: Sequence[float], spreads: Sequence[float], random: Random) -> tuple[ClaimVerdict, int]:
    """The verdict on a claim whose effects these are in truth, and how many seeds it took.

    Args:
        planted: Of each comparison, in smallest effects that matter.
        spreads: How much each differs by seed, in the same unit; normally distributed.
        random: Draws the seeds.
    """
    differences = random.normal(planted, spreads, (LOOKS[-1], len(planted)))
    comparisons = [
        Comparison("before", "after", "test_loss", "higher", 1.0, str(place)) for place in range(len(planted))
    ]
    for seeds in LOOKS:
        values = dict(zip(comparisons, differences[:seeds].T.tolist(), strict=True))

        def effect_at(one: Comparison, confidence: float, values: dict[Comparison, list[float]] = values) -> Effect:
            return paired_effect([0.0] * len(values[one]), values[one], "number", confidence)

        found = decide(comparisons, effect_at)
        if all(one.is_enough for one in found):
            break
    return combine([one.verdict for one in found]), seeds


BENCHMARK = Benchmark(
    "How often claims whose truth is known are decided wrongly.",
    bench_planted,
    (count_option("--claims", 1_000, "Simulated claims of each planted effect."), seed_option),
)
