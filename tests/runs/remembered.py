"""How much Dask keeps in a process, for tests of whether it forgets. Workers are sent there by name."""

import gc
from collections import Counter
from collections.abc import Iterator, Sized
from typing import Any

_ROOMS = ("dask", "distributed")


def count() -> dict[str, int]:
    """How many things of each of Dask's types there are, and how much the fullest of each kind holds in each part."""
    gc.collect()
    found: Counter[str] = Counter()
    for thing in gc.get_objects():
        kind = type(thing)
        if str(kind.__module__).partition(".")[0] not in _ROOMS:
            continue
        found[kind.__qualname__] += 1
        for name, part in _parts(thing):
            if isinstance(part, Sized) and not isinstance(part, str | bytes | type):
                where = f"{kind.__qualname__}.{name}"
                found[where] = max(found[where], _size(part))
    return dict(found)


def _parts(thing: object) -> Iterator[tuple[str, Any]]:
    yield from list(getattr(thing, "__dict__", {}).items())
    for name in getattr(type(thing), "__slots__", ()):
        yield name, getattr(thing, name, None)


def _size(part: Sized) -> int:
    try:
        return len(part)
    except Exception:  # what stands for something in another process may have none
        return 0
