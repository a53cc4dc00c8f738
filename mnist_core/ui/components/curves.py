"""Learning curves that move while a run is training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

MAX_POINTS = 300
"""Of one line: more take longer to draw than the eye gains from them."""

MAX_LOSS = 5
"""Where the loss chart ends: guessing blindly costs 2.3, and a run that diverges would flatten all the rest."""

_TRAINING, _VALIDATION = "Training", "Validation"
_HEIGHT_PX = 300

Point = tuple[float, float]
"""(epochs done, value)"""


@dataclass(frozen=True, slots=True)
class Curves:
    """What is known of a run so far.

    Attributes:
        epochs: How many epochs the whole run takes: the width of the charts.
        training_loss: A point for each step, in nats.
        validation_loss: A point for each finished epoch, in nats.
        training_accuracy, validation_accuracy: A point for each finished epoch, 0 to 1.
    """

    epochs: int
    training_loss: Sequence[Point] = ()
    validation_loss: Sequence[Point] = ()
    training_accuracy: Sequence[Point] = ()
    validation_accuracy: Sequence[Point] = ()


def curves(shown: Curves, key: str) -> None:
    """Show loss and accuracy side by side (one above the other on a phone)."""
    loss, accuracy = st.columns(2)
    with loss:
        st.echarts_chart(loss_spec(shown), height=_HEIGHT_PX, key=f"{key}_loss", alt=_loss_words(shown))
    with accuracy:
        st.echarts_chart(accuracy_spec(shown), height=_HEIGHT_PX, key=f"{key}_accuracy", alt=_accuracy_words(shown))


def loss_spec(shown: Curves) -> dict[str, Any]:
    """The loss chart as an ECharts option object."""
    highest = max((value for _, value in (*shown.training_loss, *shown.validation_loss)), default=0.0)
    title = f"Loss, cut off at {MAX_LOSS}" if highest > MAX_LOSS else "Loss"
    spec = _spec(title, shown.epochs, thin(shown.training_loss), shown.validation_loss)
    spec["yAxis"] |= {"min": 0, "max": MAX_LOSS} if highest > MAX_LOSS else {"min": 0}
    return spec


def accuracy_spec(shown: Curves) -> dict[str, Any]:
    """The accuracy chart as an ECharts option object."""
    training, validation = (
        [(epoch, round(share * 100, 2)) for epoch, share in points]
        for points in (shown.training_accuracy, shown.validation_accuracy)
    )
    spec = _spec("Accuracy", shown.epochs, training, validation)
    spec["yAxis"] |= {"scale": True, "max": 100, "axisLabel": {"formatter": "{value} %"}}
    spec["tooltip"] |= {"valueFormatter": "%.2f %%"}
    spec["series"][0] |= {"symbol": "rect", "showSymbol": True}
    return spec


def thin(points: Sequence[Point], limit: int = MAX_POINTS) -> list[Point]:
    """At most `limit` points: neighbours are replaced by their mean, so that noise goes and the curve stays."""
    size = -(-len(points) // limit) or 1
    groups = [points[start : start + size] for start in range(0, len(points), size)]
    return [
        (round(group[-1][0], 4), round(sum(value for _, value in group) / len(group), 5)) for group in groups if group
    ]


def _spec(title: str, epochs: int, training: Sequence[Point], validation: Sequence[Point]) -> dict[str, Any]:
    return {
        "animation": False,
        "title": {"text": title, "left": 0, "top": 6, "textStyle": {"fontSize": 16}},
        "legend": {"right": 0, "top": 6, "data": [_TRAINING, _VALIDATION]},
        "grid": {"left": 8, "right": 16, "top": 48, "bottom": 28, "containLabel": True},
        "tooltip": {"trigger": "axis", "valueFormatter": "%.3f"},
        "xAxis": {
            "type": "value",
            "min": 0,
            "max": epochs,
            "name": "epochs",
            "nameLocation": "middle",
            "nameGap": 26,
            "splitLine": {"show": False},
            "minInterval": 1 if epochs > 3 else 0,
        },
        "yAxis": {"type": "value"},
        "series": [
            # Told apart by more than colour: one line is thin and plain, the other dashed with round marks.
            _line(_TRAINING, training) | {"showSymbol": False, "lineStyle": {"width": 2}},
            _line(_VALIDATION, validation)
            | {"symbol": "circle", "symbolSize": 9, "showSymbol": True, "lineStyle": {"width": 2, "type": "dashed"}},
        ],
    }


def _line(name: str, points: Sequence[Point]) -> dict[str, Any]:
    return {"name": name, "type": "line", "data": [list(point) for point in points]}


def _loss_words(shown: Curves) -> str:
    return "Loss by epoch. " + _last_words(shown.training_loss, shown.validation_loss, "{:.3f}")


def _accuracy_words(shown: Curves) -> str:
    return "Accuracy by epoch. " + _last_words(shown.training_accuracy, shown.validation_accuracy, "{:.2%}")


def _last_words(training: Sequence[Point], validation: Sequence[Point], number: str) -> str:
    lines = ((_TRAINING, training), (_VALIDATION, validation))
    return " ".join(f"{name} is at {number.format(points[-1][1])}." for name, points in lines if points)
