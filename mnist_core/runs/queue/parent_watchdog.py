"""What ties a worker process of this machine to the app: when the app is gone, however it went, so is the worker.

Dask loads this into the nanny, the small process that looks after a worker; the worker ends with its nanny.
"""

import os
import sys
import threading


def dask_setup(nanny: object) -> None:  # noqa: ARG001
    """Watch the pipe that the app holds open and never writes to; Dask calls this (it is a preload)."""
    threading.Thread(target=_end_with_the_app, name="leash", daemon=True).start()


def _end_with_the_app() -> None:
    sys.stdin.buffer.read()
    os._exit(0)
