"""The heading of an open image, which brings it into sight, and the keys that go with it."""

from dataclasses import dataclass

from mnist_core.ui.components.register_component import load

_mount = load("open_image")


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys (as `st.button` calls them) of the buttons that the keyboard's keys press."""

    left: str
    right: str
    escape: str


def open_image_heading(title: str, note: str, keys: Keys, *, go_there: bool, key: str) -> None:
    """Show the heading.

    Args:
        title: What the image is.
        note: Which one it is.
        keys: What the arrow keys and Escape press, wherever on the page they mean nothing else.
        go_there: Whether it was opened just now: the focus goes to it.
        key: The part's name on the page.
    """
    buttons = {"ArrowLeft": keys.left, "ArrowRight": keys.right, "Escape": keys.escape}
    _mount(key=key, data={"title": title, "note": note, "buttons": buttons, "goThere": go_there})
