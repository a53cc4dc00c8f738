"""Real trainings in a worker process, led by the hand: pause, single step, single epoch, changes, going on."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.registry import load_model, open_epoch
from mnist_core.training.control import Control
from mnist_core.training.events import Paused, Resumed, SettingChanged
from tests.runs.examples import wait_for
from tests.runs.queue.test_engine import end_of

RECIPE = Recipe(model="linear", train_images=1_000, batch_size=100, epochs=200, schedule="constant")
STEPS_AN_EPOCH = 10
INK = np.random.default_rng(0).random((28, 28), np.float32)


@pytest.fixture(scope="module")
def engine(store):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASK_DISTRIBUTED__WORKER__PRELOAD", "[]")
        with Engine(store, workers=1) as engine:
            yield engine


def change(engine, run, **changes) -> None:
    engine.set_control(run.id, run.owner_token, replace(engine.control(run.id), **changes))


def paused_after(engine, run, step: int):
    return wait_for(lambda: (live := engine.live(run.id)).is_paused and live.steps_done == step and live)


def test_a_run_is_led_by_the_hand(engine, store):
    run = engine.submit(RECIPE, drawing=INK)
    engine.set_control(run.id, run.owner_token, Control(pause=True))
    live = paused_after(engine, run, 0)
    assert (live.state, live.step, live.remaining_s) == ("paused", None, None)

    for number in (1, 2, 3):  # single steps
        change(engine, run, until_step=number)
        live = paused_after(engine, run, number)
        assert (live.step.step, live.step.learning_rate) == (number, 0.01)
    assert live.remaining_s > 0

    change(engine, run, learning_rate=0.002, until_step=4)
    assert paused_after(engine, run, 4).step.learning_rate == 0.002
    change(engine, run, until_step=STEPS_AN_EPOCH)  # to the end of the epoch
    live = paused_after(engine, run, STEPS_AN_EPOCH)
    change(engine, run, until_step=STEPS_AN_EPOCH + 1)
    assert paused_after(engine, run, STEPS_AN_EPOCH + 1).epoch.epoch == 1

    change(engine, run, pause=False, steps_per_s=15.0)
    slow = wait_for(lambda: (live := engine.live(run.id)).steps_done > STEPS_AN_EPOCH + 3 and live)
    assert not slow.is_paused
    assert slow.remaining_s > 60  # 1,986 steps, 15 a second
    change(engine, run, steps_per_s=0.0)
    wait_for(lambda: engine.live(run.id).steps_done >= 3 * STEPS_AN_EPOCH)
    engine.stop(run.id, run.owner_token)
    assert end_of(engine, run).state == "stopped"

    seen = store.insight(run.id)
    assert seen.changed == (SettingChanged(4 - 1, "learning_rate", 0.01, 0.002),)
    assert [event.step for event in seen.paused] == [0, 1, 2, 3, 4, STEPS_AN_EPOCH, STEPS_AN_EPOCH + 1]
    assert seen.resumed == tuple(Resumed(event.step) for event in seen.paused)
    assert seen.paused[0] == Paused(0)
    assert [look.epoch for look in seen.checked] == [row.epoch for row in store.curve(run.id).epochs]
    assert seen.checked[0].step == STEPS_AN_EPOCH
    assert np.abs(store.drawing(run.id) / 255 - INK).max() < 0.01
    assert seen.measured
    assert all(abs(sum(look.drawing) - 1) < 1e-3 for look in seen.measured)
    # Every step that somebody waited for is there.
    steps = {point.step: point.learning_rate for point in store.curve(run.id).steps}
    assert {number: steps[number] for number in (1, 2, 3, 4)} == {1: 0.01, 2: 0.01, 3: 0.01, 4: 0.002}


@pytest.mark.parametrize("changes", [{"optimizer": "adamw"}, {"optimizer": "momentum", "dense_dropout": 0.2}])
def test_a_run_that_goes_on_is_the_longer_run(engine, store, changes):
    recipe = RECIPE.replace(model="mlp", **changes)
    whole, part = (engine.submit(recipe.replace(epochs=epochs), name="a run", drawing=INK) for epochs in (3, 1))
    end_of(engine, part)
    longer = engine.submit(recipe.replace(epochs=3), continues=part.id)
    queued = engine.live(longer.id)
    assert (queued.steps_done, queued.epoch.epoch) == (STEPS_AN_EPOCH, 1)
    assert end_of(engine, longer).state == "finished"

    assert store.run(longer.id).name == "a run · longer"
    assert store.run(longer.id).continues == part.id
    assert store.epochs_with_weights(longer.id) == (1, 2, 3)
    for epoch in (1, 2, 3):
        assert store.weights(longer.id, epoch) == store.weights(whole.id, epoch)
    assert store.test_probabilities(longer.id) == store.test_probabilities(whole.id)
    assert store.run(longer.id).steps_done == store.run(whole.id).steps == 3 * STEPS_AN_EPOCH
    steps = [point.step for point in store.curve(longer.id).steps]
    assert steps == sorted(set(steps))
    assert [look.step for look in store.insight(longer.id).checked] == [10, 20, 30]
    looks = {look.step: look.drawing for look in store.insight(whole.id).measured}
    assert {look.step: look.drawing for look in store.insight(longer.id).measured}[30] == looks[30] != []


def test_what_was_changed_stays_changed_when_a_run_goes_on(engine, store):
    run = engine.submit(RECIPE.replace(epochs=2))
    change(engine, run, dense_dropout=0.0, learning_rate=0.0005)
    end_of(engine, run)
    longer = engine.submit(RECIPE.replace(epochs=3), continues=run.id)
    assert engine.control(longer.id).learning_rate == 0.0005
    end_of(engine, longer)
    # The newest step of the run before is there, too.
    rates = {point.learning_rate for point in store.curve(longer.id).steps if point.step > STEPS_AN_EPOCH * 2}
    assert rates == {0.0005}
    assert len(store.insight(longer.id).changed) == 1


def test_a_range_test_is_a_run_that_is_not_listed(engine, store):
    run = engine.test_range(RECIPE, session="anna")
    live = end_of(engine, run)
    assert (live.state, live.error) == ("finished", None)
    assert live.range == store.run(run.id).lr_range
    rates = [point.learning_rate for point in store.curve(run.id).steps]
    assert rates == sorted(rates)
    assert rates[0] < live.range.suggested < rates[-1]
    assert run.id not in {other.id for other in store.runs(limit=1_000)}
    with Engine(store) as another:  # as after a restart
        assert another.live(run.id).range == live.range


def test_early_stopping_opens_the_best_epoch(engine, store):
    recipe = RECIPE.replace(model="mlp", train_images=200, early_stopping=2, epochs=100, learning_rate=0.03)
    run = engine.submit(recipe)
    assert end_of(engine, run).state == "finished"
    losses = [row.validation_loss for row in store.curve(run.id).epochs]
    best = int(np.argmin(losses)) + 1
    assert store.kept_epoch(run.id) == best < len(losses) < 100
    tested = np.frombuffer(store.test_probabilities(run.id), "<f2").reshape(-1, 10)
    for trained, is_same in ((load_model(run.id, store), True), (open_epoch(run.id, 1, store), False)):
        from mnist_core.data.mnist_files import load_mnist
        from mnist_core.training.inference import predict_probabilities

        trained.model.temperature = 1.0
        read = predict_probabilities(trained.model, load_mnist().test_images[:500]).numpy()
        assert np.allclose(read, tested[:500], atol=2e-3) == is_same
    with pytest.raises(UserError) as raised:
        open_epoch(run.id, 99, store)
    assert raised.value.code == "epoch_unknown"
