"""What was seen inside a run, and what was done to it, as rows. Each function is a part of its caller's transaction."""

import json
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from mnist_core.runs.run import Insight
from mnist_core.runs.store import schema
from mnist_core.runs.store.subsample import evenly
from mnist_core.training.events import (
    EpochCheck,
    Event,
    PairFitted,
    Paused,
    ProbeResult,
    Resumed,
    SettingChanged,
    TrialDone,
    from_message,
    kind_of,
    to_json,
)

Detail = ProbeResult | EpochCheck | SettingChanged | Paused | Resumed | PairFitted | TrialDone

MOST_MEASURED = 400
"""How many looks inside a run are kept at most; then half of them, evenly chosen. A look takes some 3 KB."""

MOST_FILTERS = 48
"""How many of those keep the filters, which take up to 50 KB, at most; then half of them."""

_KINDS = ("measured", "checked", "changed", "paused", "resumed", "fitted")  # the attributes of `Insight`


def write(connection: Connection, number: int, event: Detail) -> None:
    """Keep a detail of a run."""
    measured = event if isinstance(event, ProbeResult) else None
    row = {
        "run": number,
        "kind": kind_of(event),
        "step": 0 if isinstance(event, PairFitted) else event.step,
        "facts": to_json(event),
        "filters": measured.filters or None if measured else None,
    }
    connection.execute(insert(schema.details).values(row))
    if measured:
        _thin_out(connection, number)


def insight(connection: Connection, number: int, max_points: int) -> Insight:
    """All details of a run, of the looks inside at most `max_points` (2 or more).

    Raises:
        ValueError: When a row is not as `write` left it.
    """
    try:
        found = {kind: _read(connection, number, kind) for kind in _KINDS if kind != "measured"}
        return Insight(measured=_measured(connection, number, max_points), **cast(dict[str, Any], found))
    except (KeyError, TypeError) as error:
        raise ValueError("a detail is damaged") from error


def trials(connection: Connection, number: int) -> tuple[TrialDone, ...]:
    """What a claim's test has tried, in order; nothing of other runs.

    Raises:
        ValueError: When a row is not as `write` left it.
    """
    try:
        return cast(tuple[TrialDone, ...], _read(connection, number, "tried"))
    except (KeyError, TypeError) as error:
        raise ValueError("a trial is damaged") from error


def _read(connection: Connection, number: int, kind: str, *conditions: ColumnElement[bool]) -> tuple[Event, ...]:
    table = schema.details
    query = select(table.c.facts, table.c.filters).where(*_all(number, kind), *conditions).order_by(table.c.number)
    return tuple(_as_event(row.facts, row.filters) for row in connection.execute(query))


def _measured(connection: Connection, number: int, max_points: int) -> tuple[ProbeResult, ...]:
    table = schema.details
    known = connection.execute(
        select(table.c.number, table.c.step).where(*_all(number, "measured")).order_by(table.c.number)
    ).all()
    chosen = [known[index].number for index in evenly([row.step for row in known], max_points)]
    return cast(tuple[ProbeResult, ...], _read(connection, number, "measured", table.c.number.in_(chosen)))


def _as_event(facts: str, filters: bytes | None) -> Event:
    message = json.loads(facts)
    if message["event"] == "measured":
        message |= {"filters": bytes(filters)} if filters else {"filters": b"", "filters_shape": []}
    return from_message(message)


def _thin_out(connection: Connection, number: int) -> None:
    """Keep what a long run's looks inside take on the disk within bounds."""
    table = schema.details
    measured = _all(number, "measured")
    if dropped := _superfluous(connection, measured, MOST_MEASURED):
        connection.execute(delete(table).where(table.c.number.in_(dropped)))
    if bare := _superfluous(connection, [*measured, table.c.filters.is_not(None)], MOST_FILTERS):
        connection.execute(update(table).where(table.c.number.in_(bare)).values(filters=None))


def _superfluous(connection: Connection, conditions: Sequence[ColumnElement[bool]], most: int) -> list[int]:
    """The numbers of half of the rows, when there are more than that."""
    table = schema.details
    if (connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0) <= most:
        return []
    known = connection.execute(select(table.c.number, table.c.step).where(*conditions).order_by(table.c.number)).all()
    kept = set(evenly([row.step for row in known], most // 2))
    return [row.number for index, row in enumerate(known) if index not in kept]


def _all(number: int, kind: str) -> list[ColumnElement[bool]]:
    return [schema.details.c.run == number, schema.details.c.kind == kind]
