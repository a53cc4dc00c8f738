"""Sections of a page: when one of them fails, it says so, and the others are shown all the same."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from mnist_core.ui.common import messages

P = ParamSpec("P")

SECTIONS: dict[str, Callable[..., None]] = {}
"""What shows each section, by its title: every section of every page whose module is loaded."""


def section(title: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a function that shows something a section of that title.

    Its errors end there: a `UserError` is shown as the message that it is, any other exception as a plain sentence
    with the title, and the log gets the traceback.

    Raises:
        ValueError: When there is a section of that title already.
    """
    if title in SECTIONS:
        raise ValueError(f"two sections are called {title}")

    def register(render: Callable[P, None]) -> Callable[P, None]:
        SECTIONS[title] = render

        @wraps(render)
        def show(*args: P.args, **kwargs: P.kwargs) -> None:
            with messages.explained(part=title):
                SECTIONS[title](*args, **kwargs)

        return show

    return register
