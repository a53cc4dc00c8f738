import pytest
from scipy import stats

from mnist_core.claims.student import t_quantile


@pytest.mark.parametrize("share", [0.5, 0.6, 0.9, 0.975, 0.9995])
def test_it_agrees_with_scipy(share: float) -> None:
    for degrees in (*range(1, 40), 200, 1001):
        assert t_quantile(share, degrees) == pytest.approx(float(stats.t.ppf(share, degrees)), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("share", "degrees"), [(0.4, 3), (1.0, 3), (float("nan"), 3), (0.9, 0)])
def test_what_is_no_question_is_refused(share: float, degrees: int) -> None:
    with pytest.raises(ValueError, match="degree"):
        t_quantile(share, degrees)
