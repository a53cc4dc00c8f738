"""Effects against scipy, an oracle of its own; and what becomes of claims by them."""

import math

import numpy as np
import pytest
from scipy import stats

from mnist_core.claims.effect import Effect, combine_verdicts, paired_effect

BEFORE, AFTER = [0.91, 0.92, 0.905, 0.93, 0.9], [0.95, 0.945, 0.94, 0.96, 0.925]


@pytest.mark.parametrize("seeds", [2, 3, 5])
def test_an_effect_is_the_paired_t_interval_of_scipy(seeds):
    effect = paired_effect(BEFORE[:seeds], AFTER[:seeds])
    oracle = stats.ttest_rel(AFTER[:seeds], BEFORE[:seeds]).confidence_interval(0.95)
    assert (effect.low, effect.high) == pytest.approx((oracle.low, oracle.high), rel=1e-9)
    assert effect.mean == pytest.approx(np.mean(AFTER[:seeds]) - np.mean(BEFORE[:seeds]))
    assert effect.n == seeds


def test_it_is_that_of_one_sample_of_differences_too():
    differences = np.subtract(AFTER, BEFORE)
    oracle = stats.ttest_1samp(differences, 0).confidence_interval(0.95)
    effect = paired_effect([0.0] * 5, differences.tolist())
    assert (effect.low, effect.high) == pytest.approx((oracle.low, oracle.high), rel=1e-9)


def test_swapped_arms_flip_the_sign():
    there, back = paired_effect(BEFORE, AFTER), paired_effect(AFTER, BEFORE)
    assert (back.mean, back.low, back.high) == pytest.approx((-there.mean, -there.high, -there.low))


def test_the_same_numbers_have_no_effect():
    assert paired_effect(BEFORE, BEFORE) == Effect(0.0, 0.0, 0.0, 5)


def test_pairs_with_what_is_no_number_are_left_out():
    assert paired_effect([0.5, math.nan, 0.7], [0.6, 0.9, 0.8]).n == 2
    assert paired_effect([0.5, math.nan], [math.inf, 0.9]).n == 0


@pytest.mark.parametrize(
    ("effect", "direction", "verdict"),
    [
        (Effect(0.03, 0.02, 0.04, 5), "higher", "confirmed"),
        (Effect(0.03, 0.02, 0.04, 5), "lower", "refuted"),
        (Effect(-0.03, -0.04, -0.02, 5), "lower", "confirmed"),
        (Effect(-0.03, -0.04, -0.02, 5), "higher", "refuted"),
        (Effect(0.0, 0.0, 0.0, 5), "higher", "refuted"),
        (Effect(0.004, 0.001, 0.007, 5), "higher", "refuted"),  # surely there, but smaller than matters
        (Effect(0.03, -0.01, 0.07, 5), "higher", "mixed"),
        (Effect(0.009, 0.001, 0.02, 5), "higher", "mixed"),  # there, and perhaps as large as matters
        (Effect(0.5, math.nan, math.nan, 1), "higher", "not_measurable"),
    ],
)
def test_what_becomes_of_a_claim(effect, direction, verdict):
    assert effect.verdict(direction, 0.01) == verdict


@pytest.mark.parametrize(
    ("verdicts", "of_all"),
    [
        (["confirmed", "confirmed"], "confirmed"),
        (["refuted", "refuted"], "refuted"),
        (["confirmed", "refuted"], "mixed"),
        (["confirmed", "mixed"], "mixed"),
        (["confirmed", "not_measurable"], "not_measurable"),
        ([], "not_measurable"),
    ],
)
def test_several_comparisons_decide_together(verdicts, of_all):
    assert combine_verdicts(verdicts) == of_all
