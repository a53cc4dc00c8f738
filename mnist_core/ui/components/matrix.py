"""The confusion matrix as a table whose cells, rows and columns can be pressed.

Our own, because on a phone it is seen whole, each cell has a name for screen readers, and a whole row or column can be
pressed: `st.dataframe` shows six columns there, Altair's chart has no keys, and Plotly's heatmap cannot be pressed.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui.components.register_component import load

_mount = load("matrix")

Picked = tuple[int | None, int | None]
"""(true digit, predicted digit): a cell, or a row (predicted is None), or a column (true is None)."""

Shows = Literal["counts", "rows", "columns", "difference"]
"""Counts; per cent of the row (of what is a digit); per cent of the column (of what is predicted as it); how many
more images than in another model's matrix."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """One cell as the browser gets it: `weight` 0 to 1 is how strongly it is tinted, `tone` in which colour."""

    text: str
    label: str
    weight: float
    tone: Literal["worse", "better", "plain"] = "worse"


def matrix(
    counts: NDArray[np.int64],
    *,
    shows: Shows,
    other: NDArray[np.int64] | None = None,
    errors_only: bool = False,
    selected: Picked | None,
    on_pick: Callable[[Picked | None], None],
    key: str,
) -> None:
    """Show the matrix and call `on_pick` when something is pressed (None: pressed again, to let go).

    Args:
        counts: (10, 10), rows the true digit, columns the predicted one.
        shows: What stands in the cells.
        other: The matrix that `difference` is taken from.
        errors_only: Whether the diagonal is left empty, and shares are those of the mistakes.
        selected: The pressed cell, row or column.
        on_pick: Called before the next run of the page.
        key: The part's name on the page.
    """
    shown = cells_of(counts, shows=shows, other=other, errors_only=errors_only)
    cells = [[asdict(cell) for cell in row] for row in shown]

    def picked() -> None:
        on_pick(picked_cell(st.session_state.get(key)))

    _mount(key=key, data={"cells": cells, "selected": selected}, on_picked_change=picked)


def cells_of(
    counts: NDArray[np.int64], *, shows: Shows, other: NDArray[np.int64] | None = None, errors_only: bool = False
) -> list[list[_Shown]]:
    """What stands in each cell; see `matrix`."""
    kept = counts * _off_diagonal() if errors_only else counts
    if shows == "difference" and other is not None:
        return _differences(kept, other * _off_diagonal() if errors_only else other, errors_only)
    wrong = counts * _off_diagonal()
    strength = np.sqrt(wrong / max(1, int(wrong.max())))  # a root, so that a single error can be seen beside forty
    axis, whole = (0, "column") if shows == "columns" else (1, "row")
    shares = kept / np.maximum(kept.sum(axis=axis, keepdims=True), 1)
    texts = _share_text if shows in ("rows", "columns") else str
    values = shares if shows in ("rows", "columns") else kept
    return [
        [
            _Shown(
                text="" if errors_only and true == predicted else texts(values[true, predicted]),
                label=_label(
                    true, predicted, int(counts[true, predicted]), float(shares[true, predicted]), whole, errors_only
                ),
                weight=round(float(strength[true, predicted]), 3),
            )
            for predicted in range(10)
        ]
        for true in range(10)
    ]


def _differences(counts: NDArray[np.int64], other: NDArray[np.int64], errors_only: bool) -> list[list[_Shown]]:
    more = counts - other
    strength = np.sqrt(np.abs(more) / max(1, int(np.abs(more * _off_diagonal()).max())))
    return [
        [
            _Shown(
                text="" if errors_only and true == predicted else _signed(int(more[true, predicted])),
                label=f"{_place(true, predicted)}: {counts[true, predicted]} images, "
                f"{other[true, predicted]} by the other model",
                weight=0.0 if true == predicted else round(min(1.0, float(strength[true, predicted])), 3),
                tone="worse" if more[true, predicted] > 0 else "better",
            )
            for predicted in range(10)
        ]
        for true in range(10)
    ]


def _off_diagonal() -> NDArray[np.int64]:
    return 1 - np.eye(10, dtype=np.int64)


def _signed(more: int) -> str:
    return f"{more:+d}".replace("-", "−") if more else "0"


def _share_text(share: float) -> str:
    return "0" if share == 0 else f"{share * 100:.1f}"


def _place(true: int, predicted: int) -> str:
    return f"True {true}, {'correct' if true == predicted else f'predicted {predicted}'}"


def _label(true: int, predicted: int, count: int, share: float, whole: str, errors_only: bool) -> str:
    images = "image" if count == 1 else "images"
    if errors_only and true == predicted:
        return f"{_place(true, predicted)}: {count} {images}"
    of = f"the {whole}'s mistakes" if errors_only else f"the {whole}"
    return f"{_place(true, predicted)}: {count} {images}, {share * 100:.1f} % of {of}"


def picked_cell(state: object) -> Picked | None:
    """What was pressed, of what the browser sent; None when it is no cell, row or column."""
    picked = state.get("picked") if isinstance(state, Mapping) else None
    cell = picked.get("cell") if isinstance(picked, Mapping) else None
    match cell:
        case [true, predicted] if _is_digit(true) and _is_digit(predicted) and (true, predicted) != (None, None):
            return true, predicted
        case _:
            return None


def _is_digit(value: object) -> bool:
    return value is None or (type(value) is int and 0 <= value <= 9)
