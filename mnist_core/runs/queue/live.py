"""How a run stands right now, from memory: cheap enough to be asked several times a second by everybody."""

import heapq
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from mnist_core.errors import UserError
from mnist_core.runs.queue.eta import Pace
from mnist_core.runs.queue.job import Assignment
from mnist_core.runs.run import ACTIVE, EpochRow, Run, State
from mnist_core.runs.store.row_mapping import divergence
from mnist_core.training.control import Control
from mnist_core.training.events import (
    ClaimTested,
    Diverged,
    Epoch,
    Event,
    Failed,
    Finished,
    PairFitted,
    Paused,
    RangeTested,
    Resumed,
    Started,
    Step,
    Stopped,
    Suspended,
    TrialDone,
)

PAUSE_HOLDS_S = 15.0
"""How long a paused run keeps its worker when nobody else wants it: whoever takes single steps waits for none of them.

Getting a worker again took a small network 0.5 s and its first step.
"""

SLOW_TURN_S = 20.0
"""How long a run that is slowed down for watching keeps its worker when others wait; then it waits for its next turn.
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a run in line waits for.

    Attributes:
        runs: How many others have to end, pause or take turns before it begins; 0 when only the worker has to start.
        seconds: How long that will probably take; None when it cannot be said.
        is_own: Whether it is another run of the same session, which trains one at a time.
    """

    runs: int = 0
    seconds: float | None = None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Live:
    """A run at one moment.

    Attributes:
        state: As `Run.state`.
        position: 0: a worker has it or is on its way to it; 1: next in line, 2, ...; None: it has ended, is paused
            and needs no worker, or another process trains it.
        waiting: What it waits for, while it has a position above 0.
        step: The newest step; None before the first one, and of runs that another process trains.
        steps_done: How many steps are done.
        steps: How many steps the whole run takes; None before it starts.
        epoch: The newest finished epoch; None before the first one.
        elapsed_s: Seconds since a worker took it up, until now or its end; None before.
        remaining_s: Seconds it will probably still take once it goes on; None when that cannot be said.
        test_accuracy: Of a finished run.
        error: Why it failed, diverged or was interrupted.
        can_pause: Whether it can be paused and slowed down.
        wishes: The newest wishes, heard or still on their way; of runs that another process trains, none.
        fitted: How far a support vector machine is; None before its first border, and of networks.
        range: What a learning-rate range test has found; None until it has, and of all other runs.
        trials: Of a claim's test, the trials that are done; they are its steps.
    """

    run_id: str
    state: State
    position: int | None = None
    waiting: "Waiting | None" = None
    step: Step | None = None
    steps_done: int = 0
    steps: int | None = None
    epoch: EpochRow | None = None
    elapsed_s: float | None = None
    remaining_s: float | None = None
    test_accuracy: float | None = None
    error: UserError | None = None
    can_pause: bool = True
    wishes: Control = field(default_factory=Control)
    fitted: PairFitted | None = None
    range: RangeTested | None = None
    trials: tuple[TrialDone, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether it has not ended."""
        return self.state in ACTIVE

    @property
    def is_paused(self) -> bool:
        """Whether it waits because somebody wished it to."""
        return self.state == "paused"


@dataclass(slots=True)
class Progress:
    """What the engine has heard of a run so far. Times are `time.monotonic()`.

    Attributes:
        steps_done: From the start on those of the run that it goes on from.
        wishes: What people want of it; only `want` may change it.
        has_begun: Whether the worker that has it has taken it up.
        is_suspended: Whether it has given a worker back, and not got another one since.
        attempts: How many workers in a row it was given to and none has taken it up.
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
    can_pause: bool = True
    has_begun: bool = False
    is_suspended: bool = False
    wishes: Control = field(default_factory=Control)
    fitted: PairFitted | None = None
    range: RangeTested | None = None
    trials: tuple[TrialDone, ...] = ()
    pace: Pace = field(default_factory=Pace)
    worked_s: float = 0.0
    began_s: float | None = None
    turn_s: float = 0.0
    paused_s: float = 0.0
    ended_s: float | None = None
    lost_s: float | None = None
    attempts: int = 0
    memory_share: float = 0.0

    @property
    def is_active(self) -> bool:
        """Whether it has not ended."""
        return self.state in ACTIVE

    @property
    def needs_worker(self) -> bool:
        """Whether there is anything to do for a worker: it is not paused, or asked for a step more."""
        done = self.fitted.done if self.fitted else self.steps_done
        return not self.wishes.pause or self.wishes.until_step > done

    def begin(self) -> None:
        """A worker has taken the run up."""
        self.turn_s = time.monotonic()
        self.began_s = self.began_s or self.turn_s
        self.state, self.has_begun, self.is_suspended, self.attempts = "running", True, False, 0

    def want(self, wishes: Control) -> None:
        """Somebody wishes that of it; a stop is not taken back, and what cannot be paused goes on."""
        if not self.can_pause:
            wishes = replace(wishes, pause=False, until_step=0, steps_per_s=0.0)
        self.wishes = replace(wishes, stop=wishes.stop or self.wishes.stop)
        self.pace.limit(wishes.steps_per_s)

    def holds_worker_s(self, *, has_others: bool) -> float | None:
        """Seconds from now on that the run may keep its worker although it does not work, or works slowly.

        Args:
            has_others: Whether others wait for a worker.

        Returns:
            None as long as it works as fast as it can, or nobody minds.
        """
        if self.state == "paused" and not self.needs_worker:
            until_s = self.paused_s + (0.0 if has_others else PAUSE_HOLDS_S)
        elif self.has_begun and self.wishes.steps_per_s and has_others:
            until_s = self.turn_s + SLOW_TURN_S
        else:
            return None
        return max(0.0, until_s - time.monotonic())

    def hear(self, event: Event) -> None:
        """Take in what the run announced."""
        match event:
            case Started():
                self.steps = event.steps
                self.pace.go_on(self.steps_done, time.monotonic())
            case Step():
                self.step, self.steps_done = event, event.step
                self.pace.hear_step(event.step, time.monotonic())
            case TrialDone():
                self.trials, self.steps_done = (*self.trials, event), event.step
                self.pace.hear_step(event.step, time.monotonic())
            case PairFitted():
                self.fitted = event
                self.pace.hear_step(event.done, time.monotonic())
            case Paused() | Resumed() | Suspended():
                self._hear_a_pause(event)
            case Epoch():
                self.epoch = EpochRow.of(event)
            case _:
                self._hear_the_end(event)

    def _hear_a_pause(self, event: Paused | Resumed | Suspended) -> None:
        match event:
            case Paused():
                self.state, self.paused_s = "paused", time.monotonic()
                self.pace.pause()
            case Resumed():
                self.state = "running"
                self.pace.go_on(self.pace.step, time.monotonic())
            case Suspended():
                self.is_suspended, self.worked_s = True, event.wall_s

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
        self.assignment = None
        self.state, self.error, self.ended_s = state, error, time.monotonic()

    def live(self, position: int | None, waiting: Waiting | None = None) -> Live:
        """How the run stands at this moment."""
        now_s = self.ended_s or time.monotonic()
        return Live(
            run_id=self.run_id,
            state=self.state,
            position=position,
            waiting=waiting,
            step=self.step,
            steps_done=self.steps_done,
            steps=self.steps,
            epoch=self.epoch,
            elapsed_s=None if self.began_s is None else now_s - self.began_s,
            remaining_s=self.remaining_s(now_s),
            test_accuracy=self.test_accuracy,
            error=self.error,
            can_pause=self.can_pause,
            wishes=self.wishes,
            fitted=self.fitted,
            range=self.range,
            trials=self.trials,
        )

    def frees_s(self) -> float | None:
        """Seconds until its worker is free for a run that waits; None when that cannot be said."""
        if not self.is_active:
            return 0.0
        times_s = [self.remaining_s(time.monotonic()), self.holds_worker_s(has_others=True)]
        return min((time_s for time_s in times_s if time_s is not None), default=None)

    def remaining_s(self, now_s: float) -> float | None:
        """Seconds for the steps to come, or for the borders that a support vector machine has still to find."""
        steps = self.fitted.of if self.fitted else self.steps
        if self.ended_s or not steps:
            return None
        return self.pace.remaining_s(steps, now_s)


def waiting_of(with_worker: Sequence[Progress], before: Sequence[Progress], workers: int) -> Waiting:
    """What a run waits for.

    Args:
        with_worker: The runs that have a worker.
        before: Those that stand in line before it, in order.
        workers: How many runs can train side by side.
    """
    free_workers = max(0, workers - len(with_worker))
    now_s = time.monotonic()
    frees_s = [0.0] * free_workers + [_or_never(progress.frees_s()) for progress in with_worker]
    heapq.heapify(frees_s)
    for progress in before:
        heapq.heappush(frees_s, heapq.heappop(frees_s) + _or_never(progress.remaining_s(now_s)))
    seconds = frees_s[0] if math.isfinite(frees_s[0]) else None
    return Waiting(max(0, len(before) + 1 - free_workers), seconds)


def _or_never(seconds: float | None) -> float:
    return math.inf if seconds is None else seconds


def live_of(run: Run, found: RangeTested | None = None, trials: tuple[TrialDone, ...] = ()) -> Live:
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
