"""Worker processes that die in the middle of a run."""

import psutil

from mnist_core.runs.queue import live
from mnist_core.training.control import Control
from tests.claims.made_up import CLAIM
from tests.runs.examples import wait_for, weights_of
from tests.runs.fakes import Fake, recipe


def worker_processes(engine) -> list[psutil.Process]:
    """The engine's processes that train, without the nannies that look after them.

    Not all below this process: it may serve an app to the tests in a browser, which has workers of its own.
    """
    nannies = [psutil.Process(child.process.pid) for child in engine.cluster.children]
    return [child for nanny in nannies for child in nanny.children(recursive=True) if is_worker(child)]


def is_worker(process: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.Error:
        return False


def known_workers(engine) -> set[str]:
    """The addresses of the workers that the scheduler can use now."""
    return set(engine.cluster.client.scheduler_info()["workers"])


def end_of(engine, run):
    wait_for(lambda: not engine.live(run.id).is_active and engine.position(run.id) is None)
    return engine.live(run.id)


def test_a_killed_worker_takes_its_run_with_it_and_nothing_else(engine, store):
    runs = [engine.submit(recipe(Fake.ENDLESS)) for _ in range(2)]
    waiting = engine.submit(recipe(Fake.SHORT))
    for run in runs:
        wait_for(lambda run=run: engine.live(run.id).epoch)
    worker_processes(engine)[0].kill()
    lost = wait_for(lambda: next((run for run in runs if not engine.live(run.id).is_active), None))
    [other] = [run for run in runs if run is not lost]

    run = store.run(lost.id)
    assert (run.state, run.error.code) == ("failed", "worker_lost")
    assert store.weights(run.id) == weights_of(run.epochs_done)
    assert len(store.curve(run.id).epochs) == run.epochs_done >= 1
    assert engine.live(other.id).state == "running"
    assert end_of(engine, waiting).state == "finished"
    engine.stop(other.id, other.owner_token)
    assert end_of(engine, other).state == "stopped"


def test_a_claims_test_whose_worker_dies_keeps_what_was_tried(engine, store):
    run = engine.test_claim(CLAIM, seeds=(-1,))
    wait_for(lambda: len(engine.live(run.id).trials) >= 2)
    for worker in worker_processes(engine):
        worker.kill()
    live = end_of(engine, run)
    assert (live.state, live.error.code) == ("failed", "worker_lost")
    assert len(store.trials_of(run.id)) == len(live.trials) >= 2
    again = engine.test_claim(CLAIM, seeds=(0,))
    assert end_of(engine, again).state == "finished"
    assert store.newest_test_of(CLAIM).id == again.id


def test_a_run_that_takes_too_much_memory_keeps_its_epochs(engine, store):
    run = engine.submit(recipe(Fake.HUNGRY))
    live = end_of(engine, run)
    assert (live.state, live.error.code) == ("failed", "out_of_memory")
    run = store.run(run.id)
    assert (run.state, run.error.code, run.epochs_done) == ("failed", "out_of_memory", 1)
    assert store.weights(run.id) == weights_of(1)
    again = engine.submit(recipe(Fake.SHORT))
    assert end_of(engine, again).state == "finished"


def test_a_paused_run_outlives_every_worker(engine, store, monkeypatch):
    monkeypatch.setattr(live, "PAUSE_HOLDS_S", 0.0)
    before = [engine.submit(recipe(Fake.ENDLESS)) for _ in range(2)]
    run = engine.submit(recipe(Fake.REAL, batch_size=100, epochs=2))
    engine.set_control(run.id, run.owner_token, Control(pause=True, until_step=13))
    for other in before:
        engine.stop(other.id, other.owner_token)
        end_of(engine, other)
    wait_for(lambda: engine.live(run.id).is_paused and engine.position(run.id) is None)
    known = known_workers(engine)
    for worker in worker_processes(engine):
        worker.kill()
    wait_for(lambda: len(anew := known_workers(engine)) == 2 and not anew & known)
    assert engine.live(run.id).is_paused
    engine.set_control(run.id, run.owner_token, Control())
    assert end_of(engine, run).state == "finished"
    assert [row.epoch for row in store.curve(run.id).epochs] == [1, 2]


def test_a_killed_nanny_is_replaced_too(engine):
    before = wait_for(lambda: len(known := known_workers(engine)) == 2 and known)
    worker_processes(engine)[0].parent().kill()  # its worker ends with it, in its own time
    wait_for(lambda: before - known_workers(engine))
    runs = [engine.submit(recipe(Fake.ENDLESS)) for _ in range(2)]
    for run in runs:
        wait_for(lambda run=run: engine.live(run.id).epoch)
    for run in runs:
        engine.stop(run.id, run.owner_token)
        assert end_of(engine, run).state == "stopped"


def test_a_run_whose_worker_dies_before_it_begins_goes_to_another_one(engine):
    wait_for(lambda: len(known_workers(engine)) == 2)
    workers = worker_processes(engine)
    for worker in workers:
        worker.suspend()
    run = engine.submit(recipe(Fake.SHORT))
    wait_for(lambda: any(engine.cluster.client.processing().values()))
    for worker in workers:
        worker.kill()
    assert end_of(engine, run).state == "finished"
