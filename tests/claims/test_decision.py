"""The rule by which claims are decided, against a count by hand, and against claims whose truth is known."""

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from mnist_core.claims.claim import Comparison
from mnist_core.claims.decision import ERROR, LOOKS, Finding, combine, decide
from mnist_core.claims.effect import Effect, paired_effect
from mnist_core.claims.outcome import Outcome, Trial, next_trials
from tests.claims.made_up import CLAIM

FIRST = Comparison("a", "b", "test_accuracy", "higher", 0.01, "First")
OTHERS = tuple(replace(FIRST, label=f"Other {number}") for number in range(3))


def effects(asked: list[tuple[str, float]], **half_widths: float):
    """Effects of three points, each as wide as is said at a confidence of 99 %, and wider in proportion beyond."""

    def effect_at(one: Comparison, confidence: float) -> Effect:
        asked.append((one.label, round(1 - confidence, 6)))
        half = half_widths[one.label.replace(" ", "_")] * (1 - 0.99) ** 0.5 / (1 - confidence) ** 0.5
        return Effect(0.03, 0.03 - half, 0.03 + half, 8, confidence)

    return effect_at


def test_one_comparison_has_a_look_s_part_of_the_error() -> None:
    asked: list[tuple[str, float]] = []
    (found,) = decide([FIRST], effects(asked, First=0.001))
    assert asked == [("First", ERROR / len(LOOKS))]
    assert found.verdict == "holds"


def test_several_share_it_and_what_is_decided_leaves_more_to_the_others() -> None:
    asked: list[tuple[str, float]] = []
    # At a third of the error, the second interval reaches below the smallest effect; at half of it, it does not.
    part = ERROR / len(LOOKS)
    second = 0.02 * (part / 2.5) ** 0.5 / 0.1
    found = decide([FIRST, *OTHERS[:2]], effects(asked, First=0.001, Other_0=second, Other_1=0.5))
    assert [one.verdict for one in found] == ["holds", "holds", "undecided"]
    assert [error for label, error in asked if label == "Other 1"] == pytest.approx(
        [part / 3, part / 2, part], abs=1e-6
    )
    assert [one.comparison.label for one in found] == ["First", "Other 0", "Other 1"]


def test_it_is_holm_s_rule() -> None:
    """Against Holm's own words: p-values in rising order, each with the error over how many are left."""
    from scipy import stats

    random = np.random.default_rng(3)
    for _ in range(60):
        pairs = {one: random.normal(0.012, 0.01, 8) for one in (FIRST, *OTHERS)}
        found = decide(
            list(pairs),
            lambda one, confidence, pairs=pairs: paired_effect([0.0] * 8, list(pairs[one]), "share", confidence),
        )
        p_values = {one: stats.ttest_1samp(values, 0.01).pvalue for one, values in pairs.items()}
        left, rejected = len(p_values), set()
        for one in sorted(p_values, key=p_values.__getitem__):
            if p_values[one] > ERROR / len(LOOKS) / left:
                break
            rejected.add(one)
            left -= 1
        assert {one.comparison for one in found if one.verdict != "undecided"} == rejected


@pytest.mark.parametrize(
    ("verdicts", "of_all"),
    [
        (["holds", "holds"], "holds"),
        (["does_not_hold", "does_not_hold"], "does_not_hold"),
        (["holds", "does_not_hold"], "holds_when"),
        (["holds", "does_not_hold", "undecided"], "holds_when"),
        (["holds", "undecided"], "undecided"),
        (["does_not_hold", "undecided"], "undecided"),
        (["undecided"], "undecided"),
        ([], "undecided"),
    ],
)
def test_conditions_decide_together(verdicts, of_all) -> None:
    assert combine(verdicts) == of_all


@pytest.mark.parametrize(
    ("effect", "is_enough"),
    [
        (Effect(0.03, 0.02, 0.04, 8), True),
        (Effect(0.0, -0.001, 0.001, 8), True),
        (Effect(0.01, 0.006, 0.014, 8), True),  # open, but narrower than what matters, and no seeds would decide it
        (Effect(0.013, 0.0091, 0.0169, 8), False),  # narrow, and nearly decided
        (Effect(0.01, 0.0, 0.02, 8), False),
        (Effect(0.03, nan, nan, 1), False),
    ],
)
def test_more_seeds_are_asked_for_while_they_may_tell_something(effect, is_enough) -> None:
    assert Finding(FIRST, effect).is_enough is is_enough


def made(seeds: int, spread: float, mean: float = 0.006) -> Outcome:
    """The claim tested with so many seeds, whose effects lie around a mean near the smallest that matters (0.005)."""
    trials = []
    for seed in range(seeds):
        for arm, value in (("without", 0.9), ("with", 0.9 + mean + spread * (-1) ** seed), ("dark", 0.9)):
            trials.append(Trial(arm, seed, {"test_accuracy": value}))
    return Outcome(CLAIM.id, tuple(trials))


def test_seeds_are_added_look_by_look() -> None:
    assert {seed for _, seed in next_trials(CLAIM, made(0, 0.0))} == set(range(8))
    assert {seed for _, seed in next_trials(CLAIM, made(5, 0.0))} == {5, 6, 7}
    assert next_trials(CLAIM, made(8, 0.0)) == []  # decided
    assert {seed for _, seed in next_trials(CLAIM, made(8, 0.05))} == set(range(8, 16))
    assert {seed for _, seed in next_trials(CLAIM, made(24, 0.05))} == set(range(24, 40))
    assert next_trials(CLAIM, made(40, 0.05)) == []  # at most
    assert {arm for arm, _ in next_trials(CLAIM, made(8, 0.05))} == {"without", "with"}  # of no other it depends


def test_an_interruption_is_no_look_more() -> None:
    """After ten seeds it would be decided, had it been looked at."""
    clear, wide = made(16, 0.0, mean=0.02), made(8, 0.05)
    trials = (*wide.trials, *(trial for trial in clear.trials if 8 <= trial.seed < 10))
    assert {seed for _, seed in next_trials(CLAIM, Outcome(CLAIM.id, trials))} == set(range(10, 16))


def test_no_more_is_asked_for_what_is_narrow() -> None:
    assert next_trials(CLAIM, made(8, 0.001, mean=0.005)) == []  # undecided, and narrow


@pytest.mark.parametrize(("truth", "right"), [(0.0, "does_not_hold"), (1.0, "undecided"), (2.0, "holds")])
def test_wrong_verdicts_are_rare(truth: float, right: str) -> None:
    """200 claims with a planted effect, in smallest effects that matter; 1,000 of them are in the benchmarks."""
    from tests.benchmarks.planted import decided

    random = np.random.default_rng(0)
    found = [decided([truth, truth], [0.6, 0.6], random)[0] for _ in range(200)]
    wrong = [verdict for verdict in found if verdict not in (right, "undecided")]
    assert len(wrong) <= 0.05 * 200
    assert found.count(right) >= 0.8 * 200
