"""Dask's loops and messages by a clock that nobody sets, in every process that imports this before they begin.

They go by the wall clock: set back by an hour, what a worker says of its run would wait for an hour before it is sent.
"""

import time

import distributed.batched
from tornado.ioloop import IOLoop


def _now_s(_: IOLoop) -> float:
    return time.monotonic()


IOLoop.time = _now_s  # type: ignore[assignment, method-assign]
distributed.batched.time = time.monotonic  # type: ignore[attr-defined]
