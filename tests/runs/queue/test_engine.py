"""The engine with real Dask workers. They live for the whole module, so each test leaves the line empty."""

import threading
import time
from collections import Counter

import numpy as np
import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.fine_tune_job import name_for, prepare, recipe_for
from mnist_core.runs.queue import cluster
from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.queue.waiting_line import MAX_WAITING
from mnist_core.runs.registry import load_model
from mnist_core.runs.store.store import Store
from mnist_core.training.events import Finished
from mnist_core.training.loop import train
from tests.claims.made_up import CLAIM
from tests.patience import PATIENCE_S
from tests.runs.examples import wait_for, weights_of
from tests.runs.fakes import TRAINING, Fake, recipe


def end_of(engine, run):
    """How the run stands when it is over and its worker is free."""
    wait_for(lambda: not engine.live(run.id).is_active and engine.position(run.id) is None)
    return engine.live(run.id)


def until_it_trains(engine, run):
    return wait_for(lambda: (live := engine.live(run.id)).epoch and live)


def test_submitting_waits_for_nothing(tmp_path, monkeypatch):
    may_connect = threading.Event()
    make_connector = cluster.connector

    def connect_late(*plan):
        connect = make_connector(*plan)
        return lambda: may_connect.wait(PATIENCE_S) and connect()

    monkeypatch.setattr(cluster, "connector", connect_late)
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite")
    store.runs()
    with Engine(store, workers=1, training=TRAINING) as engine:
        run = engine.submit(recipe(Fake.SHORT))
        live = engine.live(run.id)
        assert (live.state, live.step, live.elapsed_s, live.remaining_s) == ("queued", None, None, None)
        assert engine.position(run.id) in (0, 1)
        may_connect.set()
    # Closed before its workers were there: nothing was trained.
    assert store.run(run.id).state == "interrupted"
    with pytest.raises(UserError) as raised:
        engine.submit(recipe(Fake.SHORT))
    assert raised.value.code == "engine_closed"
    engine.close()
    store.close()


def test_a_real_training_ends_as_it_does_in_this_process(engine, store):
    real = Recipe(model="linear", train_images=1_000, epochs=2)
    run = engine.submit(real)
    live = end_of(engine, run)
    *_, here = train(real)
    assert isinstance(here, Finished)
    assert (live.state, live.epoch.epoch, live.step.step, live.steps_done) == ("finished", 2, live.steps, live.steps)
    assert live.test_accuracy == store.run(run.id).test_accuracy == pytest.approx(here.test_accuracy, abs=0.005)
    assert len(store.test_probabilities(run.id)) == len(here.test_probabilities)


def test_a_lesson_becomes_a_run_whose_model_can_be_asked(engine, store):
    plain = Recipe(model="linear", train_images=1_000)
    parent = engine.submit(plain)
    assert end_of(engine, parent).state == "finished"
    trained = load_model(parent.id, store)
    rng = np.random.default_rng(0)
    digits, labels = rng.random((9, 28, 28), np.float32), rng.integers(0, 10, 9).tolist()
    job = prepare(trained, digits, labels, "ann")
    run = engine.submit(recipe_for(trained), name_for(trained, 9), session="anns", fine_tuning=job)
    live = end_of(engine, run)
    assert (live.state, live.steps_done) == ("finished", live.steps)
    taught = store.my_digits.newest_fine_tuning("ann")
    assert (taught.id, taught.facts["parent"], taught.facts["digits"]) == (run.id, parent.id, 9)
    assert taught.fine_tuned.test_accuracy_before == store.run(parent.id).test_accuracy
    assert store.weights(run.id) != store.weights(parent.id)
    assert load_model(run.id, store).title == f"{trained.title} · my hand (9)"
    assert name_for(load_model(run.id, store), 12) == f"{trained.title} · my hand (12)"


def test_every_epoch_arrives_once_and_in_order(engine, store):
    run = engine.submit(recipe(Fake.SHORT, epochs=50), name="fifty")
    assert end_of(engine, run).state == "finished"
    curve = store.curve(run.id)
    assert [point.epoch for point in curve.epochs] == list(range(1, 51))
    assert [store.weights(run.id, number) for number in range(1, 51)] == [weights_of(n) for n in range(1, 51)]
    numbers = [point.step for point in curve.steps]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == store.run(run.id).steps_done == 250
    assert store.run(run.id).name == "fifty"


def test_a_running_run_says_how_far_it_is(engine):
    run = engine.submit(recipe(Fake.ENDLESS))
    first = until_it_trains(engine, run)
    later = wait_for(lambda: (live := engine.live(run.id)).steps_done > first.steps_done + 20 and live)
    assert (later.state, later.position, later.steps) == ("running", 0, 1_000_000)
    assert later.elapsed_s > first.elapsed_s
    assert later.remaining_s > 1_000
    engine.stop(run.id, run.owner_token)
    assert end_of(engine, run).remaining_s is None


def test_a_running_run_is_stopped(engine, store):
    run = engine.submit(recipe(Fake.ENDLESS))
    until_it_trains(engine, run)
    engine.stop(run.id, run.owner_token)
    wait_for(lambda: not engine.live(run.id).is_active)
    end_of(engine, run)
    assert store.run(run.id).state == "stopped"
    assert store.weights(run.id)
    engine.stop(run.id, run.owner_token)
    assert store.run(run.id).state == "stopped"


def test_a_run_is_stopped_at_any_moment_of_its_start(engine, store):
    for delay_s in (0.0, 0.005, 0.01, 0.02, 0.04, 0.08):
        run = engine.submit(recipe(Fake.ENDLESS))
        time.sleep(delay_s)
        engine.stop(run.id, run.owner_token)
        assert end_of(engine, run).state == store.run(run.id).state == "stopped"


@pytest.mark.parametrize("token", ["", "guess", "\ud800", "ü"])
def test_only_the_owner_stops(engine, token):
    run = engine.submit(recipe(Fake.ENDLESS))
    with pytest.raises(UserError) as raised:
        engine.stop(run.id, token)
    assert raised.value.code == "not_yours"
    engine.stop(run.id, run.owner_token)
    end_of(engine, run)


def test_a_run_of_another_process_is_not_stopped_here(engine, store):
    run = store.create(Recipe())
    assert engine.live(run.id).state == "queued"
    with pytest.raises(UserError) as raised:
        engine.stop(run.id, run.owner_token)
    assert raised.value.code == "run_elsewhere"
    with pytest.raises(UserError) as raised:
        engine.live("00000000")
    assert raised.value.code == "run_unknown"


@pytest.mark.parametrize(
    ("fake", "state", "code"),
    [
        (Fake.BROKEN, "failed", "training_error"),
        (Fake.SILENT, "failed", "training_error"),
        (Fake.DIVERGING, "diverged", "diverged"),
    ],
)
def test_a_run_that_goes_wrong_says_so(engine, store, fake, state, code):
    run = engine.submit(recipe(fake))
    live = end_of(engine, run)
    run = store.run(run.id)
    assert (live.state, live.error.code) == (run.state, run.error.code) == (state, code)
    assert "secret" not in run.error.message


def test_fifty_at_once_are_each_answered(engine, store):
    answers, runs = Counter(), []

    def click():
        try:
            runs.append(engine.submit(recipe(Fake.ENDLESS)))
            answers["accepted"] += 1
        except UserError as error:
            answers[error.code] += 1

    threads = [threading.Thread(target=click) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {"accepted": 2 + MAX_WAITING, "queue_full": 50 - 2 - MAX_WAITING}

    wait_for(lambda: sum(engine.position(run.id) == 0 for run in runs) == 2)
    assert sorted(engine.position(run.id) for run in runs) == [0, 0, *range(1, MAX_WAITING + 1)]
    in_line = sorted(runs, key=lambda run: engine.position(run.id), reverse=True)
    for run in in_line:
        was_waiting = engine.position(run.id) > 0
        engine.stop(run.id, run.owner_token)
        assert not was_waiting or store.run(run.id).state == "stopped"
    assert {end_of(engine, run).state for run in runs} == {"stopped"}
    assert len(store.runs(limit=1_000)) >= 22


def test_a_session_trains_one_run_and_has_one_waiting(engine):
    first, second = (engine.submit(recipe(Fake.ENDLESS), session="anna") for _ in range(2))
    until_it_trains(engine, first)
    with pytest.raises(UserError) as raised:
        engine.submit(recipe(Fake.ENDLESS), session="anna")
    assert raised.value.code == "session_busy"
    other = engine.submit(recipe(Fake.ENDLESS), session="ben")
    until_it_trains(engine, other)
    assert (engine.position(first.id), engine.position(second.id)) == (0, 1)
    engine.stop(first.id, first.owner_token)
    until_it_trains(engine, second)
    for run in (second, other):
        engine.stop(run.id, run.owner_token)
        end_of(engine, run)


def test_a_claim_is_tested_and_its_trials_stay(engine, store):
    run = engine.test_claim(CLAIM, seeds=(0, 1), session="anna")
    live = end_of(engine, run)
    assert (live.state, live.steps_done, live.steps, live.error) == ("finished", 4, 4, None)
    assert [(trial.arm, trial.seed) for trial in live.trials] == [
        ("without", 0),
        ("with", 0),
        ("without", 1),
        ("with", 1),
    ]
    assert {trial.claim for trial in live.trials} == {CLAIM.id}
    assert store.newest_test_of(CLAIM).id == run.id
    assert run.id not in {other.id for other in store.runs(limit=1_000)}
    with Engine(store) as another:  # as after a restart
        after = another.live(run.id)
    assert [trial.values["test"] for trial in after.trials] == [trial.values["test"] for trial in live.trials]


def test_a_claims_test_is_stopped_and_what_was_tried_stays(engine, store):
    run = engine.test_claim(CLAIM, seeds=(-1,), session="anna")
    wait_for(lambda: len(engine.live(run.id).trials) >= 4)
    waiting = engine.test_claim(CLAIM, seeds=(0,), session="anna")
    assert engine.position(waiting.id) == 1
    with pytest.raises(UserError) as raised:
        engine.submit(recipe(Fake.SHORT), session="anna")
    assert raised.value.code == "session_busy"
    with pytest.raises(UserError) as raised:
        engine.stop(run.id, "a wrong token")
    assert raised.value.code == "not_yours"
    engine.stop(run.id, run.owner_token)
    live = end_of(engine, run)
    assert (live.state, store.run(run.id).steps_done) == ("stopped", len(live.trials))
    assert len(store.trials_of(run.id)) == len(live.trials) >= 4
    assert end_of(engine, waiting).state == "finished"


def test_what_cannot_be_kept_ends_the_run_and_is_written_later(engine, store, monkeypatch):
    run = engine.submit(recipe(Fake.ENDLESS))
    until_it_trains(engine, run)

    def refuse(*_):
        raise UserError("database_full", "The disk is full.", "Make room.")

    with monkeypatch.context() as patch:
        patch.setattr(store, "record", refuse)
        patch.setattr(store, "flush", refuse)
        live = end_of(engine, run)
        assert (live.state, live.error.code) == ("failed", "database_full")
        assert store.run(run.id).state == "running"
    wait_for(lambda: store.run(run.id).state == "failed")
    again = engine.submit(recipe(Fake.SHORT))
    assert end_of(engine, again).state == "finished"


def test_another_engine_uses_the_same_cluster_by_its_address(engine, cluster_elsewhere, tmp_path, monkeypatch):
    monkeypatch.setenv("DIGIT_CLINIC_SCHEDULER", cluster_elsewhere)
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite", step_gap_s=0)
    with Engine(store, training=TRAINING) as other:
        run = other.submit(recipe(Fake.SHORT, epochs=3))
        assert end_of(other, run).state == "finished"
        assert [point.epoch for point in store.curve(run.id).epochs] == [1, 2, 3]
    store.close()
    run = engine.submit(recipe(Fake.SHORT))
    assert end_of(engine, run).state == "finished"


def test_a_cluster_that_is_not_there_fails_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr("mnist_core.runs.queue.cluster._CONNECT_S", 0.5)
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite")
    with Engine(store, scheduler_url="tcp://127.0.0.1:1", training=TRAINING) as engine:
        for _ in range(2):
            run = engine.submit(recipe(Fake.SHORT))
            live = end_of(engine, run)
            assert (live.state, live.error.code) == ("failed", "engine_unavailable")
            assert store.run(run.id).error.code == "engine_unavailable"
    store.close()
