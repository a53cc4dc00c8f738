import numpy as np
import pytest

from tests.load.soak import slope_of


@pytest.mark.parametrize(("an_hour_mb", "is_flat"), [(-20, True), (0, True), (20, True), (45, False)])
def test_the_slope_is_that_of_the_last_two_thirds(an_hour_mb: float, is_flat: bool) -> None:
    minutes = np.arange(1, 61, dtype=float)
    noise = np.random.default_rng(0).normal(0, 0.5, 60)
    warming_up = 300 * np.exp(-minutes / 2)
    resident_mb = 900 + an_hour_mb * minutes / 60 + noise + np.where(minutes < 20, warming_up, 0)
    slope = slope_of("app", list(minutes), list(resident_mb))
    late = minutes >= 20
    assert slope.an_hour_mb == pytest.approx(np.polyfit(minutes[late] / 60, resident_mb[late], 1)[0])
    assert slope.low_mb < an_hour_mb < slope.high_mb
    assert (slope.n, slope.is_flat) == (41, is_flat)
