"""The steps that prepare a digit, each with what it makes of it and a switch: one thin row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from mnist_core.ui.components.register_component import load, sent

_mount = load("steps")


@dataclass(frozen=True, slots=True)
class StepPicture:
    """One step.

    Attributes:
        name: What `on_switch` is told; empty for one that cannot be switched.
        src: The digit after it, a `data:` address; see `pictures.data_url`.
        title: What it does, in two or three words.
        note: What it did to this digit.
        help: What it is good for.
        pixels: Whether its pixels are to be seen as squares.
        on: Whether it is switched on.
    """

    name: str
    src: str
    title: str
    note: str
    help: str = ""
    pixels: bool = False
    on: bool = True


def steps(pictures: Sequence[StepPicture], label: str, key: str, on_switch: Callable[[str, bool], None]) -> None:
    """Show the steps in their order; the words of one appear when people point at it, press it or come by keyboard.

    Args:
        pictures: In the order in which they are done.
        label: What the row is, for those who do not see it.
        key: The part's name on the page.
        on_switch: Called with a step's name and whether it is to be on, before the page runs again.
    """
    known = {picture.name for picture in pictures if picture.name}

    def switched() -> None:
        change = sent(key, "switched")
        if isinstance(change, Mapping) and change.get("name") in known:
            on_switch(str(change["name"]), change.get("on") is True)

    _mount(key=key, data={"label": label, "steps": [asdict(one) for one in pictures]}, on_switched_change=switched)
