"""How long people wait: one kind of waiting, timed several times."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Wait:
    """One kind of waiting.

    Attributes:
        what: From what to what.
        count: How many were timed.
        p50_ms, p95_ms, slowest_ms: Wall time.
    """

    what: str
    count: int
    p50_ms: float
    p95_ms: float
    slowest_ms: float


def wait_of(what: str, times_ms: list[float]) -> Wait:
    """The wait whose wall times were these, in ms; at least one."""
    p50, p95 = np.percentile(times_ms, [50, 95]).tolist()
    return Wait(what, len(times_ms), p50, p95, max(times_ms))
