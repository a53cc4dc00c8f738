"""A run's events as rows, and back. Each function is a part of its caller's transaction."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, cast

import numpy as np
from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from mnist_core.runs.run import Curve, Insight, end_of
from mnist_core.runs.store import run_rows, schema
from mnist_core.runs.store.epoch_checkpoints import write_epoch
from mnist_core.training.events import (
    LAST_EVENTS,
    Epoch,
    EpochCheck,
    Event,
    FineTuneResult,
    Finished,
    PairFitted,
    Paused,
    ProbeResult,
    RangeTested,
    Resumed,
    SettingChanged,
    Started,
    Step,
    Suspended,
    TrialDone,
    from_message,
    kind_of,
    to_json,
)

Detail = ProbeResult | EpochCheck | SettingChanged | Paused | Resumed | PairFitted | TrialDone

MOST_PROBES = 400
"""How many probes of a run are kept at most; then half of them, evenly chosen. A probe takes some 3 KB."""

MOST_FILTERS = 48
"""How many of those keep the filters, which take up to 50 KB, at most; then half of them."""

_KINDS = ("measured", "checked", "changed", "paused", "resumed", "fitted")  # the attributes of `Insight`


# --- writing ---------------------------------------------------------------------------------------


def write_event(connection: Connection, number: int, event: Event) -> None:
    """Keep what a run announced, a run that has not ended."""
    match event:
        case Started():
            facts = {"steps": event.steps, "parameters": event.parameters, "device": event.device}
            run_rows.begin(connection, number, **facts)
        case Step():
            write_steps(connection, number, [event])
        case Epoch():
            write_epoch(connection, number, event)
        case FineTuneResult():
            run_rows.add_facts(connection, number, asdict(event))
        case Suspended():
            run_rows.put_blob(connection, number, "suspension", event.resume, event.epoch, event.step)
            run_rows.put_blob(connection, number, "suspension_weights", event.weights)
        case _ if isinstance(event, LAST_EVENTS):
            _write_end(connection, number, event)
        case _:
            _write_detail(connection, number, event)


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
        run_rows.change(connection, number, steps_done=rows[-1]["step"])


def _write_end(connection: Connection, number: int, event: Event) -> None:
    if isinstance(event, Finished):
        run_rows.put_blob(connection, number, "test_probabilities", event.test_probabilities)
    if isinstance(event, RangeTested):
        run_rows.add_facts(connection, number, asdict(event))
    known = {"wall_s": "wall_s", "test_accuracy": "test_accuracy", "step": "steps_done"}
    values = {column: getattr(event, name) for name, column in known.items() if hasattr(event, name)}
    run_rows.end(connection, number, *end_of(event), **values)


def _write_detail(connection: Connection, number: int, event: Detail) -> None:
    probe = event if isinstance(event, ProbeResult) else None
    row = {
        "run": number,
        "kind": kind_of(event),
        "step": 0 if isinstance(event, PairFitted) else event.step,
        "facts": to_json(event),
        "filters": probe.filters or None if probe else None,
    }
    connection.execute(insert(schema.details).values(row))
    match event:
        case ProbeResult():
            _thin_out(connection, number)
        case Paused():
            run_rows.change(connection, number, state="paused")
        case Resumed():
            run_rows.change(connection, number, state="running")
        case TrialDone():
            run_rows.change(connection, number, steps_done=event.step)


def _thin_out(connection: Connection, number: int) -> None:
    """Keep what a long run's probes take on the disk within bounds."""
    table = schema.details
    probes = _all(number, "measured")
    if dropped := _superfluous(connection, probes, MOST_PROBES):
        connection.execute(delete(table).where(table.c.number.in_(dropped)))
    if bare := _superfluous(connection, [*probes, table.c.filters.is_not(None)], MOST_FILTERS):
        connection.execute(update(table).where(table.c.number.in_(bare)).values(filters=None))


def _superfluous(connection: Connection, conditions: Sequence[ColumnElement[bool]], most: int) -> list[int]:
    """The numbers of half of the rows, when there are more than that."""
    table = schema.details
    if (connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0) <= most:
        return []
    known = connection.execute(select(table.c.number, table.c.step).where(*conditions).order_by(table.c.number)).all()
    kept = set(evenly([row.step for row in known], most // 2))
    return [row.number for index, row in enumerate(known) if index not in kept]


# --- reading ---------------------------------------------------------------------------------------


def curve(connection: Connection, number: int, max_points: int) -> Curve:
    """All epochs of a run, and at most `max_points` (2 or more) steps, evenly chosen, the first and the last too."""
    table = schema.steps
    count = connection.scalar(select(func.count()).where(table.c.run == number)) or 0
    stride = max(1, math.ceil(count / (max_points - 1)))
    place = func.row_number().over(order_by=table.c.step).label("place")
    placed = select(table, place).where(table.c.run == number).subquery()
    is_chosen = or_((placed.c.place - 1) % stride == 0, placed.c.place == count)
    steps = connection.execute(select(placed).where(is_chosen).order_by(placed.c.step))
    shown = [column for column in schema.epochs.c if column.name not in ("run", "weights")]
    epochs = connection.execute(
        select(*shown).where(schema.epochs.c.run == number).order_by(schema.epochs.c.epoch)
    ).mappings()
    return Curve(
        tuple(
            Step(row.step, row.epoch, math.nan if row.loss is None else row.loss, row.learning_rate) for row in steps
        ),
        tuple(Epoch(**row) for row in epochs),
    )


def insight(connection: Connection, number: int, max_points: int) -> Insight:
    """All details of a run, of the probes at most `max_points` (2 or more).

    Raises:
        ValueError: When a row is not as `write_event` left it.
    """
    found = {kind: _read(connection, number, kind) for kind in _KINDS if kind != "measured"}
    table = schema.details
    probes = connection.execute(
        select(table.c.number, table.c.step).where(*_all(number, "measured")).order_by(table.c.number)
    ).all()
    chosen = [probes[index].number for index in evenly([row.step for row in probes], max_points)]
    measured = _read(connection, number, "measured", table.c.number.in_(chosen))
    return Insight(measured=cast(tuple[ProbeResult, ...], measured), **cast(dict[str, Any], found))


def trials(connection: Connection, number: int) -> tuple[TrialDone, ...]:
    """The trials of a claim's test that are done, in order; none of other runs.

    Raises:
        ValueError: When a row is not as `write_event` left it.
    """
    return cast(tuple[TrialDone, ...], _read(connection, number, "tried"))


def evenly(places: Sequence[float], count: int) -> list[int]:
    """The indices of at most `count` (2 or more) of these places, which rise; first and last are among them.

    They are chosen by where they are, not by how many there are: what was thinned out before stays even.
    """
    if len(places) <= count:
        return list(range(len(places)))
    wanted = np.linspace(places[0], places[-1], count)
    return [int(index) for index in np.unique(np.searchsorted(places, wanted)).clip(max=len(places) - 1)]


def _read(connection: Connection, number: int, kind: str, *conditions: ColumnElement[bool]) -> tuple[Event, ...]:
    table = schema.details
    query = select(table.c.facts, table.c.filters).where(*_all(number, kind), *conditions).order_by(table.c.number)
    try:
        return tuple(_as_event(row.facts, row.filters) for row in connection.execute(query))
    except (KeyError, TypeError) as error:
        raise ValueError("a detail is damaged") from error


def _as_event(facts: str, filters: bytes | None) -> Event:
    message = json.loads(facts)
    if message["event"] == "measured":
        message |= {"filters": bytes(filters)} if filters else {"filters": b"", "filters_shape": []}
    return from_message(message)


def _all(number: int, kind: str) -> list[ColumnElement[bool]]:
    return [schema.details.c.run == number, schema.details.c.kind == kind]
