"""What a tested claim comes to: two plain sentences, written from its numbers."""

from collections.abc import Sequence
from typing import Literal

from mnist_core.claims.claim import Claim, Comparison
from mnist_core.claims.effect import Effect
from mnist_core.claims.metrics import METRICS, Metric
from mnist_core.claims.outcome import Outcome

Meaning = Literal["holds", "no_effect", "opposite", "rather_opposite", "too_small", "slight", "open", "not_measured"]

_SO_IT_IS: dict[Meaning, str] = {
    "holds": "it is as they say",
    "no_effect": "there is no effect that would matter",
    "opposite": "it is the other way round",
    "rather_opposite": "it is rather the other way round",
    "too_small": "it is less than matters",
    "slight": "it is so, but perhaps by less than matters",
    "open": "the seeds do not agree",
    "not_measured": "it could not be measured",
}


def conclude(claim: Claim, outcome: Outcome) -> str:
    """Two sentences: by how much what decides differs, with intervals and seeds; and what that says of the claim."""
    compared = [(one, outcome.effect(one)) for one in claim.deciding]
    return f"{_measured(outcome, compared)} {_meant(compared)}"


def meaning(comparison: Comparison, effect: Effect) -> Meaning:
    """What an effect says of what is claimed.

    `holds`: as `Effect.says` confirms. `no_effect`: nobody knows on which side of zero it is, but it is smaller than
    would matter. `opposite`: it is on the other side. `rather_opposite`: it is likelier to be there, and on the claimed
    side at best by less than matters. `too_small`: it is on the claimed side, by less than matters. `slight`: on the
    claimed side, perhaps by less than matters. `open`: it may be so or not.
    """
    verdict = effect.says(comparison.says, comparison.least)
    if verdict == "not_measurable":
        return "not_measured"
    if verdict == "confirmed":
        return "holds"
    is_clear = effect.low * effect.high > 0
    if verdict == "mixed":
        return "slight" if is_clear else "open"
    if not is_clear and max(-effect.low, effect.high) < comparison.least:
        return "no_effect"
    if (effect.mean > 0) == (comparison.says == "higher"):
        return "too_small"
    return "opposite" if is_clear else "rather_opposite"


def effect_with_interval(effect: Effect, metric: Metric) -> str:
    """`+2.3 points (95 % interval +2.1 to +2.5)`; less than that where there are not enough pairs."""
    if not effect.n:
        return "not measured"
    mean = metric.write_effect(effect.mean)
    if effect.n == 1:
        return f"{mean} (one seed, no interval)"
    low = metric.write_effect(effect.low).partition(" ")[0]
    return f"{mean} (95 % interval {low} to {metric.write_effect(effect.high).partition(' ')[0]})"


def _measured(outcome: Outcome, compared: Sequence[tuple[Comparison, Effect]]) -> str:
    seeds = sorted({effect.n for _, effect in compared})
    how_many = f"{seeds[0]} seeds" if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]} seeds"
    parts = [_part(outcome, comparison, effect) for comparison, effect in compared]
    return f"Over {how_many}, {'; '.join(parts)}."


def _part(outcome: Outcome, comparison: Comparison, effect: Effect) -> str:
    """`“Without shifts”: test accuracy 97.1 % instead of 95.0 %, +2.1 points (95 % interval +2.0 to +2.2)`."""
    metric = METRICS[comparison.metric]
    name = f"“{comparison.words}”: {metric.title[0].lower()}{metric.title[1:]}"
    if not effect.n:
        return f"{name} not measured"
    before, after = (_mean(outcome, arm, metric) for arm in (comparison.control, comparison.treatment))
    return f"{name} {after} instead of {before}, {effect_with_interval(effect, metric)}"


def _mean(outcome: Outcome, arm: str, metric: Metric) -> str:
    values = [value for value in outcome.values(arm, metric.key) if value == value]
    return metric.write(sum(values) / len(values)) if values else "nothing"


def _meant(compared: Sequence[tuple[Comparison, Effect]]) -> str:
    meanings = [meaning(comparison, effect) for comparison, effect in compared]
    if len(set(meanings)) == 1:
        return _ALIKE[meanings[0]]
    each = (f"{_SO_IT_IS[meant]} for “{one.words}”" for (one, _), meant in zip(compared, meanings, strict=True))
    return f"{_together(meanings)}: {', '.join(each)}."


def _together(meanings: Sequence[Meaning]) -> str:
    if "holds" in meanings:
        return "So the claim holds only in part"
    return "So the claim does not hold" if _UNDECIDED.isdisjoint(meanings) else "So the claim is not shown"


_UNDECIDED = {"slight", "open", "not_measured"}

_ALIKE: dict[Meaning, str] = {
    "holds": "So the claim holds here, and by more than has to matter to anybody.",
    "no_effect": "So there is no effect that would matter to anybody: the claim does not hold here.",
    "opposite": "So it is the other way round: the claim does not hold here.",
    "rather_opposite": "So, if anything, it is the other way round: the claim does not hold here.",
    "too_small": "So the effect is smaller than would matter to anybody: the claim does not hold here.",
    "slight": "So there is such an effect, but it may be smaller than would matter to anybody.",
    "open": "So nothing can be said yet: effects that matter and effects that do not are both likely.",
    "not_measured": "So nothing can be said: an effect needs two seeds at least.",
}
