"""The runs and everything that is kept of them, in one SQL database."""

import re
import secrets
import time
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, Table, delete, func, insert, select

from mnist_core.claims.claim import Claim
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.names import clean_name, name_of
from mnist_core.runs.queue.process_liveness import HEARTBEAT_S, is_dead, this_process
from mnist_core.runs.run import ACTIVE, Curve, EpochRow, Insight, Run
from mnist_core.runs.store import epoch_checkpoints, event_log, row_mapping, schema
from mnist_core.runs.store import resume as going_on
from mnist_core.runs.store.collection_store import FineTuneJob, MyDigits, begin_teaching
from mnist_core.runs.store.database import Database, default_url
from mnist_core.runs.store.step_buffer import PendingSteps
from mnist_core.training.events import Event, RangeTested, Step, TrialDone

if TYPE_CHECKING:  # it loads torch, which the store can do without
    from mnist_core.training.checkpoint import Checkpoint

Drawing = npt.NDArray[np.uint8]

_RANGE_TEST = "range test · "
_CLAIM_TEST = "claim test · "
_HIDDEN = 50  # range tests and claims' tests, of each kind, that are kept; nobody lists them
_SIDE = 28
_ID_BYTES = 4
_ID = re.compile(r"[0-9a-f]{8}")
_START_OF_ID = re.compile(r"[0-9a-f]{4,8}")
_ANY_LIKE = 2  # enough to tell that a name or a start of an id is not one run's alone
_IS_LISTED = schema.runs.c.number.not_in(select(schema.range_tests.c.run)) & schema.runs.c.number.not_in(
    select(schema.claim_tests.c.run)
)

INTERRUPTED = UserError(
    "interrupted",
    "Interrupted: the app was closed during this run.",
    "Its finished epochs are kept; train longer to continue.",
)


class Store:
    """All runs. Safe to share between threads; other processes may use the same database.

    Every method raises `UserError` `database_...` when the database cannot do what is asked.

    Attributes:
        my_digits: The digits that people keep, in the same database.

    Args:
        url: SQLAlchemy's address of a database; None takes `DIGIT_CLINIC_DATABASE`, else the user's own file.
        step_gap_s: Of a run's steps about one in this time is kept; 0 keeps all.
    """

    def __init__(self, url: str | None = None, step_gap_s: float = 0.05) -> None:
        self._database = Database(url or default_url())
        self._pending = PendingSteps(step_gap_s)
        self._showed_life_s = time.monotonic()
        self.my_digits = MyDigits(self._database)

    # --- asking ------------------------------------------------------------------------------------

    def run(self, run_id: str) -> Run:
        """The run with that id.

        Raises:
            UserError: `run_unknown`.
        """
        with self._database.reading() as connection:
            return _only(_alike(connection, schema.runs.c.id == _checked(run_id)), run_id)

    def find(self, text: str) -> Run:
        """The run that a person means: by its id, the start of its id (four digits or more), or its name.

        Raises:
            UserError: `run_unknown`, or `run_ambiguous` when several fit.
        """
        wanted = clean_name(text)
        with self._database.reading() as connection:
            if _START_OF_ID.fullmatch(wanted):
                alike = _alike(connection, _begins_with(wanted))
                if alike:
                    return _only(alike, wanted)
            return _only(_alike(connection, (schema.runs.c.name == wanted) & _IS_LISTED), wanted)

    def runs(self, limit: int = 50) -> tuple[Run, ...]:
        """The newest runs, newest first; range tests and tests of claims are left out."""
        newest = select(schema.runs).where(_IS_LISTED).order_by(schema.runs.c.number.desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(row_mapping.as_run(row) for row in connection.execute(newest).mappings())

    def curve(self, run_id: str, max_points: int = 300) -> Curve:
        """What to draw: every epoch, and at most `max_points` (2 or more) steps, the first and the last among them.

        Raises:
            UserError: `run_unknown`.
        """
        table = schema.epochs
        shown = [column for column in table.c if column.name not in ("run", "weights")]
        with self._database.reading() as connection:
            number = _number(connection, run_id)
            steps = connection.execute(row_mapping.spread_steps(connection, number, max_points)).all()
            epochs = connection.execute(select(*shown).where(table.c.run == number).order_by(table.c.epoch)).all()
        return Curve(tuple(row_mapping.as_step(row) for row in steps), tuple(EpochRow(*row) for row in epochs))

    def insight(self, run_id: str, max_points: int = 100) -> Insight:
        """What was seen inside the run and done to it, with at most `max_points` (2 or more) looks inside.

        Raises:
            UserError: `run_unknown`.
        """
        with self._database.reading() as connection:
            return event_log.insight(connection, _number(connection, run_id), max_points)

    def weights(self, run_id: str, epoch: int | None = None) -> bytes:
        """The model after that epoch, or after the kept one (see `kept_epoch`), as safetensors bytes.

        Raises:
            UserError: `run_unknown`, `run_without_epochs`, or `epoch_unknown` for one that the run has not finished
                or whose weights were let go of (see `epochs_with_weights`).
        """
        with self._database.reading() as connection:
            number = _number(connection, run_id)
            wanted = _kept(connection, number, run_id) if epoch is None else epoch
            weights = epoch_checkpoints.weights_of(connection, number, wanted)
        if weights is None:
            raise UserError(
                "epoch_unknown", f"Run {run_id} has no weights of epoch {wanted}.", "Choose an epoch that it has."
            )
        return weights

    def epochs_with_weights(self, run_id: str) -> tuple[int, ...]:
        """The epochs whose model can be opened, in order: all, or of a long run some 25 to 50, evenly chosen.

        Raises:
            UserError: `run_unknown`.
        """
        with self._database.reading() as connection:
            return epoch_checkpoints.epochs_with_weights(connection, _number(connection, run_id))

    def kept_epoch(self, run_id: str) -> int:
        """The epoch that is the run's result so far: the last one, or with early stopping the best one.

        Raises:
            UserError: `run_unknown`, `run_without_epochs`.
        """
        with self._database.reading() as connection:
            return _kept(connection, _number(connection, run_id), run_id)

    def checkpoint(self, run_id: str) -> "Checkpoint":
        """What the run can go on from: its last finished epoch.

        Raises:
            UserError: `run_unknown`, or `not_resumable` when it has no finished epoch or is of a kind that cannot.
        """
        from mnist_core.training.checkpoint import Checkpoint

        with self._database.reading() as connection:
            number = _number(connection, run_id)
            epoch, step = going_on.place(connection, number, run_id)
            resume = going_on.resume_of(connection, number)
            weights = epoch_checkpoints.weights_of(connection, number, epoch)
        return Checkpoint(epoch=epoch, step=step, weights=weights or b"", resume=resume)

    def suspension(self, run_id: str) -> "Checkpoint":
        """What a run goes on from that gave its worker back: the step after which it did.

        Raises:
            UserError: `run_unknown`, or `not_resumable` when it did not, or has ended.
        """
        from mnist_core.training.checkpoint import Checkpoint

        table = schema.suspensions
        with self._database.reading() as connection:
            query = select(table.c.epoch, table.c.step, table.c.weights, table.c.resume)
            row = connection.execute(query.where(table.c.run == _number(connection, run_id))).first()
        if row is None:
            raise UserError("not_resumable", f"Run {run_id} cannot be continued.", "Start a new run.")
        return Checkpoint(row.epoch, row.step, bytes(row.weights), bytes(row.resume), is_suspended=True)

    def can_go_on(self, run_id: str) -> bool:
        """Whether the run has a `checkpoint`, without reading it.

        Raises:
            UserError: `run_unknown`.
        """
        table = schema.resume_points
        with self._database.reading() as connection:
            number = _number(connection, run_id)
            return connection.scalar(select(table.c.epoch).where(table.c.run == number)) is not None

    def drawing(self, run_id: str) -> Drawing | None:
        """The drawing that is followed through the run, uint8 (28, 28), 0 paper to 255 ink; None without one.

        Raises:
            UserError: `run_unknown`.
        """
        with self._database.reading() as connection:
            return _drawing(connection, _number(connection, run_id))

    def parent(self, run_id: str) -> str | None:
        """The id of the run that this one went on from, a run that may be gone; None for most.

        Raises:
            UserError: `run_unknown`.
        """
        table = schema.parents
        with self._database.reading() as connection:
            return connection.scalar(select(table.c.parent).where(table.c.run == _number(connection, run_id)))

    def range_of(self, run_id: str) -> RangeTested | None:
        """What a learning-rate range test has found; None of other runs, and of one that has not ended.

        Raises:
            UserError: `run_unknown`.
        """
        table = schema.range_tests
        with self._database.reading() as connection:
            number = _number(connection, run_id)
            query = select(table.c.suggested, table.c.lowest, table.c.wall_s)
            row = connection.execute(query.where(table.c.run == number, table.c.wall_s.is_not(None))).first()
        return None if row is None else RangeTested(*row)

    def trials_of(self, run_id: str) -> tuple[TrialDone, ...]:
        """What a claim's test has tried so far, in order; nothing of other runs.

        Raises:
            UserError: `run_unknown`.
        """
        with self._database.reading() as connection:
            return event_log.trials(connection, _number(connection, run_id))

    def newest_test_of(self, claim: Claim) -> Run | None:
        """The claim's newest test by that very experiment, whoever asked for it; None when there is none."""
        table = schema.claim_tests
        newest = select(table.c.run).where(table.c.experiment == claim.experiment).order_by(table.c.run.desc()).limit(1)
        with self._database.reading() as connection:
            return next(iter(_alike(connection, schema.runs.c.number == newest.scalar_subquery())), None)

    def test_probabilities(self, run_id: str) -> bytes | None:
        """What `events.Finished` says of the test images; None for a run that did not finish.

        Raises:
            UserError: `run_unknown`.
        """
        table = schema.evaluations
        with self._database.reading() as connection:
            query = select(table.c.test_probabilities).where(table.c.run == _number(connection, run_id))
            probabilities = connection.scalar(query)
        return None if probabilities is None else bytes(probabilities)

    # --- keeping -----------------------------------------------------------------------------------

    def create(
        self,
        recipe: Recipe,
        name: str = "",
        session: str = "",
        teaching: FineTuneJob | None = None,
        drawing: Drawing | None = None,
    ) -> Run:
        """A new run in state `queued`, owned by this process; without a name it gets one from the recipe.

        With a `teaching` it is not a training from the start, but a lesson for a model that was trained before.
        A drawing, uint8 (28, 28), is kept with it.
        """
        with self._database.writing() as connection:
            run = _add(connection, recipe, clean_name(name) or name_of(recipe), session)
            number = _number(connection, run.id)
            if teaching is not None:
                begin_teaching(connection, number, teaching)
            _keep_drawing(connection, number, drawing)
        return run

    def create_longer(
        self, parent_id: str, recipe: Recipe, name: str = "", session: str = "", drawing: Drawing | None = None
    ) -> Run:
        """A new run in state `queued` that goes on from where the parent's last epoch ended.

        What the parent had by then is its own too: steps, epochs, details, and the drawing if it is given none.

        Raises:
            UserError: `run_unknown`, `not_resumable`, `run_active`, `recipe_differs` when more than the number of
                epochs is new, or `epochs_done` when they are no more than before.
        """
        with self._database.writing() as connection:
            old = _number(connection, parent_id)
            parent = _only(_alike(connection, schema.runs.c.number == old), parent_id)
            going_on.check(connection, old, parent, recipe)
            run = _add(connection, recipe, clean_name(name) or going_on.name_of_longer(parent), session)
            number = _number(connection, run.id)
            going_on.copy_past(connection, old, number)
            connection.execute(insert(schema.parents).values(run=number, parent=parent.id))
            _keep_drawing(connection, number, _drawing(connection, old) if drawing is None else drawing)
            return _only(_alike(connection, schema.runs.c.number == number), run.id)

    def create_range_test(self, recipe: Recipe, session: str = "") -> Run:
        """A new learning-rate range test in state `queued`: a run that is not listed. The newest fifty are kept."""
        with self._database.writing() as connection:
            run = _add(connection, recipe, clean_name(_RANGE_TEST + name_of(recipe)), session)
            connection.execute(insert(schema.range_tests).values(run=_number(connection, run.id)))
            _forget_the_oldest(connection, schema.range_tests)
        return run

    def create_claim_test(self, claim: Claim, session: str = "") -> Run:
        """A new quick test of a claim in state `queued`: a run that is not listed. The newest fifty are kept."""
        recipe = claim.quick_arms()[0].recipe
        with self._database.writing() as connection:
            run = _add(connection, recipe, clean_name(_CLAIM_TEST + claim.title), session)
            row = {"run": _number(connection, run.id), "claim": claim.id, "experiment": claim.experiment}
            connection.execute(insert(schema.claim_tests).values(row))
            _forget_the_oldest(connection, schema.claim_tests)
        return run

    def begin(self, run_id: str) -> None:
        """A worker has taken the run up: it is `running` from now on."""
        with self._database.writing() as connection:
            number = _active_number(connection, run_id)
            if number is not None:
                started_at = func.coalesce(schema.runs.c.started_at, row_mapping.now())
                row_mapping.change(connection, number, state="running", started_at=started_at)

    def wait(self, run_id: str, state: Literal["queued", "paused"]) -> None:
        """No worker has the run: it is in line, or paused; nothing when it has ended."""
        with self._database.writing() as connection:
            number = _active_number(connection, run_id)
            if number is not None:
                row_mapping.change(connection, number, state=state)

    def record(self, run_id: str, event: Event) -> None:
        """Keep what a run announced. What comes after its end, or after it was deleted, is dropped.

        An epoch and a run's end are one transaction each. Steps wait in memory for up to a second and are
        written together, with the next epoch or end at the latest.
        """
        if not isinstance(event, Step):
            self._keep(run_id, event)
        elif self._pending.add(run_id, event):
            self._keep(run_id)

    def flush(self) -> None:
        """Write the steps that have waited for a second, and now and then that this process lives."""
        for run_id in self._pending.due():
            self._keep(run_id)
        self._show_life()

    def interrupt(self, run_id: str) -> None:
        """End a run whose process ends or has ended; every finished epoch stays."""
        steps = self._pending.take(run_id)
        with self._database.writing() as connection:
            number = _active_number(connection, run_id)
            if number is not None:
                row_mapping.write_steps(connection, number, steps)
                row_mapping.end(connection, number, "interrupted", INTERRUPTED)

    def recover(self) -> tuple[str, ...]:
        """Interrupt the runs whose process has died, here or as far as can be told elsewhere; returns their ids."""
        table = schema.runs
        is_active = table.c.state.in_(ACTIVE)
        with self._database.reading() as connection:
            owners = list(connection.scalars(select(table.c.owner).where(is_active).distinct()))
            gone = [owner for owner in owners if _is_gone(connection, owner)]
            left = tuple(connection.scalars(select(table.c.id).where(is_active, table.c.owner.in_(gone))))
        for run_id in left:
            self.interrupt(run_id)
        return left

    def rename(self, run_id: str, name: str) -> Run:
        """Give a run another name; an empty one gives it the name made from its recipe.

        Raises:
            UserError: `run_unknown`.
        """
        new_name = clean_name(name) or name_of(self.run(run_id).recipe)
        with self._database.writing() as connection:
            number = _number(connection, run_id)
            row_mapping.change(connection, number, name=new_name)
            return _only(_alike(connection, schema.runs.c.number == number), run_id)

    def delete(self, run_id: str) -> None:
        """Delete a run and everything kept of it.

        Raises:
            UserError: `run_unknown`, or `run_active` while a living process works on it.
        """
        table = schema.runs
        with self._database.writing() as connection:
            number = _number(connection, run_id)
            state, owner = connection.execute(
                select(table.c.state, table.c.owner).where(table.c.number == number)
            ).one()
            if state in ACTIVE and not _is_gone(connection, owner):
                raise UserError("run_active", f"Run {run_id} is not finished.", "Stop it first.")
            connection.execute(delete(table).where(table.c.number == number))

    def close(self) -> None:
        """Write the steps that wait, and let go of the database. The next use opens it again."""
        for run_id in self._pending.waiting():
            self._keep(run_id)
        self._database.close()

    def _show_life(self) -> None:
        if time.monotonic() - self._showed_life_s < HEARTBEAT_S:
            return
        self._showed_life_s = time.monotonic()
        with self._database.writing() as connection:
            row_mapping.heartbeat(connection)

    def _keep(self, run_id: str, event: Event | None = None) -> None:
        """Write the steps that wait for being written, then the event, as one transaction."""
        steps = self._pending.take(run_id)
        with self._database.writing() as connection:
            number = _active_number(connection, run_id)
            if number is None:
                return
            row_mapping.write_steps(connection, number, steps)
            if event is not None:
                row_mapping.write_event(connection, number, event)
        self._show_life()


def _add(connection: Connection, recipe: Recipe, name: str, session: str) -> Run:
    run_id = _new_id(connection)
    row = {
        "id": run_id,
        "name": name,
        "recipe": recipe.to_json(),
        "state": "queued",
        "created_at": row_mapping.now(),
        "owner": this_process(),
        "session": row_mapping.plain_text(session),
        "owner_token": secrets.token_urlsafe(),
        "steps_done": 0,
        "epochs_done": 0,
    }
    row_mapping.heartbeat(connection)
    connection.execute(insert(schema.runs).values(row))
    return _only(_alike(connection, schema.runs.c.id == run_id), run_id)


def _new_id(connection: Connection) -> str:
    """An id that no run has. Among 10,000 runs, one time in a hundred two would have come by the same."""
    while True:
        run_id = secrets.token_hex(_ID_BYTES)
        if not _alike(connection, schema.runs.c.id == run_id):
            return run_id


def _keep_drawing(connection: Connection, number: int, drawing: Drawing | None) -> None:
    if drawing is not None:
        pixels = np.ascontiguousarray(drawing, np.uint8).reshape(_SIDE, _SIDE).tobytes()
        connection.execute(insert(schema.drawings).values(run=number, pixels=pixels))


def _is_gone(connection: Connection, owner: str) -> bool:
    return is_dead(owner, connection.scalar(select(schema.owners.c.seen_at).where(schema.owners.c.owner == owner)))


def _drawing(connection: Connection, number: int) -> Drawing | None:
    pixels = connection.scalar(select(schema.drawings.c.pixels).where(schema.drawings.c.run == number))
    return None if pixels is None else np.frombuffer(pixels, np.uint8).reshape(_SIDE, _SIDE)


def _forget_the_oldest(connection: Connection, table: Table) -> None:
    newest = select(table.c.run).order_by(table.c.run.desc()).limit(_HIDDEN).scalar_subquery()
    is_old = schema.runs.c.number.in_(select(table.c.run)) & schema.runs.c.number.not_in(newest)
    connection.execute(delete(schema.runs).where(is_old, schema.runs.c.state.not_in(ACTIVE)))


def _kept(connection: Connection, number: int, run_id: str) -> int:
    kept = epoch_checkpoints.kept_epoch(connection, number)
    if kept is None:
        raise UserError(
            "run_without_epochs", f"Run {run_id} has no finished epoch.", "Wait until an epoch is finished."
        )
    return kept


def _begins_with(start: str) -> ColumnElement[bool]:
    """For ids that begin so, said as bounds: SQLite's LIKE would read every run instead of the index."""
    digits = 2 * _ID_BYTES
    return schema.runs.c.id.between(start.ljust(digits, "0"), start.ljust(digits, "f"))


def _alike(connection: Connection, condition: ColumnElement[bool]) -> list[Run]:
    """Up to two runs for which that is so."""
    query = select(schema.runs).where(condition).limit(_ANY_LIKE)
    return [row_mapping.as_run(row) for row in connection.execute(query).mappings()]


def _only(alike: list[Run], wanted: str) -> Run:
    if not alike:
        raise _unknown(wanted)
    if len(alike) > 1:
        raise UserError("run_ambiguous", f"Several runs are called “{wanted}”.", "Use its full id.")
    return alike[0]


def _number(connection: Connection, run_id: str) -> int:
    """The run's number, which the other tables know it by."""
    query = select(schema.runs.c.number).where(schema.runs.c.id == _checked(run_id))
    number: int | None = connection.scalar(query)
    if number is None:
        raise _unknown(run_id)
    return number


def _active_number(connection: Connection, run_id: str) -> int | None:
    """The number of a run that has not ended; locked, so that two processes cannot both end it."""
    table = schema.runs
    query = select(table.c.number).where(table.c.id == run_id, table.c.state.in_(ACTIVE))
    return connection.scalar(query.with_for_update())


def _checked(run_id: str) -> str:
    if not _ID.fullmatch(run_id):
        raise _unknown(run_id)
    return run_id


def _unknown(wanted: str) -> UserError:
    return UserError(
        "run_unknown", f"There is no run “{clean_name(wanted)}”.", "Choose one of the runs that are listed."
    )
