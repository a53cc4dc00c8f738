"""A database full of runs: one is trained, and copied under other names until there are as many as wanted."""

import secrets
from datetime import timedelta
from functools import cache

from sqlalchemy import ColumnElement, Connection, Table, func, insert, select

from mnist_core.recipe import Recipe
from mnist_core.runs.store import schema
from mnist_core.runs.store.database import Database
from mnist_core.runs.store.store import Store
from mnist_core.training.events import Event
from mnist_core.training.loop import train

USUAL = Recipe(model="cnn", train_images=6_880, batch_size=32, epochs=3)
"""A run that leaves as many rows as one of three epochs of all images in batches of 256: 215 steps an epoch."""

SMALL = USUAL.replace(width=0.25)
"""The same with a model whose weights take a sixteenth of the room: ten thousand of them fit on a disk."""

_AT_ONCE = 100  # runs in one transaction, so that SQLite's log stays small
_APART = timedelta(minutes=7)
_FILLED = (schema.steps, schema.epochs, schema.details, schema.blobs)


@cache
def events_of(recipe: Recipe) -> tuple[Event, ...]:
    """All that a training of that recipe announces, in order; trained once a process."""
    return tuple(train(recipe))


def fill(url: str, runs: int, recipe: Recipe = SMALL) -> None:
    """Add finished runs of that recipe to the database until it has so many.

    The first one is trained and kept through the store, as the engine does. The others are its rows once more, with
    an id, a name and a time of their own: kept one event after the other, ten thousand would take hours.
    """
    store = Store(url, step_gap_s=0)
    if runs and not store.runs(1):
        made = store.create(recipe)
        for event in events_of(recipe):
            store.record(made.id, event)
    store.close()
    database = Database(url)
    there = _copy(database, 0)
    while there < runs:
        there = _copy(database, min(_AT_ONCE, runs - there))
    database.close()


def _copy(database: Database, runs: int) -> int:
    """Copy the first run so many times; how many runs there are then."""
    table = schema.runs
    with database.writing() as connection:
        first, newest = connection.execute(select(func.min(table.c.number), func.max(table.c.number))).one()
        if runs:
            connection.execute(insert(table), _named(connection, first, newest, runs))
            for filled in _FILLED:
                _copy_rows(connection, filled, first, table.c.number > newest)
        return connection.scalar(select(func.count()).select_from(table)) or 0


def _named(connection: Connection, first: int, newest: int, runs: int) -> list[dict[str, object]]:
    """The first run's row so many times, each with what is one run's alone."""
    table = schema.runs
    row = dict(connection.execute(select(table).where(table.c.number == first)).mappings().one())
    del row["number"]
    return [
        {
            **row,
            "id": f"{newest + place:08x}",
            "name": f"{row['name']} {newest + place}",
            "owner_token": secrets.token_urlsafe(),
            "created_at": row["created_at"] + (newest + place - first) * _APART,
        }
        for place in range(1, runs + 1)
    ]


def _copy_rows(connection: Connection, table: Table, first: int, are_new: ColumnElement[bool]) -> None:
    columns = [column for column in table.c if column.name not in ("run", "number")]
    copied = select(schema.runs.c.number, *columns).select_from(schema.runs).join(table, table.c.run == first)
    order = (schema.runs.c.number, *table.primary_key.columns)
    names = ["run", *(column.name for column in columns)]
    connection.execute(insert(table).from_select(names, copied.where(are_new).order_by(*order)))
