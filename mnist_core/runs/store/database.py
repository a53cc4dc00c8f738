"""How the store reaches its database: SQLite in the user's data folder, or whatever the URL names."""

import errno
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import platformdirs
import sqlalchemy
from sqlalchemy import Connection, Engine, event, exc, text

from mnist_core.errors import UserError
from mnist_core.runs.store import schema, versions

WAIT_S = 2.0
"""How long is waited for another program's lock before people are told; pages are answered within three seconds."""

PATIENCE_S = 15.0
"""The same for what has no one to be told, and would be lost: what a training announces."""

_LITTLE_BYTES = 2**20  # of a disk that is as good as full

_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL", "55P03", "57014", "40", "53300", "57P03")
_FULL = ("SQLITE_FULL", "53100")
_READ_ONLY = ("SQLITE_READONLY", "25006")
_NOT_REACHED = ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM", "SQLITE_AUTH")
"""How the names of SQLite's errors and the codes of PostgreSQL's begin."""


def default_url() -> str:
    """What `DIGIT_CLINIC_DATABASE` says, else a SQLite file in the user's data folder."""
    said = os.environ.get(versions.URL_VARIABLE)
    return said or f"sqlite:///{Path(platformdirs.user_data_dir('digit-clinic', appauthor=False)) / 'runs.sqlite'}"


class Database:
    """Connections to one database, as transactions that say in plain words what went wrong.

    Opening is put off to the first use. What does not exist is made there, what is older is brought up to date, and
    what is another program's is left as it is.
    """

    def __init__(self, url: str) -> None:
        self._engine = _make_engine(url)
        self._file = _file_of(self._engine)
        self._opened = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, and so waits for nobody who writes.

        Raises:
            UserError: `database_...` when the database cannot answer.
        """
        with self._plain_errors():
            self._open()
            with _transaction(self._engine, writes=False) as connection:
                yield connection

    @contextmanager
    def writing(self, wait_s: float | None = None) -> Iterator[Connection]:
        """A transaction that is kept as a whole when the block ends, and not at all when it raises.

        Raises:
            UserError: `database_...` when the database cannot take it, `database_busy` when others write for so long.
        """
        with self._plain_errors():
            self._open()
            with _transaction(self._engine, writes=True, wait_s=wait_s) as connection:
                yield connection

    def close(self) -> None:
        """Let go of all connections; the next use opens new ones."""
        self._engine.dispose()

    def _open(self) -> None:
        """Look first, without any lock: only what is not as it should be is written to."""
        if self._opened:
            return
        if self._file is not None and not self._file.exists():
            _make_file(self._engine.url, self._file)
        with _transaction(self._engine, writes=False) as connection:
            version = versions.version_of(connection)
        if version is None and self._file is not None:
            raise UserError(
                "database_empty",
                f"The database {self._file} is an empty file, so nothing was written into it.",
                f"Delete it to start anew, restore a backup, or set {versions.URL_VARIABLE} to another database.",
            )
        if version != schema.VERSION:
            from mnist_core.runs.store import upgrading  # before anybody is locked out: it takes a moment to load

            with _transaction(self._engine, writes=True) as connection:
                upgrading.upgrade(connection, partial(_keep_copy, connection, self._file))
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _use_wal)
            self._engine.dispose()
        self._opened = True

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """Turn what a database says into what people can act on."""
        try:
            yield
        except (exc.SQLAlchemyError, sqlite3.Error, OSError, ValueError) as error:
            # ValueError: bytes that are no text, texts that are no time
            raise _plain(error, self._file) from error


@contextmanager
def _transaction(engine: Engine, writes: bool, wait_s: float | None = None) -> Iterator[Connection]:
    options = {"writes": writes, "wait_ms": round(1000 * (WAIT_S if wait_s is None else wait_s))}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _make_engine(url: str | sqlalchemy.URL) -> Engine:
    try:
        parsed = sqlalchemy.make_url(url)
        is_sqlite = parsed.get_backend_name() == "sqlite"
        arguments: dict[str, Any] = {"timeout": WAIT_S} if is_sqlite else {}
        if parsed.get_driver_name().startswith("psycopg"):
            arguments = {"connect_timeout": round(WAIT_S)}
        engine = sqlalchemy.create_engine(
            parsed, connect_args=arguments, pool_pre_ping=not is_sqlite, json_deserializer=schema.read_json
        )
    except (exc.ArgumentError, ImportError, TypeError, ValueError) as error:
        raise UserError(
            "database_url",
            f"The address of the database of runs cannot be used ({type(error).__name__}).",
            f"Set {versions.URL_VARIABLE} to a URL like sqlite:////folder/runs.sqlite or "
            "postgresql+psycopg://user@host/name, and install the driver it names.",
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # Python's driver would begin transactions in its own way; `_begin_sqlite` does it instead.
    connection.isolation_level = None
    connection.text_factory = lambda content: content.decode("utf-8", "replace")
    for setting in ("synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}").close()


def _use_wal(connection: sqlite3.Connection, _: object) -> None:
    """Let nobody who reads wait for somebody who writes. It writes into the file, which then has to be ours."""
    with suppress(sqlite3.OperationalError):  # another program is at it, or the disk is read-only
        connection.execute("PRAGMA journal_mode=WAL").close()


def _begin_sqlite(connection: Connection) -> None:
    # A write takes its lock at once: a read that turns into a write fails when another came in between.
    options = connection.get_execution_options()
    connection.exec_driver_sql(f"PRAGMA busy_timeout={options['wait_ms']}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options["writes"] else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout={connection.get_execution_options()['wait_ms']}")


def _file_of(engine: Engine) -> Path | None:
    """SQLite's file; None for a server, or a database in memory."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return None
    return Path(name)


@contextmanager
def _for_owner_only() -> Iterator[None]:
    """Files and folders made meanwhile are nobody else's to read; what SQLite puts beside its file later follows it."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@_for_owner_only()
def _make_file(url: sqlalchemy.URL, file: Path) -> None:
    """Make it beside its place and put it there whole, so that whenever this ends, no empty file is left there."""
    from mnist_core.runs.store import upgrading

    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{os.getpid()}-{threading.get_ident()}.part")
    engine = _make_engine(url.set(database=str(part)))
    try:
        with _transaction(engine, writes=True) as connection:
            upgrading.upgrade(connection, keep_copy=str)  # of nothing, and so never asked for
        engine.dispose()
        with suppress(FileExistsError):  # another process was quicker
            _put(part, file)
    finally:
        engine.dispose()
        for left in file.parent.glob(f"{part.name}*"):
            left.unlink()


def _put(part: Path, file: Path) -> None:
    try:
        file.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if not file.exists():
            part.rename(file)


@_for_owner_only()
def _keep_copy(connection: Connection, file: Path | None, version: str) -> str:
    """Keep the database as it is; under the lock of the transaction, in which nothing has been written yet."""
    if file is not None:
        copy = file.with_name(f"{file.stem}.version-{version}.{datetime.now():%Y%m%d-%H%M%S}{file.suffix}")
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        return str(copy)
    names = sqlalchemy.inspect(connection).get_table_names()
    for name in names:
        connection.execute(text(f"CREATE TABLE {name}_version_{version} AS SELECT * FROM {name}"))
    return ", ".join(f"{name}_version_{version}" for name in names)


def _plain(error: Exception, file: Path | None) -> UserError:
    cause = getattr(error, "orig", None) or error
    sign = str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")
    if sign.startswith(_BUSY) or isinstance(error, exc.TimeoutError):
        return UserError("database_busy", "The database of runs is busy.", "Wait a moment and try again.")
    is_reached = not (sign.startswith(_NOT_REACHED) or isinstance(error, OSError))
    if sign.startswith(_FULL) or (not is_reached and _is_full(error, file)):
        return UserError(
            "database_full", "The disk that holds the database of runs is full.", "Make room on it and try again."
        )
    if sign.startswith(_READ_ONLY) or (not is_reached and _is_read_only(error, file)):
        return UserError(
            "database_read_only",
            "The database of runs is read-only.",
            f"Make its file and folder writable, or set {versions.URL_VARIABLE} to another database.",
        )
    is_unknown = isinstance(error, exc.OperationalError) and not sign.startswith("SQLITE_")
    if not is_reached or is_unknown:
        return UserError(
            "database_unreachable",
            "The database of runs cannot be opened.",
            f"Check that it exists and is accessible, or set {versions.URL_VARIABLE} to another database.",
        )
    return UserError(
        "database_damaged",
        "The database of runs is damaged.",
        f"Restore a backup, move the file away, or set {versions.URL_VARIABLE} to another database.",
    )


def _is_full(error: Exception, file: Path | None) -> bool:
    with suppress(OSError):
        return getattr(error, "errno", 0) == errno.ENOSPC or (
            file is not None and shutil.disk_usage(file.parent).free < _LITTLE_BYTES
        )
    return False


def _is_read_only(error: Exception, file: Path | None) -> bool:
    if getattr(error, "errno", 0) in (errno.EROFS, errno.EACCES):
        return True
    return file is not None and any(
        os.access(path, os.F_OK) and not os.access(path, os.W_OK) for path in (file, file.parent)
    )
