"""Steps on their way to the database: thinned out, and written many at a time."""

import threading
import time
from dataclasses import dataclass, field

from mnist_core.training.events import Step

_LONGEST_WAIT_S = 1.0
_MOST_WAITING = 100


@dataclass(slots=True)
class _Pending:
    since_s: float
    steps: list[Step] = field(default_factory=list)
    skipped: Step | None = None
    kept_at_s: float = float("-inf")


class PendingSteps:
    """The steps of all runs that have not been written yet. Safe to share between threads.

    Args:
        gap_s: Of a run's steps at most one in this time is kept, and the last one before a `take`.
    """

    def __init__(self, gap_s: float) -> None:
        self._gap_s = gap_s
        self._runs: dict[str, _Pending] = {}
        self._lock = threading.Lock()

    def add(self, run_id: str, step: Step) -> bool:
        """Keep or skip the step; whether the run's steps should be written now."""
        now_s = time.monotonic()
        with self._lock:
            pending = self._runs.setdefault(run_id, _Pending(since_s=now_s))
            if now_s - pending.kept_at_s < self._gap_s:
                pending.skipped = step
            else:
                pending.steps.append(step)
                pending.skipped = None
                pending.kept_at_s = now_s
            return _is_due(pending, now_s)

    def due(self) -> list[str]:
        """The runs whose steps have waited for long enough."""
        now_s = time.monotonic()
        with self._lock:
            return [run_id for run_id, pending in self._runs.items() if _is_due(pending, now_s)]

    def waiting(self) -> list[str]:
        """The runs that have steps to write."""
        with self._lock:
            return list(self._runs)

    def take(self, run_id: str) -> list[Step]:
        """The run's steps, which are now the caller's to write."""
        with self._lock:
            pending = self._runs.pop(run_id, None)
        if pending is None:
            return []
        return [*pending.steps, pending.skipped] if pending.skipped else pending.steps


def _is_due(pending: _Pending, now_s: float) -> bool:
    return len(pending.steps) >= _MOST_WAITING or now_s - pending.since_s >= _LONGEST_WAIT_S
