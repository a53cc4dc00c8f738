"""What goes on inside a network while it learns: its gradients, its dead units, its weights."""

from collections.abc import Mapping, Sequence
from typing import Any

from mnist_core.training.events import ProbeResult
from mnist_core.ui.common import words
from mnist_core.ui.components.curves import Axis, Line, LineChart, Mark, drawable

_FADED = 100  # times shorter than the last layer's: worth saying
_ROW_PX, _TOP_PX, _COLUMNS = 150, 34, 2
_NOW, _FIRST = "Now", "After the first step"

ABOUT_GRADIENTS = (
    "The norm of each layer's gradient for one batch, on a logarithmic scale. Where the first layer's is far below the "
    "last layer's, the gradients vanish on their way, and the first layers hardly learn."
)
ABOUT_UNITS = (
    "A dead unit is the same for every image: a ReLU that is never above 0, or a sigmoid that is saturated. It no "
    "longer learns. In a convolution, whole channels are counted."
)
ABOUT_WEIGHTS = (
    "The distribution of each layer's weights. The dashed grey line is the distribution after the first step."
)


def gradients_chart(measured: Sequence[ProbeResult], epochs: int, marks: Sequence[Mark] = ()) -> LineChart:
    """The length of each layer's gradient, on a log axis."""
    alt = f"Norm of each layer's gradient by epoch. {gradient_words(measured)}"
    lines = _by_name(measured, "gradient_norms", log=True)
    return LineChart("Gradient norm", alt, epochs, lines, Axis("log", number="%.3g"), marks, named_ends=True)


def units_chart(measured: Sequence[ProbeResult], epochs: int, marks: Sequence[Mark] = ()) -> LineChart:
    """The share of dead units after each activation."""
    alt = f"Share of dead units of each layer by epoch. {unit_words(measured)}"
    axis = Axis("share", low=0, high=1, number="%.1f %%")
    return LineChart("Dead units", alt, epochs, _by_name(measured, "dead_units"), axis, marks, named_ends=True)


def gradient_words(measured: Sequence[ProbeResult]) -> str:
    """The newest gradients of the first and the last layer, compared."""
    norms = measured[-1].gradient_norms if measured else {}
    if len(norms) < 2:
        return ""
    (first, below), (last, above) = next(iter(norms.items())), list(norms.items())[-1]
    told = f"{first}: {below:.2g}, {last}: {above:.2g}."
    if below * _FADED < above:
        share = f"{above / below:,.0f} times smaller" if below else "zero"
        return f"{told} The first layer's gradient is {share}{' than the last one’s' if below else ''}: it vanishes."
    return told


def unit_words(measured: Sequence[ProbeResult]) -> str:
    """The newest shares of dead units, where there are any."""
    dead = {name: share for name, share in measured[-1].dead_units.items() if share > 0} if measured else {}
    if not dead:
        return "No unit is dead." if measured and measured[-1].dead_units else ""
    return "Dead: " + ", ".join(f"{words.percent(share)} of {name}" for name, share in dead.items()) + "."


def weights_height_px(measured: Sequence[ProbeResult]) -> int:
    """How high the histograms of all layers are together."""
    layers = len(measured[-1].weight_counts) if measured else 1
    return _TOP_PX + _ROW_PX * -(-layers // _COLUMNS)


def weights_spec(measured: Sequence[ProbeResult]) -> dict[str, Any]:
    """A small histogram for each layer, the newest filled, the first as a dashed line, as an ECharts option object."""
    first, newest = measured[0], measured[-1]
    height_px = weights_height_px(measured)

    def share(px: float) -> str:
        return f"{px / height_px * 100:.3f}%"

    spec: dict[str, Any] = {
        "animation": False,
        "legend": {"left": 0, "top": 0, "data": [_NOW, _FIRST]},
        **{part: [] for part in ("title", "grid", "xAxis", "yAxis", "series")},
    }
    for place, name in enumerate(newest.weight_counts):
        left = f"{place % _COLUMNS * 100 / _COLUMNS + 2:g}%"
        top_px = _TOP_PX + _ROW_PX * (place // _COLUMNS)
        limit = float(f"{max(_limit(first, name), _limit(newest, name)):.2g}")
        style = {"fontSize": 13, "fontWeight": "normal"}
        spec["title"].append({"text": name, "left": left, "top": share(top_px), "textStyle": style})
        size = {"width": f"{100 / _COLUMNS - 7:g}%", "height": share(_ROW_PX - 56)}
        spec["grid"].append({"left": left, "top": share(top_px + 24), **size})
        axis = {"type": "value", "gridIndex": place}
        spec["xAxis"].append(axis | {"min": -limit, "max": limit, "interval": limit, "splitLine": {"show": False}})
        spec["yAxis"].append(axis | {"show": False})
        line = {"type": "line", "step": "middle", "showSymbol": False, "xAxisIndex": place, "yAxisIndex": place}
        filled = {"areaStyle": {"opacity": 0.35}, "lineStyle": {"width": 1.5}, "color": "#2E90C8"}
        dashed = {"lineStyle": {"width": 1.5, "type": "dashed"}, "color": "gray"}
        spec["series"].append(line | filled | {"name": _NOW, "data": _heights(newest, name)})
        spec["series"].append(line | dashed | {"name": _FIRST, "data": _heights(first, name)})
    return spec


def weight_words(measured: Sequence[ProbeResult]) -> str:
    """How far the newest weights reach, layer by layer."""
    limits = measured[-1].weight_limits if measured else {}
    return "Weights reach to " + ", ".join(f"±{limit:.2g} in {name}" for name, limit in limits.items()) + "."


def _by_name(measured: Sequence[ProbeResult], figures: str, *, log: bool = False) -> list[Line]:
    names: Mapping[str, float] = getattr(measured[-1], figures) if measured else {}
    lines = []
    for name in names:
        found = ((one.epoch, getattr(one, figures).get(name)) for one in measured)
        points = ((round(epoch, 4), float(f"{value:.5g}")) for epoch, value in found if value is not None)
        lines.append(Line(name, drawable(points, log=log)))
    return lines


def _limit(one: ProbeResult, layer: str) -> float:
    return one.weight_limits.get(layer, 0.0) or 1e-9


def _heights(one: ProbeResult, layer: str) -> list[list[float]]:
    """The middles of the histogram's parts, and the share of weights in each by its width."""
    counts, limit = one.weight_counts.get(layer, []), _limit(one, layer)
    width = 2 * limit / max(1, len(counts))
    total = max(1, sum(counts))
    return [
        [float(f"{(place + 0.5) * width - limit:.5g}"), float(f"{count / total / width:.5g}")]
        for place, count in enumerate(counts)
    ]
