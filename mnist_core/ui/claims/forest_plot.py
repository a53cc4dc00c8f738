"""A forest plot: an arm a row, each metric's mean with its interval a mark in it.

The arms' names stand above their marks: so long names need no room at the side, and a phone shows them too. Marks,
unlike bars, need no axis that begins at zero.
"""

from collections.abc import Sequence

import plotly.graph_objects as go

from mnist_core.claims.claim import Claim
from mnist_core.claims.metrics import Metric
from mnist_core.claims.outcome import Outcome
from mnist_core.ui import charts
from mnist_core.ui.claims.arm_means import arm_means, plain, tick_format

_AROUND_PX, _LEGEND_PX, _ROW_PX, _MORE_PX = 170, 22, 52, 9
_MOST = 2  # metrics whose values are written beside the marks, and whose seeds are shown
_BELOW_NAME, _SPREAD = 0.34, 0.52  # of a row: where its first mark is, and how far the marks are spread below that
_SEEDS_BELOW = 0.12
_VALUE_PX, _PADDING = 64, 0.04


def forest_plot(claim: Claim, outcome: Outcome, metrics: Sequence[Metric]) -> go.Figure:
    """The arms from top to bottom; each seed is a dot, so that nobody has to believe the interval."""
    means = [arm_means(claim, outcome, metric) for metric in metrics]
    arms = [arm for arm in claim.sides if any(mean.arm == arm for of_metric in means for mean in of_metric)]
    has_values, figure = len(metrics) <= _MOST, go.Figure()
    quiet = {"hoverinfo": "skip", "showlegend": False}
    for place, (metric, of_metric) in enumerate(zip(metrics, means, strict=True)):
        below, style = _BELOW_NAME + _SPREAD * (place + 0.5) / len(metrics), charts.STYLES[place]
        rows = [arms.index(mean.arm) + below for mean in of_metric]
        centers = [mean.mean for mean in of_metric]
        if has_values:
            seeds = [value for mean in of_metric for value in mean.values]
            below_marks = [row + _SEEDS_BELOW for mean, row in zip(of_metric, rows, strict=True) for _ in mean.values]
            look = {"size": 4, "color": charts.GRAY}
            figure.add_scatter(x=seeds, y=below_marks, mode="markers", marker=look, **quiet)
            figure.add_scatter(
                x=[max(*mean.values, mean.high) for mean in of_metric],
                y=rows,
                text=[f"  <b>{metric.write(center)}</b>" for center in centers],
                mode="text",
                textposition="middle right",
                cliponaxis=False,
                **quiet,
            )
        low, high = [mean.low for mean in of_metric], [mean.high for mean in of_metric]
        figure.add_scatter(
            name=metric.title,
            x=centers,
            y=rows,
            error_x=charts.error_bars(centers, low, high, thickness=2, width=4, color=style.color),
            mode="markers",
            marker={"color": style.color, "symbol": style.marker, "size": 11},
            customdata=[mean.text for mean in of_metric],
            hovertemplate="%{customdata}<extra></extra>",
        )
    reached = [end for of_metric in means for mean in of_metric for end in (*mean.values, mean.low, mean.high)]
    least, most = min(reached, default=0.0), max(reached, default=1.0)
    room = _PADDING * (most - least or 1.0)  # of its own accord, Plotly would leave room for the names
    figure.update_xaxes(range=[least - room, most + room], tickformat=tick_format(metrics), nticks=6, zeroline=False)
    figure.update_yaxes(
        tickvals=list(range(len(arms))),
        ticktext=[plain(arm.label) for arm in arms],
        ticklabelposition="inside bottom",
        range=[len(arms), 0],
        zeroline=False,
    )
    count = len(metrics)
    height_px = _AROUND_PX + len(arms) * (_ROW_PX + _MORE_PX * (count - 1)) + _LEGEND_PX * (count if count > 1 else 0)
    return figure.update_layout(height=height_px, margin_r=_VALUE_PX if has_values else 12)
