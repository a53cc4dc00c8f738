"""Curves over a run's epochs that move while it is training: a line chart, described before it is drawn."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

MAX_POINTS = 300
"""Of one line: more take longer to draw than the eye gains from them."""

HEIGHT_PX = 300

Point = tuple[float, float]
"""(epochs done, value)"""

_DASHES = ("solid", "dashed", "dotted")
_COLORS = 6  # in the theme; lines beyond them get another dash
_DASH_ICON = "path://M0,0H30V2H0Z"  # without it, ECharts shows a dot for a line that has none
_NAMED_PX = 84  # to the right of a chart, for the names at its lines' ends
_FAINT = 0.65
_LOWEST_ACCURACY = 50  # per cent: below it, an axis that ends near the points tells nothing more
_LEAST_ROOM = 0.01  # of an accuracy axis, when all is right
_NAME_SHARE = 0.75  # of the width: a mark further to the right than this has its text on its left


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart.

    Attributes:
        name: Its name in the legend, in the tooltip, and at its end.
        points: In the order of their epochs.
        dash: `solid`, `dashed` or `dotted`.
        symbol: What stands at each point: `none`, `circle`, `rect` or `diamond`.
        faint: Whether it is there for comparison only.
    """

    name: str
    points: Sequence[Point] = ()
    dash: Literal["solid", "dashed", "dotted"] = "solid"
    symbol: Literal["none", "circle", "rect", "diamond"] = "none"
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of the run, drawn as a vertical line with a text: something was changed, or went wrong."""

    epoch: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The upright axis.

    Attributes:
        kind: `plain`, `log`, or `share` (0 to 1, shown in per cent).
        low, high: Where it begins and ends; None leaves it to the points.
        number: How the tooltip writes a value, as printf does.
    """

    kind: Literal["plain", "log", "share"] = "plain"
    low: float | None = None
    high: float | None = None
    number: str = "%.3f"


@dataclass(frozen=True, slots=True)
class LineChart:
    """What is drawn.

    Attributes:
        title: What the values are.
        alt: The chart in a sentence, for those who do not see it.
        epochs: How many epochs the whole run takes: the width.
        named_ends: Whether each line has its name at its end instead of in a legend.
        tells_values: Whether each point has its value written beside it; for charts of a few points.
        texts: Where the texts of the marks stand: where the lines are not.
    """

    title: str
    alt: str
    epochs: float
    lines: Sequence[Line]
    axis: Axis = Axis()
    marks: Sequence[Mark] = ()
    named_ends: bool = False
    tells_values: bool = False
    texts: Literal["top", "bottom"] = "top"


def line_chart(shown: LineChart, key: str) -> None:
    """Show the chart. With the same key it moves within its place, without flicker."""
    st.echarts_chart(spec_of(shown), height=HEIGHT_PX, key=key, alt=shown.alt)


def spec_of(shown: LineChart) -> dict[str, Any]:
    """The chart as an ECharts option object."""
    series = [_series(line, place, shown) for place, line in enumerate(shown.lines)]
    series.append(_marks(shown))
    return chart_spec(
        series,
        named_axis("epochs", min=0, max=shown.epochs, minInterval=1),  # half an epoch has no name
        _upright_axis(shown.axis),
        top_px=44 if shown.named_ends or len(shown.lines) < 2 else 62,
        right_px=_NAMED_PX if shown.named_ends else 18,
        number=shown.axis.number,
        title={"text": shown.title, "left": 0, "top": 4, "textStyle": {"fontSize": 15}},
        legend=_legend(shown),
    )


def chart_spec(
    series: Sequence[Mapping[str, Any]],
    x_axis: Mapping[str, Any],
    y_axis: Mapping[str, Any],
    *,
    top_px: int,
    right_px: int = 20,
    bottom_px: int = 28,
    number: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A chart as an ECharts option object: still, as wide as its place, and telling the values that are pointed at.

    Args:
        series, x_axis, y_axis: As ECharts takes them.
        top_px, right_px, bottom_px: The room around the axes.
        number: How the tooltip writes a value, as printf does.
        more: Other parts as ECharts takes them.
    """
    return {
        "animation": False,
        "grid": {"left": 8, "right": right_px, "top": top_px, "bottom": bottom_px, "containLabel": True},
        "tooltip": {"trigger": "axis", **({"valueFormatter": number} if number else {})},
        "xAxis": x_axis,
        "yAxis": y_axis,
        "series": series,
        **more,
    }


def named_axis(name: str, **more: Any) -> dict[str, Any]:
    """A level axis of numbers, with its name in the middle below it."""
    middle = {"name": name, "nameLocation": "middle", "nameGap": 26}
    return {"type": "value", "splitLine": {"show": False}, **middle, **more}


def thin(points: Sequence[Point], limit: int = MAX_POINTS) -> list[Point]:
    """At most `limit` points: neighbours are replaced by their mean, so that noise goes and the curve stays."""
    size = -(-len(points) // limit) or 1
    groups = [points[start : start + size] for start in range(0, len(points), size)]
    return [
        (round(group[-1][0], 4), round(sum(value for _, value in group) / len(group), 6)) for group in groups if group
    ]


def drawable(points: Iterable[Point], *, log: bool = False) -> list[Point]:
    """Without what cannot be drawn: the loss of a run that diverged; on a log axis, zero."""
    return [point for point in points if math.isfinite(point[1]) and (point[1] > 0 or not log)]


def lowest_accuracy(lines: Iterable[Line]) -> float:
    """Where an accuracy axis that ends at 1 should begin: under the lowest point, with the same room above it."""
    lowest = min((value for line in lines for _, value in line.points), default=0.0)
    if lowest * 100 < _LOWEST_ACCURACY:
        return 0.0
    room = max((1 - lowest) * 1.25, _LEAST_ROOM)
    step = next(step for step in (0.005, 0.01, 0.02, 0.05, 0.1, 0.25) if step * 5 >= room or step == 0.25)
    return max(0.0, math.floor((1 - room) / step) * step)


def _legend(shown: LineChart) -> dict[str, Any]:
    names = [{"name": line.name} | ({"icon": _DASH_ICON} if line.symbol == "none" else {}) for line in shown.lines]
    return {"show": not shown.named_ends and len(names) > 1, "left": 0, "top": 28, "data": names, "itemWidth": 30}


def _upright_axis(axis: Axis) -> dict[str, Any]:
    scale = 100 if axis.kind == "share" else 1
    ends = {"min": axis.low, "max": axis.high}
    shown: dict[str, Any] = {
        "type": "log" if axis.kind == "log" else "value",
        **{end: round(value * scale, 4) for end, value in ends.items() if value is not None},
    }
    if axis.kind == "share":
        shown["axisLabel"] = {"formatter": "{value} %"}
    return shown


def _series(line: Line, place: int, shown: LineChart) -> dict[str, Any]:
    """A line; told apart from the others by more than its colour: by its dash, its symbols or its name at the end."""
    scale = 100 if shown.axis.kind == "share" else 1
    dash = line.dash if line.dash != "solid" else _DASHES[place // _COLORS % len(_DASHES)]
    style: dict[str, Any] = {"width": 2, "type": dash}
    if line.faint:
        style = {"width": 1.2, "type": dash, "opacity": _FAINT, "color": "gray"}
    series: dict[str, Any] = {
        "name": line.name,
        "type": "line",
        "data": [[epoch, round(value * scale, 2 if shown.axis.kind == "share" else 6)] for epoch, value in line.points],
        "lineStyle": style,
        **_symbols(line, shown),
    }
    if line.faint:
        series["itemStyle"] = {"color": "gray"}
    if shown.named_ends and not line.faint:
        series["endLabel"] = {"show": True, "formatter": "{a}", "distance": 6, "padding": [5, 0]}
        series["labelLayout"] = {"moveOverlap": "shiftY"}
    return series


def _symbols(line: Line, shown: LineChart) -> dict[str, Any]:
    if line.symbol == "none":
        return {"symbol": "none"}
    shown_symbols: dict[str, Any] = {"symbol": line.symbol, "symbolSize": 9, "showSymbol": True}
    if shown.tells_values and line.points:
        side = "left" if line.points[-1][0] > shown.epochs * _NAME_SHARE else "right"
        text = "{a}: {@[1]} %" if shown.axis.kind == "share" else "{a}: {@[1]}"
        is_highest = line is max((one for one in shown.lines if one.points), key=lambda one: one.points[-1][1])
        shown_symbols |= {
            "symbolSize": 13,
            "label": {
                "show": True,
                "position": side,
                "distance": 9,
                "formatter": text,
                "fontSize": 14,
                "offset": [0, -9 if is_highest else 9],
            },
        }
    return shown_symbols


def _marks(shown: LineChart) -> dict[str, Any]:
    """The marks as a series of their own, so that they stay when a line is switched off in the legend."""
    places = [
        {"xAxis": round(mark.epoch, 4), "label": {"formatter": mark.text.replace("{", "(").replace("}", ")")}}
        for mark in shown.marks
    ]
    return {
        "type": "line",
        "data": [],
        "silent": True,
        "markLine": {
            "symbol": "none",
            "silent": True,
            "animation": False,
            "lineStyle": {"type": "dashed", "width": 1.5, "color": "gray"},
            "label": {
                "position": "insideEndTop" if shown.texts == "top" else "insideStartTop",
                "color": "gray",
                "fontSize": 12,
            },
            "data": places,
        },
    }
