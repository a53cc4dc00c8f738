"""The engine: takes recipes, has them trained in worker processes, keeps what they announce.

Pages call `submit`, `set_control`, `stop`, `position` and `live`; none of them waits for a worker. One thread, started
with the first run, does everything else: it brings the cluster up, dispatches runs, and writes what the workers say.
Other threads only put work into its mailbox, so nothing here happens twice or out of order.
"""

import atexit
import logging
import os
import queue
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Literal, Self

import dask
import numpy as np
import numpy.typing as npt
from distributed import Future
from distributed.scheduler import KilledWorker

from mnist_core.claims.claim import Claim
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.kinds import CLAIM_TEST, FINE_TUNING, LR_FINDER, TRAINING, RunKind
from mnist_core.runs.queue import cluster
from mnist_core.runs.queue.control_channel import ControlPublisher
from mnist_core.runs.queue.live import Live, QueuedRun, Waiting, live_of, new_run, waiting_of
from mnist_core.runs.queue.waiting_line import Queue
from mnist_core.runs.queue.worker import perform
from mnist_core.runs.run import INTERRUPTED, Run
from mnist_core.runs.store.store import Drawing, Store, as_ink, as_pixels
from mnist_core.training.control import Control, no_control
from mnist_core.training.events import Event, Failed, Stopped, from_message

if TYPE_CHECKING:  # it loads torch, which the app can do without until a model is asked
    from mnist_core.runs.fine_tune_job import FineTuneJob

SCHEDULER_VARIABLE = "DIGIT_CLINIC_SCHEDULER"

_TICK_S = 0.25
_FAST_POLL_S = 0.02
_MAX_ENDED = 200  # ended runs whose last word stays in memory
_OOM_NOTICE_S = 0.3  # how long the nanny's word that memory ran out may take
_FULL_MEMORY = 0.85
_LARGEST = "1 GiB"  # arguments may hold a model and the state of its optimizer
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
_OTHER_VERSIONS = Failed(
    "worker_version",
    "The workers run other versions than this app: {}.",
    "Install the same versions on them as here (Digit Clinic and requirements.txt), and start them again.",
)
_UNAVAILABLE = Failed(
    "engine_unavailable",
    "No worker can be reached for training.",
    f"Check the cluster that {SCHEDULER_VARIABLE} names, or the server's log, then start the run again.",
)


class Engine:
    """Trains runs in worker processes, a few at a time, while the others wait.

    Args:
        store: Where runs are kept; only this process writes what its own runs announce.
        scheduler_url: A Dask cluster to use (`tcp://...` or `tls://...`); None takes `DIGIT_CLINIC_SCHEDULER`, else
            worker processes of this machine.
        workers: How many of those; None leaves one core to the app.
        worker_memory_bytes: What each of those may use before its run is ended; None shares the machine's memory out.
        worker_threads: Torch's threads in each of those; None shares the cores out.
        functions: What workers call for a kind of run, by its name, in place of `RunKind.function`.

    Attributes:
        cluster: What trains; None until it is up.
    """

    def __init__(
        self,
        store: Store,
        scheduler_url: str | None = None,
        workers: int | None = None,
        worker_memory_bytes: int | None = None,
        worker_threads: int | None = None,
        **functions: str,
    ) -> None:
        url = scheduler_url or os.environ.get(SCHEDULER_VARIABLE)
        self._store = store
        self._functions = functions
        plan = cluster.plan_workers(workers, worker_memory_bytes)
        plan = replace(plan, threads=worker_threads or plan.threads)
        self._connect = cluster.connector(url, plan)
        self._topic = f"digit-clinic-{secrets.token_hex(8)}"
        self._mailbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._submitting = threading.Lock()  # held while a run is written; the other one never waits for a disk
        self._lock = threading.Lock()  # guards what follows
        self._queue = Queue(1 if url else plan.count)
        self._runs: OrderedDict[str, QueuedRun] = OrderedDict()
        self._thread: threading.Thread | None = None
        self._is_closing = False
        self._pending_control: set[str] = set()  # runs whose newest control is still to be heeded
        # What follows is the engine thread's alone.
        self.cluster: cluster.LocalWorkers | cluster.RemoteWorkers | None = None
        self._futures: dict[str, Future[None]] = {}
        self._publisher = ControlPublisher(self._topic)
        self._tasks = count(1)
        self._unsaved_failures: dict[str, Failed] = {}
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
        fine_tuning: "FineTuneJob | None" = None,
        *,
        continues: str | None = None,
        drawing: npt.NDArray[np.floating] | None = None,
    ) -> Run:
        """Put a run into the queue; it is answered at once, whatever the workers do.

        Args:
            recipe: What to train.
            name: What to call it; empty makes a name from the recipe.
            session: Who asks: a person, however often they reload a page or in how many tabs. Each has one run training
                and one waiting; "" has no such bound.
            fine_tuning: What to fine-tune a trained model of that recipe on; None trains one from the start.
            continues: The id of an ended run of the same recipe, but for its number of epochs, to go on from: the new
                run takes over what that one had after its last epoch.
            drawing: Ink (28, 28), 0 to 1, whose ten probabilities are tracked; a run that continues another one
                tracks that one's if it is given none.

        Raises:
            UserError: `queue_full`, `session_busy`, `database_...`, or for a run that is to go on `run_unknown`,
                `run_active`, `not_resumable`, `recipe_differs` or `epochs_done`.
        """
        pixels = None if drawing is None else as_pixels(drawing)
        if continues is not None:
            return self._enqueue(session, partial(self._create_longer, continues, recipe, name, session, pixels))
        create = partial(self._create, recipe, name, session)
        if fine_tuning is not None:
            facts, arguments = fine_tuning.facts(), {"fine_tune_set": fine_tuning.digits}
            return self._enqueue(session, partial(create, FINE_TUNING, facts, arguments))
        return self._enqueue(session, partial(create, TRAINING, {}, _tracked(pixels), pixels))

    def test_range(self, recipe: Recipe, session: str = "") -> Run:
        """Put a learning-rate range test of the recipe into the queue: a run that `store.runs` leaves out.

        Raises:
            UserError: `queue_full`, `session_busy`, or `database_...`.
        """
        return self._enqueue(session, partial(self._create, recipe, "", session, LR_FINDER, {}, {}))

    def test_claim(self, claim: Claim, seeds: Sequence[int], session: str = "", **only: Any) -> Run:
        """Put a test of a claim into the queue, a quick one unless told otherwise: a run that `store.runs` leaves out.

        `only` goes to `claims.run.run_claim`: which `arms`, and whether `quick`.

        Raises:
            UserError: `queue_full`, `session_busy`, or `database_...`.
        """
        facts = {"claim": claim.id, "experiment": claim.experiment}
        arguments = {"claim": claim.id, "seeds": tuple(seeds), **only}
        recipe = claim.arms_for(quick=True)[0].recipe
        return self._enqueue(session, partial(self._create, recipe, claim.title, session, CLAIM_TEST, facts, arguments))

    def control(self, run_id: str) -> Control:
        """What is wanted of a run, heeded or still on its way to it; nothing of runs that the engine does not know.

        Whoever changes one part of it starts from this, so that nobody's other changes are lost.
        """
        with self._lock:
            run = self._runs.get(run_id)
            return run.control if run else no_control()

    def set_control(self, run_id: str, owner_token: str, control: Control) -> None:
        """Say all that is wanted of a run from now on. It hears it between two steps.

        A stop is not taken back, a run that waits for a worker hears it as soon as it has one, and an ended run stays
        as it is.

        Raises:
            UserError: `run_unknown`, `not_yours` for a wrong token, `run_elsewhere` when another process trains it.
        """
        kept = self._store.run(run_id)
        if not secrets.compare_digest(kept.owner_token.encode(), owner_token.encode("utf-8", "replace")):
            raise UserError("not_yours", "This run was started by somebody else.", "Stop it where it was started.")
        with self._lock:
            run = self._runs.get(run_id)
            if run is None and kept.is_active:
                raise UserError("run_elsewhere", "Another process is training this run.", "Stop it there, with Ctrl-C.")
            if run is None or not run.live.is_active:
                return
            run.set_control(control)
            has_worker = self._queue.position(run_id) == 0
            ends_here = run.control.stop and not has_worker
            if ends_here:
                self._queue.remove(run_id)
                self._mailbox.put(partial(self._publisher.retract, run_id))
            elif run_id not in self._pending_control:
                self._pending_control.add(run_id)
                self._mailbox.put(partial(self._forward_control if has_worker else self._queue_or_park, run_id))
        if ends_here:
            self._keep(run_id, _stopped(run))
        self.start()

    def stop(self, run_id: str, owner_token: str) -> None:
        """Stop a run: at once while it waits or has no worker, after its current step when it trains.

        An ended run stays as it is.

        Raises:
            UserError: As `set_control`.
        """
        self.set_control(run_id, owner_token, replace(self.control(run_id), stop=True))

    def position(self, run_id: str) -> int | None:
        """0: a worker has the run, or is on its way to it; 1: next in the queue, 2, ...; None: in need of none."""
        with self._lock:
            return self._queue.position(run_id)

    def live(self, run_id: str) -> Live:
        """How the run stands right now.

        Raises:
            UserError: `run_unknown`.
        """
        with self._lock:
            run = self._runs.get(run_id)
            if run is not None:
                return run.now(self._queue.position(run_id), self._waiting(run_id))
        return live_of(self._store.run(run_id), self._store.trials_of(run_id))

    def close(self) -> None:
        """Interrupt what has not ended and stop the workers that were started here."""
        with self._lock:
            self._is_closing = True
            thread = self._thread
        atexit.unregister(self.close)
        self._mailbox.put(lambda: None)  # only wakes the engine's thread up
        if thread is not None:
            thread.join(_CLOSE_S)
        self._fail_remaining()

    # --- what those share --------------------------------------------------------------------------

    def _create(
        self,
        recipe: Recipe,
        name: str,
        session: str,
        kind: RunKind,
        facts: Mapping[str, Any],
        arguments: Mapping[str, Any],
        drawing: Drawing | None = None,
    ) -> tuple[Run, QueuedRun]:
        run = self._store.create(recipe, name, session, kind, facts, drawing)
        return run, new_run(run, kind, arguments)

    def _create_longer(
        self, parent_id: str, recipe: Recipe, name: str, session: str, drawing: Drawing | None
    ) -> tuple[Run, QueuedRun]:
        """A training that goes on from another one's last epoch, with what was set anew by then."""
        run = self._store.create_longer(parent_id, recipe, name, session, drawing)
        past = self._store.insight(run.id, max_points=2)
        arguments = {"start": self._store.checkpoint(run.id)} | _tracked(self._store.drawing(run.id))
        queued = new_run(run, TRAINING, arguments)
        queued.live = replace(queued.live, epoch=self._store.curve(run.id, max_points=2).epochs[-1])
        values: dict[str, Any] = {event.name: event.value for event in past.changed}
        queued.set_control(Control(**values))
        return run, queued

    def _enqueue(self, session: str, create: Callable[[], tuple[Run, QueuedRun]]) -> Run:
        """Write a new run, if there is a place for it, and put it into the queue."""
        with self._submitting:
            with self._lock:
                if self._is_closing:
                    raise UserError("engine_closed", "Digit Clinic is closing.", "Open it again.")
                self._queue.check(session)
            run, queued = create()
            with self._lock:
                self._runs[run.id] = queued
                self._queue.add(run.id, session)
                ended = [run_id for run_id, known in self._runs.items() if not known.live.is_active]
                for run_id in ended[:-_MAX_ENDED]:
                    del self._runs[run_id]
        self.start()
        self._mailbox.put(self._dispatch)
        return run

    def _waiting(self, run_id: str) -> Waiting | None:
        """What a run in the queue waits for; under the lock."""
        if not self._queue.position(run_id):
            return None
        own = self._queue.waits_for_own(run_id)
        if own is not None:
            return Waiting(1, self._runs[own].frees_s(), is_own=True)
        with_worker, before = ([self._runs[other] for other in ids] for ids in self._queue.before(run_id))
        return waiting_of(with_worker, before, self._queue.workers)

    # --- the engine's thread -----------------------------------------------------------------------

    def _work(self) -> None:
        try:
            self.cluster = self._connect()
            client = self.cluster.client
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
            # Where a run has ended, its worker is free in a moment, for the next run.
            known = [self._runs[run_id] for run_id in self._futures]
            is_near = any(not run.live.is_active or run.is_suspended or run.lost_s for run in known)
            patience_s = _FAST_POLL_S if is_near else _TICK_S
            with suppress(queue.Empty):
                self._mailbox.get(timeout=patience_s)()
            if time.monotonic() - ticked_s >= patience_s:
                self._tick()
                ticked_s = time.monotonic()

    def _tick(self) -> None:
        """What is looked after all the time."""
        assert self.cluster is not None
        self.cluster.ensure_workers()
        workers = self.cluster.count_workers()
        with self._lock:
            self._queue.workers = workers
        for run_id, future in self._futures.items():
            if future.status != "pending":
                # Behind what the run has said until now.
                self._mailbox.put(partial(self._on_task_done, run_id))
        self._dispatch()
        try:
            self._store.flush()
            for run_id, failure in list(self._unsaved_failures.items()):
                self._store.record(run_id, failure)
                del self._unsaved_failures[run_id]
        except UserError as error:
            _log.warning("The store cannot be written: %s", error)

    def _dispatch(self) -> None:
        """Give runs to workers, as long as there are both; and take the workers away that others have more use for."""
        while (run_id := self._next_run()) is not None:
            self._submit_job(run_id)
        with self._lock:
            has_others = self._queue.has_waiting()
        for run_id in self._futures:
            run = self._runs[run_id]
            if run.holds_worker_s(has_others=has_others) == 0:
                self._publish(run_id, replace(run.control, suspend=True))

    def _next_run(self) -> str | None:
        """The run that a worker can be given, or can not because none of them will do; None while nothing is known."""
        assert self.cluster is not None
        if self.cluster.addresses() == [] and not self.cluster.refusal():
            return None
        with self._lock:
            return self._queue.next()

    def _submit_job(self, run_id: str) -> None:
        assert self.cluster is not None
        run, addresses, refusal = self._runs[run_id], self.cluster.addresses(), self.cluster.refusal()
        if refusal:
            self._keep(run_id, replace(_OTHER_VERSIONS, message=_OTHER_VERSIONS.message.format(refusal)))
            self._free_worker(run_id)
            return
        arguments = dict(run.arguments)
        if run.is_suspended:
            try:
                arguments["start"] = self._store.suspension(run_id)
            except UserError as error:
                self._give_up(run_id, error)
                self._free_worker(run_id)
                return
        run.attempts += 1
        number = self._publisher.hand_over(run_id, run.control)
        function = self._functions.get(run.kind.name, run.kind.function)
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": _LARGEST}):
            self._futures[run_id] = self.cluster.client.submit(
                perform,
                run_id,
                self._topic,
                run.recipe_json,
                function,
                arguments,
                run.control,
                number,
                key=f"run-{run_id}-{next(self._tasks)}",
                pure=False,
                # Those that fit now; rather any other than none, when they are gone before it has begun.
                workers=addresses or None,
                allow_other_workers=bool(addresses),
            )

    def _on_worker_message(self, message: dict[str, Any]) -> None:
        """Take in what a worker says of its run (see `worker.perform`)."""
        run_id, said = message["run"], message["event"]
        run = self._runs.get(run_id)
        if run is None or not run.live.is_active:
            return
        run.memory_share = message["memory_share"]
        if said is not None:
            try:
                event = from_message(said)
            except (KeyError, TypeError):
                event = _OF_ANOTHER_VERSION
            self._keep(run_id, event)
        elif not run.has_begun:
            self._keep(run_id)
        else:
            # Some schedulers give a lost worker's run to another one: half of its epochs would come twice.
            self._keep(run_id, _LOST)
            self._publish(run_id, Control(stop=True))

    def _keep(self, run_id: str, event: Event | None = None) -> None:
        """Write first, then show: who sees the end of a run finds it in the store. Without an event, it begins."""
        run = self._runs[run_id]
        try:
            if event is None:
                self._store.begin(run_id)
                run.begin()
            else:
                self._store.record(run_id, event)
                run.update(event)
        except UserError as error:
            self._give_up(run_id, error)

    def _give_up(self, run_id: str, error: UserError) -> None:
        """End a run that cannot be kept; that it ended is written when the store can be written again."""
        failure = Failed(error.code, error.message, error.fix)
        self._runs[run_id].update(failure)
        self._unsaved_failures[run_id] = failure
        self._publish(run_id, Control(stop=True))

    def _forward_control(self, run_id: str) -> None:
        """Pass on what is wanted of a run that was given to a worker, or is about to be."""
        with self._lock:
            self._pending_control.discard(run_id)
            run = self._runs.get(run_id)
        if run is None or not run.live.is_active:
            return
        self._publish(run_id, run.control)
        if run.control.stop and not run.has_begun:
            self._cancel_unstarted(run_id)

    def _publish(self, run_id: str, control: Control) -> None:
        if run_id in self._futures and self.cluster is not None:
            self._publisher.publish(self.cluster.client, run_id, control)

    def _cancel_unstarted(self, run_id: str) -> None:
        """End a run that no worker is at; one that has just begun sees its task cancelled."""
        self._keep(run_id, _stopped(self._runs[run_id]))
        self._publisher.retract(run_id)
        future = self._futures.pop(run_id, None)
        if future is not None:
            future.cancel()  # type: ignore[no-untyped-call]
        self._free_worker(run_id)

    def _on_task_done(self, run_id: str) -> None:
        """A run has left its worker. Its last event came before that, or will never come."""
        future = self._futures.get(run_id)
        if future is None:
            return
        run = self._runs[run_id]
        if run.live.is_active and run.is_suspended and run.has_begun:
            self._suspend(run_id, run)
            return
        if run.live.is_active:
            failure = self._failure_cause(future, run)
            if failure is None:
                return
            if failure is _LOST and not run.has_begun and run.attempts < _MOST_ATTEMPTS:
                # Its worker died before it could begin: nothing is lost.
                run.lost_s = None
                self._submit_job(run_id)
                return
            self._keep(run_id, failure)
        del self._futures[run_id]
        self._publisher.retract(run_id)
        self._free_worker(run_id)

    def _suspend(self, run_id: str, run: QueuedRun) -> None:
        """A run has given its worker back, and goes on later: at once, if that is what is wanted by now."""
        del self._futures[run_id]
        run.has_begun = False
        # What it began with, another run's end perhaps, is not needed any more.
        run.arguments = {name: value for name, value in run.arguments.items() if name != "start"}
        with self._lock:
            self._queue.park(run_id)
        if run.control.stop:
            self._cancel_unstarted(run_id)
        else:
            self._queue_or_park(run_id)
            self._dispatch()

    def _queue_or_park(self, run_id: str) -> None:
        """A run that no worker has waits for one, or is paused and waits for nothing."""
        with self._lock:
            self._pending_control.discard(run_id)
            run = self._runs.get(run_id)
            if run is None or not run.live.is_active or run.control.stop:
                return
            is_parked = self._queue.is_parked(run_id)
            if self._queue.position(run_id) == 0:  # it has got one in the meantime
                self._mailbox.put(partial(self._forward_control, run_id))
                return
            if run.needs_worker != is_parked:
                return
            state: Literal["queued", "paused"] = "queued" if is_parked else "paused"
            if is_parked:
                self._queue.unpark(run_id)
            else:
                self._queue.park(run_id)
            run.live = replace(run.live, state=state)
        try:
            self._store.wait(run_id, state)
        except UserError as error:
            self._give_up(run_id, error)
            self._free_worker(run_id)
        self._dispatch()

    def _failure_cause(self, future: Future[None], run: QueuedRun) -> Failed | None:
        """Why a run ended that did not say so itself; None when that may still become known."""
        error = future.exception() if future.status == "error" else None  # type: ignore[no-untyped-call]
        killed = error if isinstance(error, KilledWorker) else None
        if killed and killed.last_worker.address in self._ended_for_memory:
            return _OUT_OF_MEMORY
        run.lost_s = run.lost_s or time.monotonic()
        if time.monotonic() - run.lost_s < _OOM_NOTICE_S:
            return None
        if killed:
            return _OUT_OF_MEMORY if run.memory_share > _FULL_MEMORY else _LOST
        return _WITHOUT_END if future.status in ("finished", "error") else _LOST

    def _free_worker(self, run_id: str) -> None:
        with self._lock:
            self._queue.remove(run_id)
        self._dispatch()

    def _shutdown_cluster(self) -> None:
        """Close the cluster; what has not ended, ends."""
        try:
            for future in self._futures.values():
                future.cancel()  # type: ignore[no-untyped-call]
            if self.cluster is not None:
                self.cluster.close()
        except Exception:
            _log.exception("The workers did not end in order")
        self.cluster = None
        self._futures.clear()
        self._publisher.clear()
        self._fail_remaining()

    def _fail_remaining(self) -> None:
        """End what needs a worker; what is paused needs none, and ends only with the app."""
        with self._lock:
            self._thread = None
            left = [
                run_id
                for run_id, run in self._runs.items()
                if run.live.is_active and (self._is_closing or not self._queue.is_parked(run_id))
            ]
            self._queue.remove_all_but_parked()
        for run_id in left:
            if not self._is_closing:
                self._keep(run_id, _UNAVAILABLE)
                continue
            try:
                self._store.interrupt(run_id)
            except UserError as error:
                _log.warning("Run %s could not be written: %s", run_id, error)
            self._runs[run_id].interrupt(INTERRUPTED)


def _tracked(drawing: Drawing | None) -> dict[str, Any]:
    return {} if drawing is None else {"drawing": as_ink(drawing)}


def _stopped(run: QueuedRun) -> Stopped:
    return Stopped(step=run.live.steps_done, wall_s=run.worked_s)
