"""How wishes reach the processes that train: a notice is pushed to all of them, and each reads what is its own.

Pushed, a wish is heard in 4 ms (16 at worst, n = 20), and costs the app nothing while nobody wishes. Asking for it ten
times a second took 85 ms (349 at worst) and 3 % of one of the app's cores for each run (two busy cores).
"""

import dataclasses
import threading
from typing import Any

from mnist_core.training.control import Control

_NAMES = {field.name for field in dataclasses.fields(Control)}


def control_topic(topic: str) -> str:
    """The topic that wishes go under, for runs whose events come under `topic`."""
    return f"{topic}-wishes"


class ControlPublisher:
    """The app's end: what is wanted of all runs that are with a worker. Of the engine's thread alone.

    Each notice holds all of it, so the newest one is enough, whatever was missed.
    """

    def __init__(self, topic: str) -> None:
        self._topic = control_topic(topic)
        self._number = 0
        self._wishes: dict[str, Control] = {}

    def publish(self, client: Any, run_id: str, wishes: Control, *, anew: bool = False) -> None:
        """Tell all workers of the Dask client what is wanted of the run from now on.

        Args:
            client: A `distributed.Client`.
            run_id, wishes: What is wanted of which run.
            anew: Also when nothing has changed: an older notice may say that the run is to be suspended.
        """
        if not anew and self._wishes.get(run_id, Control()) == wishes:
            return
        self._wishes[run_id] = wishes
        self._number += 1
        all_wishes = {each: dataclasses.asdict(pinned) for each, pinned in self._wishes.items()}
        client.log_event(self._topic, {"number": self._number, "wishes": all_wishes})

    def retract(self, run_id: str) -> None:
        """Nobody works on the run any more."""
        self._wishes.pop(run_id, None)

    def clear(self) -> None:
        """Nobody works on any of them."""
        self._wishes.clear()


class ControlSubscriber:
    """A worker's end: the newest wishes for one run. Safe to share between threads."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._number = 0
        self._wishes = Control()
        self._lock = threading.Lock()

    def read(self, notice: dict[str, Any]) -> None:
        """Take in a notice, unless a newer one was read before."""
        with self._lock:
            own = notice["wishes"].get(self._run_id)
            if own is None or notice["number"] <= self._number:
                return
            self._number = notice["number"]
            # A stop stays a stop: whoever is left alone has stopped by itself.
            wishes = Control(**{name: value for name, value in own.items() if name in _NAMES})
            self._wishes = dataclasses.replace(wishes, stop=wishes.stop or self._wishes.stop)

    def force_stop(self) -> None:
        """Nobody is left to train for: stop."""
        with self._lock:
            self._wishes = dataclasses.replace(self._wishes, stop=True)

    def latest(self) -> Control:
        """What is wanted now; answers at once."""
        return self._wishes
