"""How a run stands right now, from memory: cheap enough to be asked several times a second by everybody."""

import heapq
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from mnist_core.errors import UserError
from mnist_core.runs.kinds import TRAINING, RunKind
from mnist_core.runs.queue.eta import Eta
from mnist_core.runs.run import ACTIVE, Run, State, end_of
from mnist_core.training.control import Control
from mnist_core.training.events import (
    LAST_EVENTS,
    Epoch,
    Event,
    PairFitted,
    Paused,
    RangeTested,
    Resumed,
    Started,
    Step,
    Suspended,
    TrialDone,
)

PAUSE_HOLDS_S = 15.0
"""How long a paused run keeps its worker when nobody else wants it: whoever takes single steps waits for none of them.

A step takes 0.07 s from press to page on a worker that was kept, and 0.35 s on one that has to be got again.
"""

SLOW_TURN_S = 20.0
"""How long a run that is slowed down for watching keeps its worker when others wait; then it waits for its next turn.
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a run in the queue waits for.

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
        position: 0: a worker has it or is on its way to it; 1: next in the queue, 2, ...; None: it has ended, is
            paused and needs no worker, or another process trains it.
        waiting: What it waits for, while it has a position above 0.
        step: The newest step; None before the first one, and of runs that another process trains.
        steps_done: How many steps are done, from the start on those of the run that it continues.
        steps: How many steps the whole run takes; None before it starts.
        epoch: The newest finished epoch, without its weights; None before the first one.
        elapsed_s: Seconds since a worker took it up, until now or its end; None before.
        remaining_s: Seconds it will probably still take once it goes on; None when that cannot be said.
        test_accuracy: Of a finished run.
        error: Why it failed, diverged or was interrupted.
        can_pause: Whether it can be paused and slowed down.
        control: What is wanted of it, heard or still on its way; of runs that another process trains, nothing.
        fitted: How far a support vector machine is; None before its first border, and of networks.
        range: What a learning-rate range test has found; None until it has, and of all other runs.
        trials: Of a claim's test, the trials that are done; they are its steps.
    """

    run_id: str
    state: State
    position: int | None = None
    waiting: Waiting | None = None
    step: Step | None = None
    steps_done: int = 0
    steps: int | None = None
    epoch: Epoch | None = None
    elapsed_s: float | None = None
    remaining_s: float | None = None
    test_accuracy: float | None = None
    error: UserError | None = None
    can_pause: bool = True
    control: Control = field(default_factory=Control)
    fitted: PairFitted | None = None
    range: RangeTested | None = None
    trials: tuple[TrialDone, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether it has not ended."""
        return self.state in ACTIVE

    @property
    def is_paused(self) -> bool:
        """Whether it waits because somebody wants it to."""
        return self.state == "paused"

    def after(self, event: Event) -> "Live":
        """The run after it has announced that."""
        if isinstance(event, LAST_EVENTS):
            state, error = end_of(event)
            found = event if isinstance(event, RangeTested) else None
            accuracy = getattr(event, "test_accuracy", None)
            return replace(self, state=state, error=error, range=found, test_accuracy=accuracy)
        changes = _CHANGES.get(type(event))
        return replace(self, **changes(self, event)) if changes else self


_CHANGES: Mapping[type, Callable[[Live, Any], dict[str, Any]]] = {
    Started: lambda _, event: {"steps": event.steps},
    Step: lambda _, event: {"step": event, "steps_done": event.step},
    TrialDone: lambda live, event: {"trials": (*live.trials, event), "steps_done": event.step},
    PairFitted: lambda _, event: {"fitted": event},
    Epoch: lambda _, event: {"epoch": replace(event, weights=b"", resume=b"")},
    Paused: lambda _, __: {"state": "paused"},
    Resumed: lambda _, __: {"state": "running"},
}


@dataclass(slots=True)
class QueuedRun:
    """A run as the engine leads it from the queue to its end. Times are `time.monotonic()`.

    Attributes:
        live: How it stands, but for what depends on the moment and `control`, which other threads set.
        recipe_json, kind, arguments: What a worker is given; the arguments may be large, and may be somebody's.
        control: What is wanted of it; only `set_control` changes it.
        has_begun: Whether the worker that has it has taken it up.
        is_suspended: Whether it has given a worker back, and no other has taken it up since.
        attempts: How many workers in a row it was given to and none has taken it up.
        worked_s: Seconds that it had worked when it was suspended.
        turn_s, paused_s: When its worker took it up, and when it was last paused.
        lost_s: When its worker was missed first.
        memory_share: How much of its memory its worker used last, 0 to 1.
    """

    live: Live
    recipe_json: str = field(repr=False)
    kind: RunKind = TRAINING
    arguments: Mapping[str, Any] = field(default_factory=dict, repr=False)
    control: Control = field(default_factory=Control)
    eta: Eta = field(default_factory=Eta)
    has_begun: bool = False
    is_suspended: bool = False
    attempts: int = 0
    worked_s: float = 0.0
    began_s: float | None = None
    turn_s: float = 0.0
    paused_s: float = 0.0
    ended_s: float | None = None
    lost_s: float | None = None
    memory_share: float = 0.0

    @property
    def needs_worker(self) -> bool:
        """Whether there is anything to do for a worker: it is not paused, or asked for a step more."""
        done = self.live.fitted.done if self.live.fitted else self.live.steps_done
        return not self.control.pause or self.control.until_step > done

    def begin(self) -> None:
        """A worker has taken the run up."""
        self.turn_s = time.monotonic()
        self.began_s = self.began_s or self.turn_s
        self.has_begun, self.is_suspended, self.attempts = True, False, 0
        self.live = replace(self.live, state="running")

    def set_control(self, control: Control) -> None:
        """Somebody wants that of it; a stop is not taken back, and what cannot be paused goes on."""
        if not self.kind.can_pause:
            control = replace(control, pause=False, until_step=0, steps_per_s=0.0)
        self.control = replace(control, stop=control.stop or self.control.stop)
        self.eta.limit(control.steps_per_s)

    def update(self, event: Event) -> None:
        """Take in what the run announced."""
        now_s = time.monotonic()
        match event:
            case Started():
                self.eta.go_on(self.live.steps_done, now_s)
            case Step() | TrialDone():
                self.eta.update(event.step, now_s)
            case PairFitted():
                self.eta.update(event.done, now_s)
            case Paused():
                self.paused_s = now_s
                self.eta.pause()
            case Resumed():
                self.eta.go_on(self.eta.step, now_s)
            case Suspended():
                self.is_suspended, self.worked_s = True, event.wall_s
        self.live = self.live.after(event)
        self._forget_when_over()

    def interrupt(self, error: UserError) -> None:
        """The app closes before its end."""
        self.live = replace(self.live, state="interrupted", error=error)
        self._forget_when_over()

    def _forget_when_over(self) -> None:
        """What it was given, somebody's digits perhaps, is not kept for longer than it is needed."""
        if not self.live.is_active:
            self.arguments, self.ended_s = {}, time.monotonic()

    def holds_worker_s(self, *, has_others: bool) -> float | None:
        """Seconds from now on that the run may keep its worker although it does not work, or works slowly.

        Args:
            has_others: Whether others wait for a worker.

        Returns:
            None as long as it works as fast as it can, or nobody minds.
        """
        if self.live.is_paused and not self.needs_worker:
            until_s = self.paused_s + (0.0 if has_others else PAUSE_HOLDS_S)
        elif self.has_begun and self.control.steps_per_s and has_others:
            until_s = self.turn_s + SLOW_TURN_S
        else:
            return None
        return max(0.0, until_s - time.monotonic())

    def frees_s(self) -> float | None:
        """Seconds until its worker is free for a run that waits; None when that cannot be said."""
        if not self.live.is_active:
            return 0.0
        times_s = [self.remaining_s(), self.holds_worker_s(has_others=True)]
        return min((time_s for time_s in times_s if time_s is not None), default=None)

    def remaining_s(self) -> float | None:
        """Seconds for the steps to come, or for the borders that a support vector machine has still to find."""
        steps = self.live.fitted.of if self.live.fitted else self.live.steps
        if self.ended_s or not steps:
            return None
        return self.eta.remaining_s(steps, time.monotonic())

    def now(self, position: int | None, waiting: Waiting | None = None) -> Live:
        """How the run stands at this moment."""
        elapsed_s = None if self.began_s is None else (self.ended_s or time.monotonic()) - self.began_s
        return replace(
            self.live,
            position=position,
            waiting=waiting,
            elapsed_s=elapsed_s,
            remaining_s=self.remaining_s(),
            control=self.control,
        )


def new_run(run: Run, kind: RunKind, arguments: Mapping[str, Any]) -> QueuedRun:
    """A run that is put into the queue, with what a worker is to be given."""
    live = Live(run.id, run.state, steps_done=run.steps_done, can_pause=kind.can_pause)
    return QueuedRun(live, run.recipe_json, kind, arguments)


def waiting_of(with_worker: Sequence[QueuedRun], before: Sequence[QueuedRun], workers: int) -> Waiting:
    """What a run waits for.

    Args:
        with_worker: The runs that have a worker.
        before: Those that stand in the queue before it, in order.
        workers: How many runs can train side by side.
    """

    def or_never(seconds: float | None) -> float:
        return math.inf if seconds is None else seconds

    free_workers = max(0, workers - len(with_worker))
    frees_s = [0.0] * free_workers + [or_never(run.frees_s()) for run in with_worker]
    heapq.heapify(frees_s)
    for run in before:
        heapq.heappush(frees_s, heapq.heappop(frees_s) + or_never(run.remaining_s()))
    seconds = frees_s[0] if math.isfinite(frees_s[0]) else None
    return Waiting(max(0, len(before) + 1 - free_workers), seconds)


def live_of(run: Run, trials: tuple[TrialDone, ...] = ()) -> Live:
    """How a run stands that the engine knows nothing newer of than the store.

    Args:
        run: As the store has it.
        trials: Those of a claim's test that are done.
    """
    elapsed_s = run.wall_s
    if run.is_active and run.started_at:
        # By the wall clock, which another process wrote: it may have been set back since.
        elapsed_s = max(0.0, (datetime.now(UTC) - run.started_at).total_seconds())
    return Live(
        run_id=run.id,
        state=run.state,
        steps_done=run.steps_done,
        steps=run.steps,
        elapsed_s=elapsed_s,
        test_accuracy=run.test_accuracy,
        error=run.error,
        range=run.lr_range,
        trials=trials,
    )
