"""Which epochs' weights are kept, and how a run continues another one. Parts of their callers' transactions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, func, insert, literal, or_, select, update

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.run import Run
from mnist_core.runs.store import run_rows, schema
from mnist_core.training.events import Epoch

MOST_EPOCHS = 50
"""Of so many epochs all weights are kept; of more, those of every second one, then of every fourth ..."""

MOST_BYTES = 128 * 2**20
"""What one run's weights may take, if that is enough for a few epochs."""

_LEAST_EPOCHS = 5
_MOST_RESUME_BYTES = 256 * 2**20
_GONE = b""


def write_epoch(connection: Connection, number: int, event: Epoch) -> None:
    """Keep a finished epoch, and from now on only its resume point."""
    columns = {column.name: getattr(event, column.name) for column in schema.epochs.c if column.name != "run"}
    connection.execute(insert(schema.epochs).values(run=number, **columns))
    # Its last step has been written.
    step = connection.scalar(select(schema.runs.c.steps_done).where(schema.runs.c.number == number)) or 0
    if event.resume and len(event.resume) <= _MOST_RESUME_BYTES:
        run_rows.put_blob(connection, number, "resume", event.resume, event.epoch, step)
    else:
        run_rows.forget_blob(connection, number, "resume")
    _thin_out(connection, number, len(event.weights))
    run_rows.change(connection, number, epochs_done=event.epoch, validation_accuracy=event.validation_accuracy)


def kept_epoch(connection: Connection, number: int, run_id: str = "") -> int:
    """The run's result so far: its last epoch, or with early stopping that of the lowest validation loss.

    Raises:
        UserError: `run_without_epochs`.
    """
    table = schema.epochs
    query = select(table.c.epoch).where(table.c.run == number)
    last: int | None = connection.scalar(query.order_by(table.c.epoch.desc()).limit(1))
    if last is None:
        raise UserError(
            "run_without_epochs", f"Run {run_id} has no finished epoch.", "Wait until an epoch is finished."
        )
    if not _stops_early(connection, number):
        return last
    measured = query.where(table.c.validation_loss.is_not(None))
    best: int | None = connection.scalar(measured.order_by(table.c.validation_loss, table.c.epoch).limit(1))
    return last if best is None else best


def epochs_with_weights(connection: Connection, number: int) -> tuple[int, ...]:
    """The finished epochs that still have their weights, in order."""
    table = schema.epochs
    return tuple(connection.scalars(select(table.c.epoch).where(*_with_weights(number)).order_by(table.c.epoch)))


def weights_of(connection: Connection, number: int, epoch: int) -> bytes | None:
    """The model after that epoch; None when it was thinned out or never came."""
    table = schema.epochs
    weights = connection.scalar(select(table.c.weights).where(table.c.epoch == epoch, *_with_weights(number)))
    return None if weights is None else bytes(weights)


def resume_point(connection: Connection, number: int, run_id: str) -> tuple[int, int]:
    """The epoch and the step that a run can be continued from.

    Raises:
        UserError: `not_resumable`.
    """
    table = schema.blobs
    query = select(table.c.epoch, table.c.step).where(table.c.run == number, table.c.name == "resume")
    row = connection.execute(query).first()
    if row is None:
        raise UserError("not_resumable", f"Run {run_id} cannot be trained longer.", "Start a new run.")
    return row.epoch, row.step


def check_continuable(connection: Connection, number: int, parent: Run, recipe: Recipe) -> None:
    """Whether a run of that recipe can continue the parent, which has that number.

    Raises:
        UserError: `run_active`, `not_resumable`, `recipe_differs`, `epochs_done`.
    """
    if parent.is_active:
        raise UserError("run_active", f"Run {parent.id} is not finished.", "Wait until it is, or stop it.")
    epochs, _ = resume_point(connection, number, parent.id)
    if recipe.replace(epochs=parent.recipe.epochs) != parent.recipe:
        raise UserError(
            "recipe_differs",
            "A run can only be continued with the same settings.",
            "Change only the number of epochs, or start a new run.",
        )
    if recipe.epochs <= epochs:
        raise UserError(
            "epochs_done", f"Run {parent.id} has already done {epochs} epochs.", f"Ask for {epochs + 1} or more."
        )


def copy_past(connection: Connection, parent: int, number: int) -> None:
    """Give a new run all that its parent had when it was at its resume point, and its drawing."""
    epoch, step = resume_point(connection, parent, "")
    steps, epochs, details, blobs = schema.steps, schema.epochs, schema.details, schema.blobs
    _copy(connection, steps, parent, number, steps.c.step <= step)
    _copy(connection, epochs, parent, number, epochs.c.epoch <= epoch)
    # A pause between that epoch and the next is none of the new run's.
    is_pause = details.c.kind.in_(["paused", "resumed"])
    past = or_(and_(is_pause, details.c.step < step), and_(~is_pause, details.c.step <= step))
    _copy(connection, details, parent, number, past)
    _copy(connection, blobs, parent, number, blobs.c.name.in_(["resume", "drawing"]))
    row = select(epochs.c.validation_accuracy).where(epochs.c.run == number, epochs.c.epoch == epoch)
    run_rows.change(connection, number, steps_done=step, epochs_done=epoch, validation_accuracy=row.scalar_subquery())


def _copy(connection: Connection, table: Table, parent: int, number: int, *conditions: ColumnElement[bool]) -> None:
    """Copy the parent's rows, in the order in which they were written."""
    columns: list[Any] = [column for column in table.c if column.name not in ("run", "number")]
    rows = select(literal(number), *columns).where(table.c.run == parent, *conditions).order_by(*table.primary_key)
    connection.execute(insert(table).from_select(["run", *(column.name for column in columns)], rows))


def _thin_out(connection: Connection, number: int, size_bytes: int) -> None:
    """Let go of weights when there are too many; the first, the last and the kept epoch keep theirs."""
    table = schema.epochs
    known = epochs_with_weights(connection, number)
    most = max(_LEAST_EPOCHS, min(MOST_EPOCHS, MOST_BYTES // max(1, size_bytes)))
    if len(known) <= most:
        return
    # The last epoch is also the one that a run goes on from.
    kept = {known[0], known[-1], kept_epoch(connection, number)} | set(_every_nth(known, most - 3))
    gone = [epoch for epoch in known if epoch not in kept]
    connection.execute(update(table).where(table.c.run == number, table.c.epoch.in_(gone)).values(weights=_GONE))


def _every_nth(epochs: Sequence[int], most: int) -> list[int]:
    """At most so many of them: the multiples of a power of two, so that what is kept now is evenly kept later."""
    step, chosen = 1, list(epochs)
    while len(chosen) > most:
        step *= 2
        chosen = [epoch for epoch in epochs if epoch % step == 0]
    return chosen


def _stops_early(connection: Connection, number: int) -> bool:
    text = connection.scalar(select(schema.runs.c.recipe).where(schema.runs.c.number == number)) or ""
    try:
        return Recipe.from_json(text).early_stopping > 0
    except UserError:  # another version wrote it
        return False


def _with_weights(number: int) -> list[ColumnElement[bool]]:
    # Neither database reads the bytes for telling how many there are.
    return [schema.epochs.c.run == number, func.length(schema.epochs.c.weights) > 0]
