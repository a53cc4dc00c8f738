"""A row of small pictures: samples of something, or one made from the other."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from mnist_core.ui.components.register_component import load

_mount = load("image_strip")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the row.

    Attributes:
        src: A `data:` address; see `pictures.data_url`.
        alt: What the picture shows, for those who do not see it.
        pixels: Whether its pixels are to be seen as squares.
        large: Whether it is shown large.
        framed: Whether it is the one that matters most.
    """

    src: str
    alt: str
    title: str = ""
    note: str = ""
    pixels: bool = False
    large: bool = False
    framed: bool = False


def strip(pictures: Sequence[Picture], label: str, key: str, *, arrows: bool = False, small: bool = False) -> None:
    """Show the pictures in a row that wraps.

    Args:
        pictures: From left to right.
        label: What the row is, for those who do not see it.
        key: The part's name on the page.
        arrows: Whether each picture was made from the one before.
        small: Whether all of them are to stand in as little room as possible.
    """
    shown = [asdict(picture) for picture in pictures]
    _mount(key=key, data={"label": label, "pictures": shown, "arrows": arrows, "small": small})
