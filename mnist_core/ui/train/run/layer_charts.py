"""What goes on inside a network while it learns: its gradients, its dead units, its weights."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mnist_core.ui.common import words
from mnist_core.ui.components.curves import Axis, Line, LineChart, Mark, drawable

if TYPE_CHECKING:
    from mnist_core.training.events import ProbeResult

_FADED = 100  # times shorter than the last layer's: worth saying
_ROW_PX, _TOP_PX, _COLUMNS = 150, 34, 2

ABOUT_GRADIENTS = (
    "How strongly each layer is pulled by a batch: the length of its weights' gradient. The scale is logarithmic. "
    "Where the first layer's lies far below the last layer's, the gradients vanish on their way, and the first layers "
    "hardly learn."
)
ABOUT_UNITS = (
    "A dead unit does nothing for any of the images it is tried on: a ReLU that is never above 0, or a sigmoid that "
    "stays at one end. It no longer learns. In a convolution, whole channels are counted."
)
ABOUT_WEIGHTS = (
    "How a layer's weights spread: from left to right their size, upwards how many have it. The dashed grey line is "
    "how they spread after the first step."
)


def gradients_chart(measured: "Sequence[ProbeResult]", epochs: int, marks: Sequence[Mark] = ()) -> LineChart:
    """The length of each layer's gradient, on a log axis."""
    return LineChart(
        title="Length of the gradient",
        alt=f"Length of each layer's gradient by epoch. {gradient_words(measured)}",
        epochs=epochs,
        lines=_by_name(measured, "gradient_norms", log=True),
        axis=Axis("log", number="%.3g"),
        marks=marks,
        named_ends=True,
    )


def units_chart(measured: "Sequence[ProbeResult]", epochs: int, marks: Sequence[Mark] = ()) -> LineChart:
    """The share of dead units after each activation."""
    return LineChart(
        title="Dead units",
        alt=f"Share of dead units of each layer by epoch. {unit_words(measured)}",
        epochs=epochs,
        lines=_by_name(measured, "dead_units"),
        axis=Axis("share", low=0, high=1, number="%.1f %%"),
        marks=marks,
        named_ends=True,
    )


def gradient_words(measured: "Sequence[ProbeResult]") -> str:
    """The newest gradients of the first and the last layer, compared."""
    norms = measured[-1].gradient_norms if measured else {}
    if len(norms) < 2:
        return ""
    (first, below), (last, above) = next(iter(norms.items())), list(norms.items())[-1]
    told = f"{first}: {below:.2g}, {last}: {above:.2g}."
    if below * _FADED < above:
        share = f"{above / below:,.0f} times shorter" if below else "nothing"
        return f"{told} The first layer's gradient is {share}{' than the last one’s' if below else ''}: it vanishes."
    return told


def unit_words(measured: "Sequence[ProbeResult]") -> str:
    """The newest shares of dead units, where there are any."""
    dead = {name: share for name, share in measured[-1].dead_units.items() if share > 0} if measured else {}
    if not dead:
        return "No unit is dead." if measured and measured[-1].dead_units else ""
    return "Dead: " + ", ".join(f"{words.percent(share)} of {name}" for name, share in dead.items()) + "."


def weights_height_px(measured: "Sequence[ProbeResult]") -> int:
    """How high the histograms of all layers are together."""
    layers = len(measured[-1].weight_counts) if measured else 1
    return _TOP_PX + _ROW_PX * -(-layers // _COLUMNS)


def weights_spec(measured: "Sequence[ProbeResult]") -> dict[str, Any]:
    """A small histogram for each layer, the newest filled, the first as a dashed line, as an ECharts option object."""
    first, newest = measured[0], measured[-1]
    height_px = weights_height_px(measured)
    layers = list(newest.weight_counts)
    return {
        "animation": False,
        "legend": {"left": 0, "top": 0, "data": ["Now", "After the first step"]},
        "title": [_layer_title(name, place, height_px) for place, name in enumerate(layers)],
        "grid": [_grid(place, height_px) for place in range(len(layers))],
        "xAxis": [
            _weight_axis(place, max(_limit(first, name), _limit(newest, name))) for place, name in enumerate(layers)
        ],
        "yAxis": [{"type": "value", "gridIndex": place, "show": False} for place in range(len(layers))],
        "series": [part for place, name in enumerate(layers) for part in _histograms(place, name, first, newest)],
    }


def weight_words(measured: "Sequence[ProbeResult]") -> str:
    """How far the newest weights reach, layer by layer."""
    limits = measured[-1].weight_limits if measured else {}
    return "Weights reach to " + ", ".join(f"±{limit:.2g} in {name}" for name, limit in limits.items()) + "."


def _by_name(measured: "Sequence[ProbeResult]", figures: str, *, log: bool = False) -> list[Line]:
    names: Mapping[str, float] = getattr(measured[-1], figures) if measured else {}
    return [Line(name, drawable(_points(measured, figures, name), log=log)) for name in names]


def _points(measured: "Sequence[ProbeResult]", figures: str, name: str) -> Iterable[tuple[float, float]]:
    found = ((one.epoch, getattr(one, figures).get(name)) for one in measured)
    return ((round(epoch, 4), float(f"{value:.5g}")) for epoch, value in found if value is not None)


def _limit(one: "ProbeResult", layer: str) -> float:
    return one.weight_limits.get(layer, 0.0) or 1e-9


def _top(place: int, height_px: int, shift_px: int) -> str:
    return f"{(_TOP_PX + _ROW_PX * (place // _COLUMNS) + shift_px) / height_px * 100:.3f}%"


def _left(place: int) -> str:
    return f"{place % _COLUMNS * 100 / _COLUMNS + 2:g}%"


def _layer_title(name: str, place: int, height_px: int) -> dict[str, Any]:
    style = {"fontSize": 13, "fontWeight": "normal"}
    return {"text": name, "left": _left(place), "top": _top(place, height_px, 0), "textStyle": style}


def _grid(place: int, height_px: int) -> dict[str, Any]:
    return {
        "left": _left(place),
        "width": f"{100 / _COLUMNS - 7:g}%",
        "top": _top(place, height_px, 24),
        "height": f"{(_ROW_PX - 56) / height_px * 100:.3f}%",
    }


def _weight_axis(place: int, limit: float) -> dict[str, Any]:
    rounded = float(f"{limit:.2g}")
    return {
        "type": "value",
        "gridIndex": place,
        "min": -rounded,
        "max": rounded,
        "interval": rounded,
        "splitLine": {"show": False},
    }


def _histograms(place: int, name: str, first: "ProbeResult", newest: "ProbeResult") -> list[dict[str, Any]]:
    common = {"type": "line", "step": "middle", "showSymbol": False, "xAxisIndex": place, "yAxisIndex": place}
    return [
        common
        | {
            "name": "Now",
            "data": _heights(newest, name),
            "areaStyle": {"opacity": 0.35},
            "lineStyle": {"width": 1.5},
            "color": "#2E90C8",
        },
        common
        | {
            "name": "After the first step",
            "data": _heights(first, name),
            "lineStyle": {"width": 1.5, "type": "dashed"},
            "color": "gray",
        },
    ]


def _heights(one: "ProbeResult", layer: str) -> list[list[float]]:
    """The middles of the histogram's parts, and the share of weights in each by its width."""
    counts, limit = one.weight_counts.get(layer, []), _limit(one, layer)
    width = 2 * limit / max(1, len(counts))
    total = max(1, sum(counts))
    return [
        [float(f"{(place + 0.5) * width - limit:.5g}"), float(f"{count / total / width:.5g}")]
        for place, count in enumerate(counts)
    ]
