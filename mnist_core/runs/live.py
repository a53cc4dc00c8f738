"""How a run stands right now, from memory: cheap enough to be asked several times a second by everybody."""

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from mnist_core.errors import UserError
from mnist_core.runs.assignment import Assignment
from mnist_core.runs.pace import Pace
from mnist_core.runs.rows import divergence
from mnist_core.runs.run import ACTIVE, EpochRow, Run, State
from mnist_core.training.events import (
    ClaimTested,
    Diverged,
    Epoch,
    Event,
    Failed,
    Finished,
    Fitted,
    Paused,
    RangeTested,
    Resumed,
    Started,
    Step,
    Stopped,
    Tried,
)
from mnist_core.training.wishes import Wishes


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
        remaining_s: Seconds it will probably still take once it goes on; None when that cannot be said.
        test_accuracy: Of a finished run.
        error: Why it failed, diverged or was interrupted.
        is_paused: Whether it waits between two steps because somebody wished it to; its state stays `running`.
        wishes: The newest wishes, heard or still on their way; of runs that another process trains, none.
        fitted: How far a support vector machine is; None before its first border, and of networks.
        range: What a learning-rate range test has found; None until it has, and of all other runs.
        trials: Of a claim's test, the trials that are done; they are its steps.
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
    is_paused: bool = False
    wishes: Wishes = field(default_factory=Wishes)
    fitted: Fitted | None = None
    range: RangeTested | None = None
    trials: tuple[Tried, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE


@dataclass(slots=True)
class Progress:
    """What the engine has heard of a run so far. Times are `time.monotonic()`.

    Attributes:
        steps_done: From the start on those of the run that it goes on from.
        wishes: What people want of it; only `want` may change it.
    """

    run_id: str
    recipe_json: str = field(repr=False)
    assignment: Assignment | None = None
    state: State = "queued"
    step: Step | None = None
    steps_done: int = 0
    steps: int | None = None
    epoch: EpochRow | None = None
    test_accuracy: float | None = None
    error: UserError | None = None
    is_paused: bool = False
    wishes: Wishes = field(default_factory=Wishes)
    fitted: Fitted | None = None
    range: RangeTested | None = None
    trials: tuple[Tried, ...] = ()
    pace: Pace = field(default_factory=Pace)
    began_s: float | None = None
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

    def want(self, wishes: Wishes) -> None:
        """Somebody wishes that of it; a stop is not taken back."""
        self.wishes = replace(wishes, stop=wishes.stop or self.wishes.stop)
        self.pace.limit(wishes.steps_per_s)

    def hear(self, event: Event) -> None:
        """Take in what the run announced."""
        match event:
            case Started():
                self.steps = event.steps
                self.pace.go_on(self.steps_done, time.monotonic())
            case Step():
                self.step, self.steps_done = event, event.step
                self.pace.hear_step(event.step, time.monotonic())
            case Tried():
                self.trials, self.steps_done = (*self.trials, event), event.step
                self.pace.hear_step(event.step, time.monotonic())
            case Fitted():
                self.fitted = event
                self.pace.hear_step(event.done, time.monotonic())
            case Paused():
                self.is_paused = True
                self.pace.pause()
            case Resumed():
                self.is_paused = False
                self.pace.go_on(self.pace.step, time.monotonic())
            case Epoch():
                self.epoch = EpochRow.of(event)
            case _:
                self._hear_the_end(event)

    def _hear_the_end(self, event: Event) -> None:
        match event:
            case Finished():
                self.test_accuracy = event.test_accuracy
                self.end("finished")
            case RangeTested():
                self.range = event
                self.end("finished")
            case ClaimTested():
                self.end("finished")
            case Stopped():
                self.end("stopped")
            case Diverged():
                self.end("diverged", divergence(event.step))
            case Failed():
                self.end("failed", UserError(event.code, event.message, event.fix))

    def end(self, state: State, error: UserError | None = None) -> None:
        """It is over; what it was given, somebody's digits perhaps, is not kept here for longer than it is needed."""
        self.assignment, self.is_paused = None, False
        self.state, self.error, self.ended_s = state, error, time.monotonic()

    def live(self, position: int | None) -> Live:
        """How the run stands at this moment."""
        now_s = self.ended_s or time.monotonic()
        return Live(
            run_id=self.run_id,
            state=self.state,
            position=position,
            step=self.step,
            steps_done=self.steps_done,
            steps=self.steps,
            epoch=self.epoch,
            elapsed_s=None if self.began_s is None else now_s - self.began_s,
            remaining_s=self._remaining_s(now_s),
            test_accuracy=self.test_accuracy,
            error=self.error,
            is_paused=self.is_paused,
            wishes=self.wishes,
            fitted=self.fitted,
            range=self.range,
            trials=self.trials,
        )

    def _remaining_s(self, now_s: float) -> float | None:
        """The steps to come, or the borders that a support vector machine has still to find."""
        steps = self.fitted.of if self.fitted else self.steps
        if self.ended_s or not steps:
            return None
        return self.pace.remaining_s(steps, now_s)


def live_of(run: Run, found: RangeTested | None = None, trials: tuple[Tried, ...] = ()) -> Live:
    """How a run stands that the engine knows nothing newer of than the store.

    Args:
        run: As the store has it.
        found: What a range test has found.
        trials: What a claim's test has tried.
    """
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
        range=found,
        trials=trials,
    )
