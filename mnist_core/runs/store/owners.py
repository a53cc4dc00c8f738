"""Which process a run belongs to, so that a run of a dead process can be told from one that goes on."""

import os
import platform
from datetime import UTC, datetime, timedelta
from functools import cache

import psutil  # type: ignore[import-untyped]
from sqlalchemy import Connection, insert, update

from mnist_core.runs.store import schema

HEARTBEAT_S = 60.0
"""How often a process that has runs says that it lives."""

_SILENCE = timedelta(minutes=15)  # of another host, after which nobody is expected to be there
_CLOCK_SLACK_S = 2.0  # a process's start is counted from the boot time, which moves when the clock is set


@cache
def _identity(process: int) -> str:
    return f"{platform.node()}|{process}|{psutil.Process(process).create_time():.2f}"


def this_process() -> str:
    """The owner text of the process that asks: host, process number and when it started."""
    return _identity(os.getpid())


def heartbeat(connection: Connection) -> None:
    """Note, as a part of a transaction, that this process lives, for processes of other hosts."""
    table, owner, now = schema.owners, this_process(), datetime.now(UTC)
    if connection.execute(update(table).where(table.c.owner == owner).values(seen_at=now)).rowcount == 0:
        connection.execute(insert(table).values(owner=owner, seen_at=now))


def is_dead(owner: object, seen_at: datetime | None = None) -> bool:
    """Whether that process has ended, by its text as `this_process` makes it and by when it last gave a sign of life.

    Of another host's processes only that sign is known. A container that is started anew is another host. Without any
    sign, as in a database from before there were signs, they count as alive.
    """
    try:
        host, process, created_s = str(owner).rsplit("|", 2)
        number, began_s = int(process), float(created_s)
    except ValueError:  # a damaged row: nobody is known to be at it
        return True
    if host != platform.node():
        return seen_at is not None and datetime.now(UTC) - seen_at > _SILENCE
    try:
        alive = psutil.Process(number)
        is_same = abs(alive.create_time() - began_s) < _CLOCK_SLACK_S
        return not is_same or alive.status() == psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, ValueError, OverflowError):  # numbers that no process can have
        return True
    except psutil.AccessDenied:
        return False
