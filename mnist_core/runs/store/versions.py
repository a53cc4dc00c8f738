"""Which version a database's tables are of."""

from sqlalchemy import Connection, inspect, select, text

from mnist_core.errors import UserError
from mnist_core.runs.store import schema

URL_VARIABLE = "DIGIT_CLINIC_DATABASE"

_BEFORE_ALEMBIC = {"schema_version", "runs", "epochs", "steps"}
"""Tables of versions 1 and 2, before there was Alembic: the first one held the number."""


def version_of(connection: Connection) -> str | None:
    """The version of the tables; None of a database without any.

    Raises:
        UserError: `database_foreign` when they are another program's.
    """
    names = set(inspect(connection).get_table_names())
    if schema.VERSION_TABLE in names:
        return str(connection.scalar(select(text(f"version_num FROM {schema.VERSION_TABLE}"))))
    if names >= _BEFORE_ALEMBIC:
        return str(connection.scalar(text("SELECT version FROM schema_version")))
    if names:
        raise UserError(
            "database_foreign",
            "The database holds another program's tables, so nothing was written into it.",
            f"Set {URL_VARIABLE} to a database of its own.",
        )
    return None
