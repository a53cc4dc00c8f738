"""Hundreds of small digits that can be looked through and picked."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.components.register_component import load, sent

_mount = load("gallery")

COLUMNS = 20  # of the one picture that holds all tiles; nothing to do with how they stand on the page


@dataclass(frozen=True, slots=True)
class Tile:
    """One digit.

    Attributes:
        id: What `on_pick` is given.
        top, bottom: The two short lines under the picture.
        label: What it is and the two lines again, word by word, for hovering and for those who listen.
    """

    id: int
    top: str
    bottom: str
    label: str


@dataclass(frozen=True, slots=True)
class Ticks:
    """Which tiles are ticked.

    Attributes:
        ticked: The ids of those that are; others may be among them.
        on_tick: Is given whether a tile is to be ticked, by its id, for each that was pressed: quick presses may
            come together, and come twice.
        full: Whether no more may be ticked.
    """

    ticked: Collection[int]
    on_tick: Callable[[Mapping[int, bool]], None]
    full: bool = False


def gallery(
    images: Sequence[NDArray[np.uint8]] | NDArray[np.uint8],
    tiles: Sequence[Tile],
    label: str,
    *,
    on_pick: Callable[[int], None] | None = None,
    key: str,
    ticks: Ticks | None = None,
    focus: int | None = None,
) -> None:
    """Show the images (N, 28, 28), each with its tile's words, and call `on_pick` with the id of a pressed one.

    With `ticks`, tiles are boxes to tick, and a press ticks or unticks instead. When the tiles are made anew, the
    focus goes to the one with the id `focus`.
    """
    known = {tile.id for tile in tiles}

    def picked() -> None:
        chosen = sent(key, "picked")
        if on_pick and isinstance(chosen, int) and chosen in known:
            on_pick(chosen)

    def ticked() -> None:
        changes = tick_changes(sent(key, "ticked"))
        if ticks and (of_these := {id_: on for id_, on in changes.items() if id_ in known}):
            ticks.on_tick(of_these)

    sheet, rows = sheet_of(np.asarray(images))
    shown = [asdict(tile) for tile in tiles]
    version = blake2b(repr(shown).encode() + sheet.tobytes(), digest_size=8).hexdigest()
    _mount(
        key=key,
        data={
            "version": version,
            "sprite": data_url(sheet),
            "columns": COLUMNS,
            "rows": rows,
            "label": label,
            "tiles": shown,
            "ticked": None if ticks is None else [tile.id for tile in tiles if tile.id in ticks.ticked],
            "full": ticks is not None and ticks.full,
            "focus": focus,
        },
        on_picked_change=picked,
        on_ticked_change=ticked,
    )


def tick_changes(told: object) -> dict[int, bool]:
    """What the browser says was ticked or unticked, by the tiles' ids; nothing where it makes no sense."""
    pairs = told if isinstance(told, list) else []
    return {pair[0]: pair[1] for pair in pairs if isinstance(pair, list) and list(map(type, pair)) == [int, bool]}


def sheet_of(images: NDArray[np.uint8], columns: int = COLUMNS) -> tuple[NDArray[np.uint8], int]:
    """All images (N, 28, 28) on one sheet, row by row, and its number of rows."""
    rows = max(1, -(-len(images) // columns))
    places = np.zeros((rows * columns, 28, 28), np.uint8)
    places[: len(images)] = images
    sheet = places.reshape(rows, columns, 28, 28).swapaxes(1, 2).reshape(rows * 28, columns * 28)
    return sheet, rows
