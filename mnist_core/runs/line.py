"""Who trains next: a bounded line, first come first served, one run at a time for each session."""

from dataclasses import dataclass, field

from mnist_core.errors import UserError

MAX_WAITING = 20
_MAX_OF_A_SESSION = 2  # one that trains and one that waits


@dataclass(slots=True)
class Line:
    """The runs that wait for a worker and those that have one.

    Not safe to share between threads: the engine guards it.

    Attributes:
        workers: How many runs may train side by side.
    """

    workers: int
    _waiting: dict[str, str] = field(default_factory=dict)  # run id to session, in order
    _with_worker: dict[str, str] = field(default_factory=dict)

    def check(self, session: str) -> None:
        """Whether one more run of that session finds a place; the session "" may have any number.

        Raises:
            UserError: `queue_full` or `session_busy`.
        """
        runs = [*self._with_worker.values(), *self._waiting.values()]
        if session and runs.count(session) >= _MAX_OF_A_SESSION:
            raise UserError(
                "session_busy",
                "You already have a run that trains and one that waits.",
                "Wait for one of them to end, or stop one.",
            )
        if len(runs) >= self.workers + MAX_WAITING:
            raise UserError(
                "queue_full",
                f"{MAX_WAITING} runs are waiting already.",
                "Try again when one of them has ended.",
            )

    def add(self, run_id: str, session: str) -> None:
        """Put a run at the end of the line."""
        self._waiting[run_id] = session

    def take(self) -> str | None:
        """The run that is next, which has a worker from now on; None when there is no worker or no run."""
        if len(self._with_worker) >= self.workers:
            return None
        training = set(self._with_worker.values()) - {""}
        run_id = next((run_id for run_id, session in self._waiting.items() if session not in training), None)
        if run_id is not None:
            self._with_worker[run_id] = self._waiting.pop(run_id)
        return run_id

    def leave(self, run_id: str) -> None:
        """Forget a run, wherever it stands."""
        self._waiting.pop(run_id, None)
        self._with_worker.pop(run_id, None)

    def position(self, run_id: str) -> int | None:
        """0: has a worker; 1: next in line, 2, ...; None: not here."""
        if run_id in self._with_worker:
            return 0
        return next((place for place, waiting in enumerate(self._waiting, start=1) if waiting == run_id), None)
