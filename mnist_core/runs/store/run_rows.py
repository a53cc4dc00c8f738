"""A run's row, and its blobs. Each function is a part of its caller's transaction."""

import re
import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    delete,
    func,
    insert,
    select,
    update,
)

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.kinds import HIDDEN, RunKind
from mnist_core.runs.names import clean_name, name_of
from mnist_core.runs.run import ACTIVE, INTERRUPTED, Run, State
from mnist_core.runs.store import schema
from mnist_core.runs.store.owners import heartbeat, is_dead, this_process

_ID_BYTES = 4
_ID = re.compile(r"[0-9a-f]{8}")
_ANY_LIKE = 2  # enough to tell that a name or a start of an id is not one run's alone

IS_LISTED = schema.runs.c.kind.not_in([kind.name for kind in HIDDEN])
"""The condition for runs that people see in lists; said so that the newest ones are read from the table's end: to find
the others by the index of kinds, all of them would be read and sorted."""


RUNS = select(schema.runs, schema.owners.c.seen_at).outerjoin(
    schema.owners, schema.owners.c.owner == schema.runs.c.owner
)
"""All that `read` needs."""

_DAMAGED = UserError(
    "run_damaged", "What is kept of this run is damaged.", "Delete it, or restore a backup of the database."
)
_EMPTY: dict[type, Any] = {datetime: datetime.fromtimestamp(0, UTC), dict: {}, str: "", int: 0}
"""What a damaged value is shown as, by the kind that it should be of."""


def read(connection: Connection, query: Select[Any]) -> list[Run]:
    """The runs that a query of `RUNS` finds. Of one whose process has died it is said that it was interrupted, before
    anybody has written so. A damaged one has failed: it can be seen and deleted, and the others are shown as ever.
    """
    rows = connection.execute(query).mappings().all()
    owners = {(row["owner"], row["seen_at"]) for row in rows if row["state"] in ACTIVE}
    dead = {owner for owner, seen_at in owners if is_dead(owner, seen_at)}
    return [_as_run(row, dead) for row in rows]


def _as_run(row: RowMapping, dead: Collection[str]) -> Run:
    values = {name: row[name] for name in _KINDS}
    damaged = [name for name, value in values.items() if not _is_fit(name, value)]
    for name in damaged:
        kind, may_be_missing = _KINDS[name]
        values[name] = None if may_be_missing else _EMPTY[kind]
    recipe_json, owner = (values.pop(name) for name in ("recipe", "owner"))
    code, message, fix = (values.pop(f"error_{part}") for part in ("code", "message", "fix"))
    error = UserError(code, message or "", fix or "") if code else None
    if damaged or values["state"] not in get_args(State):
        values["state"], error = "failed", _DAMAGED
    elif values["state"] in ACTIVE and owner in dead:
        values["state"], error = "interrupted", INTERRUPTED
    return Run(**values, recipe_json=recipe_json, error=error)


def _is_fit(name: str, value: Any) -> bool:
    """SQLite keeps a text in a column of numbers, if somebody puts it there."""
    kind, may_be_missing = _KINDS[name]
    return may_be_missing if value is None else isinstance(value, (int, float) if kind is float else kind)


def _kind_of(column: Column[Any]) -> type:
    match column.type:
        case schema.UtcTime():
            return datetime
        case JSON():
            return dict
        case schema.PlainText():
            return str
    return column.type.python_type


_KINDS = {column.name: (_kind_of(column), bool(column.nullable)) for column in schema.runs.c if column.name != "number"}
"""Of what kind each value of a row is, and whether it may be missing."""


def add(
    connection: Connection, kind: RunKind, recipe: Recipe, name: str, session: str, facts: Mapping[str, Any]
) -> int:
    """Add a run in state `queued`, owned by this process, with an id that no other has; returns its number."""
    run_id = secrets.token_hex(_ID_BYTES)
    while find(connection, schema.runs.c.id == run_id):  # among 10,000 runs, one time in a hundred
        run_id = secrets.token_hex(_ID_BYTES)
    row = {
        "id": run_id,
        "name": clean_name(kind.title + (clean_name(name) or name_of(recipe))),
        "kind": kind.name,
        "facts": dict(facts),
        "recipe": recipe.to_json(),
        "state": "queued",
        "created_at": datetime.now(UTC),
        "owner": this_process(),
        "session": session,
        "owner_token": secrets.token_urlsafe(),
        "steps_done": 0,
        "epochs_done": 0,
    }
    heartbeat(connection)
    key: Any = connection.execute(insert(schema.runs).values(row)).inserted_primary_key
    if kind.most_kept is not None:
        _forget_the_oldest(connection, kind.name, kind.most_kept)
    return int(key[0])


def _forget_the_oldest(connection: Connection, kind: str, most: int) -> None:
    table = schema.runs
    newest = select(table.c.number).where(table.c.kind == kind).order_by(table.c.number.desc()).limit(most)
    is_old = (table.c.kind == kind) & table.c.number.not_in(newest.scalar_subquery())
    connection.execute(delete(table).where(is_old, table.c.state.not_in(ACTIVE)))


def change(connection: Connection, number: int, **values: Any) -> None:
    """Set columns of a run."""
    connection.execute(update(schema.runs).where(schema.runs.c.number == number).values(**values))


def begin(connection: Connection, number: int, **values: Any) -> None:
    """A worker has taken the run up, perhaps not for the first time."""
    started_at = func.coalesce(schema.runs.c.started_at, datetime.now(UTC))
    change(connection, number, state="running", started_at=started_at, **values)


def end(connection: Connection, number: int, state: State, error: UserError | None = None, **values: Any) -> None:
    """Set a run's last state, and why in words; what it would have gone on from is let go of."""
    if error:
        values |= {"error_code": error.code, "error_message": error.message, "error_fix": error.fix}
    for name in ("suspension", "suspension_weights"):
        forget_blob(connection, number, name)
    change(connection, number, state=state, ended_at=datetime.now(UTC), **values)


def add_facts(connection: Connection, number: int, facts: Mapping[str, Any]) -> None:
    """Keep more of what only such a run has."""
    known = connection.scalar(select(schema.runs.c.facts).where(schema.runs.c.number == number))
    change(connection, number, facts={**(known or {}), **facts})


def find(connection: Connection, condition: ColumnElement[bool]) -> list[Run]:
    """Up to two runs for which that is so."""
    return read(connection, RUNS.where(condition).limit(_ANY_LIKE))


def only(found: list[Run], wanted: str) -> Run:
    """The one run that was found.

    Raises:
        UserError: `run_unknown` or `run_ambiguous`.
    """
    if not found:
        raise _unknown(wanted)
    if len(found) > 1:
        raise UserError("run_ambiguous", f"Several runs are called “{wanted}”.", "Use its full id.")
    return found[0]


def begins_with(start: str) -> ColumnElement[bool]:
    """For ids that begin so, said as bounds: SQLite's LIKE would read every run instead of the index."""
    digits = 2 * _ID_BYTES
    return schema.runs.c.id.between(start.ljust(digits, "0"), start.ljust(digits, "f"))


def number_of(connection: Connection, run_id: str) -> int:
    """The run's number, which the other tables know it by.

    Raises:
        UserError: `run_unknown`.
    """
    query = select(schema.runs.c.number).where(schema.runs.c.id == run_id)
    number: int | None = connection.scalar(query) if _ID.fullmatch(run_id) else None
    if number is None:
        raise _unknown(run_id)
    return number


def active_number(connection: Connection, run_id: str) -> int | None:
    """The number of a run that has not ended; locked, so that two processes cannot both end it."""
    table = schema.runs
    query = select(table.c.number).where(table.c.id == run_id, table.c.state.in_(ACTIVE))
    return connection.scalar(query.with_for_update())


def put_blob(
    connection: Connection, number: int, name: str, content: bytes, epoch: int | None = None, step: int | None = None
) -> None:
    """Keep bytes of a run under that name, in place of what was there."""
    forget_blob(connection, number, name)
    row = {"run": number, "name": name, "epoch": epoch, "step": step, "content": content}
    connection.execute(insert(schema.blobs).values(row))


def blob(connection: Connection, number: int, name: str) -> Any:
    """The `content`, `epoch` and `step` that `put_blob` was given; None when there are none."""
    table = schema.blobs
    query = select(table.c.content, table.c.epoch, table.c.step)
    return connection.execute(query.where(table.c.run == number, table.c.name == name)).first()


def forget_blob(connection: Connection, number: int, name: str) -> None:
    """Let go of what is kept of a run under that name."""
    connection.execute(delete(schema.blobs).where(schema.blobs.c.run == number, schema.blobs.c.name == name))


def _unknown(wanted: str) -> UserError:
    return UserError(
        "run_unknown", f"There is no run “{clean_name(wanted)}”.", "Choose one of the runs that are listed."
    )
