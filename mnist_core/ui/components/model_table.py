"""What several models read in one digit: a row each, with its ten probabilities as small bars."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from mnist_core.ui.components.register_component import load

_mount = load("model_table")


@dataclass(frozen=True, slots=True)
class Row:
    """One model's answer.

    Attributes:
        title: What the model is called.
        about: What it is, in a sentence; left out where there is little room.
        note: Something short about it.
        help: What else is to be known of it, for people who point at it.
        digit: What it reads.
        sure: How sure it is, in words.
        probabilities: Ten shares of 1.
        right: Whether that is what was meant; None when nobody said.
        asked: Whether it is the model that the rest of the page asks.
    """

    title: str
    about: str
    note: str
    help: str
    digit: int
    sure: str
    probabilities: tuple[float, ...]
    right: bool | None
    asked: bool = False


def opinions(rows: Sequence[Row], label: int | None, key: str) -> None:
    """Show the rows, one below the other; `label` is the digit that was meant."""
    _mount(key=key, data={"rows": [asdict(row) for row in rows], "label": label})
