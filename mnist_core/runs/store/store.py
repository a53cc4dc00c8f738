"""The runs and everything that is kept of them, in one SQL database."""

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, select

from mnist_core.claims.claim import Claim
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs import kinds
from mnist_core.runs.names import clean_name, longer_name, name_of
from mnist_core.runs.run import ACTIVE, INTERRUPTED, Curve, Insight, Run
from mnist_core.runs.store import epoch_checkpoints, event_log, run_rows, schema
from mnist_core.runs.store.collection_store import MyDigits
from mnist_core.runs.store.database import PATIENCE_S, Database, default_url
from mnist_core.runs.store.owners import HEARTBEAT_S, heartbeat, is_dead
from mnist_core.runs.store.step_buffer import PendingSteps
from mnist_core.training.events import Event, Step, Stopped, TrialDone

if TYPE_CHECKING:  # it loads torch, which the store can do without
    from mnist_core.training.checkpoint import Checkpoint

Drawing = npt.NDArray[np.uint8]

_SIDE = 28
_START_OF_ID = re.compile(r"[0-9a-f]{4,8}")


class Store:
    """All runs. Safe to share between threads; other processes may use the same database.

    Every method raises `UserError` `database_...` when the database cannot do what is asked, and `run_unknown` for the
    id of a run that is not there.

    Attributes:
        my_digits: The digits that people keep, in the same database.

    Args:
        url: SQLAlchemy's address of a database; None takes `DIGIT_CLINIC_DATABASE`, else the user's own file.
        step_gap_s: Of a run's steps about one in this time is kept; 0 keeps all.
    """

    def __init__(self, url: str | None = None, step_gap_s: float = 0.05) -> None:
        self._database = Database(url or default_url())
        self._pending = PendingSteps(step_gap_s)
        self._beat_s = self._looked_s = time.monotonic()
        self.my_digits = MyDigits(self._database)

    # --- asking ------------------------------------------------------------------------------------

    def run(self, run_id: str) -> Run:
        """The run with that id."""
        with self._database.reading() as connection:
            number = run_rows.number_of(connection, run_id)
            return run_rows.only(run_rows.find(connection, schema.runs.c.number == number), run_id)

    def find(self, text: str) -> Run:
        """The run that a person means: by its id, the start of its id (four digits or more), or its name.

        Raises:
            UserError: `run_unknown`, or `run_ambiguous` when several fit.
        """
        wanted = clean_name(text)
        with self._database.reading() as connection:
            if _START_OF_ID.fullmatch(wanted):
                found = run_rows.find(connection, run_rows.begins_with(wanted))
                if found:
                    return run_rows.only(found, wanted)
            is_named = (schema.runs.c.name == wanted) & run_rows.IS_LISTED
            return run_rows.only(run_rows.find(connection, is_named), wanted)

    def runs(self, limit: int = 50) -> tuple[Run, ...]:
        """The newest runs, newest first; range tests and tests of claims are left out."""
        newest = run_rows.RUNS.where(run_rows.IS_LISTED).order_by(schema.runs.c.number.desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(run_rows.read(connection, newest))

    def curve(self, run_id: str, max_points: int = 300) -> Curve:
        """What to draw: every epoch, and at most `max_points` (2 or more) steps, the first and the last among them."""
        with self._database.reading() as connection:
            return event_log.curve(connection, run_rows.number_of(connection, run_id), max_points)

    def insight(self, run_id: str, max_points: int = 100) -> Insight:
        """What was seen inside the run and done to it, with at most `max_points` (2 or more) probes."""
        with self._database.reading() as connection:
            return event_log.insight(connection, run_rows.number_of(connection, run_id), max_points)

    def trials_of(self, run_id: str) -> tuple[TrialDone, ...]:
        """The trials of a claim's test that are done, in order; none of other runs."""
        with self._database.reading() as connection:
            return event_log.trials(connection, run_rows.number_of(connection, run_id))

    def weights(self, run_id: str, epoch: int | None = None) -> bytes:
        """The model after that epoch, or after the kept one (see `kept_epoch`), as safetensors bytes.

        Raises:
            UserError: `run_without_epochs`, or `epoch_unknown` for one that the run has not finished or whose weights
                were let go of (see `epochs_with_weights`).
        """
        with self._database.reading() as connection:
            number = run_rows.number_of(connection, run_id)
            wanted = epoch_checkpoints.kept_epoch(connection, number, run_id) if epoch is None else epoch
            weights = epoch_checkpoints.weights_of(connection, number, wanted)
        if weights is None:
            raise UserError(
                "epoch_unknown", f"Run {run_id} has no weights of epoch {wanted}.", "Choose an epoch that it has."
            )
        return weights

    def epochs_with_weights(self, run_id: str) -> tuple[int, ...]:
        """The epochs whose model can be opened, in order: all, or of a long run some 25 to 50, evenly chosen."""
        with self._database.reading() as connection:
            return epoch_checkpoints.epochs_with_weights(connection, run_rows.number_of(connection, run_id))

    def kept_epoch(self, run_id: str) -> int:
        """The epoch that is the run's result so far: the last one, or with early stopping the best one.

        Raises:
            UserError: `run_without_epochs`.
        """
        with self._database.reading() as connection:
            return epoch_checkpoints.kept_epoch(connection, run_rows.number_of(connection, run_id), run_id)

    def checkpoint(self, run_id: str) -> "Checkpoint":
        """What the run can be continued from: its last finished epoch.

        Raises:
            UserError: `not_resumable` when it has no finished epoch or is of a kind that cannot.
        """
        from mnist_core.training.checkpoint import Checkpoint

        with self._database.reading() as connection:
            number = run_rows.number_of(connection, run_id)
            epoch, step = epoch_checkpoints.resume_point(connection, number, run_id)
            resume = run_rows.blob(connection, number, "resume")
            weights = epoch_checkpoints.weights_of(connection, number, epoch)
        return Checkpoint(epoch, step, weights or b"", bytes(resume.content) if resume else b"")

    def suspension(self, run_id: str) -> "Checkpoint":
        """What a run goes on from that gave its worker back: the step after which it did.

        Raises:
            UserError: `not_resumable` when it did not, or has ended.
        """
        from mnist_core.training.checkpoint import Checkpoint

        with self._database.reading() as connection:
            number = run_rows.number_of(connection, run_id)
            resume, weights = (run_rows.blob(connection, number, name) for name in ("suspension", "suspension_weights"))
        if resume is None or weights is None:
            raise UserError("not_resumable", f"Run {run_id} cannot be continued.", "Start a new run.")
        return Checkpoint(resume.epoch, resume.step, bytes(weights.content), bytes(resume.content), is_suspended=True)

    def can_go_on(self, run_id: str) -> bool:
        """Whether the run has a `checkpoint`, without reading it."""
        table = schema.blobs
        with self._database.reading() as connection:
            of_run = table.c.run == run_rows.number_of(connection, run_id)
            return connection.scalar(select(table.c.epoch).where(of_run, table.c.name == "resume")) is not None

    def drawing(self, run_id: str) -> Drawing | None:
        """The drawing that is tracked through the run, uint8 (28, 28), 0 paper to 255 ink; None without one."""
        pixels = self._blob(run_id, "drawing")
        return None if pixels is None else np.frombuffer(pixels, np.uint8).reshape(_SIDE, _SIDE)

    def test_probabilities(self, run_id: str) -> bytes | None:
        """What `events.Finished` says of the test images; None for a run that did not finish."""
        return self._blob(run_id, "test_probabilities")

    def newest_test_of(self, claim: Claim) -> Run | None:
        """The claim's newest test by that very experiment, whoever asked for it; None when there is none."""
        table = schema.runs
        is_such = (table.c.kind == kinds.CLAIM_TEST.name) & (
            table.c.facts["experiment"].as_string() == claim.experiment
        )
        newest = run_rows.RUNS.where(is_such).order_by(table.c.number.desc()).limit(1)
        with self._database.reading() as connection:
            return next(iter(run_rows.read(connection, newest)), None)

    # --- keeping -----------------------------------------------------------------------------------

    def create(
        self,
        recipe: Recipe,
        name: str = "",
        session: str = "",
        kind: kinds.RunKind = kinds.TRAINING,
        facts: Mapping[str, Any] | None = None,
        drawing: Drawing | None = None,
    ) -> Run:
        """A new run in state `queued`, owned by this process; without a name it gets one from the recipe.

        Args:
            recipe: What is trained.
            name: What to call it.
            session: Who asks for it.
            kind: What is done in it; of kinds that are not listed only the newest runs are kept.
            facts: What only such a run has, see `Run.facts`.
            drawing: Is kept with it, uint8 (28, 28).
        """
        with self._database.writing() as connection:
            number = run_rows.add(connection, kind, recipe, name, session, facts or {})
            if drawing is not None:
                run_rows.put_blob(connection, number, "drawing", _pixels(drawing))
            return run_rows.only(run_rows.find(connection, schema.runs.c.number == number), name)

    def create_longer(
        self, parent_id: str, recipe: Recipe, name: str = "", session: str = "", drawing: Drawing | None = None
    ) -> Run:
        """A new run in state `queued` that goes on from where the parent's last epoch ended.

        What the parent had by then is its own too: steps, epochs, details, and the drawing if it is given none.

        Raises:
            UserError: `not_resumable`, `run_active`, `recipe_differs` when more than the number of epochs is new, or
                `epochs_done` when they are no more than before.
        """
        with self._database.writing() as connection:
            old = run_rows.number_of(connection, parent_id)
            parent = run_rows.only(run_rows.find(connection, schema.runs.c.number == old), parent_id)
            epoch_checkpoints.check_continuable(connection, old, parent, recipe)
            called = clean_name(name) or longer_name(parent.name)
            facts = {"continues": parent.id}
            number = run_rows.add(connection, kinds.TRAINING, recipe, called, session, facts)
            epoch_checkpoints.copy_past(connection, old, number)
            if drawing is not None:
                run_rows.put_blob(connection, number, "drawing", _pixels(drawing))
            return run_rows.only(run_rows.find(connection, schema.runs.c.number == number), parent_id)

    def begin(self, run_id: str) -> None:
        """A worker has taken the run up: it is `running` from now on."""
        with self._database.writing(PATIENCE_S) as connection:
            number = run_rows.active_number(connection, run_id)
            if number is not None:
                run_rows.begin(connection, number)

    def wait(self, run_id: str, state: Literal["queued", "paused"]) -> None:
        """No worker has the run: it is in the queue, or paused; nothing when it has ended."""
        with self._database.writing(PATIENCE_S) as connection:
            number = run_rows.active_number(connection, run_id)
            if number is not None:
                run_rows.change(connection, number, state=state)

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
        """Write the steps that have waited for a second; and now and then that this process lives, and who does not."""
        for run_id in self._pending.due():
            self._keep(run_id)
        if self._has_to_beat():
            with self._database.writing() as connection:
                heartbeat(connection)
        if time.monotonic() - self._looked_s >= HEARTBEAT_S:
            self._looked_s = time.monotonic()
            self.recover()

    def interrupt(self, run_id: str, wait_s: float | None = PATIENCE_S) -> None:
        """End a run whose process ends or has ended; every finished epoch stays."""
        steps = self._pending.take(run_id)
        with self._database.writing(wait_s) as connection:
            number = run_rows.active_number(connection, run_id)
            if number is not None:
                event_log.write_steps(connection, number, steps)
                run_rows.end(connection, number, "interrupted", INTERRUPTED)

    def recover(self) -> tuple[str, ...]:
        """Interrupt the runs whose process has died, here or as far as can be told elsewhere; returns their ids.

        When the database cannot be written to now, they are still shown as interrupted.
        """
        table = schema.runs
        is_active = table.c.state.in_(ACTIVE)
        with self._database.reading() as connection:
            active = select(table.c.owner).where(is_active).distinct().subquery()
            of_these = schema.owners.c.owner == active.c.owner
            owners = connection.execute(select(active, schema.owners.c.seen_at).outerjoin(schema.owners, of_these))
            gone = [owner for owner, seen_at in owners if is_dead(owner, seen_at)]
            left = tuple(connection.scalars(select(table.c.id).where(is_active, table.c.owner.in_(gone))))
        with suppress(UserError):
            for run_id in left:
                self.interrupt(run_id, wait_s=None)
        return left

    def rename(self, run_id: str, name: str) -> Run:
        """Give a run another name; an empty one gives it the name made from its recipe."""
        new_name = clean_name(name) or name_of(self.run(run_id).recipe)
        with self._database.writing() as connection:
            number = run_rows.number_of(connection, run_id)
            run_rows.change(connection, number, name=new_name)
            return run_rows.only(run_rows.find(connection, schema.runs.c.number == number), run_id)

    def delete(self, run_id: str) -> None:
        """Delete a run and everything kept of it.

        Raises:
            UserError: `run_active` while a living process works on it.
        """
        table = schema.runs
        with self._database.writing() as connection:
            number = run_rows.number_of(connection, run_id)
            (run,) = run_rows.find(connection, table.c.number == number)
            if run.is_active:
                raise UserError("run_active", f"Run {run_id} is not finished.", "Stop it first.")
            connection.execute(delete(table).where(table.c.number == number))

    def close(self) -> None:
        """Write the steps that wait, and let go of the database. The next use opens it again."""
        for run_id in self._pending.waiting():
            self._keep(run_id)
        self._database.close()

    def _blob(self, run_id: str, name: str) -> bytes | None:
        with self._database.reading() as connection:
            found = run_rows.blob(connection, run_rows.number_of(connection, run_id), name)
        return None if found is None else bytes(found.content)

    def _has_to_beat(self) -> bool:
        if time.monotonic() - self._beat_s < HEARTBEAT_S:
            return False
        self._beat_s = time.monotonic()
        return True

    def _keep(self, run_id: str, event: Event | None = None) -> None:
        """Write the steps that wait for being written, then the event, as one transaction."""
        steps = self._pending.take(run_id)
        # A run that somebody stops before it began is written while they wait for the page.
        wait_s = None if isinstance(event, Stopped) else PATIENCE_S
        with self._database.writing(wait_s) as connection:
            if self._has_to_beat():
                heartbeat(connection)
            number = run_rows.active_number(connection, run_id)
            if number is None:
                return
            event_log.write_steps(connection, number, steps)
            if event is not None:
                event_log.write_event(connection, number, event)


def as_pixels(ink: npt.NDArray[np.floating]) -> Drawing:
    """Ink (28, 28), 0 to 1, as it is kept: uint8."""
    pixels: Drawing = (np.clip(ink, 0, 1) * 255).round().astype(np.uint8)
    return pixels


def as_ink(pixels: Drawing) -> npt.NDArray[np.float32]:
    """A kept drawing as a training tracks it: float32 (28, 28), 0 to 1."""
    ink: npt.NDArray[np.float32] = pixels.astype(np.float32) / np.float32(255)
    return ink


def _pixels(drawing: Drawing) -> bytes:
    return np.ascontiguousarray(drawing, np.uint8).reshape(_SIDE, _SIDE).tobytes()
