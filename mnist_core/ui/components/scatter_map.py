"""Thousands of test images as points in the plane: pointed at, pressed, and selected with a lasso."""

import base64
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from mnist_core.ui.components.register_component import load

_mount = load("scatter_map")

Colours = Literal["class", "right"]

_COLUMNS = 100  # of the sheet: square for all test images, and no side that a browser refuses
_SHADES = 16  # of grey on the sheet: half the bytes, and nothing that the eye misses at this size
_SPAN = 65535


@dataclass(frozen=True, slots=True)
class Sheet:
    """All images on one picture, as the browser keeps it.

    Attributes:
        version: What changes when an image does.
        src: A `data:` address; about a megabyte for 10,000 images.
        count: How many images it holds.
    """

    version: str
    src: str
    count: int


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


def sheet_of(images: NDArray[np.uint8]) -> Sheet:
    """The images (N, 28, 28) on one sheet, a hundred in a row, in sixteen shades."""
    rows = max(1, -(-len(images) // _COLUMNS))
    places = np.zeros((rows * _COLUMNS, 28, 28), np.uint8)
    places[: len(images)] = (images.astype(np.uint16) * (_SHADES - 1) + 127) // 255
    shades = Image.fromarray(places.reshape(rows, _COLUMNS, 28, 28).swapaxes(1, 2).reshape(rows * 28, _COLUMNS * 28))
    shades.putpalette([level * 255 // (_SHADES - 1) for level in range(_SHADES) for _ in "rgb"])
    file = io.BytesIO()
    shades.save(file, "PNG", bits=4)
    content = file.getvalue()
    src = "data:image/png;base64," + base64.b64encode(content).decode("ascii")
    return Sheet(blake2b(content, digest_size=8).hexdigest(), src, len(images))


def scatter_map(
    points: Points,
    sheet: Sheet,
    label: str,
    *,
    colours: Colours,
    selected: Sequence[int],
    on_select: Callable[[list[int]], None],
    on_pick: Callable[[int], None],
    key: str,
) -> None:
    """Show the points.

    Args:
        points: Where they are, and what they stand for.
        sheet: Their pictures; sent to each browser once.
        label: What the map shows, for those who do not see it.
        colours: Whether a colour stands for a digit, or for correct and wrong; mistakes are crosses either way.
        selected: Ids that stand out; all others fade.
        on_select: Called with the ids within the lasso, none when it was drawn around nothing.
        on_pick: Called with the id of a pressed point.
        key: The part's name on the page.
    """
    state = st.session_state.get(key)
    known = frozenset(points.ids.tolist())

    def selected_some() -> None:
        ids = selected_ids(st.session_state.get(key), known)
        if ids is not None:
            on_select(ids)

    def picked() -> None:
        chosen = picked_id(st.session_state.get(key), known)
        if chosen is not None:
            on_pick(chosen)

    data = {
        **encode(points),
        "label": label,
        "colours": colours,
        "selected": _base64(np.asarray(selected, np.uint32), "<u4"),
        "sheet": {
            "version": sheet.version,
            "columns": _COLUMNS,
            "src": None if held_sheet(state) == sheet.version else sheet.src,
        },
    }
    _mount(key=key, data=data, on_selected_change=selected_some, on_picked_change=picked, on_holds_change=lambda: None)


def encode(points: Points) -> dict[str, Any]:
    """The points as the browser reads them: a few bytes each."""
    sure = np.clip(points.confidence.astype(np.float64), 0, 1)
    thousandths = (sure * 1000).round()
    thousandths[(thousandths == 1000) & (sure < 1)] = 1001  # nobody is told of a certainty that is not there
    encoded = {
        "places": _base64(on_screen(points.places), "<u2"),
        "ids": _base64(points.ids, "<u4"),
        "labels": _base64(points.labels, "u1"),
        "predicted": _base64(points.predicted, "u1"),
        "sure": _base64(thousandths, "<u2"),
    }
    version = blake2b(repr(encoded).encode(), digest_size=8).hexdigest()
    return {"version": version, "count": len(points.ids), **encoded}


def on_screen(places: NDArray[np.float32]) -> NDArray[np.float64]:
    """The places (N, 2) as whole numbers from 0 to 65,535, downwards: both in one unit, so that no shape changes."""
    if not len(places):
        return np.zeros((0, 2))
    turned = places.astype(np.float64) * (1, -1)
    lowest = turned.min(axis=0)
    widest = float(np.ptp(turned, axis=0).max()) or 1.0
    scaled: NDArray[np.float64] = ((turned - lowest) / widest * _SPAN).round()
    return scaled


def _base64(values: NDArray[Any], kind: str) -> str:
    return base64.b64encode(values.astype(kind).tobytes()).decode("ascii")


def held_sheet(state: object) -> object:
    """The version of the sheet that the browser says it has."""
    return state.get("holds") if isinstance(state, Mapping) else None


def selected_ids(state: object, known: Collection[int]) -> list[int] | None:
    """The ids that were selected, of what the browser sent; None when that is not a list of points that are there."""
    sent = state.get("selected") if isinstance(state, Mapping) else None
    if not isinstance(sent, list) or len(sent) > len(known):
        return None
    if not all(type(one) is int and one in known for one in sent):
        return None
    return sorted(set(sent))


def picked_id(state: object, known: Collection[int]) -> int | None:
    """The id of the pressed point, of what the browser sent; None when there is no such point."""
    sent = state.get("picked") if isinstance(state, Mapping) else None
    return sent if type(sent) is int and sent in known else None
