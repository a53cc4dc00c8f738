"""What one process makes once and keeps for all sessions, where no visitor's message can make it forget.

Streamlit's own caches are for what may be made again; a second engine would be a second cluster of workers.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Generic, TypeVar, TypeVarTuple

Made = TypeVar("Made")
Arguments = TypeVarTuple("Arguments")


class _Entry(Generic[Made]):
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.made: list[Made] = []


def kept(max_entries: int = 1) -> Callable[[Callable[[*Arguments], Made]], Callable[[*Arguments], Made]]:
    """Keeps what a function made of its arguments, of the `max_entries` that were asked for last.

    Who asks for what is being made waits for it, and for nothing else. An error is not kept.
    """

    def decorate(make: Callable[[*Arguments], Made]) -> Callable[[*Arguments], Made]:
        entries: OrderedDict[tuple[*Arguments], _Entry[Made]] = OrderedDict()
        lock = threading.Lock()

        @wraps(make)
        def get(*args: *Arguments) -> Made:
            with lock:
                entry = entries.setdefault(args, _Entry())
                entries.move_to_end(args)
                if len(entries) > max_entries:
                    entries.popitem(last=False)
            with entry.lock:
                if not entry.made:
                    entry.made.append(make(*args))
                return entry.made[0]

        get.forget = entries.clear  # type: ignore[attr-defined]
        return get

    return decorate
