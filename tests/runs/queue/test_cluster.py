import socket
import ssl

import distributed
import psutil
import pytest

from mnist_core.runs.queue.cluster import WorkerPlan, plan_workers
from tests.patience import PATIENCE_S
from tests.runs import remembered
from tests.runs.examples import wait_for
from tests.runs.fakes import Fake, recipe

GIB = 2**30


@pytest.mark.parametrize(
    ("cores", "memory_gib", "plan"),
    [
        (1, 4, WorkerPlan(count=1, threads=1, memory_bytes=3 * GIB)),
        (2, 24, WorkerPlan(count=1, threads=2, memory_bytes=3 * GIB)),
        (4, 24, WorkerPlan(count=3, threads=1, memory_bytes=3 * GIB)),
        (8, 8, WorkerPlan(count=2, threads=4, memory_bytes=3 * GIB)),
        (16, 2, WorkerPlan(count=1, threads=16, memory_bytes=3 * GIB // 2)),
        (64, 256, WorkerPlan(count=63, threads=1, memory_bytes=3 * GIB)),
    ],
)
def test_one_core_is_left_to_the_app_and_memory_suffices(cores, memory_gib, plan):
    assert plan_workers(cores=cores, machine_memory_bytes=memory_gib * GIB) == plan


def test_what_is_asked_for_is_done():
    asked = plan_workers(count=4, memory_bytes=GIB, cores=2, machine_memory_bytes=8 * GIB)
    assert asked == WorkerPlan(count=4, threads=1, memory_bytes=GIB)


@pytest.mark.parametrize("comes_with", ["nothing", "TLS", "another start's key"])
def test_whoever_reaches_a_port_gets_no_further_without_the_key(engine, comes_with):
    """The scheduler runs what it is sent; any account of the machine reaches its port, and those of the workers."""
    client = engine.cluster.client
    client.wait_for_workers(2)
    known = client.scheduler_info(n_workers=-1)
    doors = [known["address"], *known["workers"], *(one["nanny"] for one in known["workers"].values())]
    assert len(doors) == 5
    for door in doors:
        assert door.startswith("tls://127.0.0.1:")
        with socket.create_connection(("127.0.0.1", int(door.rpartition(":")[2])), PATIENCE_S) as plain:
            assert answer_to_a_stranger(plain, comes_with) in (b"", b"\x15")  # closed, or TLS's word for a refusal
    assert client.submit(sum, [1, 2]).result() == 3


def answer_to_a_stranger(plain: socket.socket, comes_with: str) -> bytes:
    """The first byte of it, empty when the door is shut."""
    talk = plain
    try:
        if comes_with != "nothing":
            security = distributed.Security.temporary() if "key" in comes_with else None
            context = (
                security.get_connection_args("client")["ssl_context"] if security else ssl.create_default_context()
            )
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            talk = context.wrap_socket(plain)
        talk.sendall(bytes(64))
        return talk.recv(1)
    except (ssl.SSLError, ConnectionError):
        return b""
    finally:
        talk.close()


def test_the_key_stands_in_no_command_line(engine):
    key = engine.cluster.client.security.tls_worker_key
    assert "PRIVATE KEY" in key
    for process in psutil.Process().children(recursive=True):
        assert not any("PRIVATE" in word or ".pem" in word for word in process.cmdline())


def test_dask_forgets_runs_that_are_over_here_and_in_its_workers(engine):
    """Its own logs are filled before the first count: what grows after it grows with every run."""
    runs = 40
    train(engine, 30)
    before = what_dask_keeps(engine)
    train(engine, runs)
    grown = {
        (where, what): (before[where].get(what, 0), now)
        for where, kept in what_dask_keeps(engine).items()
        for what, now in kept.items()
        if now - before[where].get(what, 0) >= runs // 2  # two workers share the runs
    }
    assert grown == {}


def train(engine, runs):
    for _ in range(runs):
        run = engine.submit(recipe(Fake.SHORT))
        wait_for(lambda run=run: not engine.live(run.id).is_active and engine.position(run.id) is None)


def what_dask_keeps(engine):
    client = engine.cluster.client
    wait_for(lambda: not client.processing() or not any(client.processing().values()))
    return {"app": remembered.count(), **client.run(remembered.count)}
