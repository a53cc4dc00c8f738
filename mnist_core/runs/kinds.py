"""The kinds of runs: one record says what a worker calls for each, and how it is kept."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunKind:
    """What is done in a run.

    Attributes:
        name: What the database calls it.
        function: What a worker calls, as `module:name`: `function(recipe, control, **arguments)`, which gives events.
        can_pause: Whether it heeds a pause and a speed limit, and gives its worker back when it is told to suspend: it
            ends with `Suspended` then, and goes on when it is called with that checkpoint as `start`. Whatever cannot
            do so is not paused, for a run that waits must not hold a worker.
        title: What the names of its runs begin with.
        most_kept: Of kinds that people do not see in lists, how many of the newest ended runs are kept.
    """

    name: str
    function: str
    can_pause: bool = False
    title: str = ""
    most_kept: int | None = None


TRAINING = RunKind("training", "mnist_core.training.loop:train", can_pause=True)
FINE_TUNING = RunKind("fine_tuning", "mnist_core.training.fine_tuning:fine_tune")
LR_FINDER = RunKind("lr_finder", "mnist_core.training.lr_finder:range_test", title="range test · ", most_kept=50)
CLAIM_TEST = RunKind("claim_test", "mnist_core.claims.run:run_claim", title="claim test · ", most_kept=50)

HIDDEN = (LR_FINDER, CLAIM_TEST)
"""The kinds whose runs people do not see in lists."""
