"""One or two models in one line: each with its letter on its colour, its name cut to fit, and its result."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from mnist_core.ui.components.register_component import load

_mount = load("model_chips")


@dataclass(frozen=True, slots=True)
class Chip:
    """One model.

    Attributes:
        letter: `A` or `B`; empty for the only one.
        name: In full: what does not fit is cut, and told to whoever points at it.
        value: Its result, in bold.
        note: More about that.
    """

    letter: str
    name: str
    value: str = ""
    note: str = ""


def model_chips(chips: Sequence[Chip], label: str, key: str, *, lines: bool = False) -> None:
    """Show the models.

    Args:
        chips: The first one, and perhaps the second.
        label: What the line is, for those who do not see it.
        key: The part's name on the page.
        lines: Whether a piece of each one's line in the charts stands beside its letter.
    """
    _mount(key=key, data={"label": label, "chips": [asdict(chip) for chip in chips], "lines": lines})
