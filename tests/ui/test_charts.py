"""Charts that stand still: styles that are told apart without colour, and figures that Plotly takes as they are."""

import json

import plotly.graph_objects as go
import pytest

from mnist_core.ui import charts

A, B = charts.STYLES[:2]


def test_no_two_series_differ_in_colour_alone() -> None:
    for looks in ([one.color for one in charts.STYLES], [one.marker for one in charts.STYLES]):
        assert len(set(looks)) == len(charts.STYLES)
    assert len({one.pattern for one in charts.STYLES}) == len(charts.STYLES)
    assert A.dash != B.dash


def test_a_band_is_a_closed_shape_in_the_colour_of_its_line() -> None:
    band = charts.band([1, 2, 3], [0.1, 0.2, 0.3], [0.5, 0.6, 0.7], A)
    assert list(zip(band.x, band.y, strict=True)) == [(1, 0.1), (2, 0.2), (3, 0.3), (3, 0.7), (2, 0.6), (1, 0.5)]
    assert band.fillcolor == "rgba(27, 133, 198, 0.22)"


def test_error_bars_reach_from_each_lower_to_each_upper_end() -> None:
    bars = go.Scatter(
        y=[0.5, 1.0, None], error_y=charts.error_bars([0.5, 1.0, None], [0.4, 0.9, 0.0], [0.7, 0.99, 0.0])
    )
    assert bars.error_y.array == pytest.approx((0.2, 0, 0))
    assert bars.error_y.arrayminus == pytest.approx((0.1, 0.1, 0))


def test_a_figure_cannot_be_zoomed_by_accident_and_keeps_what_is_asked_of_its_axes() -> None:
    layout = {"xaxis": {"title": "k"}, "shapes": [charts.guide(x=3)]}
    drawn = charts.figure([charts.line([1, 2], [1, None], B, texts=["a", "b"])], **layout)
    assert drawn.layout.dragmode is False
    assert (drawn.layout.xaxis.fixedrange, drawn.layout.yaxis.fixedrange) == (True, True)
    assert drawn.layout.xaxis.title.text == "k"
    assert drawn.layout.shapes[0].x0 == drawn.layout.shapes[0].x1 == 3
    sent = json.loads(drawn.to_json())["data"][0]
    assert (sent["x"], sent["y"], sent["line"]["dash"]) == ([1, 2], [1, None], "dash")


@pytest.mark.parametrize(("place", "fixed"), [({"x": 2}, ("x0", "x1")), ({"y": 2}, ("y0", "y1"))])
def test_a_guide_goes_right_across_the_chart(place: dict[str, float], fixed: tuple[str, str]) -> None:
    drawn = charts.guide(**place)
    assert [drawn[end] for end in fixed] == [2, 2]
    assert sorted(drawn[end] for end in {"x0", "x1", "y0", "y1"} - set(fixed)) == [0, 1]


def test_stacked_charts_share_one_axis_and_do_not_touch() -> None:
    layout = charts.stacked(0.3, x={"title": "x"}, upper={}, lower={})
    drawn = charts.figure([charts.bars([1], [2], A, yaxis="y2"), charts.line([1], [2], A)], **layout)
    assert drawn.layout.yaxis2.domain[1] < drawn.layout.yaxis.domain[0]
    assert drawn.layout.xaxis.anchor == "y2"
    assert drawn.data[0].yaxis == "y2"
