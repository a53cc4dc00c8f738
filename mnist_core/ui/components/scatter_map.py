"""Thousands of test images as points in the plane: Plotly's chart with its lasso, and our own part above it.

Plotly draws, magnifies and selects. What it has not got, the pictures and the keys, is in `scatter_map.js`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui import charts
from mnist_core.ui.common import words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.components import gallery
from mnist_core.ui.components.register_component import load, sent

if TYPE_CHECKING:
    import plotly.graph_objects as go

_mount = load("scatter_map", isolate_styles=False)

Colours = Literal["class", "right"]

_CLASSES = (
    "#9c6b4a", "#3fa34d", "#9467bd", "#d9484b", "#3b82c4", "#17b3c4", "#e377c2", "#8a8f98", "#b0a41c", "#f0891a",
)  # fmt: skip
_RIGHT, _WRONG = "#8a8f98", "#d95f02"
_COLUMNS = 100  # of the sheet: square for all test images, and no side that a browser refuses
_SHADE = 17  # of grey on the sheet, there are 16: half the bytes, and nothing that the eye misses at this size
_HEIGHT_PX = 560
_CONFIG = {"displayModeBar": True, "modeBarButtonsToRemove": ["autoScale2d"]}


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """N images in the plane.

    Attributes:
        ids: Which tile of the sheet each one is, int64 (N,).
        places: (N, 2), to the right and up, both in the same unit.
        labels, predicted: The true digit and the predicted one, 0 to 9, (N,).
        confidence: The probability of the predicted digit, 0 to 1, (N,).
    """

    ids: NDArray[np.int64]
    places: NDArray[np.float32]
    labels: NDArray[np.int64]
    predicted: NDArray[np.int64]
    confidence: NDArray[np.float32]


def sheet_of(images: NDArray[np.uint8]) -> str:
    """The images (N, 28, 28) on one picture, a hundred in a row, in sixteen shades, as a `data:` address."""
    shades = ((images.astype(np.uint16) + _SHADE // 2) // _SHADE * _SHADE).astype(np.uint8)
    return data_url(gallery.sheet_of(shades, _COLUMNS)[0], compress_level=6)


def scatter_map(
    points: Points,
    sheet: str,
    *,
    colours: Colours,
    selected: Sequence[int],
    number: int,
    on_select: Callable[[list[int], bool], None],
    on_pick: Callable[[int], None],
    key: str,
) -> None:
    """Show the points.

    Args:
        points: Where they are, and what they stand for.
        sheet: Their pictures, as `sheet_of` makes it; sent to each browser once.
        colours: Whether a colour stands for a digit, or for correct and wrong; mistakes are crosses either way.
        selected: Ids that stand out when the chart is made.
        number: Another one makes a new chart, which has no lasso, and is not magnified.
        on_select: Called with the ids that were selected, and whether they stand out already: by lasso or box they
            do, by key not.
        on_pick: Called with the id of a pressed point.
        key: The map's name on the page.
    """
    known, chart = frozenset(points.ids.tolist()), f"{key}_{number}"
    label = f"A map of {len(known):,} test images; those close together are alike to the model"

    def selected_some(told: object, *, stands_out: bool) -> None:
        ids = selected_ids(told, known)
        if ids is not None:
            on_select(ids, stands_out)

    def picked() -> None:
        chosen = sent(key, "picked")
        if type(chosen) is int and chosen in known:
            on_pick(chosen)

    st.plotly_chart(
        figure(points, colours, selected),
        height=_HEIGHT_PX,
        key=chart,
        config=_CONFIG,
        alt=label,
        on_select=lambda: selected_some(lasso_of(st.session_state.get(chart)), stands_out=True),
    )
    version = blake2b(sheet.encode(), digest_size=8).hexdigest()
    src = None if sent(key, "holds") == version else sheet
    _mount(
        key=key,
        data={"plot": chart, "label": label, "sheet": {"version": version, "columns": _COLUMNS, "src": src}},
        on_selected_change=lambda: selected_some(sent(key, "selected"), stands_out=False),
        on_picked_change=picked,
        on_holds_change=lambda: None,
    )


def figure(points: Points, colours: Colours, selected: Collection[int]) -> "go.Figure":
    """The chart: a trace for the correct and one for the misclassified images of each digit, those above."""
    digits, wrong = np.unique(points.labels).tolist(), points.labels != points.predicted
    groups = [
        np.flatnonzero((points.labels == one) & (wrong == is_wrong)) for is_wrong in (False, True) for one in digits
    ]
    traces = [_trace(points, at, colours, selected) for at in groups if len(at)]
    axis = {"visible": False, "fixedrange": False}
    return charts.figure(
        traces,
        dragmode="lasso",
        hovermode="closest",
        xaxis=axis,
        yaxis={"scaleanchor": "x", **axis},
        annotations=[_name(points, digit, colours) for digit in digits],
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
    )


def _trace(points: Points, at: NDArray[np.int64], colours: Colours, selected: Collection[int]) -> "go.Scatter":
    """The images `at` these places, which are all of one digit, and all correct or all misclassified."""
    import plotly.graph_objects as go

    digit = int(points.labels[at[0]])
    is_wrong = digit != points.predicted[at[0]]
    color = _CLASSES[digit] if colours == "class" else _WRONG if is_wrong else _RIGHT
    told = zip(points.predicted[at].tolist(), points.confidence[at].tolist(), strict=True)
    return go.Scatter(
        x=points.places[at, 0],
        y=points.places[at, 1],
        name=str(digit),
        mode="markers",
        customdata=points.ids[at],
        text=np.array([f"{predicted} {words.percent(confidence)}" for predicted, confidence in told]),
        hoverinfo="none",
        marker={"color": color, "symbol": "x" if is_wrong else "circle", "size": 9 if is_wrong else 5}
        | ({"line": {"color": "white", "width": 1}} if is_wrong else {"opacity": 0.75}),
        selectedpoints=np.flatnonzero(np.isin(points.ids[at], list(selected))) if selected else None,
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 0.12}},
    )


def _name(points: Points, digit: int, colours: Colours) -> dict[str, Any]:
    """A digit's name in the middle of its images, on its colour."""
    x, y = np.median(points.places[points.labels == digit], axis=0).tolist()
    color = _CLASSES[digit] if colours == "class" else _RIGHT
    text = f"<b>{digit}</b>"
    return {"x": x, "y": y, "text": text, "showarrow": False, "bgcolor": color, "font": {"size": 16, "color": "#111"}}


def lasso_of(state: object) -> object:
    """The ids of the points that the chart says are selected, as the browser sent them."""
    selection = state.get("selection") if isinstance(state, Mapping) else None
    points = selection.get("points") if isinstance(selection, Mapping) else None
    return [one.get("customdata") for one in points if isinstance(one, Mapping)] if isinstance(points, list) else None


def selected_ids(told: object, known: Collection[int]) -> list[int] | None:
    """The ids that were selected, of what the browser sent; None when that is not a list of points that are there."""
    if not isinstance(told, list) or len(told) > len(known):
        return None
    if not all(type(one) is int and one in known for one in told):
        return None
    return sorted(set(told))
