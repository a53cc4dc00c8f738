"""Runs that wait hold no worker: real trainings on one worker, paused, slowed down, and gone on with later."""

import json
from dataclasses import replace

import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.queue import live
from mnist_core.runs.queue.engine import Engine
from mnist_core.training.control import Control
from mnist_core.training.events import Resumed, Suspended
from tests.claims.made_up import CLAIM
from tests.runs.examples import wait_for
from tests.runs.fakes import CLAIM_TEST, TRAINING, Fake, recipe
from tests.runs.queue.test_engine import end_of

STEPS_AN_EPOCH = 10
RECIPE = Recipe(model="mlp", train_images=1_000, batch_size=100, epochs=3, dense_dropout=0.2)
SHORT = RECIPE.replace(model="linear", epochs=1, dense_dropout=0.0)
FOR_EVER = 1e9


@pytest.fixture(scope="module")
def engine(store):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASK_DISTRIBUTED__WORKER__PRELOAD", "[]")
        with Engine(store, workers=1, training=TRAINING, claim_test=CLAIM_TEST) as engine:
            yield engine


def change(engine, run, **changes) -> None:
    engine.set_control(run.id, run.owner_token, replace(engine.control(run.id), **changes))


def submit_paused(engine, settings: Recipe, until_step: int, **more):
    """A run that hears that it is to pause after that step before it begins, however long this process takes."""
    before = engine.submit(recipe(Fake.ENDLESS))
    run = engine.submit(settings, **more)
    change(engine, run, pause=True, until_step=until_step)
    engine.stop(before.id, before.owner_token)
    end_of(engine, before)
    return run


def until_parked(engine, run, step: int):
    """The run, paused after that step, when no worker has it any more."""
    return wait_for(
        lambda: (
            (now := engine.live(run.id)).is_paused
            and now.steps_done == step
            and engine.position(run.id) is None
            and now
        )
    )


def losses_of(store, run) -> dict[int, tuple[float, float]]:
    """Of the steps that were kept, a few in a second."""
    return {step.step: (step.loss, step.learning_rate) for step in store.curve(run.id, max_points=1_000).steps}


def assert_same_losses(store, run, other) -> None:
    some, others = losses_of(store, run), losses_of(store, other)
    shared = set(some) & set(others)
    assert {step: some[step] for step in shared} == {step: others[step] for step in shared}
    assert max(some) == max(others) in shared


def result_of(store, run) -> tuple[object, ...]:
    curve = store.curve(run.id)
    return (
        [replace(epoch, wall_s=0.0) for epoch in curve.epochs],
        [store.weights(run.id, epoch.epoch) for epoch in curve.epochs],
        store.test_probabilities(run.id),
        store.insight(run.id).checked,
        store.insight(run.id).changed,
    )


def test_a_paused_run_lets_others_train_and_then_comes_to_the_same_curve(engine, store):
    whole = submit_paused(engine, RECIPE, 14)
    until_paused = wait_for(lambda: (now := engine.live(whole.id)).is_paused and now)
    assert (until_paused.position, until_paused.steps_done) == (0, 14)  # nobody else wants its worker
    change(engine, whole, pause=False, learning_rate=0.004)
    assert end_of(engine, whole).state == "finished"

    run = submit_paused(engine, RECIPE, 14, session="anna")
    wait_for(lambda: engine.live(run.id).is_paused)
    others = [engine.submit(SHORT, session="ben") for _ in range(2)]
    assert [end_of(engine, other).state for other in others] == ["finished"] * 2
    now = until_parked(engine, run, 14)
    assert (now.state, store.run(run.id).state, now.epoch.epoch) == ("paused", "paused", 1)

    change(engine, run, pause=False, learning_rate=0.004)
    assert end_of(engine, run).state == "finished"
    assert_same_losses(store, run, whole)
    assert result_of(store, run) == result_of(store, whole)
    assert [event.step for event in store.insight(run.id).paused] == [14]
    assert store.insight(run.id).resumed == (Resumed(14),)
    with pytest.raises(UserError) as raised:  # nothing is kept of where it was
        store.suspension(run.id)
    assert raised.value.code == "not_resumable"


def test_a_run_that_waits_says_for_what(engine, monkeypatch):
    monkeypatch.setattr(live, "SLOW_TURN_S", FOR_EVER)
    slow = submit_paused(engine, RECIPE, 3, session="anna")
    wait_for(lambda: engine.live(slow.id).is_paused)
    change(engine, slow, pause=False, steps_per_s=2.0)
    wait_for(lambda: engine.live(slow.id).steps_done > 4)
    own, other = engine.submit(SHORT, session="anna"), engine.submit(SHORT, session="ben")
    waits = engine.live(own.id).waiting
    assert (engine.position(own.id), waits.runs, waits.is_own) == (1, 1, True)
    assert waits.seconds >= 0
    waits = engine.live(other.id).waiting
    assert (engine.position(other.id), waits.runs, waits.seconds, waits.is_own) == (2, 2, None, False)
    assert engine.live(slow.id).waiting is None
    for run in (other, own, slow):
        engine.stop(run.id, run.owner_token)
        end_of(engine, run)


def test_a_run_that_is_slowed_down_takes_turns_with_those_that_wait(engine, store, monkeypatch):
    monkeypatch.setattr(live, "SLOW_TURN_S", 0.3)
    slow = submit_paused(engine, RECIPE, 2, session="anna")
    wait_for(lambda: engine.live(slow.id).is_paused)
    change(engine, slow, pause=False, steps_per_s=0.5)
    other = engine.submit(SHORT, session="ben")
    assert end_of(engine, other).state == "finished"
    done = engine.live(slow.id).steps_done
    assert done < 3 * STEPS_AN_EPOCH
    wait_for(lambda: engine.live(slow.id).steps_done > done)  # its turn comes again, without a word of anybody
    change(engine, slow, steps_per_s=0.0)
    assert end_of(engine, slow).state == "finished"
    steps = [step.step for step in store.curve(slow.id).steps]
    assert steps == sorted(set(steps))
    assert steps[-1] == 3 * STEPS_AN_EPOCH


def test_a_paused_run_that_nobody_waits_for_gives_its_worker_back_after_a_while(engine, monkeypatch):
    monkeypatch.setattr(live, "PAUSE_HOLDS_S", 0.3)
    run = submit_paused(engine, RECIPE, 0)
    until_parked(engine, run, 0)
    for step in (1, 2):  # single steps go on, and each time the worker is free again
        change(engine, run, until_step=step)
        until_parked(engine, run, step)
    change(engine, run, until_step=STEPS_AN_EPOCH)
    now = until_parked(engine, run, STEPS_AN_EPOCH)
    assert now.remaining_s > 0
    engine.stop(run.id, run.owner_token)
    assert engine.live(run.id).state == "stopped"  # at once: there is no worker to ask


def test_a_paused_run_counts_as_its_sessions_and_is_stopped_for_good(engine, store, monkeypatch):
    monkeypatch.setattr(live, "PAUSE_HOLDS_S", 0.0)
    runs = [submit_paused(engine, RECIPE, 3, session="anna") for _ in range(2)]
    for run in runs:
        until_parked(engine, run, 3)
    with pytest.raises(UserError) as raised:
        engine.submit(RECIPE, session="anna")
    assert raised.value.code == "session_busy"
    for run in runs:
        engine.stop(run.id, run.owner_token)
        assert store.run(run.id).state == "stopped"
        assert store.run(run.id).wall_s > 0
        change(engine, run, pause=False)
        assert engine.position(run.id) is None
    again = engine.submit(SHORT, session="anna")
    assert end_of(engine, again).state == "finished"


def test_a_run_that_is_paused_in_line_waits_for_nothing_until_it_goes_on(engine, store):
    first = engine.submit(recipe(Fake.ENDLESS))
    second = engine.submit(SHORT.replace(schedule="constant"))
    change(engine, second, pause=True)
    wait_for(lambda: engine.position(second.id) is None)
    assert engine.live(second.id).state == store.run(second.id).state == "paused"
    engine.stop(first.id, first.owner_token)
    end_of(engine, first)
    change(engine, second, learning_rate=0.02)
    assert engine.position(second.id) is None
    change(engine, second, pause=False)
    assert end_of(engine, second).state == "finished"
    assert not store.insight(second.id).paused
    assert {step.learning_rate for step in store.curve(second.id).steps} == {0.02}


def test_what_cannot_give_its_worker_back_is_not_paused(engine):
    """A range test, a claim's test and a lesson are short: they go on, whatever their owner wants."""
    before = engine.submit(recipe(Fake.ENDLESS))
    runs = [engine.test_range(RECIPE), engine.test_claim(CLAIM, seeds=(0,))]
    for run in runs:
        change(engine, run, pause=True, until_step=1, steps_per_s=0.001, learning_rate=0.5)
        assert engine.control(run.id) == Control(learning_rate=0.5)
        assert not engine.live(run.id).can_pause
    engine.stop(before.id, before.owner_token)
    for run in runs:
        assert end_of(engine, run).state == "finished"


def test_a_support_vector_machine_gives_its_worker_back_too(engine, store, monkeypatch):
    monkeypatch.setattr(live, "PAUSE_HOLDS_S", 0.0)
    run = submit_paused(engine, Recipe(model="svm", train_images=500), 7)
    wait_for(lambda: engine.live(run.id).is_paused and engine.position(run.id) is None)
    assert engine.live(run.id).fitted.done == 7
    change(engine, run, pause=False)
    assert end_of(engine, run).state == "finished"
    assert [event.done for event in store.insight(run.id).fitted] == list(range(1, 46))


def test_a_longer_run_that_is_paused_goes_on_from_itself(engine, store, monkeypatch):
    monkeypatch.setattr(live, "PAUSE_HOLDS_S", 0.0)
    first = engine.submit(RECIPE.replace(epochs=1, schedule="constant"))
    end_of(engine, first)
    settings = RECIPE.replace(schedule="constant")
    runs = [submit_paused(engine, settings, 25, continues=first.id), engine.submit(settings, continues=first.id)]
    until_parked(engine, runs[0], 25)
    change(engine, runs[0], pause=False)
    for run in runs:
        assert end_of(engine, run).state == "finished"
    assert_same_losses(store, *runs)
    assert result_of(store, runs[0]) == result_of(store, runs[1])


def test_a_suspension_that_is_damaged_fails_its_run_alone(engine, store, monkeypatch):
    monkeypatch.setattr(live, "PAUSE_HOLDS_S", 0.0)
    run = submit_paused(engine, RECIPE, 13)
    until_parked(engine, run, 13)
    store.record(run.id, Suspended(1, 13, 1.0, b"", b"\0"))
    change(engine, run, pause=False)
    now = end_of(engine, run)
    assert (now.state, now.error.code) == ("failed", "checkpoint_unreadable")
    assert store.run(run.id).epochs_done == 1
    assert json.dumps(store.run(run.id).as_dict())
