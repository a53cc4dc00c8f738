"""Which process a run belongs to, so that a run of a dead process can be told from one that goes on.

Clocks are set back and forward, and no two hosts' agree: nothing here depends on what time it is.
"""

import os
import platform
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from sqlalchemy import Connection, insert, update

from mnist_core.runs.store import schema

HEARTBEAT_S = 60.0
"""How often a process that has runs says that it lives."""

SILENCE_S = 5 * HEARTBEAT_S
"""How long a process of another host gives no new sign of life, seen from here, before nobody is expected there."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_SLACK_S = 2.0  # a process's start is counted from the boot, whose time is told in whole seconds

# The newest sign of life of each process of another host, and when it was first seen here (`time.monotonic`).
_signs: dict[str, tuple[datetime | None, float]] = {}


@cache
def _identity(process: int) -> str:
    boot = _boot()
    return f"{platform.node()}|{process}|{boot}+{_started_s(process, boot):.2f}"


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

    Of another host's processes only that sign is known, and they are given up when no new one has come for a while
    since this process first asked. A container that is started anew is another host. Without any sign, as in a
    database from before there were signs, they count as alive.
    """
    if owner == this_process():  # it asks; in a class, nearly every page that is made has such a run
        return False
    try:
        host, process, started = str(owner).rsplit("|", 2)
        boot, _, seconds = started.rpartition("+")
        number, started_s = int(process), float(seconds)
    except ValueError:  # a damaged row: nobody is known to be at it
        return True
    if host != platform.node():
        return seen_at is not None and _is_silent(str(owner), seen_at)
    try:
        is_same = boot in ("", _boot()) and abs(_started_s(number, boot) - started_s) < _SLACK_S
        return not is_same or psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, ValueError, OverflowError):  # numbers that no process can have
        return True
    except psutil.AccessDenied:
        return False


def _is_silent(owner: str, seen_at: datetime) -> bool:
    newest, since_s = _signs.get(owner, (None, 0.0))
    if newest != seen_at:
        _signs[owner] = seen_at, time.monotonic()
        return False
    return time.monotonic() - since_s > SILENCE_S


@cache
def _boot() -> str:
    """Which start of the machine this is, where the system tells; it may be empty."""
    return _BOOT.read_text().strip() if _BOOT.is_file() else ""


def _started_s(process: int, boot: str) -> float:
    """When a process started, in seconds: since that boot; since 1970 without one, as older versions noted it.

    Linux knows the first only, and tells the other by a boot time that moves when the clock is set.
    """
    boot_s = psutil.boot_time() if boot else 0.0  # first: older psutil remembers it, and a `Process` counts from there
    started_s: float = psutil.Process(process).create_time() - boot_s
    return started_s
