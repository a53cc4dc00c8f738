"""The engine: takes recipes, has them trained in worker processes, keeps what they announce.

Pages call `submit`, `wish`, `stop`, `position` and `live`; none of them waits for a worker. One thread, started with
the first run, does everything else: it brings the cluster up, hands out runs, and writes what the workers tell. Other
threads only put work into its mailbox, so nothing here happens twice or out of order.
"""

import atexit
import logging
import os
import queue
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any, Literal, Self

import dask
import numpy as np
import numpy.typing as npt
from distributed import Future
from distributed.scheduler import KilledWorker

from mnist_core.claims.claim import Claim
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.queue import cluster
from mnist_core.runs.queue.control_channel import ControlPublisher
from mnist_core.runs.queue.job import CLAIM_TEST, RANGE_TEST, TEACHING, TRAINING
from mnist_core.runs.queue.live import Live, Progress, Waiting, live_of, waiting_of
from mnist_core.runs.queue.waiting_line import Queue
from mnist_core.runs.queue.worker import perform
from mnist_core.runs.run import Run
from mnist_core.runs.store.collection_store import FineTuneJob
from mnist_core.runs.store.new_runs import NewRun, NewRuns, as_pixels
from mnist_core.runs.store.store import INTERRUPTED, Store
from mnist_core.training.control import Control, no_control
from mnist_core.training.events import Event, Failed, Stopped, from_message

SCHEDULER_VARIABLE = "DIGIT_CLINIC_SCHEDULER"

_TICK_S = 0.25
_FAST_POLL_S = 0.02
_MAX_ENDED = 200  # ended runs whose last word stays in memory
_OOM_NOTICE_S = 0.3  # how long the nanny's word that memory ran out may take
_FULL_MEMORY = 0.85
_LARGEST = "1 GiB"  # an assignment may hold a model and the state of its optimizer
_MOST_ATTEMPTS = 3
_CLOSE_S = 20

_log = logging.getLogger(__name__)

_LOST = Failed(
    "worker_lost",
    "The process that trained this run ended unexpectedly.",
    "Start it again; its finished epochs are kept.",
)
_OUT_OF_MEMORY = Failed(
    "out_of_memory",
    "Training took more memory than a worker may use.",
    "Choose a smaller batch size or a smaller model.",
)
_WITHOUT_END = Failed(
    "training_error",
    "The training ended without a result.",
    "Start it again; if that does not help, look into the server's log.",
)
_OF_ANOTHER_VERSION = Failed(
    "training_error",
    "The worker runs another version of Digit Clinic than this app.",
    "Install the same version of Digit Clinic on the workers.",
)
_UNAVAILABLE = Failed(
    "engine_unavailable",
    "No worker can be reached for training.",
    f"Check the cluster that {SCHEDULER_VARIABLE} names, or the server's log, then start the run again.",
)


class Engine:
    """Trains runs in worker processes, a few at a time, the others in line.

    Args:
        store: Where runs are kept; only this process writes what its own runs announce.
        scheduler_url: A Dask cluster to use (`tcp://...` or `tls://...`); None takes `DIGIT_CLINIC_SCHEDULER`, else
            worker processes of this machine.
        workers: How many of those; None leaves one core to the app.
        worker_memory_bytes: What each of those may use before its run is ended; None shares the machine's memory out.
        training, teaching, range_test, claim_test: What workers call, as `module:name` (see `assignment`).
    """

    def __init__(
        self,
        store: Store,
        scheduler_url: str | None = None,
        workers: int | None = None,
        worker_memory_bytes: int | None = None,
        training: str = TRAINING,
        teaching: str = TEACHING,
        range_test: str = RANGE_TEST,
        claim_test: str = CLAIM_TEST,
    ) -> None:
        url = scheduler_url or os.environ.get(SCHEDULER_VARIABLE)
        self._store = store
        self._new_runs = NewRuns(store, training, teaching, range_test, claim_test)
        plan = cluster.plan_workers(workers, worker_memory_bytes)
        self._connect = cluster.connector(url, plan)
        self._topic = f"digit-clinic-{secrets.token_hex(8)}"
        self._mailbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._submitting = threading.Lock()  # held while a run is written; the other one never waits for a disk
        self._lock = threading.Lock()  # guards what follows
        self._line = Queue(1 if url else plan.count)
        self._progress: OrderedDict[str, Progress] = OrderedDict()
        self._thread: threading.Thread | None = None
        self._is_closing = False
        self._untold: set[str] = set()  # runs whose newest wishes are still to be told to their workers
        # What follows is the engine thread's alone.
        self._cluster: cluster.Cluster | None = None
        self._futures: dict[str, Future[None]] = {}
        self._board = ControlPublisher(self._topic)
        self._tasks = count(1)
        self._unwritten: dict[str, Failed] = {}
        self._ended_for_memory: set[str] = set()  # addresses of workers
        atexit.register(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- for pages ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Bring the workers up, in the background; `submit` does so too."""
        with self._lock:
            if self._thread is None and not self._is_closing:
                self._thread = threading.Thread(target=self._work, name="engine", daemon=True)
                self._thread.start()

    def submit(
        self,
        recipe: Recipe,
        name: str = "",
        session: str = "",
        teaching: FineTuneJob | None = None,
        *,
        continues: str | None = None,
        drawing: npt.NDArray[np.floating] | None = None,
    ) -> Run:
        """Put a run in line; it is answered at once, whatever the workers do.

        Args:
            recipe: What to train.
            name: What to call it; empty makes a name from the recipe.
            session: Who asks. One session has one run training and one waiting; "" has no such bound.
            teaching: What to teach a trained model of that recipe; None trains one from the start.
            continues: The id of an ended run of the same recipe, but for its number of epochs, to go on from: the new
                run takes over what that one had after its last epoch.
            drawing: Ink (28, 28), 0 to 1, whose ten probabilities are followed; a run that goes on follows that of
                the other one if it is given none.

        Raises:
            UserError: `queue_full`, `session_busy`, `database_...`, or for a run that is to go on `run_unknown`,
                `run_active`, `not_resumable`, `recipe_differs` or `epochs_done`.
        """
        pixels = None if drawing is None else as_pixels(drawing)
        if teaching is not None:
            make = partial(self._new_runs.lesson, recipe, name, session, teaching)
        elif continues is not None:
            make = partial(self._new_runs.longer, recipe, name, session, continues, pixels)
        else:
            make = partial(self._new_runs.plain, recipe, name, session, pixels)
        return self._line_up(session, make)

    def test_range(self, recipe: Recipe, session: str = "") -> Run:
        """Put a learning-rate range test of the recipe in line: a run that `store.runs` leaves out.

        Raises:
            UserError: `queue_full`, `session_busy`, or `database_...`.
        """
        return self._line_up(session, partial(self._new_runs.range, recipe, session))

    def test_claim(self, claim: Claim, seeds: Sequence[int], session: str = "") -> Run:
        """Put a quick test of a claim in line: a run that `store.runs` leaves out.

        Raises:
            UserError: `queue_full`, `session_busy`, or `database_...`.
        """
        return self._line_up(session, partial(self._new_runs.claim, claim, seeds, session))

    def control(self, run_id: str) -> Control:
        """The newest wishes for a run, heard or still on their way to it; none for runs that the engine does not know.

        Whoever changes one of them starts from these, so that nobody's other wishes are lost.
        """
        with self._lock:
            progress = self._progress.get(run_id)
            return progress.wishes if progress else no_control()

    def set_control(self, run_id: str, owner_token: str, wishes: Control) -> None:
        """Say all that is wanted of a run from now on. It hears the newest wishes between two steps.

        A stop is not taken back, a run that waits for a worker hears wishes as soon as it has one, and an ended run
        stays as it is.

        Raises:
            UserError: `run_unknown`, `not_yours` for a wrong token, `run_elsewhere` when another process trains it.
        """
        run = self._owned(run_id, owner_token)
        with self._lock:
            progress = self._progress.get(run_id)
            if progress is None and run.is_active:
                raise UserError("run_elsewhere", "Another process is training this run.", "Stop it there, with Ctrl-C.")
            if progress is None or not progress.is_active:
                return
            progress.want(wishes)
            has_worker = self._line.position(run_id) == 0
            ends_here = progress.wishes.stop and not has_worker
            if ends_here:
                self._line.remove(run_id)
                self._mailbox.put(partial(self._board.retract, run_id))
            elif run_id not in self._untold:
                self._untold.add(run_id)
                self._mailbox.put(partial(self._forward_control if has_worker else self._line_up_or_park, run_id))
        if ends_here:
            self._keep(run_id, Stopped(step=progress.steps_done, wall_s=progress.worked_s))
        self.start()

    def stop(self, run_id: str, owner_token: str) -> None:
        """Stop a run: at once while it waits or has no worker, after its current step when it trains.

        An ended run stays as it is.

        Raises:
            UserError: As `wish`.
        """
        self.set_control(run_id, owner_token, replace(self.control(run_id), stop=True))

    def position(self, run_id: str) -> int | None:
        """0: a worker has the run, or is on its way to it; 1: next in line, 2, ...; None: in need of none."""
        with self._lock:
            return self._line.position(run_id)

    def live(self, run_id: str) -> Live:
        """How the run stands right now.

        Raises:
            UserError: `run_unknown`.
        """
        with self._lock:
            progress = self._progress.get(run_id)
            if progress is not None:
                return self._live(progress)
        return live_of(self._store.run(run_id), self._store.range_of(run_id), self._store.trials_of(run_id))

    def close(self) -> None:
        """Interrupt what has not ended and stop the workers that were started here."""
        with self._lock:
            self._is_closing = True
            thread = self._thread
        atexit.unregister(self.close)
        self._mailbox.put(_nothing)
        if thread is not None:
            thread.join(_CLOSE_S)
        self._fail_remaining()

    # --- what those share --------------------------------------------------------------------------

    def _line_up(self, session: str, make: Callable[[], NewRun]) -> Run:
        """Write a new run, if there is a place for it, and put it in line."""
        with self._submitting:
            with self._lock:
                if self._is_closing:
                    raise UserError("engine_closed", "Digit Clinic is closing.", "Open it again.")
                self._line.check(session)
            run, progress = make()
            with self._lock:
                self._progress[run.id] = progress
                self._line.add(run.id, session)
                self._forget_the_oldest()
        self.start()
        self._mailbox.put(self._dispatch)
        return run

    def _live(self, progress: Progress) -> Live:
        """How the run stands, with what it waits for; under the lock."""
        position = self._line.position(progress.run_id)
        if not position:
            return progress.live(position)
        own = self._line.waits_for_own(progress.run_id)
        if own is not None:
            return progress.live(position, Waiting(1, self._progress[own].frees_s(), is_own=True))
        with_worker, before = ([self._progress[run_id] for run_id in ids] for ids in self._line.before(progress.run_id))
        return progress.live(position, waiting_of(with_worker, before, self._line.workers))

    def _owned(self, run_id: str, owner_token: str) -> Run:
        run = self._store.run(run_id)
        if not secrets.compare_digest(run.owner_token.encode(), owner_token.encode("utf-8", "replace")):
            raise UserError("not_yours", "This run was started by somebody else.", "Stop it where it was started.")
        return run

    # --- the engine's thread -----------------------------------------------------------------------

    def _work(self) -> None:
        try:
            self._cluster = self._connect()
            client = self._cluster.client
            client.subscribe_topic(
                self._topic, lambda event: self._mailbox.put(partial(self._on_worker_message, event[1]))
            )
            # Nannies say under this name that they end a worker for its memory.
            client.subscribe_topic(
                "worker-restart-memory", lambda event: self._ended_for_memory.add(event[1].get("worker"))
            )
            self._serve()
        except Exception:
            _log.exception("The workers cannot be used; the next run brings them up again")
        finally:
            self._shutdown_cluster()

    def _serve(self) -> None:
        ticked_s = float("-inf")
        while not self._is_closing:
            with suppress(queue.Empty):
                self._mailbox.get(timeout=self._patience_s())()
            if time.monotonic() - ticked_s >= self._patience_s():
                self._tick()
                ticked_s = time.monotonic()

    def _patience_s(self) -> float:
        """How long until the next tick. Where a run has ended, its worker is free in a moment, for the next run."""
        known = [self._progress[run_id] for run_id in self._futures]
        ends = any(not progress.is_active or progress.is_suspended or progress.lost_s for progress in known)
        return _FAST_POLL_S if ends else _TICK_S

    def _tick(self) -> None:
        """What is looked after all the time."""
        assert self._cluster is not None
        self._cluster.ensure_workers()
        workers = self._cluster.count_workers()
        with self._lock:
            self._line.workers = workers
        for run_id, future in self._futures.items():
            if future.status != "pending":
                # Behind what the run has told until now.
                self._mailbox.put(partial(self._on_task_done, run_id))
        self._suspend_idle()
        self._dispatch()
        self._write_what_waits()

    def _write_what_waits(self) -> None:
        try:
            self._store.flush()
            for run_id, failure in list(self._unwritten.items()):
                self._store.record(run_id, failure)
                del self._unwritten[run_id]
        except UserError as error:
            _log.warning("The store cannot be written: %s", error)

    def _dispatch(self) -> None:
        """Give runs to workers, as long as there are both."""
        while (progress := self._take_next()) is not None:
            self._submit_job(progress)
        self._suspend_idle()

    def _suspend_idle(self) -> None:
        """Take the workers away from runs that do not work, or slowly, while others wait for a worker or for long."""
        with self._lock:
            has_others = self._line.has_waiting()
        for run_id in self._futures:
            progress = self._progress[run_id]
            if progress.holds_worker_s(has_others=has_others) == 0:
                self._pin(run_id, replace(progress.wishes, suspend=True))

    def _submit_job(self, progress: Progress) -> None:
        assert self._cluster is not None
        assert progress.assignment is not None
        if progress.is_suspended:
            try:
                start = self._store.suspension(progress.run_id)
            except UserError as error:
                self._give_up(progress.run_id, error)
                self._free_worker(progress.run_id)
                return
            arguments = {**progress.assignment.arguments, "start": start}
        else:
            arguments = dict(progress.assignment.arguments)
        progress.attempts += 1
        self._board.publish(self._cluster.client, progress.run_id, progress.wishes, anew=progress.is_suspended)
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": _LARGEST}):
            self._futures[progress.run_id] = self._cluster.client.submit(
                perform,
                progress.run_id,
                self._topic,
                progress.recipe_json,
                replace(progress.assignment, arguments=arguments),
                key=f"run-{progress.run_id}-{next(self._tasks)}",
                pure=False,
            )

    def _take_next(self) -> Progress | None:
        with self._lock:
            run_id = self._line.next()
            return None if run_id is None else self._progress[run_id]

    def _on_worker_message(self, message: dict[str, Any]) -> None:
        """Take in what a worker says of its run (see `worker.perform`)."""
        run_id, told = message["run"], message["event"]
        progress = self._progress.get(run_id)
        if progress is None or not progress.is_active:
            return
        progress.memory_share = message["memory_share"]
        if told is not None:
            self._keep(run_id, _read(told))
        elif not progress.has_begun:
            self._begin(run_id, progress)
        else:
            # Some schedulers give a lost worker's run to another one: half of its epochs would come twice.
            self._keep(run_id, _LOST)
            self._pin(run_id, Control(stop=True))

    def _begin(self, run_id: str, progress: Progress) -> None:
        try:
            self._store.begin(run_id)
        except UserError as error:
            self._give_up(run_id, error)
        else:
            progress.begin()

    def _keep(self, run_id: str, event: Event) -> None:
        """Write first, then show: who sees the end of a run finds it in the store."""
        try:
            self._store.record(run_id, event)
        except UserError as error:
            self._give_up(run_id, error)
        else:
            self._progress[run_id].hear(event)

    def _give_up(self, run_id: str, error: UserError) -> None:
        """End a run that cannot be kept; that it ended is written when the store can be written again."""
        failure = Failed(error.code, error.message, error.fix)
        self._progress[run_id].hear(failure)
        self._unwritten[run_id] = failure
        self._pin(run_id, Control(stop=True))

    def _forward_control(self, run_id: str) -> None:
        """Pass on what was wished of a run that was given to a worker, or is about to be."""
        with self._lock:
            self._untold.discard(run_id)
            progress = self._progress.get(run_id)
        if progress is None or not progress.is_active:
            return
        self._pin(run_id, progress.wishes)
        if progress.wishes.stop and not progress.has_begun:
            self._cancel_unstarted(run_id)

    def _pin(self, run_id: str, wishes: Control) -> None:
        if run_id in self._futures and self._cluster is not None:
            self._board.publish(self._cluster.client, run_id, wishes)

    def _cancel_unstarted(self, run_id: str) -> None:
        """End a run that no worker is at yet; one that has just begun sees its task cancelled."""
        progress = self._progress[run_id]
        self._keep(run_id, Stopped(step=progress.steps_done, wall_s=progress.worked_s))
        self._board.retract(run_id)
        future = self._futures.pop(run_id, None)
        if future is not None:
            future.cancel()  # type: ignore[no-untyped-call]
        self._free_worker(run_id)

    def _on_task_done(self, run_id: str) -> None:
        """A run has left its worker. Its last event came before that, or will never come."""
        future = self._futures.get(run_id)
        if future is None:
            return
        progress = self._progress[run_id]
        if progress.is_active and progress.is_suspended and progress.has_begun:
            self._park(progress)
            return
        if progress.is_active:
            failure = self._failure_cause(future, progress)
            if failure is None:
                return
            if failure is _LOST and not progress.has_begun and progress.attempts < _MOST_ATTEMPTS:
                # Its worker died before it could begin: nothing is lost.
                progress.lost_s = None
                self._submit_job(progress)
                return
            self._keep(run_id, failure)
        del self._futures[run_id]
        self._board.retract(run_id)
        self._free_worker(run_id)

    def _park(self, progress: Progress) -> None:
        """A run has given its worker back, and goes on later: at once, if that is what is wanted by now."""
        run_id = progress.run_id
        del self._futures[run_id]
        progress.has_begun = False
        if progress.assignment is not None:  # what it began with, another run's end perhaps, is not needed any more
            arguments = {name: value for name, value in progress.assignment.arguments.items() if name != "start"}
            progress.assignment = replace(progress.assignment, arguments=arguments)
        with self._lock:
            self._line.park(run_id)
        if progress.wishes.stop:
            self._cancel_unstarted(run_id)
            return
        self._line_up_or_park(run_id)
        self._dispatch()

    def _line_up_or_park(self, run_id: str) -> None:
        """A run that no worker has waits for one, or is paused and waits for nothing."""
        with self._lock:
            self._untold.discard(run_id)
            progress = self._progress.get(run_id)
            if progress is None or not progress.is_active or progress.wishes.stop:
                return
            position, is_parked = self._line.position(run_id), self._line.is_parked(run_id)
            if position == 0:  # it has got one in the meantime
                self._mailbox.put(partial(self._forward_control, run_id))
                return
            if progress.needs_worker != is_parked:
                return
            if is_parked:
                self._line.unpark(run_id)
            else:
                self._line.park(run_id)
            state: Literal["queued", "paused"] = "queued" if is_parked else "paused"
            progress.state = state
        try:
            self._store.wait(run_id, state)
        except UserError as error:
            self._give_up(run_id, error)
            self._free_worker(run_id)
        self._dispatch()

    def _failure_cause(self, future: Future[None], progress: Progress) -> Failed | None:
        """Why a run ended that did not say so itself; None when that may still become known."""
        error = future.exception() if future.status == "error" else None  # type: ignore[no-untyped-call]
        killed = error if isinstance(error, KilledWorker) else None
        if killed and killed.last_worker.address in self._ended_for_memory:
            return _OUT_OF_MEMORY
        progress.lost_s = progress.lost_s or time.monotonic()
        if time.monotonic() - progress.lost_s < _OOM_NOTICE_S:
            return None
        if killed:
            return _OUT_OF_MEMORY if progress.memory_share > _FULL_MEMORY else _LOST
        return _WITHOUT_END if future.status in ("finished", "error") else _LOST

    def _free_worker(self, run_id: str) -> None:
        with self._lock:
            self._line.remove(run_id)
        self._dispatch()

    def _shutdown_cluster(self) -> None:
        """Close the cluster; what has not ended, ends."""
        try:
            for future in self._futures.values():
                future.cancel()  # type: ignore[no-untyped-call]
            if self._cluster is not None:
                self._cluster.close()
        except Exception:
            _log.exception("The workers did not end in order")
        self._cluster = None
        self._futures.clear()
        self._board.clear()
        self._fail_remaining()

    def _fail_remaining(self) -> None:
        with self._lock:
            self._thread = None
            left = [
                run_id
                for run_id, progress in self._progress.items()
                if progress.is_active and (self._is_closing or not self._line.is_parked(run_id))
            ]
            self._line.leave_all_but_parked()
        for run_id in left:
            if self._is_closing:
                self._interrupt(run_id)
            else:
                self._keep(run_id, _UNAVAILABLE)

    def _interrupt(self, run_id: str) -> None:
        try:
            self._store.interrupt(run_id)
        except UserError as error:
            _log.warning("Run %s could not be written: %s", run_id, error)
        self._progress[run_id].end("interrupted", INTERRUPTED)

    def _forget_the_oldest(self) -> None:
        ended = [run_id for run_id, progress in self._progress.items() if not progress.is_active]
        for run_id in ended[:-_MAX_ENDED]:
            del self._progress[run_id]


def _read(told: dict[str, Any]) -> Event:
    try:
        return from_message(told)
    except (KeyError, TypeError):
        return _OF_ANOTHER_VERSION


def _nothing() -> None:
    """Only wakes the engine's thread up."""
