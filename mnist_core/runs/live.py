"""How a run stands right now, from memory: cheap enough to be asked several times a second by everybody."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mnist_core.errors import UserError
from mnist_core.runs.rows import divergence
from mnist_core.runs.run import ACTIVE, EpochRow, Run, State
from mnist_core.training.events import Diverged, Epoch, Event, Failed, Finished, Started, Step, Stopped

if TYPE_CHECKING:
    from mnist_core.training.fine_tune import Lesson


@dataclass(frozen=True, slots=True)
class Live:
    """A run at one moment.

    Attributes:
        state: As `Run.state`.
        position: 0: a worker has it or is on its way to it; 1: next in line, 2, ...; None: it has ended, or
            another process trains it.
        step: The newest step; None before the first one, and of runs that another process trains.
        steps_done: How many steps are done.
        steps: How many steps the whole run takes; None before it starts.
        epoch: The newest finished epoch; None before the first one.
        elapsed_s: Seconds since a worker took it up, until now or its end; None before.
        remaining_s: Seconds it will probably still take; None when that cannot be said.
        test_accuracy: Of a finished run.
        error: Why it failed, diverged or was interrupted.
    """

    run_id: str
    state: State
    position: int | None = None
    step: Step | None = None
    steps_done: int = 0
    steps: int | None = None
    epoch: EpochRow | None = None
    elapsed_s: float | None = None
    remaining_s: float | None = None
    test_accuracy: float | None = None
    error: UserError | None = None

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE


@dataclass(slots=True)
class Progress:
    """What the engine has heard of a run so far. Times are `time.monotonic()`."""

    run_id: str
    recipe_json: str = field(repr=False)
    lesson: "Lesson | None" = field(default=None, repr=False)
    state: State = "queued"
    step: Step | None = None
    steps: int | None = None
    epoch: EpochRow | None = None
    test_accuracy: float | None = None
    error: UserError | None = None
    began_s: float | None = None
    first_step_s: float | None = None
    newest_step_s: float = 0.0
    ended_s: float | None = None
    lost_s: float | None = None
    attempts: int = 0
    memory_share: float = 0.0

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE

    def begin(self) -> None:
        """A worker has taken the run up."""
        self.state, self.began_s = "running", time.monotonic()

    def hear(self, event: Event) -> None:
        """Take in what the run announced."""
        match event:
            case Started():
                self.steps, self.first_step_s = event.steps, time.monotonic()
            case Step():
                self.step, self.newest_step_s = event, time.monotonic()
            case Epoch():
                self.epoch = EpochRow(
                    event.epoch,
                    event.training_loss,
                    event.training_accuracy,
                    event.validation_loss,
                    event.validation_accuracy,
                    event.wall_s,
                )
            case Finished():
                self.test_accuracy = event.test_accuracy
                self.end("finished")
            case Stopped():
                self.end("stopped")
            case Diverged():
                self.end("diverged", divergence(event.step))
            case Failed():
                self.end("failed", UserError(event.code, event.message, event.fix))

    def end(self, state: State, error: UserError | None = None) -> None:
        """It is over; somebody's digits are not kept here for longer than they are needed."""
        self.lesson = None
        self.state, self.error, self.ended_s = state, error, time.monotonic()

    def live(self, position: int | None) -> Live:
        """How the run stands at this moment."""
        now_s = self.ended_s or time.monotonic()
        return Live(
            run_id=self.run_id,
            state=self.state,
            position=position,
            step=self.step,
            steps_done=self.step.step if self.step else 0,
            steps=self.steps,
            epoch=self.epoch,
            elapsed_s=None if self.began_s is None else now_s - self.began_s,
            remaining_s=self._remaining_s(now_s),
            test_accuracy=self.test_accuracy,
            error=self.error,
        )

    def _remaining_s(self, now_s: float) -> float | None:
        """The steps to come, at the pace of those so far, validations included."""
        if self.ended_s or self.first_step_s is None or self.step is None or self.steps is None:
            return None
        pace_s = (self.newest_step_s - self.first_step_s) / self.step.step
        return max(0.0, pace_s * (self.steps - self.step.step) - (now_s - self.newest_step_s))


def live_of(run: Run) -> Live:
    """How a run stands that the engine knows nothing newer of than the store."""
    elapsed_s = run.wall_s
    if run.is_active and run.started_at:
        elapsed_s = (datetime.now(UTC) - run.started_at).total_seconds()
    return Live(
        run_id=run.id,
        state=run.state,
        steps_done=run.steps_done,
        steps=run.steps,
        elapsed_s=elapsed_s,
        test_accuracy=run.test_accuracy,
        error=run.error,
    )
