from dataclasses import replace

import numpy as np
import pytest

from mnist_core.ui.train.run.layer_charts import (
    gradient_words,
    gradients_chart,
    unit_words,
    units_chart,
    weight_words,
    weights_height_px,
    weights_spec,
)
from tests.ui.train.run import made_up

LOOKS = [made_up.measured(1), made_up.measured(100)]


def test_gradients_have_a_line_for_each_layer_named_at_its_end_on_a_log_axis() -> None:
    chart = gradients_chart(LOOKS, 4)
    assert [line.name for line in chart.lines] == list(made_up.LAYERS)
    assert chart.axis.kind == "log"
    assert chart.named_ends
    assert chart.lines[0].points[1] == (1.0, pytest.approx(LOOKS[1].gradient_norms["conv 1"], rel=1e-4))


def test_a_gradient_that_is_nothing_is_left_out_of_a_log_axis_and_said_in_words() -> None:
    dead = replace(LOOKS[1], gradient_norms={"conv 1": 0.0, "output": 0.5})
    assert [len(line.points) for line in gradients_chart([LOOKS[0], dead], 4).lines] == [1, 2]
    assert "is zero: it vanishes" in gradient_words([dead])


def test_vanishing_gradients_are_said_with_their_ratio() -> None:
    faded = replace(LOOKS[1], gradient_norms={"dense 1": 0.0005, "output": 0.5})
    assert "1,000 times smaller" in gradient_words([faded])
    assert "vanishes" not in gradient_words(LOOKS)
    assert gradient_words([]) == gradient_words([replace(LOOKS[0], gradient_norms={"output": 1.0})]) == ""


def test_dead_units_are_shares_of_a_hundred() -> None:
    chart = units_chart(LOOKS, 4)
    assert (chart.axis.kind, chart.axis.low, chart.axis.high) == ("share", 0, 1)
    dead = replace(LOOKS[1], dead_units={"conv 1": 0.25, "dense 1": 0.0})
    assert unit_words([dead]) == "Dead: 25.0 % of conv 1."
    assert unit_words([replace(dead, dead_units={"conv 1": 0.0})]) == "No unit is dead."
    assert unit_words([replace(dead, dead_units={})]) == ""


def test_each_layer_has_a_histogram_of_its_newest_weights_over_its_first() -> None:
    spec = weights_spec(LOOKS)
    assert [title["text"] for title in spec["title"]] == list(made_up.LAYERS)
    assert len(spec["grid"]) == len(spec["xAxis"]) == len(spec["yAxis"]) == 5
    newest, first = spec["series"][:2]
    assert "areaStyle" in newest
    assert first["lineStyle"]["type"] == "dashed"
    assert spec["xAxis"][0]["max"] == pytest.approx(LOOKS[1].weight_limits["conv 1"], rel=0.06)


def test_histograms_of_different_width_compare_as_densities() -> None:
    for place, look in ((0, LOOKS[1]), (1, LOOKS[0])):
        points = np.array(weights_spec(LOOKS)["series"][place]["data"])
        width = 2 * look.weight_limits["conv 1"] / len(points)
        assert points[:, 1].sum() * width == pytest.approx(1, rel=1e-3)
        assert points[0, 0] == pytest.approx(-look.weight_limits["conv 1"] + width / 2, rel=1e-3)


def test_weights_that_are_all_zero_can_be_drawn() -> None:
    flat = replace(LOOKS[1], weight_limits=dict.fromkeys(made_up.LAYERS, 0.0))
    assert weights_spec([flat])["xAxis"][0]["max"] > 0


def test_more_layers_take_more_room_and_are_told_in_words() -> None:
    two = replace(LOOKS[1], weight_counts={"dense 1": [1], "output": [1]}, weight_limits={"dense 1": 0.5, "output": 2})
    assert weights_height_px([two]) < weights_height_px(LOOKS)
    assert weight_words([two]) == "Weights reach to ±0.5 in dense 1, ±2 in output."


def test_nothing_measured_gives_empty_axes() -> None:
    assert list(gradients_chart([], 4).lines) == list(units_chart([], 4).lines) == []
