"""What Alembic runs its scripts in: the transaction that opens the database, in which nobody else can do the same."""

from alembic import context

from mnist_core.runs.store import schema

context.configure(connection=context.config.attributes["connection"], version_table=schema.VERSION_TABLE)
context.run_migrations()
