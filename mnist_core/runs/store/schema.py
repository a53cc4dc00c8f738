"""The tables that runs live in, the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

VERSION = 1
"""Raised by whoever changes a column; a database of another version is refused, not guessed at.

A new table needs no new version: an older database gains it when it is opened.
"""


class UtcTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC for Python; plain UTC for the database, because SQLite keeps no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From Python to the database."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database to Python."""
        return value.replace(tzinfo=UTC) if value else None


# SQLite counts only an INTEGER primary key up by itself.
_Number = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

versions = Table("schema_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

runs = Table(
    "runs",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),  # the order in which runs were asked for
    Column("id", String(32), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("recipe", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("started_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("owner", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("owner_token", String(64), nullable=False),
    Column("steps", BigInteger),
    Column("steps_done", BigInteger, nullable=False),
    Column("parameters", BigInteger),
    Column("device", String(16)),
    Column("epochs_done", Integer, nullable=False),
    Column("validation_accuracy", Float(53)),
    Column("test_accuracy", Float(53)),
    Column("wall_s", Float(53)),
    Column("error_code", Text),
    Column("error_message", Text),
    Column("error_fix", Text),
    Index("runs_by_name", "name"),
    Index("runs_by_state", "state"),
    sqlite_autoincrement=True,  # a deleted run's number never comes back
)


def _run_key() -> Column[Any]:
    """The run a row belongs to, and goes with."""
    key = ForeignKey("runs.number", ondelete="CASCADE")
    return Column("run", _Number, key, primary_key=True, autoincrement=False)


epochs = Table(
    "epochs",
    metadata,
    _run_key(),
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("training_loss", Float(53)),
    Column("training_accuracy", Float(53)),
    Column("validation_loss", Float(53)),
    Column("validation_accuracy", Float(53)),
    Column("wall_s", Float(53), nullable=False),
    Column("weights", LargeBinary, nullable=False),  # last: SQLite reads a row from its start, and curves stop before
)

steps = Table(
    "steps",
    metadata,
    _run_key(),
    Column("step", BigInteger, primary_key=True, autoincrement=False),
    Column("epoch", Float(53), nullable=False),
    Column("loss", Float(53)),  # NULL for a loss that is no number: SQLite keeps no NaN
    Column("learning_rate", Float(53), nullable=False),
)

evaluations = Table(
    "evaluations",
    metadata,
    _run_key(),
    Column("test_probabilities", LargeBinary, nullable=False),
)

my_digits = Table(
    "my_digits",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),  # the order in which they were kept
    Column("owner", String(64), nullable=False),
    Column("label", Integer, nullable=False),
    Column("kept_at", UtcTime, nullable=False),
    Column("fingerprint", String(32), nullable=False),
    Column("png", LargeBinary, nullable=False),
    Index("my_digits_by_owner", "owner", "fingerprint"),
    sqlite_autoincrement=True,
)

teachings = Table(
    "teachings",
    metadata,
    _run_key(),
    Column("owner", String(64), nullable=False),
    Column("parent", String(80), nullable=False),
    Column("digits", Integer, nullable=False),
    Column("right_before", Integer),
    Column("gained", Integer),
    Column("lost", Integer),
    Column("test_accuracy_before", Float(53)),
    Index("teachings_by_owner", "owner"),
)

details = Table(
    "details",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=True),  # the order in which they were announced
    Column("run", _Number, ForeignKey("runs.number", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),  # as `events.kind_of`
    Column("step", BigInteger, nullable=False),
    Column("facts", Text, nullable=False),  # the event as JSON, without its bytes
    Column("filters", LargeBinary),  # of `events.ProbeResult`
    Index("details_by_run", "run", "kind", "number"),
)

resume_points = Table(
    "resume_points",
    metadata,
    _run_key(),
    Column("epoch", Integer, nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("resume", LargeBinary, nullable=False),
)

suspensions = Table(
    "suspensions",
    metadata,
    _run_key(),
    Column("epoch", Integer, nullable=False),
    Column("step", BigInteger, nullable=False),
    Column("weights", LargeBinary, nullable=False),
    Column("resume", LargeBinary, nullable=False),
)

drawings = Table(
    "drawings",
    metadata,
    _run_key(),
    Column("pixels", LargeBinary, nullable=False),  # 28 x 28, 0 paper to 255 ink
)

parents = Table(
    "parents",
    metadata,
    _run_key(),
    Column("parent", String(32), nullable=False),  # the id of a run that may be gone
)

range_tests = Table(
    "range_tests",
    metadata,
    _run_key(),
    Column("suggested", Float(53)),
    Column("lowest", Float(53)),
    Column("wall_s", Float(53)),  # NULL until it has ended as it should
)

claim_tests = Table(
    "claim_tests",
    metadata,
    _run_key(),
    Column("claim", String(80), nullable=False),
    Column("experiment", String(32), nullable=False),  # as `Claim.experiment`: what exactly was tried
    Index("claim_tests_by_experiment", "experiment", "run"),
)

owners = Table(
    "owners",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("seen_at", UtcTime, nullable=False),  # when that process last showed that it lives
)
