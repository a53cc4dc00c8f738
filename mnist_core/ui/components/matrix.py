"""The confusion matrix as a table whose cells can be pressed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui.components.browser import load

_mount = load("matrix")

Cell = tuple[int, int]
"""(true digit, digit read)"""


@dataclass(frozen=True, slots=True)
class _Shown:
    """One cell as the browser gets it: `weight` 0 to 1 is how strongly it is tinted."""

    text: str
    label: str
    weight: float


def matrix(
    counts: NDArray[np.int64], *, shares: bool, selected: Cell | None, on_pick: Callable[[Cell | None], None], key: str
) -> None:
    """Show the matrix and call `on_pick` when a cell is pressed (None: pressed again, to let go).

    Args:
        counts: (10, 10), rows the true digit, columns the digit read.
        shares: Whether to show per cent of the row instead of counts.
        selected: The pressed cell.
        on_pick: Called before the next run of the page.
        key: The part's name on the page.
    """
    cells = [
        [{"text": c.text, "label": c.label, "weight": c.weight} for c in row] for row in _cells(counts, shares=shares)
    ]

    def picked() -> None:
        on_pick(_picked_cell(st.session_state.get(key)))

    _mount(key=key, data={"cells": cells, "selected": selected}, on_picked_change=picked)


def _cells(counts: NDArray[np.int64], *, shares: bool) -> list[list[_Shown]]:
    rows = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    wrong = counts * (1 - np.eye(10, dtype=np.int64))
    strength = np.sqrt(wrong / max(1, int(wrong.max())))  # a root, so that a single error can be seen beside forty
    return [
        [
            _Shown(
                text=_share_text(counts[true, read] / rows[true, 0]) if shares else str(counts[true, read]),
                label=_label(true, read, int(counts[true, read]), float(counts[true, read] / rows[true, 0])),
                weight=round(float(strength[true, read]), 3),
            )
            for read in range(10)
        ]
        for true in range(10)
    ]


def _share_text(share: float) -> str:
    return "0" if share == 0 else f"{share * 100:.1f}"


def _label(true: int, read: int, count: int, share: float) -> str:
    images = "image" if count == 1 else "images"
    what = "read right" if true == read else f"read as {read}"
    return f"True {true}, {what}: {count} {images}, {share * 100:.1f} % of the row"


def _picked_cell(state: object) -> Cell | None:
    """The cell in what the browser sent; None when it is no cell."""
    picked = state.get("picked") if isinstance(state, Mapping) else None
    cell = picked.get("cell") if isinstance(picked, Mapping) else None
    match cell:
        case [int(true), int(read)] if 0 <= true <= 9 and 0 <= read <= 9:
            return true, read
        case _:
            return None
