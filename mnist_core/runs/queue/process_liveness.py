"""Which process a run belongs to, so that a run of a dead process can be told from one that goes on."""

import os
import platform
from datetime import UTC, datetime, timedelta
from functools import cache

import psutil  # type: ignore[import-untyped]

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


def is_dead(owner: str, seen_at: datetime | None = None) -> bool:
    """Whether that process has ended.

    Of another host's processes only this is known: when they last gave a sign of life. A container that is started
    anew is another host. Without any sign, as in a database from before there were signs, they count as alive.
    """
    host, process, created_s = owner.rsplit("|", 2)
    if host != platform.node():
        return seen_at is not None and datetime.now(UTC) - seen_at > _SILENCE
    return _has_ended(int(process), float(created_s))


def _has_ended(process: int, created_s: float) -> bool:
    try:
        alive = psutil.Process(process)
        same = abs(alive.create_time() - created_s) < _CLOCK_SLACK_S
        return not same or alive.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False
