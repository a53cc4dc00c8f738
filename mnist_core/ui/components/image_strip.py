"""A row of small pictures: the stages of a digit, or samples of something."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from mnist_core.ui.components.register_component import load, sent

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
        off: Whether it is shown as left out.
        switch: What `on_switch` is told when people switch it on or off; empty when they cannot.
        help: What the switch does, for hovering and for those who listen.
    """

    src: str
    alt: str
    title: str = ""
    note: str = ""
    pixels: bool = False
    large: bool = False
    framed: bool = False
    off: bool = False
    switch: str = ""
    help: str = ""


def strip(
    pictures: Sequence[Picture],
    label: str,
    key: str,
    *,
    arrows: bool = False,
    small: bool = False,
    on_switch: Callable[[str, bool], None] | None = None,
) -> None:
    """Show the pictures in a row that wraps.

    Args:
        pictures: From left to right.
        label: What the row is, for those who do not see it.
        key: The part's name on the page.
        arrows: Whether each picture was made from the one before.
        small: Whether all of them are to stand in as little room as possible.
        on_switch: Called with a picture's `switch` and whether it is to be on, before the page runs again.
    """
    known = {picture.switch for picture in pictures if picture.switch}

    def switched() -> None:
        change = sent(key, "switched")
        if on_switch and isinstance(change, Mapping) and change.get("name") in known:
            on_switch(str(change["name"]), change.get("on") is True)

    shown = [asdict(picture) for picture in pictures]
    data = {"label": label, "pictures": shown, "arrows": arrows, "small": small}
    _mount(key=key, data=data, on_switched_change=switched)
