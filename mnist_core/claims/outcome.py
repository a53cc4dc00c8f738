"""What came out of testing a claim: every trial's numbers, and the findings that follow from them."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import inf, isfinite, nan
from pathlib import Path

from mnist_core.claims.claim import Claim, Comparison
from mnist_core.claims.decision import LOOKS, ClaimVerdict, EffectAt, Finding, combine, decide
from mnist_core.claims.effect import Effect, mean_effect, paired_effect
from mnist_core.claims.metrics import METRICS
from mnist_core.errors import UserError

RESULTS = Path(__file__).with_name("results")
"""What `python -m mnist_core claims` wrote: a JSON file a claim."""


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
class Outcome:
    """All trials of a claim, and how they were made.

    Attributes:
        claim: The claim's id.
        trials: In any order.
        quick: Whether it was the quick version.
        date: As `2026-11-25`.
        versions: Of what matters: python, torch, mnist_core.
        machine: In words: processor, cores; of several, one after the other.
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

    @property
    def seeds_per_arm(self) -> tuple[int, int]:
        """How many seeds the arms with the fewest and the most have: some comparisons need more than others."""
        counts = Counter(trial.arm for trial in self.trials)
        return min(counts.values(), default=0), max(counts.values(), default=0)

    def values(self, arm: str, metric: str) -> list[float]:
        """An arm's values of a metric, a seed after the other; not a number where there is none."""
        found = {trial.seed: trial.values.get(metric, nan) for trial in self.trials if trial.arm == arm}
        return [found.get(seed, nan) for seed in self.seeds]

    def values_of(self, claim: Claim, side: str, metric: str) -> list[float]:
        """Those of an arm, or of whichever of several does best on the validation images with each seed."""
        arms = claim.arms_of(side)
        if len(arms) == 1:
            return self.values(arms[0], metric)
        by = next(one.by for one in claim.tuned if one.key == side)
        judged = zip(*(self.values(arm, by) for arm in arms), strict=True)
        best = [min(range(len(arms)), key=lambda place: _or_worst(of_seed[place])) for of_seed in judged]
        values = [self.values(arm, metric) for arm in arms]
        return [values[place][number] for number, place in enumerate(best)]

    def mean(self, claim: Claim, side: str, metric: str) -> Effect:
        """A side's mean of a metric over the seeds, with its own 95 % interval."""
        return mean_effect(self.values_of(claim, side, metric), METRICS[metric].kind)

    def findings(self, claim: Claim) -> tuple[Finding, ...]:
        """What came of all comparisons: of the primary ones, which are judged together, and of the others, likewise."""
        return self.primary_findings(claim) + decide(claim.secondary, self._effect_at(claim))

    def primary_findings(self, claim: Claim) -> tuple[Finding, ...]:
        """What came of the comparisons that the claim stands or falls with."""
        return decide(claim.primary, self._effect_at(claim))

    def _effect_at(self, claim: Claim) -> EffectAt:
        def effect_at(one: Comparison, confidence: float) -> Effect:
            before, after = (self.values_of(claim, side, one.metric) for side in (one.control, one.treatment))
            return paired_effect(before, after, METRICS[one.metric].kind, confidence)

        return effect_at

    def verdict(self, claim: Claim) -> ClaimVerdict:
        """The verdict on the claim."""
        return combine([found.verdict for found in self.primary_findings(claim)])

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


def _or_worst(loss: float) -> float:
    return loss if isfinite(loss) else inf


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


def next_trials(claim: Claim, outcome: Outcome, *, quick: bool = False) -> list[tuple[str, int]]:
    """Which arms have to be trained next with which seeds, by the rule of `decision`; none when it says enough.

    All arms until the first look; later, those of the primary comparisons that more seeds may still decide. Only what
    was there at a look counts for it, so that an interruption is no look more.
    """
    arms = {arm.key for arm in claim.arms}
    for seeds in LOOKS:
        if wanted := missing(claim, outcome.trials, range(seeds), quick=quick, arms=arms):
            return wanted
        looked = replace(outcome, trials=tuple(trial for trial in outcome.trials if trial.seed < seeds))
        open_ = [found.comparison for found in looked.primary_findings(claim) if not found.is_enough]
        arms = {arm for one in open_ for side in (one.control, one.treatment) for arm in claim.arms_of(side)}
    return []


def missing(
    claim: Claim, trials: Sequence[Trial], seeds: Sequence[int], *, quick: bool, arms: Collection[str] | None = None
) -> list[tuple[str, int]]:
    """Which arms (of these, or all) have still to be trained with which seeds, seed after seed: pairs are complete
    early.
    """
    wanted = set(claim.metrics)
    done = {(trial.arm, trial.seed) for trial in trials if wanted <= trial.values.keys()}
    chosen = [arm.key for arm in claim.arms_for(quick) if arms is None or arm.key in arms]
    return [(arm, seed) for seed in seeds for arm in chosen if (arm, seed) not in done]
