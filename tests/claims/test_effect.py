"""Effects against scipy, an oracle of its own; and what becomes of claims by them."""

import math

import numpy as np
import pytest
from scipy import stats

from mnist_core.claims.effect import Effect, mean_effect, paired_effect

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
        (Effect(0.03, 0.02, 0.04, 5), "higher", "holds"),
        (Effect(0.03, 0.02, 0.04, 5), "lower", "does_not_hold"),
        (Effect(-0.03, -0.04, -0.02, 5), "lower", "holds"),
        (Effect(-0.03, -0.04, -0.02, 5), "higher", "does_not_hold"),
        (Effect(0.0, 0.0, 0.0, 5), "higher", "does_not_hold"),
        (Effect(0.004, 0.001, 0.007, 5), "higher", "does_not_hold"),  # surely there, but smaller than matters
        (Effect(0.01, 0.01, 0.01, 5), "higher", "holds"),  # exactly as much, in each seed
        (Effect(0.03, -0.01, 0.07, 5), "higher", "undecided"),
        (Effect(0.03, 0.005, 0.055, 5), "higher", "undecided"),  # surely there, and perhaps smaller than matters
        (Effect(0.0, -0.03, 0.02, 5), "higher", "undecided"),  # not shown is not shown to be none
        (Effect(0.5, math.nan, math.nan, 1), "higher", "undecided"),
    ],
)
def test_what_a_comparison_says_of_a_claim(effect, direction, verdict):
    assert effect.verdict(direction, 0.01) == verdict


@pytest.mark.parametrize(("direction", "sign"), [("higher", 1), ("lower", -1)])
def test_a_verdict_is_that_of_two_one_sided_tests(direction, sign):
    """Against scipy: each test against the smallest effect, at half of what the interval leaves."""
    random = np.random.default_rng(5)
    for _ in range(100):
        differences = random.normal(sign * random.uniform(-0.02, 0.04), 0.02, 8)
        found = paired_effect([0.0] * 8, differences.tolist(), "number").verdict(direction, 0.01)
        above = stats.ttest_1samp(sign * differences, 0.01, alternative="greater").pvalue < 0.025
        below = stats.ttest_1samp(sign * differences, 0.01, alternative="less").pvalue < 0.025
        assert found == ("holds" if above else "does_not_hold" if below else "undecided")


def test_a_wanted_confidence_makes_the_interval_of_scipy():
    oracle = stats.ttest_rel(AFTER, BEFORE).confidence_interval(0.9875)
    effect = paired_effect(BEFORE, AFTER, "share", 0.9875)
    assert (effect.low, effect.high, effect.confidence) == pytest.approx((oracle.low, oracle.high, 0.9875), rel=1e-9)


def test_shares_never_differ_by_more_than_all():
    effect = paired_effect([0.0, 0.0, 0.4], [1.0, 0.9, 1.0], "share", 0.9999)
    assert (effect.low, effect.high) == (-1.0, 1.0)
    assert paired_effect([0.0, 0.0, 0.4], [1.0, 0.9, 1.0], "number", 0.9999).high > 1


def test_five_of_five_against_none_of_five_is_not_certain():
    effect = paired_effect([0.0] * 5, [1.0] * 5, "yes_no")
    assert effect.mean == 1.0
    assert 0.3 < effect.low < 0.6
    assert effect.high == 1.0
    nothing = paired_effect([1.0] * 5, [1.0] * 5, "yes_no")
    assert nothing.low == pytest.approx(-nothing.high) == pytest.approx(-0.4345, abs=1e-3)  # Newcombe's, by hand


def test_the_mean_of_accuracies_never_is_above_all():
    effect = mean_effect([0.998, 1.0, 0.93, math.nan], "share")
    assert effect.n == 3
    assert 0 < effect.low < effect.mean < effect.high <= 1
    assert stats.ttest_1samp([0.998, 1.0, 0.93], 0).confidence_interval(0.95).high > 1
    assert mean_effect([0.9, 0.9], "share") == Effect(0.9, 0.9, 0.9, 2)
    assert mean_effect([1.0, 1.0, 1.0], "yes_no").low < 0.5
    assert mean_effect([2.0, 4.0], "number").high > 4
    assert mean_effect([], "share").n == 0


def test_so_many_more_seeds_would_decide():
    random = np.random.default_rng(1)
    differences = random.normal(0.013, 0.01, 8)
    effect = paired_effect([0.0] * 8, differences.tolist(), "share", 0.9875)
    needed = effect.seeds_needed("higher", 0.01)
    half = stats.t.ppf(1 - 0.0125 / 2, needed - 1) * differences.std(ddof=1) / needed**0.5
    assert half == pytest.approx(abs(differences.mean() - 0.01), rel=0.15)
    assert Effect(0.01, 0.0, 0.02, 8).seeds_needed("higher", 0.01) is None
    assert Effect(-0.03, -0.04, -0.02, 8).seeds_needed("lower", 0.01) == 9  # decided already
    with pytest.raises(ValueError, match="spread"):
        Effect(0.5, math.nan, math.nan, 1).seeds_needed("higher", 0.01)
