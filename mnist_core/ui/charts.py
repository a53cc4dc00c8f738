"""Charts that stand still, drawn with Plotly: one theme, one set of styles that all eyes tell apart, small builders.

What moves while people watch (a run's curves) is drawn with ECharts instead, which keeps its place in the page: see
`components.curves`. Plotly's classes are imported when a figure is drawn, so that no first paint waits for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    import plotly.graph_objects as go

GRAY = "gray"
"""Of what is there for comparison only: seen on light and dark pages."""

Numbers = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Style:
    """How one series looks: told apart from the others by dash, marker and pattern, not by colour alone.

    Attributes:
        color: `#rrggbb`, one that is seen on light and dark pages.
        dash: Of its line, as Plotly calls it.
        marker: Of its points, as Plotly calls it.
        pattern: Of its bars, as Plotly calls it.
    """

    color: str
    dash: str
    marker: str
    pattern: str

    @property
    def band(self) -> str:
        """The colour, thinned, for an area behind the line."""
        red, green, blue = (int(self.color[at : at + 2], 16) for at in (1, 3, 5))
        return f"rgba({red}, {green}, {blue}, 0.22)"


STYLES = (
    Style("#1b85c6", "solid", "circle", ""),
    Style("#cf7b00", "dash", "diamond-open", "/"),
    Style("#009e73", "dot", "square", "."),
    Style("#b5588f", "dashdot", "triangle-up", "x"),
    Style("#7a7a00", "longdash", "x", "-"),
    Style("#d0492b", "longdashdot", "star", "\\"),
    Style("#6f6fd0", "solid", "pentagon", "+"),
    Style("#8a8a8a", "dash", "cross", "|"),
)
"""In the order in which series take them; the first two are blue and orange."""


def show(figure: "go.Figure", *, height_px: int, key: str, alt: str) -> None:
    """Show a figure that is only looked at, and pointed at; `alt` is what it says in words."""
    config = {"displayModeBar": False, "scrollZoom": False}
    st.plotly_chart(figure, height=height_px, key=key, config=config, alt=alt)


def figure(traces: Sequence[Any], *, legend: bool = False, **layout: Any) -> "go.Figure":
    """The traces as a figure without zooming, dragging or wide margins.

    Args:
        traces: From back to front.
        legend: Whether there is one, above the chart.
        layout: As `plotly.graph_objects.Layout` takes it, beside or instead of that.
    """
    import plotly.graph_objects as go

    axes = {"xaxis": {}, "yaxis": {}, **{name: axis for name, axis in layout.items() if "axis" in name}}
    return go.Figure(
        list(traces),
        layout={
            "margin": {"l": 4, "r": 14, "t": 36 if legend else 8, "b": 4},
            "showlegend": legend,
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
            "dragmode": False,
            **layout,
            **{name: {"fixedrange": True, **axis} for name, axis in axes.items()},
        },
    )


def line(
    x: Sequence[float],
    y: Numbers,
    style: Style,
    *,
    name: str = "",
    texts: Sequence[str] = (),
    markers: bool = False,
    interval: tuple[Sequence[float], Sequence[float]] | None = None,
    **more: Any,
) -> "go.Scatter":
    """A line, with what is said when somebody points at each of its points, and error bars where there are any.

    Args:
        x, y: Lists of numbers; None leaves a gap.
        style: How it looks.
        name: In the legend and before the numbers.
        texts: For each point; without them, hovering says nothing.
        markers: Whether each point has its mark.
        interval: The lower and the upper end of each point's interval.
        more: As `plotly.graph_objects.Scatter` takes it.
    """
    import plotly.graph_objects as go

    said = {"customdata": list(texts), "hovertemplate": "%{customdata}<extra></extra>"} if texts else {}
    return go.Scatter(
        x=list(x),
        y=list(y),
        name=name,
        mode="lines+markers" if markers else "lines",
        line={"dash": style.dash, "color": style.color},
        marker={"symbol": style.marker, "size": 7},
        error_y=None if interval is None else error_bars(y, *interval),
        **(said or {"hoverinfo": "skip"}),
        **more,
    )


def band(x: Sequence[float], low: Sequence[float], high: Sequence[float], style: Style) -> "go.Scatter":
    """The area between two lines as one closed shape: along the lower ends, and back along the upper ones."""
    import plotly.graph_objects as go

    return go.Scatter(
        x=[*x, *reversed(x)],
        y=[*low, *reversed(high)],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=style.band,
        hoverinfo="skip",
        showlegend=False,
    )


def bars(x: Sequence[float], y: Numbers, style: Style, *, name: str = "", hover: str = "", **more: Any) -> "go.Bar":
    """Upright bars; `hover` is Plotly's template of what is said of each, in which `%{y}` is its height."""
    import plotly.graph_objects as go

    marker = {"color": style.color, "pattern": {"shape": style.pattern}}
    template = f"{hover}<extra>{name}</extra>"
    return go.Bar(x=list(x), y=list(y), name=name, marker=marker, hovertemplate=template, **more)


def error_bars(center: Numbers, low: Sequence[float], high: Sequence[float], **more: Any) -> dict[str, Any]:
    """From each lower to each upper end, as Plotly's error bars; a missing value has none."""
    above = [0.0 if mid is None else max(0.0, end - mid) for mid, end in zip(center, high, strict=True)]
    below = [0.0 if mid is None else max(0.0, mid - end) for mid, end in zip(center, low, strict=True)]
    return {
        "type": "data", "symmetric": False, "array": above, "arrayminus": below, "thickness": 1, "width": 2, **more,
    }  # fmt: skip


def guide(*, x: float | None = None, y: float | None = None) -> dict[str, Any]:
    """A thin dotted line across the chart, upright at `x` or level at `y`, for the layout's `shapes`."""
    ends = {"x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1}
    if x is None:
        ends = {"y0": y, "y1": y, "xref": "paper", "x0": 0, "x1": 1}
    return {"type": "line", "line": {"dash": "dot", "width": 1, "color": GRAY}, **ends}


def stacked(
    lower_share: float, x: Mapping[str, Any], upper: Mapping[str, Any], lower: Mapping[str, Any]
) -> dict[str, Any]:
    """The layout of two charts above each other along one axis: traces with `yaxis="y2"` go into the lower one.

    Args:
        lower_share: How much of the height the lower one takes, 0 to 1.
        x: The axis along both.
        upper, lower: Their upright axes.
    """
    return {
        "xaxis": {"anchor": "y2", "showgrid": False, **x},
        "yaxis": {"domain": [lower_share + 0.08, 1], **upper},
        "yaxis2": {"domain": [0, lower_share], "anchor": "x", **lower},
    }
