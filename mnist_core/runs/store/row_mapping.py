"""What a run's events become in the tables. Each function is a part of its caller's transaction."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, or_, select, update

from mnist_core.errors import UserError
from mnist_core.runs.queue.process_liveness import this_process
from mnist_core.runs.run import Run, State
from mnist_core.runs.store import event_log, schema
from mnist_core.runs.store.epoch_checkpoints import write_epoch
from mnist_core.training.events import (
    LAST_EVENTS,
    ClaimTested,
    Diverged,
    Epoch,
    Event,
    Failed,
    FineTuneResult,
    Finished,
    Paused,
    RangeTested,
    Resumed,
    Started,
    Step,
    Stopped,
    Suspended,
    TrialDone,
)


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def heartbeat(connection: Connection) -> None:
    """Note that this process lives, for processes of other hosts."""
    table, owner = schema.owners, this_process()
    if connection.execute(update(table).where(table.c.owner == owner).values(seen_at=now())).rowcount == 0:
        connection.execute(insert(table).values(owner=owner, seen_at=now()))


def as_run(row: RowMapping) -> Run:
    """The run that a row of the table `runs` holds."""
    values = dict(row)
    for unseen in ("number", "owner"):
        del values[unseen]
    recipe_json = values.pop("recipe")
    code, message, fix = (values.pop(f"error_{part}") for part in ("code", "message", "fix"))
    error = UserError(code, message, fix) if code else None
    return Run(**values, recipe_json=recipe_json, error=error)


def as_step(row: Any) -> Step:
    """The step that a row of the table `steps` holds."""
    return Step(row.step, row.epoch, math.nan if row.loss is None else row.loss, row.learning_rate)


def change(connection: Connection, number: int, **values: Any) -> None:
    """Set columns of a run."""
    connection.execute(update(schema.runs).where(schema.runs.c.number == number).values(**values))


def end(
    connection: Connection, number: int, state: State, error: UserError | Failed | None = None, **values: Any
) -> None:
    """Set a run's last state, and why in words when there is something to say."""
    if error:
        parts = {"error_code": error.code, "error_message": error.message, "error_fix": error.fix}
        values |= {column: plain_text(text) for column, text in parts.items()}
    forget_suspension(connection, number)
    change(connection, number, state=state, ended_at=now(), **values)


def plain_text(text: str) -> str:
    """The text without what a database cannot keep: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def write_steps(connection: Connection, number: int, steps: Iterable[Step]) -> None:
    """Add steps, in order, to a run."""
    rows = [
        {
            "run": number,
            "step": step.step,
            "epoch": step.epoch,
            "loss": None if math.isnan(step.loss) else step.loss,
            "learning_rate": step.learning_rate,
        }
        for step in steps
    ]
    if rows:
        connection.execute(insert(schema.steps), rows)
        change(connection, number, steps_done=rows[-1]["step"])


def spread_steps(connection: Connection, number: int, max_points: int) -> Select[Any]:
    """The query for at most `max_points` (2 or more) of a run's steps, evenly chosen, first and last among them."""
    table = schema.steps
    count = connection.scalar(select(func.count()).where(table.c.run == number)) or 0
    stride = max(1, math.ceil(count / (max_points - 1)))
    place = func.row_number().over(order_by=table.c.step).label("place")
    placed = select(table, place).where(table.c.run == number).subquery()
    chosen = or_((placed.c.place - 1) % stride == 0, placed.c.place == count)
    return select(placed).where(chosen).order_by(placed.c.step)


def write_event(connection: Connection, number: int, event: Event) -> None:
    """Keep what a run announced, a run that has not ended; its steps are kept by `write_steps`."""
    match event:
        case Started():
            facts = {"steps": event.steps, "parameters": event.parameters, "device": event.device}
            started_at = func.coalesce(schema.runs.c.started_at, now())
            change(connection, number, state="running", started_at=started_at, **facts)
        case Epoch():
            write_epoch(connection, number, event)
            change(connection, number, epochs_done=event.epoch, validation_accuracy=event.validation_accuracy)
        case FineTuneResult():
            write_gain(connection, number, event)
        case Step():
            write_steps(connection, number, [event])
        case TrialDone():
            event_log.write(connection, number, event)
            change(connection, number, steps_done=event.step)
        case Paused() | Resumed() | Suspended():
            _write_pause(connection, number, event)
        case _ if isinstance(event, LAST_EVENTS):
            _write_end(connection, number, event)
        case _:
            event_log.write(connection, number, event)


def _write_end(connection: Connection, number: int, event: Event) -> None:
    match event:
        case Finished():
            evaluation = {"run": number, "test_probabilities": event.test_probabilities}
            connection.execute(insert(schema.evaluations).values(evaluation))
            end(connection, number, "finished", test_accuracy=event.test_accuracy, wall_s=event.wall_s)
        case RangeTested():
            write_range(connection, number, event)
            end(connection, number, "finished", wall_s=event.wall_s)
        case ClaimTested():
            end(connection, number, "finished", wall_s=event.wall_s)
        case Stopped():
            end(connection, number, "stopped", steps_done=event.step, wall_s=event.wall_s)
        case Diverged():
            error = divergence(event.step)
            end(connection, number, "diverged", error, steps_done=event.step, wall_s=event.wall_s)
        case Failed():
            end(connection, number, "failed", event)


def _write_pause(connection: Connection, number: int, event: Paused | Resumed | Suspended) -> None:
    """Keep that a run waits or goes on, or what it goes on from in place of what it went on from before."""
    if not isinstance(event, Suspended):
        event_log.write(connection, number, event)
        change(connection, number, state="paused" if isinstance(event, Paused) else "running")
        return
    forget_suspension(connection, number)
    columns = {name: getattr(event, name) for name in ("epoch", "step", "weights", "resume")}
    connection.execute(insert(schema.suspensions).values(run=number, **columns))


def forget_suspension(connection: Connection, number: int) -> None:
    """Let go of what a run that has ended would have gone on from."""
    connection.execute(delete(schema.suspensions).where(schema.suspensions.c.run == number))


def write_range(connection: Connection, number: int, tested: RangeTested) -> None:
    """Keep what a learning-rate range test has found."""
    table = schema.range_tests
    found = {"suggested": tested.suggested, "lowest": tested.lowest, "wall_s": tested.wall_s}
    connection.execute(update(table).where(table.c.run == number).values(found))


def write_gain(connection: Connection, number: int, taught: FineTuneResult) -> None:
    """Keep what a teaching changed."""
    table = schema.teachings
    gain = {
        "digits": taught.digits,
        "right_before": taught.right_before,
        "gained": taught.gained,
        "lost": taught.lost,
        "test_accuracy_before": taught.test_accuracy_before,
    }
    connection.execute(update(table).where(table.c.run == number).values(gain))


def divergence(step: int) -> UserError:
    """Why a diverged run ended, in words."""
    return UserError(
        "diverged",
        f"The loss became NaN (not a number) at step {step}.",
        "Choose a lower learning rate, or switch on batch normalisation.",
    )
