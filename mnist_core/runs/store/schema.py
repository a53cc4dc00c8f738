"""The tables that runs live in, the same on SQLite and PostgreSQL."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
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

VERSION = "2"
"""The newest script in `migrations/versions`: whoever changes a table writes one."""

VERSION_TABLE = "digit_clinic_version"
"""Where Alembic keeps it. Other programs that use Alembic have a table of another name."""


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

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """The same, with None for what is no moment: one damaged row does not hide all the others."""
        read = super().result_processor(dialect, coltype)
        assert read is not None

        def moment(value: Any) -> datetime | None:
            try:
                return read(value)
            except (TypeError, ValueError):
                return None

        return moment


class PlainText(TypeDecorator[str]):
    """A text of any length, without what a database cannot keep: NUL, and halves of characters."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """From Python to the database."""
        return None if value is None else value.replace("\0", "").encode("utf-8", "replace").decode()


def read_json(content: str) -> Any:
    """A JSON value; None for what is none, for the same reason."""
    try:
        return json.loads(content)
    except (TypeError, ValueError, RecursionError):
        return None


# SQLite counts only an INTEGER primary key up by itself.
_Number = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

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
    Column("owner", Text, nullable=False),  # the process that trains it, see `owners`
    Column("session", PlainText, nullable=False),
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
    Column("error_message", PlainText),
    Column("error_fix", PlainText),
    Column("kind", String(16), nullable=False, server_default="training"),  # as `kinds.RunKind.name`
    Column("facts", JSON, nullable=False, server_default="{}"),  # what only some runs have, see `run.Run.facts`
    Index("runs_by_name", "name"),
    Index("runs_by_state", "state"),
    Index("runs_by_kind", "kind", "number"),
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

blobs = Table(
    "blobs",
    metadata,
    _run_key(),
    # `drawing`: 28 x 28, 0 paper to 255 ink. `test_probabilities`: as `events.Finished` has them. `resume`: what a
    # longer run goes on from. `suspension` and `suspension_weights`: what a paused run does.
    Column("name", String(32), primary_key=True),
    Column("epoch", Integer),  # how many were done; NULL where that says nothing
    Column("step", BigInteger),
    Column("content", LargeBinary, nullable=False),
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

owners = Table(
    "owners",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("seen_at", UtcTime, nullable=False),  # when that process last showed that it lives
)
