"""The pace of a run: what happens between two steps when it is stopped, paused or slowed down."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mnist_core.training.control import Control, ControlSource, no_control
from mnist_core.training.events import Event, Paused, Resumed, SettingChanged

_SLICE_S = 0.05  # how often a run that waits asks for its control
_WATCHABLE = 3.0  # steps a second that an eye can follow one by one

Change = Callable[[int, Control], Iterator[SettingChanged]]


class Stopwatch:
    """How long a run has worked: it stops while the run is paused, and goes on while it is slowed down.

    Args:
        worked_s: Seconds that the run has worked before.

    Attributes:
        started: When it would have begun to work had there been no pause; as `time.perf_counter` tells time.
    """

    def __init__(self, worked_s: float = 0.0) -> None:
        self.started = time.perf_counter() - worked_s

    @property
    def wall_s(self) -> float:
        """Seconds that the run has worked until now."""
        return time.perf_counter() - self.started

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """What happens in here takes no time."""
        began_s = time.perf_counter()
        try:
            yield
        finally:
            self.started += time.perf_counter() - began_s


class Pace:
    """Asks for the control between two steps, and waits as long as it says.

    Args:
        control: Where the control comes from.
        stopwatch: The run's; it does not count pauses.
        change: Changes settings as the control says, and announces it.
    """

    def __init__(
        self, control: ControlSource = no_control, stopwatch: Stopwatch | None = None, change: Change | None = None
    ):
        self._control_source = control
        self._stopwatch = stopwatch or Stopwatch()
        self._change = change
        self._control = Control()
        self._began_step_s = float("-inf")

    @property
    def is_stopped(self) -> bool:
        """Whether the run is to stop."""
        return self._control.stop

    @property
    def is_suspended(self) -> bool:
        """Whether the run is to end here for now, and to go on from here later."""
        return self._control.suspend and not self._control.stop

    def is_watched(self, step: int) -> bool:
        """Whether this very step is watched: the run pauses after it, or goes slowly enough to be followed."""
        control = self._control
        is_shown = control.pause and step >= control.until_step
        return is_shown or 0 < control.steps_per_s <= _WATCHABLE

    def before_next(self, step: int) -> Iterator[Event]:
        """Ask for the control when `step` steps are done, and let the next one begin when its time has come."""
        yield from self._update(step)
        while not self.is_stopped:
            if self._is_paused(step) or self.is_suspended:
                yield from self._pause(step)
            if self.is_suspended:
                return
            early_s = self._early_s()
            if early_s <= 0:
                break
            time.sleep(min(early_s, _SLICE_S))
            yield from self._update(step)
        self._began_step_s = time.perf_counter()

    def _pause(self, step: int) -> Iterator[Event]:
        yield Paused(step)
        with self._stopwatch.standing_still():
            while self._is_paused(step) and not self.is_suspended:
                time.sleep(_SLICE_S)
                yield from self._update(step)
        if not (self.is_stopped or self.is_suspended):
            yield Resumed(step)

    def _update(self, step: int) -> Iterator[Event]:
        self._control = self._control_source()
        if self._change is not None and not self._control.stop:
            yield from self._change(step, self._control)

    def _is_paused(self, step: int) -> bool:
        control = self._control
        return control.pause and step >= control.until_step and not control.stop

    def _early_s(self) -> float:
        """Seconds until the next step may begin at the highest speed that is wanted."""
        speed = self._control.steps_per_s
        return self._began_step_s + 1 / speed - time.perf_counter() if speed > 0 else 0.0
