"""Metrics: how their values are written, and that each is measured."""

import pytest

from mnist_core.claims.metric_functions import METRIC_FUNCTIONS
from mnist_core.claims.metrics import METRICS


def test_every_metric_is_measured_and_says_what_it_is():
    assert METRICS.keys() == METRIC_FUNCTIONS.keys()
    assert all(key == metric.key and metric.title and metric.help.endswith(".") for key, metric in METRICS.items())


@pytest.mark.parametrize(
    ("key", "value", "written", "difference"),
    [
        ("test_accuracy", 0.9731, "97.3 %", "+97.3 points"),
        ("gap", 0.0042, "0.4 points", "+0.42 points"),
        ("gap", -0.0042, "−0.4 points", "−0.42 points"),
        ("diverged", 0.8, "80 % of runs", "+80.0 points"),
        ("epochs_trained", 12.4, "12.4 epochs", "+12.4 epochs"),
        ("test_loss", 0.04167, "0.0417", "+0.0417"),
        ("weakest_gradient", -3.5, "−3.5", "−3.5"),
    ],
)
def test_how_values_are_written(key, value, written, difference):
    assert METRICS[key].write(value) == written
    assert METRICS[key].write_effect(value) == difference
