"""A worker that runs something else than the app gets no runs, and it is said why."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from distributed.scheduler import KilledWorker

import mnist_core
from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.queue.worker_versions import WorkerChecks, differences, versions
from mnist_core.runs.store.store import Store
from tests.runs.examples import wait_for
from tests.runs.fakes import TRAINING, Fake, recipe
from tests.runs.remote_cluster import start_scheduler, start_worker

PACKAGE = Path(mnist_core.__file__).parent


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with start_scheduler() as (address, _):
        yield address


@pytest.fixture
def engine(scheduler: str, tmp_path: Path) -> Iterator[Engine]:
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite", step_gap_s=0)
    with Engine(store, scheduler_url=scheduler, training=TRAINING) as engine:
        yield engine
    store.close()


def copy_of_the_code(folder: Path) -> str:
    """The package as an older or a changed one: what a worker finds first when it looks for it."""
    for path in PACKAGE.rglob("*.py"):
        copy = folder / path.relative_to(PACKAGE.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text("utf-8") + "\n# changed\n", "utf-8")
    return str(folder)


def test_where_no_worker_fits_runs_end_with_the_reason(engine, scheduler, tmp_path) -> None:
    runs = [engine.submit(recipe(Fake.SHORT)) for _ in range(2)]
    with start_worker(scheduler, PYTHONPATH=copy_of_the_code(tmp_path), PYTHONSAFEPATH="1"):
        for run in runs:
            live = wait_for(lambda run=run: not (live := engine.live(run.id)).is_active and live)
            assert (live.state, live.error.code) == ("failed", "worker_version")
            assert "1 has other code of Digit Clinic" in live.error.message


def test_beside_one_that_does_not_fit_runs_go_to_one_that_does(engine, scheduler, tmp_path) -> None:
    with ExitStack() as stack:
        stack.enter_context(start_worker(scheduler, PYTHONPATH=copy_of_the_code(tmp_path), PYTHONSAFEPATH="1"))
        stack.enter_context(start_worker(scheduler))
        engine.start()
        wait_for(lambda: engine.cluster and engine.cluster.addresses())
        runs = [engine.submit(recipe(Fake.SHORT)) for _ in range(4)]
        for run in runs:
            wait_for(lambda run=run: engine.live(run.id).state == "finished")
        assert engine.cluster.count_workers() == 1


def test_until_a_worker_comes_a_run_waits(engine, scheduler) -> None:
    run = engine.submit(recipe(Fake.SHORT))
    wait_for(lambda: engine.cluster)
    assert engine.live(run.id).waiting.runs == 0
    with start_worker(scheduler):
        wait_for(lambda: engine.live(run.id).state == "finished")


class ClusterThatDies:
    """A client all of whose workers die of being asked, for the checks alone."""

    def submit(self, *_: object, **__: object) -> "ClusterThatDies":
        return self

    status = "error"

    def result(self) -> None:
        raise KilledWorker("versions", None, 1)


def test_workers_that_die_of_being_asked_are_given_up_at_last() -> None:
    checks = WorkerChecks(ClusterThatDies())
    for address in ("tcp://a", "tcp://b"):  # each is another process
        checks.ask([address])
        checks.note_answers()
        assert not checks.is_hopeless
    checks.ask(["tcp://c"])
    checks.note_answers()
    assert checks.is_hopeless
    assert list(checks.unfit.values()) == ["died as soon as it was asked what it runs"]


def test_what_differs_is_said() -> None:
    own = versions()
    assert differences(own, own) == ""
    assert len(own["Digit Clinic"]) == 16
    assert own["torch"][0].isdigit()
    assert "+" not in own["torch"]
    other = {**own, "torch": "1.0.0", "Digit Clinic": "0"}
    assert differences(other, own) == f"other code of Digit Clinic, torch 1.0.0 (the app {own['torch']})"
    assert differences({}, {"numpy": "2.0"}) == "numpy none (the app 2.0)"
