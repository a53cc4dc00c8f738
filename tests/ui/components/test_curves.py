import numpy as np
import pytest

from mnist_core.ui.components.curves import (
    MAX_POINTS,
    Axis,
    Line,
    LineChart,
    Mark,
    drawable,
    lowest_accuracy,
    spec_of,
    thin,
)


def chart(*lines: Line, **more) -> dict:
    return spec_of(LineChart("Loss", "Loss by epoch.", 3, lines, **more))


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


def test_what_is_no_number_is_not_drawn_and_zero_not_on_a_log_axis() -> None:
    points = [(0.0, 1.0), (1.0, float("nan")), (2.0, float("inf")), (3.0, 0.0)]
    assert drawable(points) == [(0.0, 1.0), (3.0, 0.0)]
    assert drawable(points, log=True) == [(0.0, 1.0)]


def test_nothing_moves_by_itself() -> None:
    spec = chart(Line("a", [(1, 2)]), marks=[Mark(1, "x")])
    assert spec["animation"] is False
    assert spec["series"][-1]["markLine"]["animation"] is False


def test_more_lines_than_colours_are_told_apart_by_their_dashes() -> None:
    series = chart(*(Line(f"layer {place}") for place in range(14)))["series"][:-1]
    dashes = [line["lineStyle"]["type"] for line in series]
    assert dashes[:6] == ["solid"] * 6
    assert dashes[6:12] == ["dashed"] * 6
    assert dashes[12:] == ["dotted"] * 2


def test_a_line_has_its_name_at_its_end_or_in_the_legend() -> None:
    lines = (Line("conv 1", [(1, 2)]), Line("output", [(1, 3)]))
    named = chart(*lines, named_ends=True)
    assert named["legend"]["show"] is False
    assert all(line["endLabel"]["formatter"] == "{a}" for line in named["series"][:-1])
    assert chart(*lines)["legend"]["show"] is True


def test_shares_are_shown_in_per_cent_with_the_axis() -> None:
    spec = chart(Line("a", [(1, 0.9871)]), axis=Axis("share", low=0.9, high=1))
    assert spec["series"][0]["data"] == [[1, 98.71]]
    assert (spec["yAxis"]["min"], spec["yAxis"]["max"]) == (90, 100)


def test_single_points_carry_their_values_and_stay_inside_the_chart() -> None:
    late = chart(Line("a", [(3, 0.9)], symbol="rect"), tells_values=True)["series"][0]["label"]
    early = chart(Line("a", [(1, 0.9)], symbol="rect"), tells_values=True)["series"][0]["label"]
    assert late["show"]
    assert (early["position"], late["position"]) == ("right", "left")


def test_marks_stand_at_their_epoch_with_their_text_as_it_is() -> None:
    (mark,) = chart(marks=[Mark(1.5, "rate {b} 0.01 → 0.1")])["series"][-1]["markLine"]["data"]
    assert mark["xAxis"] == 1.5
    assert mark["label"]["formatter"] == "rate (b) 0.01 → 0.1"  # braces would be a template of ECharts


@pytest.mark.parametrize(
    ("shares", "expected"),
    [([], 0.0), ([0.1], 0.0), ([0.4, 0.99], 0.0), ([0.9, 0.95], 0.85), ([0.97, 0.99], 0.96), ([1.0], 0.99)],
)
def test_an_accuracy_axis_begins_a_little_under_the_lowest_point(shares: list[float], expected: float) -> None:
    lowest = lowest_accuracy([Line("a", [(1, share) for share in shares])])
    assert lowest == pytest.approx(expected)
    assert all(lowest <= share for share in shares)
