"""Lines: a metric against the arms' places on an axis, a line a series; of several metrics, a chart each."""

from collections.abc import Sequence
from itertools import pairwise
from math import log10
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mnist_core.claims.claim import Claim
from mnist_core.claims.metrics import Metric
from mnist_core.claims.outcome import Outcome
from mnist_core.ui import charts
from mnist_core.ui.claims.arm_means import ArmMean, arm_means, plain, tick_format

_FIRST_PX, _MORE_PX, _GAP = 470, 190, 0.1
_MOST_TICKS, _LEAST_GAP = 9, 0.08


def line_chart(claim: Claim, outcome: Outcome, metrics: Sequence[Metric]) -> go.Figure:
    """The charts, one above the other, with one axis along all of them and one legend."""
    series = list(dict.fromkeys(arm.series for arm in claim.arms if arm.x is not None))
    is_one = len(series) == 1 and len({metric.kind for metric in metrics}) == 1
    panels = [list(metrics)] if is_one else [[metric] for metric in metrics]
    titles = [f"<b>{panel[0].title}</b>" for panel in panels] if len(panels) > 1 else None
    figure = make_subplots(rows=len(panels), cols=1, shared_xaxes=True, vertical_spacing=_GAP, subplot_titles=titles)
    figure.update_annotations(x=0, xanchor="left")  # along its axis, a title would have no room on a phone
    for row, panel in enumerate(panels, start=1):
        names = [metric.title for metric in panel] if is_one else series
        lines = [(metric, series[0]) for metric in panel] if is_one else [(panel[0], name) for name in series]
        for place, (name, (metric, of_series)) in enumerate(zip(names, lines, strict=True)):
            found = arm_means(claim, outcome, metric)
            means = [mean for mean in found if mean.arm.x is not None and mean.arm.series == of_series]
            more = {"name": plain(name), "showlegend": row == 1, "legendgroup": f"{place}"}
            figure.add_trace(_line(means, place, more), row=row, col=1)
        title = panel[0].title if len(metrics) == 1 else ""
        figure.update_yaxes(tickformat=tick_format(panel), nticks=6, title_text=title, row=row, col=1)
    places = sorted({arm.x for arm in claim.arms if arm.x is not None})
    figure.update_xaxes(showgrid=False, tickangle=0, **_x_ticks(places, claim.figure.log_x))
    figure.update_xaxes(title_text=claim.figure.x_title, row=len(panels), col=1)
    return figure.update_layout(height=_FIRST_PX + _MORE_PX * (len(panels) - 1))


def _line(means: Sequence[ArmMean], place: int, more: dict[str, Any]) -> go.Scatter:
    means = sorted(means, key=lambda mean: mean.arm.x or 0.0)
    interval = [mean.low for mean in means], [mean.high for mean in means]
    return charts.line(
        [mean.arm.x or 0.0 for mean in means],
        [mean.mean for mean in means],
        charts.STYLES[place % len(charts.STYLES)],
        texts=[mean.text for mean in means],
        markers=True,
        interval=interval,
        **more,
    )


def _x_ticks(places: Sequence[float], log_x: bool) -> dict[str, Any]:
    """The arms' own places where there is room to write a number below each, also on a phone."""
    if log_x:
        shown = [place for place in places if place > 0]
        ends = [log10(shown[0]) - 0.1, log10(shown[-1]) + 0.1]
        return {"type": "log", "range": ends, "tickvals": shown, "ticktext": [f"{place:,g}" for place in shown]}
    gaps = [after - before for before, after in pairwise(places)]
    has_room = len(places) <= _MOST_TICKS and min(gaps, default=0) >= _LEAST_GAP * sum(gaps)
    return {"tickvals": places} if has_room else {}
