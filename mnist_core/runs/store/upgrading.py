"""How a database's tables become those of this version: by Alembic, in one transaction.

A module of its own, so that a database that is up to date is opened without loading Alembic.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, func, select

from mnist_core.errors import UserError
from mnist_core.runs.store import schema, versions

SCRIPTS = Path(__file__).with_name("migrations")
_FIRST = "1"
_LOCK = 7317  # any number, which stands for "this database is being opened"

_log = logging.getLogger(__name__)


def upgrade(connection: Connection, keep_copy: Callable[[str], str]) -> None:
    """Make the tables, or bring older ones up to date, and lock others out of doing the same.

    Args:
        connection: In that transaction.
        keep_copy: Keeps a copy of a database of the version that it is given, and returns where.

    Raises:
        UserError: `database_version` when a newer version of Digit Clinic made them, `database_foreign`.
    """
    if connection.dialect.name == "postgresql":  # SQLite's transaction has locked others out
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    found = versions.version_of(connection)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if found is None:
        schema.metadata.create_all(connection)
    try:
        if found != _FIRST:
            command.stamp(config, found or schema.VERSION)
        if found not in (None, schema.VERSION):
            _log.warning("Version %s of the database becomes %s; a copy: %s", found, schema.VERSION, keep_copy(found))
            command.upgrade(config, "head")
    except CommandError:
        raise UserError(
            "database_version",
            "The database of runs was made by another version of Digit Clinic.",
            f"Use that version, or set {versions.URL_VARIABLE} to another database.",
        ) from None
