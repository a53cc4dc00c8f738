"""Conclusions follow the numbers."""

from dataclasses import replace

import pytest

from mnist_core.claims.claim import Comparison
from mnist_core.claims.effect import Effect
from mnist_core.claims.outcome import Outcome
from mnist_core.claims.wording import conclude, meaning
from tests.claims.made_up import CLAIM, outcome

HIGHER = Comparison("a", "b", "test_accuracy", "higher", 0.01, "More")
LOWER = replace(HIGHER, says="lower")


@pytest.mark.parametrize(
    ("comparison", "effect", "means"),
    [
        (HIGHER, Effect(0.05, 0.04, 0.06, 5), "holds"),
        (LOWER, Effect(0.05, 0.04, 0.06, 5), "opposite"),
        (LOWER, Effect(-0.05, -0.06, -0.04, 5), "holds"),
        (HIGHER, Effect(-0.05, -0.06, -0.04, 5), "opposite"),
        (HIGHER, Effect(0.0, 0.0, 0.0, 5), "no_effect"),
        (HIGHER, Effect(0.002, -0.005, 0.009, 5), "no_effect"),
        (HIGHER, Effect(0.005, 0.002, 0.008, 5), "too_small"),  # surely there, and surely less than matters
        (LOWER, Effect(0.005, 0.002, 0.008, 5), "opposite"),
        (HIGHER, Effect(-0.01, -0.03, 0.009, 5), "rather_opposite"),
        (HIGHER, Effect(0.02, -0.01, 0.05, 5), "open"),
        (HIGHER, Effect(0.009, 0.003, 0.015, 5), "slight"),
        (LOWER, Effect(-0.009, -0.015, -0.003, 5), "slight"),
        (HIGHER, Effect(0.02, float("nan"), float("nan"), 1), "not_measured"),
    ],
)
def test_what_an_effect_means(comparison, effect, means):
    assert meaning(comparison, effect) == means


def test_the_numbers_are_in_it():
    said = conclude(CLAIM, outcome(gain=0.05, spread=0.0))
    assert said == (
        "Over 5 seeds, “With light”: test accuracy 95.0 % instead of 90.0 %, +5.0 points (95 % interval +5.0 to +5.0). "
        "So the claim holds here, and by more than has to matter to anybody."
    )


def test_no_effect_is_called_so():
    assert "there is no effect" in conclude(CLAIM, outcome(gain=0.0))
    assert "the other way round" in conclude(CLAIM, outcome(gain=-0.05))
    assert "nothing can be said yet" in conclude(CLAIM, outcome(gain=0.006, spread=0.02))
    assert "two seeds" in conclude(CLAIM, outcome(seeds=1))
    assert "not measured" in conclude(CLAIM, Outcome(CLAIM.id, ()))


def test_several_that_decide_are_told_apart():
    both = replace(CLAIM, comparisons=tuple(replace(one, decides=True) for one in CLAIM.comparisons))
    said = conclude(both, outcome())
    assert "holds only in part: it is as they say for “With light”, it is less than matters for “In" in said
    assert "is not shown: the seeds do not agree" in conclude(both, outcome(gain=0.006, spread=0.02))
    neither = conclude(both, outcome(gain=-0.05))
    assert "does not hold: it is the other way round for “With light”" in neither
    assert neither.count(". ") == 1  # two sentences
