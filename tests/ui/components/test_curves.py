import numpy as np
import pytest

from mnist_core.ui.components.curves import MAX_LOSS, MAX_POINTS, Curves, accuracy_spec, loss_spec, thin


@pytest.mark.parametrize("count", [0, 1, 299, 300, 301, 599, 600, 12_345])
def test_thinning_keeps_the_mean_the_end_and_the_limit(count: int) -> None:
    points = [(number / 100, float(value)) for number, value in enumerate(np.random.default_rng(0).random(count))]
    thinned = thin(points)
    assert len(thinned) <= MAX_POINTS
    if count:
        assert thinned[-1][0] == pytest.approx(points[-1][0])
        assert np.mean([value for _, value in thinned]) == pytest.approx(
            np.mean([value for _, value in points]), abs=0.01
        )


def test_the_two_lines_differ_in_more_than_colour() -> None:
    training, validation = loss_spec(Curves(1, [(0.5, 1.0)], [(1, 0.5)]))["series"]
    assert training["showSymbol"] != validation["showSymbol"]
    assert validation["lineStyle"]["type"] == "dashed"


def test_accuracies_are_shown_in_per_cent() -> None:
    spec = accuracy_spec(Curves(2, training_accuracy=[(1, 0.98)], validation_accuracy=[(1, 0.9871)]))
    assert [line["data"] for line in spec["series"]] == [[[1, 98.0]], [[1, 98.71]]]


def test_a_run_that_diverges_does_not_flatten_the_rest() -> None:
    spec = loss_spec(Curves(1, [(0.1, 2.3), (0.2, 1e30)]))
    assert spec["yAxis"]["max"] == MAX_LOSS
    assert "cut off" in spec["title"]["text"]
    assert "max" not in loss_spec(Curves(1, [(0.1, 2.3)]))["yAxis"]
