"""The machines that train: worker processes on this one, or a Dask cluster somewhere else."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import dask
import distributed
from dask.system import CPU_COUNT
from distributed.scheduler import DEFAULT_EXTENSIONS
from distributed.system import MEMORY_LIMIT

from mnist_core.runs.queue import steady_clock, worker  # noqa: F401
from mnist_core.runs.queue.credentials import make_security
from mnist_core.runs.queue.worker_versions import WorkerChecks

_PROJECT = Path(__file__).parents[3]
_MEMORY_OF_A_WORKER = 3 * 2**30  # bytes: the largest network with the largest batch takes about two thirds of that
_MEMORY_SHARE = 0.75  # of the machine, for all workers together
_HERE = "127.0.0.1"
_CONNECT_S = 10
_LOOK_S = 1
_START_S = 300  # a worker on a busy machine may take its time
_CLOSE_S = 3
_QUICK_DEATH_S = 30
_MOST_QUICK_DEATHS = 5

# Dask remembers what it did for whoever looks for errors in it: of each connection, for one, the last 1,000 messages of
# up to a megabyte, in which the weights of all epochs and the answers to all test images pass through.
_REMEMBERED = 20
_FORGETFUL: dict[str, Any] = {
    "distributed.admin.low-level-log-length": _REMEMBERED,
    "distributed.admin.system-monitor.log-length": _REMEMBERED,
    "distributed.diagnostics.computations.max-history": 0,
    "distributed.diagnostics.erred-tasks.max-history": 0,
}

# The scheduler lives in the app. A killed worker must not take a run to the next worker, and a laptop that slept is no
# dead worker.
_SCHEDULER: dict[str, Any] = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.worker-ttl": None,
    "distributed.scheduler.http.routes": [],
}

# Unless the environment says otherwise.
_DASK_OF_A_WORKER = {
    "DASK_DISTRIBUTED__WORKER__PRELOAD": f"['{worker.__name__}']",
    # A training's memory is none of Dask's own data: it can neither be spilled nor does waiting free it.
    "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE": "False",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": str(_REMEMBERED),
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__LOG_LENGTH": str(_REMEMBERED),
    "DASK_DISTRIBUTED__WORKER__HTTP__ROUTES": "[]",
    "DASK_LOGGING__DISTRIBUTED": "error",
}


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """How this machine is shared out.

    Attributes:
        count: Worker processes.
        threads: Torch's threads in each.
        memory_bytes: What each may use before it is ended.
    """

    count: int
    threads: int
    memory_bytes: int


def plan_workers(
    count: int | None = None,
    memory_bytes: int | None = None,
    cores: int = CPU_COUNT,
    machine_memory_bytes: int = MEMORY_LIMIT,
) -> WorkerPlan:
    """As many workers as asked for; else one core is left to the app, and no more than fit into memory."""
    room_bytes = int(_MEMORY_SHARE * machine_memory_bytes)
    chosen = count or max(1, min(cores - 1, room_bytes // _MEMORY_OF_A_WORKER))
    return WorkerPlan(
        count=chosen,
        threads=max(1, cores // chosen),
        memory_bytes=memory_bytes or min(_MEMORY_OF_A_WORKER, room_bytes // chosen),
    )


class _NoSpans:
    """In the place of `distributed.spans`, with which a scheduler remembers every run for ever."""

    def __init__(self, scheduler: object) -> None:
        pass

    def observe_tasks(self, *_tasks: object, **_about: object) -> dict[str, object]:
        """Note nothing of them, and so annotate none."""
        return {}

    def heartbeat(self, *_told: object) -> None:
        """Keep nothing of what a worker measured."""


class LocalWorkers:
    """A scheduler in this process, on loopback, and workers that are its child processes.

    They talk by TLS, and each shows the key that was made for this start: other accounts of this machine reach the
    ports, and get no further.

    Not Dask's own LocalCluster with workers: those would import the app's main script again, which is Streamlit's.
    """

    def __init__(self, plan: WorkerPlan) -> None:
        self._plan = plan
        self._security = make_security()
        self._quick_deaths = 0
        self.children: list[_Child] = []
        with dask.config.set(_SCHEDULER):
            self._scheduler: Any = distributed.LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=0,
                host=_HERE,
                dashboard_address=f"{_HERE}:0",  # Dask serves something there in any case
                scheduler_kwargs={"dashboard": False, "extensions": {**DEFAULT_EXTENSIONS, "spans": _NoSpans}},
                processes=True,
                protocol="tls://",
                security=self._security,
            )
        self.client: Any = distributed.Client(self._scheduler, set_as_default=False)  # type: ignore[no-untyped-call]
        self._connection = self.client.scheduler_comm
        self.children = [self._start_child() for _ in range(plan.count)]

    def count_workers(self) -> int:
        """How many runs can train side by side: as planned, also while the workers are on their way."""
        return self._plan.count

    def addresses(self) -> None:
        """Of the workers that may be given a run: all, for they run this process's own code."""
        return

    def refusal(self) -> str:
        """Why no worker may be given a run, in words: never."""
        return ""

    def ensure_workers(self) -> None:
        """Start a worker in the place of each one that died together with its nanny.

        Raises:
            RuntimeError: When they die as soon as they start, or the scheduler cannot be reached.
        """
        _check_connection(self.client, self._connection)
        for place, child in enumerate(self.children):
            if child.process.poll() is None:
                continue
            child.end()
            is_quick = time.monotonic() - child.started_s < _QUICK_DEATH_S
            self._quick_deaths = self._quick_deaths + 1 if is_quick else 0
            if self._quick_deaths > _MOST_QUICK_DEATHS:
                raise RuntimeError("worker processes die as soon as they start")
            self.children[place] = self._start_child()

    def close(self) -> None:
        """Stop the workers, then the scheduler."""
        for child in self.children:
            child.let_go()
        for child in self.children:
            child.end()
        self.client.close()
        self._scheduler.close()

    def _start_child(self) -> "_Child":
        options = {
            "--nthreads": "1",
            "--memory-limit": str(self._plan.memory_bytes),
            "--death-timeout": str(_START_S),
            "--host": _HERE,
            "--dashboard-address": f"{_HERE}:0",
            "--preload-nanny": worker.__name__,
        }
        words = [word for option in options.items() for word in option]
        command = [sys.executable, "-m", "distributed.cli.dask_worker", self._scheduler.scheduler_address]
        process = subprocess.Popen(
            [*command, "--nanny", "--no-dashboard", *words],
            env=_environment(self._plan.threads) | _credentials(self._security),
            stdin=subprocess.PIPE,  # see `worker.dask_setup`
            # Ctrl-C in the terminal is for the app, which then ends its workers in order.
            start_new_session=True,
        )
        return _Child(process, time.monotonic())


class RemoteWorkers:
    """A cluster that somebody else runs. Its workers need this project and one thread each.

    Start its scheduler with `DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES=0`: other values only make a lost run's
    failure come later. And with `DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL=null`: else all workers are given up when its
    clock is set forward by five minutes.
    """

    def __init__(self, url: str) -> None:
        self.client: Any = distributed.Client(url, set_as_default=False, timeout=_CONNECT_S)  # type: ignore[no-untyped-call]
        self._connection = self.client.scheduler_comm
        self._checks = WorkerChecks(self.client)
        self._looked_s = float("-inf")

    def count_workers(self) -> int:
        """How many runs can train side by side: the workers that fit and are there now; one at least, that may come."""
        return max(1, len(self._checks.fitting))

    def addresses(self) -> list[str]:
        """Of the workers that may be given a run: those that run what this process runs."""
        return self._checks.fitting

    def refusal(self) -> str:
        """Why no worker may be given a run, in words; empty as long as one may, or may come."""
        if not self._checks.is_hopeless:
            return ""
        told = Counter(self._checks.unfit.values()).most_common()
        return "; ".join(f"{count} {'has' if count == 1 else 'have'} {what}" for what, count in told)

    def ensure_workers(self) -> None:
        """Look for workers, which come and go, once a second; those that are new are asked what they run.

        Raises:
            RuntimeError: When the scheduler cannot be reached.
        """
        _check_connection(self.client, self._connection)
        if time.monotonic() - self._looked_s > _LOOK_S:
            self._checks.ask(self.client.scheduler_info(n_workers=-1).get("workers", ()))
            self._looked_s = time.monotonic()
        self._checks.note_answers()

    def close(self) -> None:
        """Leave; the cluster goes on."""
        self.client.close()


@dataclass(frozen=True, slots=True)
class _Child:
    """A nanny's process, which has a worker's process as its own child."""

    process: subprocess.Popen[bytes]
    started_s: float

    def let_go(self) -> None:
        """Close what it watches, upon which it ends (see `worker.dask_setup`)."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def end(self) -> None:
        """Wait until it has ended; kill it when that takes long."""
        self.let_go()
        try:
            self.process.wait(_CLOSE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def connector(url: str | None, plan: WorkerPlan) -> Callable[[], LocalWorkers | RemoteWorkers]:
    """The function that brings the cluster up: that at the URL, or one on this machine."""
    dask.config.set(_FORGETFUL)  # for good: connections are made as workers come
    return partial(RemoteWorkers, url) if url else partial(LocalWorkers, plan)


def _check_connection(client: Any, connection: object) -> None:
    """Whether a client is still connected as it was: by itself it connects anew, and hears no worker after that.

    What it had submitted is lost by then, too; so everything begins anew.

    Raises:
        RuntimeError: When it is not.
    """
    if client.status != "running" or client.scheduler_comm is not connection:
        raise RuntimeError("the connection to the scheduler was lost")


def _credentials(security: distributed.Security) -> dict[str, str]:
    """The key for a worker process. Only this account can read a process's environment; it is in no file."""
    tls = security.get_tls_config_for_role("worker")  # type: ignore[no-untyped-call]
    names = {"CA_FILE": tls["ca_file"], "WORKER__CERT": tls["cert"], "WORKER__KEY": tls["key"]}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": text for name, text in names.items()}


def _environment(threads: int) -> dict[str, str]:
    """What a worker process finds: this project, wherever the app was started, and its share of the cores."""

    def listed(separator: str, *parts: str | None) -> str:
        return separator.join(filter(None, parts))

    ours: dict[str, Any] = {
        "PYTHONPATH": listed(os.pathsep, str(_PROJECT), os.environ.get("PYTHONPATH")),
        "PYTHONSAFEPATH": "1",
        # Ending at once leaves semaphores to Python's resource tracker, which clears them away and complains.
        "PYTHONWARNINGS": listed(",", os.environ.get("PYTHONWARNINGS"), "ignore:resource_tracker"),
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        # Waiting threads sleep: on a machine that others use too, spinning made training two to three times slower.
        "OMP_WAIT_POLICY": "PASSIVE",
    }
    return _DASK_OF_A_WORKER | os.environ | {name: str(value) for name, value in ours.items()}
