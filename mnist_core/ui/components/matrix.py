"""The confusion matrix as a table whose cells, rows and columns can be pressed.

Our own, because on a phone it is seen whole, each cell has a name for screen readers, and a whole row or column can be
pressed: `st.dataframe` shows six columns there, Altair's chart has no keys, and Plotly's heatmap cannot be pressed.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mnist_core.ui.common import words
from mnist_core.ui.components.register_component import load, sent

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
    tone: Literal["worse", "better"]


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
    _mount(
        key=key,
        data={"cells": [[asdict(cell) for cell in row] for row in shown], "selected": selected},
        on_picked_change=lambda: on_pick(picked_cell(sent(key, "picked"))),
    )


def cells_of(
    counts: NDArray[np.int64], *, shows: Shows, other: NDArray[np.int64] | None = None, errors_only: bool = False
) -> list[list[_Shown]]:
    """What stands in each cell; see `matrix`."""
    off_diagonal = 1 - np.eye(10, dtype=np.int64)
    kept = counts * off_diagonal if errors_only else counts
    axis, whole = (0, "column") if shows == "columns" else (1, "row")
    whole = f"{whole}'s mistakes" if errors_only else whole
    shares = kept / np.maximum(kept.sum(axis=axis, keepdims=True), 1)
    more = counts - other if shows == "difference" and other is not None else None
    tinted = np.abs((counts if more is None else more) * off_diagonal)
    weights = np.sqrt(tinted / max(1, int(tinted.max())))  # a root, so that a single error can be seen beside forty

    def cell(true: int, predicted: int) -> _Shown:
        count, share, weight = (table[true, predicted].item() for table in (counts, shares, weights))
        is_empty = errors_only and true == predicted
        kind = "correct" if true == predicted else f"predicted {predicted}"
        label = f"True {true}, {kind}: {words.counted(count, 'images').replace(',', '')}"  # as the cell shows it
        if more is not None:
            change = int(more[true, predicted])
            text, is_better = f"{change:+d}".replace("-", "−") if change else "0", change <= 0
            label += f", {count - change:,} by the other model"
        else:
            percent = f"{share * 100:.1f}" if share else "0"
            text, is_better = percent if shows in ("rows", "columns") else str(count), False
            label += "" if is_empty else f", {share * 100:.1f} % of the {whole}"
        return _Shown("" if is_empty else text, label, round(weight, 3), "better" if is_better else "worse")

    return [[cell(true, predicted) for predicted in range(10)] for true in range(10)]


def picked_cell(picked: object) -> Picked | None:
    """What was pressed, of what the browser sent; None when it is no cell, row or column."""
    match picked:
        case {"cell": [true, predicted]} if (
            _is_digit(true) and _is_digit(predicted) and (true, predicted) != (None, None)
        ):
            return true, predicted
        case _:
            return None


def _is_digit(value: object) -> bool:
    return value is None or (type(value) is int and 0 <= value <= 9)
