"""Lines: a metric against the arms' places on an axis, a line a series; of several metrics, a chart each."""

from collections.abc import Sequence
from itertools import pairwise
from math import log10

from mnist_core.claims.claim import Claim
from mnist_core.claims.metrics import METRICS, Metric
from mnist_core.claims.outcome import Outcome
from mnist_core.ui.claims import parts
from mnist_core.ui.claims.parts import Plot

_FIRST_PX, _MORE_PX = 470, 190
_GAP = 0.09  # of the height, between two charts
_MOST_TICKS, _LEAST_GAP = 9, 0.08


def draw(claim: Claim, outcome: Outcome) -> Plot:
    """The charts, with one legend for all of them."""
    panels = _panels(claim)
    traces: list[Plot] = []
    layout: Plot = {"hovermode": "closest", "xaxis": _x_axis(claim) | {"anchor": _axis("y", len(panels))}}
    for place, metrics in enumerate(panels):
        where = {"yaxis": _axis("y", place + 1), "showlegend": place == 0}
        traces += [line | where for line in _lines(claim, outcome, metrics)]
        layout["yaxis" + _axis("", place + 1)] = _y_axis(metrics, place, len(panels))
    if len(panels) > 1:
        layout["annotations"] = [_panel_title(one[0], place, len(panels)) for place, one in enumerate(panels)]
    return {"data": traces, "layout": layout}


def _lines(claim: Claim, outcome: Outcome, metrics: Sequence[Metric]) -> list[Plot]:
    """The lines of one chart: a metric for each series, or several metrics of the only one."""
    series = _series(claim)
    if len(metrics) > 1:
        return [_line(claim, outcome, metric, series[0], metric.title, look) for look, metric in enumerate(metrics)]
    return [_line(claim, outcome, metrics[0], name, name, look) for look, name in enumerate(series)]


def height_px(claim: Claim) -> int:
    """How high the figure is to be."""
    return _FIRST_PX + _MORE_PX * (len(_panels(claim)) - 1)


def _panels(claim: Claim) -> list[list[Metric]]:
    """The metrics that share a chart; several charts stand one above the other, with one axis along all of them."""
    metrics = [METRICS[key] for key in claim.figure.metrics]
    alike = len({metric.kind for metric in metrics}) == 1
    return [metrics] if alike and len(_series(claim)) == 1 else [[metric] for metric in metrics]


def _series(claim: Claim) -> list[str]:
    return list(dict.fromkeys(arm.series for arm in claim.arms if arm.x is not None))


def _panel_title(metric: Metric, place: int, panels: int) -> Plot:
    """What a chart shows, above it: along its axis it would have no room on a phone."""
    high = (panels - place) / panels - _GAP
    return parts.note(f"<b>{metric.title}</b>", 0, high) | {"xref": "paper", "yref": "paper", "yanchor": "bottom"}


def _axis(letter: str, number: int) -> str:
    """Plotly's name of an axis: `y`, `y2`, ..."""
    return letter if number == 1 else f"{letter}{number}"


def _line(claim: Claim, outcome: Outcome, metric: Metric, series: str, name: str, look: int) -> Plot:
    means = [
        mean for mean in parts.means_of(claim, outcome, metric) if mean.arm.x is not None and mean.arm.series == series
    ]
    means.sort(key=lambda mean: mean.arm.x or 0.0)
    color, other = parts.COLORS[look % len(parts.COLORS)], look + look // len(parts.COLORS)
    return {
        "type": "scatter",
        "legendgroup": f"{look}",
        "name": parts.plain(name),
        "x": [mean.arm.x for mean in means],
        "y": [mean.effect.mean for mean in means],
        "error_y": parts.whiskers(means) | {"color": color, "thickness": 1.5},
        "mode": "lines+markers",
        "line": {"color": color, "dash": parts.DASHES[other % len(parts.DASHES)], "width": 2.5},
        "marker": {"symbol": parts.MARKS[other % len(parts.MARKS)], "size": 9},
        "customdata": [parts.hover(metric, mean) for mean in means],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _x_axis(claim: Claim) -> Plot:
    places = sorted({arm.x for arm in claim.arms if arm.x is not None})
    axis: Plot = {"title": {"text": claim.figure.x_title}, "fixedrange": True, "automargin": True, "showgrid": False}
    axis["tickangle"] = 0
    if not claim.figure.log_x:
        return axis | ({"tickvals": places} if _have_room(places) else {})
    shown = [place for place in places if place > 0]
    ticks = {"tickvals": shown, "ticktext": [f"{place:,g}" for place in shown]}
    return axis | {"type": "log", "range": [log10(shown[0]) - 0.1, log10(shown[-1]) + 0.1]} | ticks


def _have_room(places: Sequence[float]) -> bool:
    """Whether a number can be written below each of the places, also on a phone."""
    gaps = [after - before for before, after in pairwise(places)]
    return len(places) <= _MOST_TICKS and min(gaps, default=0) >= _LEAST_GAP * sum(gaps)


def _y_axis(metrics: Sequence[Metric], place: int, panels: int) -> Plot:
    """The axis of one of the charts, the first one on top."""
    high = (panels - place) / panels
    return {
        "domain": [high - 1 / panels, high - (_GAP if panels > 1 else 0)],
        "title": {"text": metrics[0].title if panels == len(metrics) == 1 else ""},
        "tickformat": parts.ticks_of(metrics),
        "fixedrange": True,
        "automargin": True,
        "nticks": 6,
    }
