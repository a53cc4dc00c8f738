"""How a database of an older version becomes one of this version, as a part of the transaction that opens it.

Written by hand and not with Alembic: there is one step, which moves rows between tables and not only columns, and it
has to happen within the very transaction in which several processes may open the database at once.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    TableClause,
    cast,
    column,
    insert,
    inspect,
    literal,
    null,
    select,
    table,
    text,
    update,
)
from sqlalchemy.schema import CreateColumn

from mnist_core.runs.store import schema

_PARENTS = table("parents", column("run"), column("parent"))
_LESSONS = table(
    "teachings",
    *map(column, ("run", "owner", "parent", "digits", "right_before", "gained", "lost", "test_accuracy_before")),
)
_RANGE_TESTS = table("range_tests", column("run"), column("suggested"), column("lowest"), column("wall_s"))
_CLAIM_TESTS = table("claim_tests", column("run"), column("claim"), column("experiment"))
_RESUME_POINTS = table("resume_points", column("run"), column("epoch"), column("step"), column("resume"))
_EVALUATIONS = table("evaluations", column("run"), column("test_probabilities"))
_DRAWINGS = table("drawings", column("run"), column("pixels"))
_SUSPENSIONS = table("suspensions", column("run"))  # of versions in between; paused runs end with their process


def from_version_1(connection: Connection) -> None:
    """Seven tables that had one row at most for a run become two columns of the run, and the table `blobs`."""
    there = set(inspect(connection).get_table_names())
    for name in ("kind", "facts"):
        added = CreateColumn(schema.runs.c[name]).compile(dialect=connection.dialect)
        connection.execute(text(f"ALTER TABLE runs ADD COLUMN {added}"))
    index = next(index for index in schema.runs.indexes if index.name == "runs_by_kind")
    index.create(connection)

    for number, values in _facts(connection, there):
        connection.execute(update(schema.runs).where(schema.runs.c.number == number).values(values))
    blobs = [
        (_EVALUATIONS, "test_probabilities", "test_probabilities"),
        (_DRAWINGS, "drawing", "pixels"),
        (_RESUME_POINTS, "resume", "resume"),
    ]
    for old, name, content in blobs:
        if old.name in there:
            places = [old.c[place] if place in old.c else cast(null(), Integer) for place in ("epoch", "step")]
            rows = select(old.c.run, literal(name), *places, old.c[content])
            connection.execute(insert(schema.blobs).from_select(["run", "name", "epoch", "step", "content"], rows))
    for old in (_PARENTS, _LESSONS, _RANGE_TESTS, _CLAIM_TESTS, _SUSPENSIONS, *(old for old, *_ in blobs)):
        if old.name in there:
            connection.execute(text(f"DROP TABLE {old.name}"))


def _facts(connection: Connection, there: set[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The runs that were more than a training, and what is known of them."""

    def rows(old: TableClause) -> list[dict[str, Any]]:
        return [dict(row) for row in connection.execute(select(old)).mappings()] if old.name in there else []

    for row in rows(_PARENTS):
        yield row["run"], {"facts": {"continues": row["parent"]}}
    for row in rows(_LESSONS):
        number = row.pop("run")
        yield (
            number,
            {"kind": "fine_tuning", "facts": {name: value for name, value in row.items() if value is not None}},
        )
    for row in rows(_RANGE_TESTS):
        number = row.pop("run")
        yield number, {"kind": "lr_finder", "facts": row if row["wall_s"] is not None else {}}
    for row in rows(_CLAIM_TESTS):
        yield row.pop("run"), {"kind": "claim_test", "facts": row}
