"""Against scipy.stats, which takes other ways to the same numbers."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mnist_core.stats import (
    difference_interval,
    mcnemar_exact,
    share_interval,
    t_interval,
    t_quantile,
    wilson_interval,
)  # fmt: skip


@pytest.mark.parametrize(("right", "count"), [(0, 5), (5, 5), (14, 20), (1, 500), (250, 500), (9_909, 10_000), (1, 3)])
def test_a_shares_interval_is_wilsons(right: int, count: int) -> None:
    expected = stats.binomtest(right, count).proportion_ci(0.95, method="wilson")
    assert wilson_interval(right, count) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_of_nothing_nothing_is_known() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert mcnemar_exact(0, 0) == 1.0


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemars_test_is_the_exact_sign_test(gained: int, lost: int) -> None:
    if gained + lost:
        assert mcnemar_exact(gained, lost) == pytest.approx(stats.binomtest(gained, gained + lost).pvalue)


def test_a_known_example() -> None:
    """Ten against two: 2 * (1 + 12 + 66) / 4096."""
    assert mcnemar_exact(10, 2) == pytest.approx(2 * 79 / 4096)


@pytest.mark.parametrize("values", [[1.0, 2.0], [0.3, 0.1, 0.25, 0.2, 0.31], [-4.0, 6.0, 5.0]])
def test_a_means_interval_is_students(values: list[float]) -> None:
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert t_interval(values) == pytest.approx((expected.low, expected.high))


def test_one_value_has_no_interval() -> None:
    with pytest.raises(ValueError, match="two values"):
        t_interval([1.0])


@pytest.mark.parametrize("share", [0.025, 0.5, 0.6, 0.9, 0.975, 0.9995])
def test_the_quantile_is_students(share: float) -> None:
    for degrees in (*range(1, 40), 200, 1001):
        assert t_quantile(share, degrees) == pytest.approx(float(stats.t.ppf(share, degrees)), rel=1e-9, abs=1e-9)
    assert t_quantile(share) == pytest.approx(float(stats.norm.ppf(share)), abs=1e-12)


@pytest.mark.parametrize(("share", "degrees"), [(0.0, 3), (1.0, 3), (float("nan"), 3), (0.9, 0)])
def test_what_is_no_question_is_refused(share: float, degrees: int) -> None:
    with pytest.raises(ValueError, match="degree"):
        t_quantile(share, degrees)


def test_a_page_that_imports_it_does_not_wait_for_scipy() -> None:
    code = "import sys; import mnist_core.stats; print('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize(
    ("before", "after", "n", "low", "high"),
    [
        # By hand, from the score intervals of the two shares.
        (0, 0, 10, -0.2775, 0.2775),
        (0, 10, 10, 0.6075, 1.0),
        (5, 5, 10, -0.3743, 0.3743),
    ],
)
def test_a_difference_of_shares_has_newcombes_interval(before, after, n, low, high) -> None:
    assert difference_interval(before, after, n) == pytest.approx((low, high), abs=2e-3)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 20))
def test_a_difference_of_shares_lies_within_its_interval_and_that_within_what_is_possible(one, other, n) -> None:
    before, after = min(one, n), min(other, n)
    low, high = difference_interval(before, after, n)
    assert -1 - 1e-9 <= low <= (after - before) / n <= high <= 1 + 1e-9
    assert difference_interval(after, before, n) == pytest.approx((-high, -low))


def test_nothing_is_known_of_a_difference_of_nothing() -> None:
    assert difference_interval(0, 0, 0) == (-1.0, 1.0)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=12))
def test_an_interval_of_shares_stays_among_shares(shares: list[float]) -> None:
    low, high = share_interval(shares)
    assert 0 <= low <= high <= 1


def test_an_interval_of_shares_is_students_of_their_log_odds() -> None:
    shares = np.array([0.91, 0.95, 0.93, 0.99])
    low, high = stats.ttest_1samp(np.log(shares / (1 - shares)), 0).confidence_interval(0.95)
    assert share_interval(shares.tolist()) == pytest.approx((1 / (1 + np.exp(-low)), 1 / (1 + np.exp(-high))))
    with pytest.raises(ValueError, match="two values"):
        share_interval([0.5])
