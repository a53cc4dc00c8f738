"""Seven tables that had one row at most for a run become two columns of the run, and the table `blobs`.

Version 1, of 23 to 29 November 2026, gained tables as it went: those that a database has not got yet are made.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = None

_FACTS = sa.table("runs", sa.column("number"), sa.column("kind"), sa.column("facts", sa.JSON))
_LESSON = ("owner", "parent", "digits", "right_before", "gained", "lost", "test_accuracy_before")
_RANGE_TEST = ("suggested", "lowest", "wall_s")
_BLOBS = {  # by the table that it was in: what a blob is called, and its column there
    "evaluations": ("test_probabilities", "test_probabilities"),
    "drawings": ("drawing", "pixels"),
    "resume_points": ("resume", "resume"),
}
_GONE = ("parents", "teachings", "range_tests", "claim_tests", "suspensions", *_BLOBS)


def upgrade() -> None:
    """From version 1."""
    there = set(sa.inspect(op.get_bind()).get_table_names())
    op.add_column("runs", sa.Column("kind", sa.String(16), nullable=False, server_default="training"))
    op.add_column("runs", sa.Column("facts", sa.JSON, nullable=False, server_default="{}"))
    op.create_index("runs_by_kind", "runs", ["kind", "number"])
    for values in _facts(there):
        op.execute(sa.update(_FACTS).where(_FACTS.c.number == values["number"]).values(values))
    _make_tables(there)
    for old, (name, content) in _BLOBS.items():
        if old in there:
            place = "epoch, step" if old == "resume_points" else "NULL, NULL"
            columns = "run, name, epoch, step, content"
            op.execute(f"INSERT INTO blobs ({columns}) SELECT run, '{name}', {place}, {content} FROM {old}")
    for old in _GONE:
        if old in there:
            op.drop_table(old)


def _facts(there: set[str]) -> Iterator[dict[str, Any]]:
    """The runs that were more than a training, and what is known of them."""

    def rows(old: str, *columns: str) -> list[tuple[int, dict[str, Any]]]:
        if old not in there:
            return []
        found = op.get_bind().execute(sa.text(f"SELECT run, {', '.join(columns)} FROM {old}")).mappings()
        return [(row["run"], {name: row[name] for name in columns}) for row in found]

    for number, row in rows("parents", "parent"):
        yield {"number": number, "facts": {"continues": row["parent"]}}
    for number, row in rows("teachings", *_LESSON):
        known = {name: value for name, value in row.items() if value is not None}
        yield {"number": number, "kind": "fine_tuning", "facts": known}
    for number, row in rows("range_tests", *_RANGE_TEST):
        yield {"number": number, "kind": "lr_finder", "facts": row if row["wall_s"] is not None else {}}
    for number, row in rows("claim_tests", "claim", "experiment"):
        yield {"number": number, "kind": "claim_test", "facts": row}


def _make_tables(there: set[str]) -> None:
    whole = sa.BigInteger().with_variant(sa.Integer, "sqlite")

    def run() -> sa.Column[Any]:
        return sa.Column("run", whole, sa.ForeignKey("runs.number", ondelete="CASCADE"), nullable=False)

    def number() -> sa.Column[Any]:
        return sa.Column("number", whole, primary_key=True, autoincrement=True)

    tables: dict[str, list[Any]] = {
        "blobs": [
            run(),
            sa.Column("name", sa.String(32), nullable=False),
            sa.Column("epoch", sa.Integer),
            sa.Column("step", sa.BigInteger),
            sa.Column("content", sa.LargeBinary, nullable=False),
            sa.PrimaryKeyConstraint("run", "name"),
        ],
        "details": [
            number(),
            run(),
            sa.Column("kind", sa.String(16), nullable=False),
            sa.Column("step", sa.BigInteger, nullable=False),
            sa.Column("facts", sa.Text, nullable=False),
            sa.Column("filters", sa.LargeBinary),
            sa.Index("details_by_run", "run", "kind", "number"),
        ],
        "my_digits": [
            number(),
            sa.Column("owner", sa.String(64), nullable=False),
            sa.Column("label", sa.Integer, nullable=False),
            sa.Column("kept_at", sa.DateTime, nullable=False),
            sa.Column("fingerprint", sa.String(32), nullable=False),
            sa.Column("png", sa.LargeBinary, nullable=False),
            sa.Index("my_digits_by_owner", "owner", "fingerprint"),
        ],
        "owners": [
            sa.Column("owner", sa.Text, primary_key=True),
            sa.Column("seen_at", sa.DateTime, nullable=False),
        ],
    }
    for name in tables.keys() - there:
        op.create_table(name, *tables[name], sqlite_autoincrement=name == "my_digits")
