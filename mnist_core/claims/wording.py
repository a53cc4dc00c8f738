"""What a tested claim comes to in plain words, written from its numbers: for pages, the command line and documents."""

from collections.abc import Sequence
from typing import Literal

from mnist_core.claims.claim import Claim, Comparison
from mnist_core.claims.decision import ClaimVerdict, Finding, combine
from mnist_core.claims.effect import MOST_NEEDED, Effect
from mnist_core.claims.metrics import METRICS, Metric
from mnist_core.claims.outcome import Outcome

Meaning = Literal["holds", "no_effect", "opposite", "rather_opposite", "too_small", "slight", "open", "not_measured"]

_OF_ALL: dict[Meaning, str] = {
    "holds": "So the claim holds here, by more than the smallest effect that matters.",
    "no_effect": "So there is no effect that matters: the claim does not hold here.",
    "opposite": "So it is the other way round: the claim does not hold here.",
    "rather_opposite": "So, if anything, it is the other way round: the claim does not hold here.",
    "too_small": "So the effect is too small to matter: the claim does not hold here.",
    "slight": "So there is such an effect, but it may be too small to matter.",
    "open": "So the seeds leave it open: the effect may be large enough to matter or not.",
    "not_measured": "So nothing can be said: an effect needs at least two seeds.",
}
_OF_ONE: dict[Meaning, str] = {
    "holds": "it holds",
    "no_effect": "there is no effect that matters",
    "opposite": "it is the other way round",
    "rather_opposite": "it is, if anything, the other way round",
    "too_small": "the effect is too small to matter",
    "slight": "there is such an effect, perhaps too small to matter",
    "open": "the seeds leave it open",
    "not_measured": "it could not be measured",
}
_TOGETHER: dict[ClaimVerdict, str] = {
    "holds": "So the claim holds",
    "holds_when": "So the claim holds under some conditions only",
    "does_not_hold": "So the claim does not hold",
    "undecided": "So the claim is undecided",
}


def answer(claim: Claim, outcome: Outcome) -> str:
    """The answer in a sentence that a student can repeat: the claim's own for these verdicts, or one made of them."""
    findings = outcome.primary_findings(claim)
    return claim.answers.get(tuple(found.verdict for found in findings)) or _meant(findings)


def conclude(claim: Claim, outcome: Outcome) -> str:
    """Two sentences: the effects of the primary comparisons with intervals and seeds; and what that says."""
    findings = outcome.primary_findings(claim)
    counts = [found.effect.n for found in findings]
    how_many = seeds_text(min(counts), max(counts))
    interval = ", with intervals in brackets that hold together with 95 % confidence" if max(counts) > 1 else ""
    measured = "; ".join(_measured(claim, outcome, found) for found in findings)
    return f"Over {how_many}{interval}: {measured}. {_meant(findings)}"


def _measured(claim: Claim, outcome: Outcome, found: Finding) -> str:
    """`“Without shifts”: test accuracy 97.1 % instead of 95.0 %, 2.1 points higher (2.0 to 2.2)`."""
    one, metric = found.comparison, found.metric
    name = f"“{one.label}”: {in_a_sentence(metric.title)}"
    if not found.effect.n:
        return f"{name} not measured"
    before, after = (metric.write(outcome.mean(claim, side, metric.key).mean) for side in (one.control, one.treatment))
    return f"{name} {after} instead of {before}, {effect_text(found.effect, metric)}"


def _meant(findings: Sequence[Finding]) -> str:
    meanings = [meaning(found) for found in findings]
    needed = _needed(findings)
    if len(set(meanings)) == 1:
        return f"{_OF_ALL[meanings[0]]}{needed}"
    together = _TOGETHER[combine([found.verdict for found in findings])]
    each = (
        f"“{comparison_text(found.comparison)}”: {_OF_ONE[meant]}"
        for found, meant in zip(findings, meanings, strict=True)
    )
    return f"{together}; {', '.join(each)}.{needed}"


def _needed(findings: Sequence[Finding]) -> str:
    """How many seeds would decide what is undecided, if spread and effect stay as they are."""
    open_ = [found for found in findings if found.verdict == "undecided" and found.effect.n > 1]
    if not open_:
        return ""
    counts = [found.effect.seeds_needed(found.comparison.direction, found.comparison.min_effect) for found in open_]
    if None in counts:
        return f" Not even {MOST_NEEDED:,} seeds would be likely to decide it."
    return f" About {max(count for count in counts if count is not None)} seeds would decide it."


def meaning(found: Finding) -> Meaning:
    """What a finding says of what is claimed.

    `holds`: by at least what matters. `no_effect`: it may be on either side of zero, but it is smaller than matters.
    `opposite`: it is on the other side. `rather_opposite`: it is likelier to be there, and on the claimed side at best
    smaller than matters. `too_small`: it is on the claimed side, smaller than matters. `slight`: on the claimed side,
    perhaps smaller than matters. `open`: it may be so or not.
    """
    effect, verdict = found.effect, found.verdict
    if effect.n < 2:
        return "not_measured"
    if verdict == "holds":
        return "holds"
    is_clear = effect.low * effect.high > 0
    if verdict == "undecided":
        return "slight" if is_clear else "open"
    if not is_clear and max(-effect.low, effect.high) < found.comparison.min_effect:
        return "no_effect"
    if (effect.mean > 0) == (found.comparison.direction == "higher"):
        return "too_small"
    return "opposite" if is_clear else "rather_opposite"


def effect_text(effect: Effect, metric: Metric) -> str:
    """By how much the treatment's metric differs, with its interval: `5.0 points higher (4.9 to 5.1)`."""
    if effect.n == 0:
        return "not measured"
    if effect.n == 1:
        return f"{_amount(effect.mean, metric)} (one seed, no interval)"
    if effect.low <= 0 <= effect.high:
        if effect.low == effect.high:
            return "no difference at all"
        return f"no clear difference: between {_amount(effect.low, metric)} and {_amount(effect.high, metric)}"
    near, far = sorted((abs(effect.low), abs(effect.high)))
    bare = [metric.write_effect(value).partition(" ")[0].lstrip("+") for value in (near, far)]
    return f"{_amount(effect.mean, metric)} ({bare[0]} to {bare[1]})"


def interval_text(effect: Effect, metric: Metric) -> str:
    """The interval with signs, for a table: `+4.9 to +5.1 points`; empty where there is none."""
    if effect.n < 2:
        return ""
    return f"{metric.write_effect(effect.low).partition(' ')[0]} to {metric.write_effect(effect.high)}"


def comparison_text(comparison: Comparison) -> str:
    """What is compared and measured: `With light: test accuracy`; `Few fours, recall of fours` says both itself."""
    title = METRICS[comparison.metric].title
    is_named = comparison.label.lower().endswith(title.lower())
    return comparison.label if is_named else f"{comparison.label}: {in_a_sentence(title)}"


def finding_text(found: Finding) -> str:
    """The comparison and what came of it: `With light: test accuracy 5.0 points higher (4.9 to 5.1)`."""
    compared = comparison_text(found.comparison)
    colon = ":" if compared == found.comparison.label else ""
    return f"{compared}{colon} {effect_text(found.effect, found.metric)}"


def seeds_text(count: int, most: int | None = None) -> str:
    """`5 seeds`; `8 to 16 seeds`."""
    if most is not None and most != count:
        return f"{count} to {most} seeds"
    return f"{count} seed{'' if count == 1 else 's'}"


def in_a_sentence(title: str) -> str:
    """A title as it stands within a sentence."""
    return title[0].lower() + title[1:] if title[1:2].islower() else title


def _amount(value: float, metric: Metric) -> str:
    """`5.0 points higher`."""
    if value == 0:
        return "no difference"
    return f"{metric.write_effect(abs(value)).lstrip('+')} {'higher' if value > 0 else 'lower'}"
