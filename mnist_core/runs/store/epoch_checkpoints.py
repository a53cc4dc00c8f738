"""Which epochs' weights are kept, and from which of them a run can go on. Parts of their callers' transactions."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.store import schema
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
    _replace_resume_point(connection, number, event)
    _thin_out(connection, number, len(event.weights))


def kept_epoch(connection: Connection, number: int) -> int | None:
    """The run's result so far: its last epoch, or with early stopping that of the lowest validation loss."""
    table = schema.epochs
    query = select(table.c.epoch).where(table.c.run == number)
    last: int | None = connection.scalar(query.order_by(table.c.epoch.desc()).limit(1))
    if last is None or not _stops_early(connection, number):
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


def _replace_resume_point(connection: Connection, number: int, event: Epoch) -> None:
    table = schema.resume_points
    connection.execute(delete(table).where(table.c.run == number))
    if event.resume and len(event.resume) <= _MOST_RESUME_BYTES:
        row = {"run": number, "epoch": event.epoch, "step": _step_of(connection, number), "resume": event.resume}
        connection.execute(insert(table).values(row))


def _step_of(connection: Connection, number: int) -> int:
    """How many steps were done when the epoch that is being written ended: its last step has been written."""
    return connection.scalar(select(schema.runs.c.steps_done).where(schema.runs.c.number == number)) or 0


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
