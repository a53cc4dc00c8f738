"""Who trains next: a bounded queue, first come first served, one run at a time for each person."""

from dataclasses import dataclass, field

from mnist_core.errors import UserError

MAX_WAITING = 20
_MAX_OF_A_SESSION = 2  # one that trains and one that waits


@dataclass(slots=True)
class Queue:
    """The runs that wait for a worker, those that have one, and those that are paused and have none.

    Not safe to share between threads: the engine guards it.

    Attributes:
        workers: How many runs may train side by side.
    """

    workers: int
    _waiting: dict[str, str] = field(default_factory=dict)  # run id to session, in order
    _with_worker: dict[str, str] = field(default_factory=dict)
    _parked: dict[str, str] = field(default_factory=dict)

    def check(self, session: str) -> None:
        """Whether one more run of that session finds a place; the session "" may have any number.

        Raises:
            UserError: `queue_full` or `session_busy`.
        """
        runs = [*self._with_worker.values(), *self._waiting.values()]
        if session and [*runs, *self._parked.values()].count(session) >= _MAX_OF_A_SESSION:
            raise UserError(
                "session_busy",
                "You already have two unfinished runs.",
                "Wait until one of them finishes, or stop one.",
            )
        if len(runs) >= self.workers + MAX_WAITING:
            raise UserError(
                "queue_full",
                f"{MAX_WAITING} runs are waiting already.",
                "Try again when one of them has finished.",
            )

    def add(self, run_id: str, session: str) -> None:
        """Put a run at the end of the queue."""
        self._waiting[run_id] = session

    def next(self) -> str | None:
        """The run that is next, which has a worker from now on; None when there is no worker or no run."""
        if len(self._with_worker) >= self.workers:
            return None
        run_id = next((run_id for run_id in self._waiting if self.waits_for_own(run_id) is None), None)
        if run_id is not None:
            self._with_worker[run_id] = self._waiting.pop(run_id)
        return run_id

    def park(self, run_id: str) -> None:
        """Take a run's worker or its place in the queue away; it counts as its session's all the same."""
        place = self._waiting if run_id in self._waiting else self._with_worker
        self._parked[run_id] = place.pop(run_id)

    def unpark(self, run_id: str) -> None:
        """Put a parked run at the end of the queue. It was let in once, so no bound holds it up."""
        self._waiting[run_id] = self._parked.pop(run_id)

    def remove(self, run_id: str) -> None:
        """Forget a run, wherever it stands."""
        for place in (self._waiting, self._with_worker, self._parked):
            place.pop(run_id, None)

    def remove_all_but_parked(self) -> None:
        """Forget all runs that need a worker."""
        self._waiting.clear()
        self._with_worker.clear()

    def position(self, run_id: str) -> int | None:
        """0: has a worker; 1: next in line, 2, ...; None: parked, or not here."""
        if run_id in self._with_worker:
            return 0
        return next((place for place, waiting in enumerate(self._waiting, start=1) if waiting == run_id), None)

    def is_parked(self, run_id: str) -> bool:
        """Whether the run needs no worker now."""
        return run_id in self._parked

    def has_waiting(self) -> bool:
        """Whether any run waits for a worker."""
        return bool(self._waiting)

    def before(self, run_id: str) -> tuple[list[str], list[str]]:
        """The runs that have a worker, and those that stand in the queue before this one."""
        waiting = list(self._waiting)
        return list(self._with_worker), waiting[: waiting.index(run_id)]

    def waits_for_own(self, run_id: str) -> str | None:
        """The run with a worker that is of a waiting run's own session, which has to end before that one begins."""
        session = self._waiting[run_id]
        return next((other for other, owner in self._with_worker.items() if session and owner == session), None)
