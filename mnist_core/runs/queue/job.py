"""What a worker is asked to do with a recipe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TRAINING = "mnist_core.training.loop:train"
TEACHING = "mnist_core.training.fine_tuning:fine_tune"
RANGE_TEST = "mnist_core.training.lr_finder:range_test"
CLAIM_TEST = "mnist_core.claims.quick_run:rerun"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One call, as it travels to a worker: `function(recipe, listen, **arguments)`, which gives events.

    Attributes:
        function: As `module:name`; it must be importable on the worker.
        arguments: What it gets beside the recipe and `listen`; may be large, and may be somebody's.
        can_pause: Whether it hears a pause and a speed limit, and gives its worker back when it is to: it ends with
            `Suspended` then, and goes on when it is called with `start` set to a checkpoint of that. Whatever cannot
            do so is not paused, for a run that waits must not hold a worker.
    """

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict, repr=False)
    can_pause: bool = False
