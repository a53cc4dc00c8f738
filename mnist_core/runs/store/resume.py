"""How a run goes on from where another one ended. Each function is a part of its caller's transaction."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, insert, literal, or_, select, update

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.names import MAX_CHARACTERS
from mnist_core.runs.run import Run
from mnist_core.runs.store import schema

_LONGER = " · longer"


def name_of_longer(parent: Run) -> str:
    """What a run is called that goes on from the parent; one that goes on again is named once."""
    return parent.name.removesuffix(_LONGER)[: MAX_CHARACTERS - len(_LONGER)].rstrip() + _LONGER


def place(connection: Connection, number: int, run_id: str) -> tuple[int, int]:
    """The epoch and the step that a run can go on from.

    Raises:
        UserError: `not_resumable`.
    """
    table = schema.resume_points
    row = connection.execute(select(table.c.epoch, table.c.step).where(table.c.run == number)).first()
    if row is None:
        raise UserError("not_resumable", f"Run {run_id} cannot be trained longer.", "Start a new run.")
    return row.epoch, row.step


def resume_of(connection: Connection, number: int) -> bytes:
    """What training needs to go on from there; see `training.checkpoint`."""
    resume = connection.scalar(select(schema.resume_points.c.resume).where(schema.resume_points.c.run == number))
    return bytes(resume or b"")


def check(connection: Connection, number: int, parent: Run, recipe: Recipe) -> None:
    """Whether a run of that recipe can go on from where the parent, which has that number, has come.

    Raises:
        UserError: `run_active`, `not_resumable`, `recipe_differs`, `epochs_done`.
    """
    if parent.is_active:
        raise UserError("run_active", f"Run {parent.id} is not finished.", "Wait until it is, or stop it.")
    epochs, _ = place(connection, number, parent.id)
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
    """Give a new run all that its parent had when it was at its resume point."""
    epoch, step = place(connection, parent, "")
    steps, epochs, details = schema.steps, schema.epochs, schema.details
    _copy(connection, steps, parent, number, steps.c.step <= step)
    _copy(connection, epochs, parent, number, epochs.c.epoch <= epoch)
    # A pause between that epoch and the next is none of the new run's.
    is_pause = details.c.kind.in_(["paused", "resumed"])
    past = or_(and_(is_pause, details.c.step < step), and_(~is_pause, details.c.step <= step))
    _copy(connection, details, parent, number, past)
    _copy(connection, schema.resume_points, parent, number)
    row = select(epochs.c.validation_accuracy).where(epochs.c.run == number, epochs.c.epoch == epoch)
    so_far = {"steps_done": step, "epochs_done": epoch, "validation_accuracy": row.scalar_subquery()}
    connection.execute(update(schema.runs).where(schema.runs.c.number == number).values(so_far))


def _copy(connection: Connection, table: Table, parent: int, number: int, *conditions: ColumnElement[bool]) -> None:
    """Copy the parent's rows, in the order in which they were written."""
    columns = [column for column in table.c if column.name not in ("run", "number")]
    order: list[Column[Any]] = list(table.primary_key)
    rows = select(literal(number), *columns).where(table.c.run == parent, *conditions).order_by(*order)
    connection.execute(insert(table).from_select(["run", *(column.name for column in columns)], rows))
