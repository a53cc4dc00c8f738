"""The browser's history: one press of Back undoes one thing that somebody did."""

from mnist_core.ui.components.register_component import load

ONE_ENTRY = "one_entry"
"""How the key of a container begins in which no press makes an entry of its own (`history.js`)."""

_mount = load("history", isolate_styles=False)


def keep_in_order() -> None:
    """Let what a page does to its own address while it opens make no entry of its own: once in each run of a page."""
    _mount(key="browser_history", data={}, height=1)
