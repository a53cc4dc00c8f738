from dataclasses import replace

import pytest

from mnist_core.runs.run import Curve
from mnist_core.ui.components.curves import MAX_POINTS, LineChart
from mnist_core.ui.train.run.learning import (
    MAX_DIVERGED_LOSS,
    MAX_LOSS,
    accuracy_chart,
    kernel_words,
    loss_chart,
    rate_chart,
)
from tests.ui.train.run import made_up


def curve(epochs: int = 2, steps: int = 250) -> Curve:
    rows = [made_up.epoch(number) for number in range(1, epochs + 1)]
    return Curve(tuple(made_up.step(number) for number in range(1, steps + 1)), tuple(rows))


def points(chart: LineChart) -> dict[str, list]:
    return {line.name: list(line.points) for line in chart.lines}


def test_training_and_validation_are_told_apart_by_more_than_colour_and_look_alike_in_both_charts() -> None:
    charts = (loss_chart(curve(), [made_up.checked(1)], 4), accuracy_chart(curve(), [made_up.checked(1)], 4))
    looks = [[(line.name, line.dash, line.symbol) for line in chart.lines[:2]] for chart in charts]
    assert looks[0] == looks[1] == [("Training", "solid", "rect"), ("Validation", "dashed", "circle")]


def test_training_is_read_in_the_way_of_validation_where_somebody_did_that() -> None:
    checked = [made_up.checked(1), made_up.checked(2)]
    assert points(accuracy_chart(curve(), checked, 4))["Training"] == [(1, 0.94), (2, 0.97)]
    assert points(accuracy_chart(curve(), (), 4))["Training"] == [(1, 0.9), (2, 0.95)]
    assert points(loss_chart(curve(), checked, 4))["Training"] == [(1, 0.3), (2, 0.15)]
    assert points(loss_chart(curve(), (), 4))["Training"] == []


def test_the_only_epoch_is_two_dots_with_their_numbers() -> None:
    assert accuracy_chart(curve(1), [made_up.checked(1)], 1).tells_values
    assert not accuracy_chart(curve(2), [made_up.checked(1)], 2).tells_values


def test_a_run_that_diverges_does_not_flatten_the_rest() -> None:
    wild = Curve((made_up.step(1, 2.3), made_up.step(2, 1e30), made_up.step(3, float("nan"))), ())
    chart = loss_chart(wild, (), 1)
    assert chart.axis.high == MAX_LOSS
    assert "cut off" in chart.title
    assert len(points(chart)["Each batch"]) == 2
    diverged = loss_chart(wild, (), 20, diverged=True)
    assert (diverged.axis.kind, diverged.axis.high) == ("log", MAX_DIVERGED_LOSS)  # its first steps keep their shape
    assert "went on to rise" in diverged.title
    assert diverged.epochs == points(diverged)["Each batch"][-1][0]  # not lost at the edge of 20 epochs
    tame = loss_chart(Curve((made_up.step(1, 2.3),), ()), (), 1)
    assert tame.axis.high is None


def test_a_long_run_is_drawn_with_few_points() -> None:
    long = curve(0, 5_000)
    assert len(points(loss_chart(long, (), 50))["Each batch"]) <= MAX_POINTS
    assert len(points(rate_chart(long, 50))["Learning rate"]) <= MAX_POINTS


def test_the_charts_are_told_in_words_too() -> None:
    begun, well_on = curve(0), curve(2)
    assert "training is at 0." in loss_chart(begun, (), 4).alt
    assert "Validation is at 97.50%" in accuracy_chart(well_on, (), 4).alt
    assert "It is at 0." in rate_chart(begun, 4).alt
    assert rate_chart(Curve((), ()), 4).alt.strip() == "Learning rate by epoch."


def test_a_kernel_is_explained_by_the_likeness_it_sees() -> None:
    assert kernel_words(()) == kernel_words([made_up.checked(1)]) == ""
    assert "**0.0021**" in kernel_words([replace(made_up.checked(1), kernel_median=0.00213)])


@pytest.mark.parametrize("chart", [loss_chart, accuracy_chart])
def test_before_the_first_step_there_are_axes(chart) -> None:
    assert points(chart(Curve((), ()), (), 3))["Validation"] == []
