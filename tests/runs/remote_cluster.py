"""A Dask cluster as somebody else runs it: a scheduler and workers that are processes of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.server import ROOT, free_port

_QUIET = {"DASK_LOGGING__DISTRIBUTED": "critical", "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}


@contextmanager
def start_scheduler(port: int | None = None) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler: its address (workers and apps wait for it) and its process."""
    port = port or free_port()
    options = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with _ending("distributed.cli.dask_scheduler", *options) as process:
        yield f"tcp://127.0.0.1:{port}", process


@contextmanager
def start_worker(address: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of that scheduler, as the README says to start one, but nobody takes its place when it is gone."""
    options = ["--nthreads", "1", "--no-dashboard", "--no-nanny"]
    with _ending("distributed.cli.dask_worker", address, *options, **environment) as process:
        yield process


@contextmanager
def _ending(module: str, *words: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words], cwd=ROOT, env={**os.environ, **_QUIET, **environment}
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
