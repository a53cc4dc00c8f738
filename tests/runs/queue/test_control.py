"""Control on its way from the app to a worker's training and back; real trainings hear it in `test_laboratory`."""

import time
from dataclasses import replace

import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.store.store import Store
from mnist_core.training.control import Control
from tests.runs.examples import wait_for
from tests.runs.fakes import TRAINING, Fake, recipe
from tests.runs.queue.test_engine import end_of, until_it_trains


def said(store, run) -> list[float]:
    """The learning rates that the run says it has heard."""
    return [event.value for event in store.insight(run.id).changed]


def change(engine, run, **changes) -> None:
    engine.set_control(run.id, run.owner_token, replace(engine.control(run.id), **changes))


@pytest.fixture
def echo(engine):
    run = engine.submit(recipe(Fake.ECHOING))
    wait_for(lambda: engine.live(run.id).state == "running")
    yield run
    engine.stop(run.id, run.owner_token)
    end_of(engine, run)


def test_each_wish_is_heard(engine, store, echo):
    for rate in range(1, 12):
        change(engine, echo, learning_rate=float(rate))
        wait_for(lambda rate=rate: said(store, echo)[-1:] == [float(rate)])


def test_thirty_changes_at_once_do_not_flood_and_the_last_one_counts(engine, store, echo, monkeypatch):
    client, sent = engine.cluster.client, []
    send = client.log_event
    monkeypatch.setattr(client, "log_event", lambda topic, message: (sent.append(message), send(topic, message)))
    for rate in range(1, 31):
        change(engine, echo, learning_rate=float(rate))
    assert engine.control(echo.id).learning_rate == 30.0  # at once, for whoever changes something next
    wait_for(lambda: said(store, echo)[-1:] == [30.0])
    time.sleep(0.3)
    assert said(store, echo)[-1] == 30.0
    assert said(store, echo) == sorted(said(store, echo))
    assert len(sent) <= 30
    assert len(sent[-1]["runs"]) <= 2  # runs that are over leave no traces


def test_presses_on_single_step_are_never_lost(engine):
    run = engine.submit(recipe(Fake.ENDLESS))
    until_it_trains(engine, run)
    change(engine, run, pause=True)
    for _ in range(40):
        change(engine, run, until_step=engine.control(run.id).until_step + 1)
    assert engine.control(run.id) == engine.live(run.id).control == Control(pause=True, until_step=40)
    engine.stop(run.id, run.owner_token)
    end_of(engine, run)


def test_a_run_hears_what_was_asked_for_while_it_waited(engine, store):
    first, second = (engine.submit(recipe(Fake.ECHOING), session="eve") for _ in range(2))
    wait_for(lambda: engine.live(first.id).state == "running")
    change(engine, second, learning_rate=7.0)
    assert engine.live(second.id).state == "queued"
    engine.stop(first.id, first.owner_token)
    wait_for(lambda: said(store, second) == [7.0])
    engine.stop(second.id, second.owner_token)
    end_of(engine, second)
    assert said(store, first) == []


def test_a_stop_is_not_taken_back(engine, store):
    run = engine.submit(recipe(Fake.ENDLESS))
    until_it_trains(engine, run)
    engine.set_control(run.id, run.owner_token, Control(stop=True))
    engine.set_control(run.id, run.owner_token, Control())
    assert end_of(engine, run).state == "stopped"
    engine.set_control(run.id, run.owner_token, Control(pause=True))  # an ended run stays as it is
    assert store.run(run.id).state == "stopped"


def test_only_the_owner_controls_a_run_and_only_here(engine, store):
    elsewhere = store.create(Recipe())
    cases = [("00000000", "", "run_unknown"), (elsewhere.id, "guess", "not_yours")]
    cases += [(elsewhere.id, elsewhere.owner_token, "run_elsewhere")]
    for run_id, token, code in cases:
        with pytest.raises(UserError) as raised:
            engine.set_control(run_id, token, Control(pause=True))
        assert raised.value.code == code
    assert engine.control(elsewhere.id) == Control()


@pytest.mark.parametrize("leaves", ["in order", "suddenly"])
def test_an_app_that_leaves_a_cluster_leaves_no_trainings_behind(engine, cluster_elsewhere, tmp_path, leaves):
    """Dask lets the threads of cancelled tasks go on; then neither worker would be free again."""
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite")
    with Engine(store, scheduler_url=cluster_elsewhere, training=TRAINING) as other:
        runs = [other.submit(recipe(Fake.ENDLESS)) for _ in range(2)]
        for run in runs:
            until_it_trains(other, run)
        if leaves == "suddenly":
            other.cluster.client.close()
    store.close()
    again = engine.submit(recipe(Fake.SHORT))
    assert end_of(engine, again).state == "finished"
