"""Bars: an arm a row, a metric a bar.

They lie, and the arms' names stand above them: so long names need no room at the side, and a phone shows them too.
Where all means are close together there are marks in the place of bars, which would have to begin at zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mnist_core.claims.claim import Arm, Claim
from mnist_core.claims.metrics import Metric
from mnist_core.claims.outcome import Outcome
from mnist_core.ui.claims import parts
from mnist_core.ui.claims.parts import Mean, Plot

_AROUND_PX, _LEGEND_PX, _ROW_PX, _MORE_PX = 170, 22, 48, 18
_MOST = 2  # bars of an arm; more metrics are marks in one row, without their values
_NARROW = 0.3  # of the largest value: what spreads less is drawn as marks on an axis that does not begin at 0
_HALF_A_MARK = 0.04  # of the axis
_ROOM = 0.24  # of the axis, right of the bars, for the values


def draw(claim: Claim, outcome: Outcome, metrics: Sequence[Metric]) -> Plot:
    """The arms from top to bottom, each with its bars or marks."""
    means = [parts.means_of(claim, outcome, metric) for metric in metrics]
    arms = [arm for arm in claim.arms if any(mean.arm == arm for one in means for mean in one)]
    scale = _Scale.of([mean for one in means for mean in one], len(metrics))
    traces: list[Plot] = []
    notes = _names(arms)
    for place, (metric, one) in enumerate(zip(metrics, means, strict=True)):
        rows = [-arms.index(mean.arm) + _offset(place, len(metrics)) for mean in one]
        traces.append(_bar_trace(metric, one, rows, place, len(metrics), scale.has_marks))
        if len(metrics) <= _MOST:
            traces.append(_seed_dots(one, rows))
            notes += _values(metric, one, rows)
    return {
        "data": traces,
        "layout": {
            "annotations": notes,
            "hovermode": "closest",
            "barmode": "overlay",
            "shapes": [_rule(row) for row in range(1, len(arms))],
            "xaxis": {
                "range": [scale.begin, scale.end],
                "tickformat": parts.ticks_of(metrics),
                "fixedrange": True,
                "zeroline": not scale.has_marks,
                "nticks": 6,
            },
            "yaxis": {"visible": False, "range": [-len(arms) + 0.45, 0.6], "fixedrange": True},
        },
    }


def height_px(claim: Claim) -> int:
    """How high the figure is to be."""
    count = len(claim.figure.metrics)
    row_px = _ROW_PX + (_MORE_PX if 1 < count <= _MOST else 0)
    return _AROUND_PX + len(claim.arms) * row_px + (_LEGEND_PX * count if count > 1 else 0)


@dataclass(frozen=True, slots=True)
class _Scale:
    """The axis along the bars: from where to where, and whether means are marks on it instead of bars from zero."""

    begin: float
    end: float
    has_marks: bool

    @classmethod
    def of(cls, means: Sequence[Mean], bars: int) -> "_Scale":
        low, high = _ends(means)
        is_narrow = low > 0 and high - low < _NARROW * high
        has_marks = is_narrow or bars > _MOST
        begin = low if has_marks else min(0.0, low)
        whole = high - begin
        room = _ROOM if bars <= _MOST else _HALF_A_MARK
        return cls(begin - _HALF_A_MARK * whole * has_marks, high + room * whole, has_marks)


def _rule(row: int) -> Plot:
    """A thin line above an arm."""
    line = {"color": "rgba(128, 128, 128, 0.3)", "width": 1}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0.56 - row, "y1": 0.56 - row, "line": line}


def _ends(means: Sequence[Mean]) -> tuple[float, float]:
    """The lowest and the highest of all that is drawn."""
    reached = [
        value
        for mean in means
        for value in (*mean.values, mean.effect.mean - mean.whiskers[0], mean.effect.mean + mean.whiskers[1])
    ]
    return (min(reached), max(reached)) if reached else (0.0, 1.0)


def _offset(place: int, count: int) -> float:
    """Where in an arm's row a metric's bar lies."""
    return -0.17 - (place + 0.5 - count / 2) * 0.46 / count


def _bar_trace(metric: Metric, means: Sequence[Mean], rows: list[float], place: int, count: int, is_dot: bool) -> Plot:
    color = parts.COLORS[place % len(parts.COLORS)]
    common = {
        "name": metric.title,
        "x": [mean.effect.mean for mean in means],
        "y": rows,
        "error_x": parts.whiskers(means),
        "customdata": [parts.hover(metric, mean) for mean in means],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    if is_dot:
        marker = {"color": color, "symbol": parts.MARKS[place % len(parts.MARKS)], "size": 13}
        return common | {"type": "scatter", "mode": "markers", "marker": marker}
    marker = {"color": color, "pattern": _pattern(place)}
    return common | {"type": "bar", "orientation": "h", "width": 0.44 / count, "marker": marker}


def _pattern(place: int) -> Plot:
    """What tells bars apart without colours: light lines on the bar's own."""
    shape = parts.PATTERNS[place % len(parts.PATTERNS)]
    return {"shape": shape, "fillmode": "overlay", "fgcolor": "white", "fgopacity": 0.55, "size": 7}


def _seed_dots(means: Sequence[Mean], rows: Sequence[float]) -> Plot:
    """Each seed's value, so that nobody has to believe the interval."""
    dots = [(value, row) for mean, row in zip(means, rows, strict=True) for value in mean.values]
    return {
        "type": "scatter",
        "x": [value for value, _ in dots],
        "y": [row for _, row in dots],
        "mode": "markers",
        "marker": {"size": 5, "color": "rgba(128, 128, 128, 0.75)", "line": {"width": 0}},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _names(arms: Sequence[Arm]) -> list[Plot]:
    return [
        parts.note(parts.plain(arm.label), 0, 0.55 - row) | {"xref": "paper", "yanchor": "top"}
        for row, arm in enumerate(arms)
    ]


def _values(metric: Metric, means: Sequence[Mean], rows: Sequence[float]) -> list[Plot]:
    """Each mean in words, at the end of its bar."""
    ends = [max((*mean.values, mean.effect.mean + mean.whiskers[1])) for mean in means]
    texts = [f"<b>{metric.write(mean.effect.mean)}</b>" for mean in means]
    return [parts.note(text, end, row) | {"xshift": 8} for text, end, row in zip(texts, ends, rows, strict=True)]
