"""File handles: macOS lets a process have 256, and each visitor takes one of them."""

import asyncio
import sys
from typing import Any

from streamlit.runtime.app_session import AppSession

_WANTED = 4096
_RESERVE = 100  # for the database, the workers, files that are read, and requests that a page makes beside its session


class _SharedLoop(asyncio.SelectorEventLoop):
    """Stays open whichever session closes it."""

    def close(self) -> None:
        """As a session that ends does."""


def make_room() -> int:
    """Ask the system for more handles, and take fewer; how many visitors there may be at once.

    Streamlit makes an event loop for each session, three handles apiece, for scripts that use asyncio. Here none does:
    all sessions find the same one.
    """
    loop = _SharedLoop()

    def close_own(_: AppSession, own: Any) -> None:
        own.close()

    AppSession._script_event_loop = property(lambda _: loop, close_own)  # type: ignore[assignment]
    return _limit() - _RESERVE


def _limit() -> int:
    if sys.platform == "win32":
        return _WANTED  # sockets are not counted there
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if 0 <= soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
