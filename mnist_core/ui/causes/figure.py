"""The figure of a claim, for a slide: every arm's mean over the seeds with its 95 % interval, and the seeds themselves.

Bars lie, and their names stand above them: so long names need no room at the side, and a phone shows them too.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log10
from typing import Any

from mnist_core.evidence.claims.claim import Arm, Claim
from mnist_core.evidence.claims.effect import Effect, paired
from mnist_core.evidence.claims.metrics import METRICS, Metric
from mnist_core.evidence.claims.outcome import Outcome
from mnist_core.ui.causes.sayings import seeds_words, sentence
from mnist_core.ui.causes.verdicts import VERDICTS

Plot = dict[str, Any]

EXPORT = {"width": 960, "height": 540}
"""Half the size of a slide; a PNG is drawn twice as fine."""

_FONT = "Arial, Helvetica, sans-serif"
"""A saved picture does not carry the page's own font with it: in another one, words would not stand where they should."""

_COLORS = ("#1b85c6", "#cf7b00", "#009e73", "#b5588f", "#7a7a00", "#d0492b", "#6f6fd0", "#8a8a8a")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid", "dash")
_MARKS = ("circle", "diamond", "square", "triangle-up", "x", "star", "pentagon", "cross")
_PATTERNS = ("", "/", ".", "x", "-", "\\", "+", "|")
_TITLE_CHARACTERS, _FINDING_CHARACTERS = 38, 52  # of a line that fits a phone
_TITLE_PX, _TEXT_PX = 18, 14
_ROW_PX, _BAR_ROW_PX, _LINES_PX, _PANEL_PX = 48, 18, 470, 190
_AROUND_PX, _LEGEND_PX = 170, 22
_MOST_BARS = 2  # of an arm; more measures are marks on one line, without their values
_MOST_TICKS = 9
_GAP = 0.09  # of the height, between two charts
_NARROW = 0.3  # of the largest value: what spreads less is drawn as points on an axis that does not begin at 0
_ROOM = 0.24  # of the axis, right of the bars, for the values


@dataclass(frozen=True, slots=True)
class Mean:
    """An arm's mean of a metric.

    Attributes:
        arm: The arm.
        effect: The mean over the seeds, with its interval.
        values: Each seed's.
    """

    arm: Arm
    effect: Effect
    values: tuple[float, ...]

    @property
    def whiskers(self) -> tuple[float, float]:
        """How far the interval reaches below and above the mean; nothing with one seed."""
        if self.effect.n < 2:
            return 0.0, 0.0
        return self.effect.mean - self.effect.low, self.effect.high - self.effect.mean


def figure(claim: Claim, outcome: Outcome, text_color: str | None = None) -> Plot:
    """The claim's figure for Plotly; without a colour, its words have that of the page's charts."""
    metrics = [METRICS[key] for key in claim.figure.metrics]
    drawn = _lines(claim, outcome) if claim.figure.kind == "lines" else _bars(claim, outcome, metrics)
    drawn["layout"] |= {
        "title": _title(claim, outcome, metrics),
        "font": {"size": _TEXT_PX, "color": text_color, "family": _FONT},
        "margin": {"l": 8, "r": 12, "t": 34, "b": 8},
        "dragmode": False,
        "hoverlabel": {"font": {"size": _TEXT_PX}},
        "showlegend": sum(1 for trace in drawn["data"] if trace.get("showlegend", True)) > 1,
        "legend": {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "title": {"text": ""}},
    }
    return drawn


def height_px(claim: Claim) -> int:
    """How high the figure is to be, so that everything in it can be read."""
    if claim.figure.kind == "lines":
        return _LINES_PX + _PANEL_PX * (len(_panels(claim)) - 1)
    bars = len(claim.figure.metrics)
    row_px = _ROW_PX + (_BAR_ROW_PX if 1 < bars <= _MOST_BARS else 0)
    return _AROUND_PX + len(claim.arms) * row_px + (_LEGEND_PX * bars if bars > 1 else 0)


def words(claim: Claim, outcome: Outcome) -> str:
    """The figure for those who do not see it."""
    told = [
        f"{mean.arm.label}: {metric.write(mean.effect.mean)}"
        for metric in (METRICS[key] for key in claim.figure.metrics)
        for mean in _means(claim, outcome, metric)
    ]
    return f"{claim.title}. " + "; ".join(told)


def headline(claim: Claim, outcome: Outcome) -> str:
    """The claim and what became of it, as the title of a slide."""
    return f"{claim.title}: {VERDICTS[outcome.verdict(claim)].word.lower()}"


# --- the title ------------------------------------------------------------------------------------------


def _title(claim: Claim, outcome: Outcome, metrics: Sequence[Metric]) -> Plot:
    first = claim.deciding[0]
    drawn = f"{_titles(metrics)}: mean of {seeds_words(len(outcome.seeds))}, with 95 % interval"
    finding = [sentence(first, outcome.effect(first)), drawn]
    return {
        "text": f"<b>{_wrapped(headline(claim, outcome), _TITLE_CHARACTERS)}</b>",
        "subtitle": {
            "text": "<br>".join(_wrapped(line, _FINDING_CHARACTERS) for line in finding),
            "font": {"size": _TEXT_PX},
        },
        "font": {"size": _TITLE_PX},
        "x": 0.01,
        "xanchor": "left",
        "xref": "container",
        "yref": "container",
        "y": 0.98,
        "yanchor": "top",
        "automargin": True,
    }


def _titles(metrics: Sequence[Metric]) -> str:
    return " and ".join(metric.title for metric in metrics[:2]) if len(metrics) < 3 else "Several measures"


def _wrapped(text: str, characters: int) -> str:
    return "<br>".join(textwrap.wrap(_plain(text), characters))


def _plain(text: str) -> str:
    """The text without what Plotly would take for markup."""
    return text.replace("<", "‹").replace(">", "›").replace(" %", "\N{NO-BREAK SPACE}%")


# --- bars -----------------------------------------------------------------------------------------------


def _means(claim: Claim, outcome: Outcome, metric: Metric) -> list[Mean]:
    """Every arm's mean, of those that were measured."""
    found = []
    for arm in claim.arms:
        values = outcome.values(arm.key, metric.key)
        effect = paired([0.0] * len(values), values)
        if effect.n:
            found.append(Mean(arm, effect, tuple(value for value in values if isfinite(value))))
    return found


def _bars(claim: Claim, outcome: Outcome, metrics: Sequence[Metric]) -> Plot:
    means = [_means(claim, outcome, metric) for metric in metrics]
    arms = [arm for arm in claim.arms if any(mean.arm == arm for one in means for mean in one)]
    scale = _Scale.of([mean for one in means for mean in one], len(metrics))
    traces: list[Plot] = []
    notes = _names(arms)
    for place, (metric, one) in enumerate(zip(metrics, means, strict=True)):
        rows = [-arms.index(mean.arm) + _offset(place, len(metrics)) for mean in one]
        traces.append(_bar_trace(metric, one, rows, place, len(metrics), scale.has_marks))
        if len(metrics) <= _MOST_BARS:
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
                "tickformat": _ticks(metrics),
                "fixedrange": True,
                "zeroline": not scale.has_marks,
                "nticks": 6,
            },
            "yaxis": {"visible": False, "range": [-len(arms) + 0.45, 0.6], "fixedrange": True},
        },
    }


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
        begin = low - 0.15 * (high - low) if is_narrow else min(0.0, low)
        room = _ROOM if bars <= _MOST_BARS else 0.04
        return cls(begin, high + (high - begin) * room, is_narrow or bars > _MOST_BARS)


def _ticks(metrics: Sequence[Metric]) -> str:
    return ".1~%" if all(metric.kind == "share" for metric in metrics) else ""


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
    color = _COLORS[place % len(_COLORS)]
    below, above = zip(*(mean.whiskers for mean in means), strict=True) if means else ((), ())
    common = {
        "name": metric.title,
        "x": [mean.effect.mean for mean in means],
        "y": rows,
        "error_x": _whiskers(above, below),
        "customdata": [_hover(metric, mean) for mean in means],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    if is_dot:
        marker = {"color": color, "symbol": _MARKS[place % len(_MARKS)], "size": 13}
        return common | {"type": "scatter", "mode": "markers", "marker": marker}
    marker = {"color": color, "pattern": _pattern(place)}
    return common | {"type": "bar", "orientation": "h", "width": 0.44 / count, "marker": marker}


def _pattern(place: int) -> Plot:
    """What tells bars apart without colours: light lines on the bar's own."""
    shape = _PATTERNS[place % len(_PATTERNS)]
    return {"shape": shape, "fillmode": "overlay", "fgcolor": "white", "fgopacity": 0.55, "size": 7}


def _whiskers(above: Sequence[float], below: Sequence[float]) -> Plot:
    return {
        "type": "data",
        "symmetric": False,
        "array": list(above),
        "arrayminus": list(below),
        "thickness": 2,
        "width": 5,
        "color": "gray",
    }


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
        _note(_plain(arm.label), 0, 0.55 - row) | {"xref": "paper", "yanchor": "top"} for row, arm in enumerate(arms)
    ]


def _values(metric: Metric, means: Sequence[Mean], rows: Sequence[float]) -> list[Plot]:
    """Each mean in words, at the end of its bar."""
    ends = [max((*mean.values, mean.effect.mean + mean.whiskers[1])) for mean in means]
    texts = [f"<b>{metric.write(mean.effect.mean).replace('-', '−')}</b>" for mean in means]
    return [_note(text, end, row) | {"xshift": 8} for text, end, row in zip(texts, ends, rows, strict=True)]


def _note(text: str, x: float, y: float) -> Plot:
    """Words in the chart, which begin there."""
    return {"text": text, "x": x, "y": y, "xanchor": "left", "showarrow": False, "font": {"size": _TEXT_PX}}


def _hover(metric: Metric, mean: Mean) -> str:
    interval = ""
    if mean.effect.n > 1:
        interval = f"<br>95 % interval: {metric.write(mean.effect.low)} to {metric.write(mean.effect.high)}"
    return (
        f"{_plain(mean.arm.label)}<br>{metric.title}: {metric.write(mean.effect.mean)}{interval}"
        f"<br>{seeds_words(mean.effect.n)}"
    )


# --- lines ----------------------------------------------------------------------------------------------


def _panels(claim: Claim) -> list[list[Metric]]:
    """The metrics that share a chart; several charts stand one above the other, with one axis along all of them."""
    metrics = [METRICS[key] for key in claim.figure.metrics]
    alike = len({metric.kind for metric in metrics}) == 1
    return [metrics] if alike and len(_series(claim)) == 1 else [[metric] for metric in metrics]


def _series(claim: Claim) -> list[str]:
    return list(dict.fromkeys(arm.series for arm in claim.arms if arm.x is not None))


def _lines(claim: Claim, outcome: Outcome) -> Plot:
    panels = _panels(claim)
    traces: list[Plot] = []
    layout: Plot = {"hovermode": "closest", "xaxis": _x_axis(claim) | {"anchor": _axis("y", len(panels))}}
    for place, metrics in enumerate(panels):
        several = len(metrics) > 1
        for name in _series(claim):
            for metric in metrics:
                look = metrics.index(metric) if several else _series(claim).index(name)
                shown = place == 0  # one legend for all charts
                traces.append(
                    _line(claim, outcome, metric, name, metric.title if several else name, look)
                    | {"yaxis": _axis("y", place + 1), "showlegend": shown, "legendgroup": f"{look}"}
                )
        layout["yaxis" + _axis("", place + 1)] = _y_axis(metrics, place, len(panels))
    if len(panels) > 1:
        layout["annotations"] = [_panel_title(one[0], place, len(panels)) for place, one in enumerate(panels)]
    return {"data": traces, "layout": layout}


def _panel_title(metric: Metric, place: int, panels: int) -> Plot:
    """What a chart shows, above it: along its axis it would have no room on a phone."""
    high = (panels - place) / panels - _GAP
    return _note(f"<b>{metric.title}</b>", 0, high) | {"xref": "paper", "yref": "paper", "yanchor": "bottom"}


def _axis(letter: str, number: int) -> str:
    """Plotly's name of an axis: `y`, `y2`, ..."""
    return letter if number == 1 else f"{letter}{number}"


def _line(claim: Claim, outcome: Outcome, metric: Metric, series: str, name: str, look: int) -> Plot:
    means = [mean for mean in _means(claim, outcome, metric) if mean.arm.x is not None and mean.arm.series == series]
    means.sort(key=lambda mean: mean.arm.x or 0.0)
    below, above = zip(*(mean.whiskers for mean in means), strict=True) if means else ((), ())
    color, other = _COLORS[look % len(_COLORS)], look + look // len(_COLORS)
    return {
        "type": "scatter",
        "name": _plain(name),
        "x": [mean.arm.x for mean in means],
        "y": [mean.effect.mean for mean in means],
        "error_y": _whiskers(above, below) | {"color": color, "thickness": 1.5},
        "mode": "lines+markers",
        "line": {"color": color, "dash": _DASHES[other % len(_DASHES)], "width": 2.5},
        "marker": {"symbol": _MARKS[other % len(_MARKS)], "size": 9},
        "customdata": [_hover(metric, mean) for mean in means],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _x_axis(claim: Claim) -> Plot:
    places = sorted({arm.x for arm in claim.arms if arm.x is not None})
    axis: Plot = {"title": {"text": claim.figure.x_title}, "fixedrange": True, "automargin": True, "showgrid": False}
    if not claim.figure.log_x:
        return axis | ({"tickvals": places} if len(places) <= _MOST_TICKS else {})
    shown = [place for place in places if place > 0]
    ticks = {"tickvals": shown, "ticktext": [f"{place:,g}" for place in shown], "tickangle": 0}
    return axis | {"type": "log", "range": [log10(shown[0]) - 0.1, log10(shown[-1]) + 0.1]} | ticks


def _y_axis(metrics: Sequence[Metric], place: int, panels: int) -> Plot:
    """The axis of one of the charts, the first one on top."""
    high = (panels - place) / panels
    return {
        "domain": [high - 1 / panels, high - (_GAP if panels > 1 else 0)],
        "title": {"text": metrics[0].title if panels == len(metrics) == 1 else ""},
        "tickformat": _ticks(metrics),
        "fixedrange": True,
        "automargin": True,
        "nticks": 6,
    }
