"""How the store reaches its database: SQLite in the user's data folder, or whatever the URL names."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import platformdirs
import sqlalchemy
from sqlalchemy import Connection, Engine, event, exc, insert, select, update

from mnist_core.errors import UserError
from mnist_core.runs.store import migrations, schema

URL_VARIABLE = "DIGIT_CLINIC_DATABASE"

_BUSY_S = 15  # how long a write waits for another process's write
_OPEN_ATTEMPTS = 5
_SIGNS_OF_A_RACE = ("locked", "exists", "duplicate", "UNIQUE")
_SIGNS_OF_DAMAGE = ("malformed", "no such", "unsupported file format", "syntax error")


def default_url() -> str:
    """What `DIGIT_CLINIC_DATABASE` says, else a SQLite file in the user's data folder."""
    said = os.environ.get(URL_VARIABLE)
    return said or f"sqlite:///{Path(platformdirs.user_data_dir('digit-clinic', appauthor=False)) / 'runs.sqlite'}"


class Database:
    """Connections to one database, as transactions that say in plain words what went wrong.

    Opening is put off to the first use, and the tables are made there when they are missing.
    """

    def __init__(self, url: str) -> None:
        self._engine = _make_engine(url)
        self._opened = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads.

        Raises:
            UserError: `database_...` when the database cannot answer.
        """
        with _plain_errors(), self._begin(writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept as a whole when the block ends, and not at all when it raises.

        Raises:
            UserError: `database_...` when the database cannot take it.
        """
        with _plain_errors(), self._begin(writes=True) as connection:
            yield connection

    def close(self) -> None:
        """Let go of all connections; the next use opens new ones."""
        self._engine.dispose()

    @contextmanager
    def _begin(self, writes: bool) -> Iterator[Connection]:
        if not self._opened:
            self._open()
        with self._engine.connect().execution_options(writes=writes) as connection, connection.begin():
            yield connection

    def _open(self) -> None:
        """Make what is missing. Two processes may do so at once, so the one that comes second looks again."""
        for attempt in range(_OPEN_ATTEMPTS):
            try:
                self._make_tables()
            except exc.DBAPIError as error:
                is_race = any(sign in str(error.orig) for sign in _SIGNS_OF_A_RACE)
                if not is_race or attempt == _OPEN_ATTEMPTS - 1:
                    raise
                time.sleep(0.1 * attempt)
            else:
                self._opened = True
                return

    def _make_tables(self) -> None:
        _make_folder(self._engine)
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            schema.metadata.create_all(connection)
            # Locked, so that one of several processes migrates.
            version = connection.scalar(select(schema.versions.c.version).with_for_update())
            if version is None:
                connection.execute(insert(schema.versions).values(version=schema.VERSION))
            elif version == 1:
                migrations.from_version_1(connection)
                connection.execute(update(schema.versions).values(version=schema.VERSION))
            elif version != schema.VERSION:
                raise UserError(
                    "database_version",
                    "The database of runs was made by another version of Digit Clinic.",
                    f"Use that version, or set {URL_VARIABLE} to another database.",
                )


def _make_engine(url: str) -> Engine:
    try:
        parsed = sqlalchemy.make_url(url)
        arguments: dict[str, Any] = {"timeout": _BUSY_S} if parsed.get_backend_name() == "sqlite" else {}
        engine = sqlalchemy.create_engine(parsed, connect_args=arguments, pool_pre_ping=not arguments)
    except (exc.ArgumentError, ImportError, ValueError) as error:
        raise UserError(
            "database_url",
            f"The address of the database of runs cannot be used ({type(error).__name__}).",
            f"Set {URL_VARIABLE} to a URL like sqlite:////folder/runs.sqlite or postgresql+psycopg://user@host/name, "
            "and install the driver it names.",
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # Python's driver would begin transactions in its own way; `_begin_sqlite` does it instead.
    connection.isolation_level = None
    for setting in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A write takes its lock at once: a read that turns into a write fails when another came in between.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_folder(engine: Engine) -> None:
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file and file != ":memory:":
        try:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise _unopenable() from None


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what a database says into what people can act on."""
    try:
        yield
    except (exc.SQLAlchemyError, ValueError) as error:  # ValueError: bytes that are no text, texts that are no time
        raise _plain(error) from error


def _plain(error: Exception) -> UserError:
    said = str(getattr(error, "orig", None) or error).lower()
    if "locked" in said or isinstance(error, exc.TimeoutError):
        return UserError(
            "database_busy",
            "The database of runs is busy.",
            "Wait a moment and try again.",
        )
    if "full" in said or "readonly" in said:
        return UserError(
            "database_full",
            "The database of runs cannot be written to.",
            "Make room on the disk and check that its file is writable.",
        )
    if isinstance(error, exc.OperationalError) and not any(sign in said for sign in _SIGNS_OF_DAMAGE):
        return _unopenable()
    return UserError(
        "database_damaged",
        "The database of runs is damaged.",
        f"Restore a backup, move the file away, or set {URL_VARIABLE} to another database.",
    )


def _unopenable() -> UserError:
    return UserError(
        "database_unreachable",
        "The database of runs cannot be opened.",
        f"Check that it exists and is accessible, or set {URL_VARIABLE} to another database.",
    )
