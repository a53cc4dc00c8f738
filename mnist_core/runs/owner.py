"""Which process a run belongs to, so that a run of a dead process can be told from one that goes on."""

import os
import platform
from functools import cache

import psutil  # type: ignore[import-untyped]

_CLOCK_SLACK_S = 2.0  # a process's start is counted from the boot time, which moves when the clock is set


@cache
def _identity(process: int) -> str:
    return f"{platform.node()}|{process}|{psutil.Process(process).create_time():.2f}"


def this_process() -> str:
    """The owner text of the process that asks: host, process number and when it started."""
    return _identity(os.getpid())


def is_gone(owner: str) -> bool:
    """Whether that process has ended. Of another host's processes nothing is known: they count as alive."""
    host, process, created_s = owner.rsplit("|", 2)
    if host != platform.node():
        return False
    try:
        alive = psutil.Process(int(process))
        same = abs(alive.create_time() - float(created_s)) < _CLOCK_SLACK_S
        return not same or alive.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False
