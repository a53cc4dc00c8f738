"""Bars for the ten digits, side by side where there are several kinds."""

from collections.abc import Mapping, Sequence
from typing import Any

from mnist_core.ui.components.curves import chart_spec

_HATCHED = {"decal": {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 4]}}


def bars_spec(kinds: Mapping[str, Sequence[int]], *, tells_values: bool = False) -> dict[str, Any]:
    """The bars as an ECharts option object.

    Args:
        kinds: Ten numbers each, by name. A second kind is told apart by more than its colour: it is hatched.
        tells_values: Whether each bar has its number above it.
    """
    bars = [
        {
            "name": name,
            "type": "bar",
            "itemStyle": _HATCHED if place else {},
            "label": {"show": tells_values, "position": "top"},
            "data": [{"value": count, "label": {"formatter": f"{count:,}"}} for count in counts],
        }
        for place, (name, counts) in enumerate(kinds.items())
    ]
    return chart_spec(
        bars,
        {"type": "category", "data": [str(digit) for digit in range(10)]},
        {"type": "value", "splitNumber": 3},
        top_px=34 if len(bars) > 1 else 24 if tells_values else 10,
        right_px=8,
        bottom_px=8,
        number="%,d",
        legend={"show": len(bars) > 1, "left": 0, "top": 0},
    )
