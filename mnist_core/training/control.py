"""What a training is told while it goes on: the one channel from people to the loop."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Control:
    """All that is asked of a run at one moment.

    Attributes:
        stop: End after the current step.
        pause: Wait, once `until_step` steps are done.
        until_step: How many steps may be done in all before a pause begins: the next one for a single step, the
            last one of an epoch for a single epoch. 0 pauses at once. Without `pause` it counts for nothing.
        steps_per_s: The highest speed, for watching; 0 sets no limit.
        learning_rate: In place of the recipe's; the schedule scales it as it does the recipe's.
        conv_dropout, dense_dropout: In place of the recipe's. None leaves the recipe's.
        suspend: Give the worker back before the next step, with all that it takes to go on later.
    """

    stop: bool = False
    pause: bool = False
    until_step: int = 0
    steps_per_s: float = 0.0
    learning_rate: float | None = None
    conv_dropout: float | None = None
    dense_dropout: float | None = None
    suspend: bool = False


ControlSource = Callable[[], Control]
"""Asked by the loop between two steps; it answers at once."""

NO_CONTROL = Control()


def no_control() -> Control:
    """The control that lets a run go on."""
    return NO_CONTROL


def stop_if(asked: Callable[[], bool]) -> ControlSource:
    """The control that stops a run as soon as `asked` returns true."""
    return lambda: Control(stop=asked())
