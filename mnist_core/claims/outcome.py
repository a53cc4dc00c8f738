"""What came out of testing a claim: every trial's numbers, and the findings that follow from them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite, nan
from pathlib import Path

from mnist_core.claims.claim import Claim, Comparison
from mnist_core.claims.effect import Effect, Verdict, combine_verdicts, paired_effect
from mnist_core.claims.metrics import METRICS, Metric
from mnist_core.errors import UserError

RESULTS = Path(__file__).with_name("results")
"""What `python -m mnist_core claims --seeds 5` wrote: a JSON file a claim."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One training of one arm, measured.

    Attributes:
        arm: The arm's key.
        seed: The recipe's seed.
        values: Each metric's value, by its key in `metrics.METRICS`; not a number where it could not be measured.
    """

    arm: str
    seed: int
    values: Mapping[str, float]


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """All trials of a claim, and how they were made.

    Attributes:
        claim: The claim's id.
        trials: In any order.
        quick: Whether it was the quick version.
        date: As `2026-11-25`.
        versions: Of what matters: python, torch, mnist_core.
        machine: In words: processor, cores.
        wall_s: Seconds that all of it took.
        fingerprint: `Claim.fingerprint` of what was tried; trials of another experiment say nothing of this one.
    """

    claim: str
    trials: tuple[Trial, ...]
    quick: bool = False
    date: str = ""
    versions: Mapping[str, str] | None = None
    machine: str = ""
    wall_s: float = 0.0
    fingerprint: str = ""

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds, each once, in order."""
        return tuple(sorted({trial.seed for trial in self.trials}))

    def values(self, arm: str, metric: str) -> list[float]:
        """An arm's values of a metric, a seed after the other; not a number where there is none."""
        found = {trial.seed: trial.values.get(metric, nan) for trial in self.trials if trial.arm == arm}
        return [found.get(seed, nan) for seed in self.seeds]

    def mean(self, arm: str, metric: str) -> Effect:
        """An arm's mean of a metric over the seeds, with its interval."""
        values = self.values(arm, metric)
        return paired_effect([0.0] * len(values), values)

    def finding(self, one: Comparison) -> Finding:
        """What came of a comparison."""
        return Finding(one, paired_effect(self.values(one.control, one.metric), self.values(one.treatment, one.metric)))

    def verdict(self, claim: Claim) -> Verdict:
        """The verdict on the claim."""
        return combine_verdicts([self.finding(one).verdict for one in claim.primary])

    def fits(self, claim: Claim) -> bool:
        """Whether it is the outcome of the claim's experiment as it stands now."""
        return self.claim == claim.id and self.fingerprint == claim.fingerprint(quick=self.quick)

    def to_json(self) -> str:
        """As it is kept in `RESULTS`: numbers have six digits, and null is what is no number."""
        content = {**asdict(self), "wall_s": round(self.wall_s, 1), "trials": "TRIALS"}
        trials = ",\n".join(f"  {json.dumps(_as_json(trial))}" for trial in self.trials)
        return json.dumps(content, indent=1).replace('"TRIALS"', f"[\n{trials}\n ]") + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> "Outcome":
        """What `to_json` wrote.

        Raises:
            UserError: `result_damaged`.
        """
        try:
            content = json.loads(text)
            trials = tuple(_trial(**trial) for trial in content.pop("trials"))
            found = cls(trials=trials, **{**content, "wall_s": float(content.get("wall_s", 0))})
            # So that nobody meets damage later, where it would be a mystery.
            words = (found.claim, found.date, found.machine, found.fingerprint)
            if not all(isinstance(word, str) for word in words) or not isfinite(found.wall_s):
                raise TypeError
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            raise UserError(
                "result_damaged", "A claim's result cannot be read.", "Test it again: `python -m mnist_core claims`."
            ) from None
        return found


def _as_json(trial: Trial) -> dict[str, object]:
    values = {key: float(f"{value:.6g}") if isfinite(value) else None for key, value in trial.values.items()}
    return {"arm": trial.arm, "seed": trial.seed, "values": values}


def _trial(arm: str, seed: int, values: dict[str, float | None]) -> Trial:
    numbers = {str(key): nan if value is None else float(value) for key, value in values.items()}
    return Trial(str(arm), int(seed), numbers)


def shipped(claim_id: str, folder: Path = RESULTS) -> Outcome | None:
    """The result that came with the program; None when the claim has not been tested yet.

    Raises:
        UserError: `result_damaged`.
    """
    path = folder / f"{claim_id}.json"
    return Outcome.from_json(path.read_bytes()) if path.is_file() else None


def missing(claim: Claim, trials: Sequence[Trial], seeds: Sequence[int], *, quick: bool) -> list[tuple[str, int]]:
    """Which arms have still to be trained with which seeds, seed after seed, so that pairs are complete early."""
    wanted = set(claim.metrics)
    done = {(trial.arm, trial.seed) for trial in trials if wanted <= trial.values.keys()}
    return [(arm.key, seed) for seed in seeds for arm in claim.arms_for(quick) if (arm.key, seed) not in done]
