"""Runs that go on from others, as the store keeps them; `test_laboratory` trains them."""

import sqlite3

import numpy as np
import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.store import epoch_checkpoints
from mnist_core.runs.store.store import Store, as_pixels
from mnist_core.training.events import Paused, Resumed, SettingChanged, Stopped
from tests.runs.examples import checked, epoch, finished, measured, started, step, weights_of

RECIPE = Recipe(epochs=2, schedule="constant")
LONGER = RECIPE.replace(epochs=5)
INK = np.linspace(0, 1, 784, dtype=np.float32).reshape(28, 28)


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite", step_gap_s=0)
    yield store
    store.close()


def trained(store, *more, recipe=RECIPE, name="mine", drawing=None) -> str:
    """A run whose second epoch ended after step 4, and what came then."""
    run = store.create(recipe, name, "anna", drawing=drawing)
    past = [started(4), step(1), Paused(1), SettingChanged(1, "learning_rate", 0.01, 0.001), Resumed(1), step(2)]
    past += [measured(2, b"ab"), checked(1, 2), epoch(1, resume=b"one"), step(3), step(4), checked(2, 4)]
    past += [epoch(2, resume=b"two" * 100)]
    for event in [*past, *more]:
        store.record(run.id, event)
    return run.id


def code_of(store, parent_id, recipe=LONGER) -> str:
    with pytest.raises(UserError) as raised:
        store.create_longer(parent_id, recipe)
    return raised.value.code


def test_only_the_newest_place_to_go_on_from_is_kept(store, tmp_path):
    run_id = trained(store)
    point = store.checkpoint(run_id)
    assert (point.epoch, point.step, point.weights, point.resume) == (2, 4, weights_of(2), b"two" * 100)
    assert store.can_go_on(run_id)
    assert not store.can_go_on(store.create(RECIPE).id)
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM blobs").fetchone() == (1,)
    connection.close()


def test_an_epoch_without_a_place_to_go_on_from_takes_the_older_one_away(store, monkeypatch):
    run_id = trained(store, step(5), epoch(3))
    assert code_of(store, trained(store, epoch(3), finished())) == "not_resumable"
    with pytest.raises(UserError) as raised:
        store.checkpoint(run_id)
    assert raised.value.code == "not_resumable"
    monkeypatch.setattr(epoch_checkpoints, "_MOST_RESUME_BYTES", 250)
    assert code_of(store, trained(store, finished())) == "not_resumable"


def test_a_longer_run_has_its_parents_past_and_no_more(store):
    # What came after the last epoch is not gone on from: the pause, the change and steps 5 and 6.
    after = [Paused(4), Resumed(4), step(5), step(6), SettingChanged(6, "dense_dropout", 0.0, 0.5), Stopped(6, 1.5)]
    parent_id = trained(store, *after)
    run = store.create_longer(parent_id, LONGER, session="anna")
    assert (run.name, run.state, run.recipe, run.session) == ("mine · longer", "queued", LONGER, "anna")
    assert (run.steps_done, run.epochs_done, run.validation_accuracy) == (4, 2, 0.75)
    assert store.run(run.id).continues == parent_id
    assert store.run(parent_id).continues is None

    parents, own = store.curve(parent_id), store.curve(run.id)
    assert own.epochs == parents.epochs
    assert own.steps == parents.steps[:4]
    before, seen = store.insight(parent_id), store.insight(run.id)
    assert (seen.measured, seen.checked) == (before.measured, before.checked)
    assert seen.measured[0].filters == b"ab"
    assert (seen.paused, seen.resumed) == ((Paused(1),), (Resumed(1),))
    assert seen.changed == (SettingChanged(1, "learning_rate", 0.01, 0.001),)
    assert store.epochs_with_weights(run.id) == (1, 2)
    assert store.weights(run.id) == weights_of(2)
    assert store.checkpoint(run.id) == store.checkpoint(parent_id)


def test_a_longer_run_lives_on_when_its_parent_is_deleted(store):
    parent_id = trained(store, finished())
    run = store.create_longer(parent_id, LONGER)
    store.delete(parent_id)
    assert store.run(run.id).continues == parent_id
    for event in [started(10), step(5), epoch(3, resume=b"three"), finished(3)]:
        store.record(run.id, event)
    assert [row.epoch for row in store.curve(run.id).epochs] == [1, 2, 3]
    assert store.weights(run.id, 1) == weights_of(1)
    again = store.create_longer(run.id, LONGER)
    assert (again.name, store.checkpoint(again.id).epoch) == ("mine · longer", 3)


def test_what_cannot_go_on_says_why(store):
    parent_id = trained(store)
    assert code_of(store, parent_id) == "run_active"
    store.record(parent_id, finished())
    assert code_of(store, parent_id, LONGER.replace(learning_rate=0.5)) == "recipe_differs"
    assert code_of(store, parent_id, RECIPE) == "epochs_done"
    assert code_of(store, "00000000") == "run_unknown"
    before = len(store.runs())
    assert code_of(store, parent_id, RECIPE) == "epochs_done"
    assert len(store.runs()) == before
    fresh = store.create(RECIPE)
    store.record(fresh.id, Stopped(0, 0.0))
    assert code_of(store, fresh.id) == "not_resumable"


def test_a_copy_that_breaks_leaves_nothing(store, monkeypatch):
    parent_id = trained(store, finished())

    def refuse(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("mnist_core.runs.store.epoch_checkpoints.copy_past", refuse)
    with pytest.raises(KeyboardInterrupt):
        store.create_longer(parent_id, LONGER)
    assert [run.id for run in store.runs()] == [parent_id]


def test_a_drawing_is_kept_and_followed_on(store):
    parent_id = trained(store, finished(), drawing=as_pixels(INK))
    kept = store.drawing(parent_id)
    assert (kept.shape, kept.dtype) == ((28, 28), np.uint8)
    assert np.abs(kept / 255 - INK).max() <= 0.5 / 255 + 1e-6
    assert store.drawing(store.create(RECIPE).id) is None
    assert (store.drawing(store.create_longer(parent_id, LONGER).id) == kept).all()
    other = store.create_longer(parent_id, LONGER, drawing=255 - kept)
    assert (store.drawing(other.id) == 255 - kept).all()


def test_a_long_name_leaves_room_for_longer(store):
    parent_id = trained(store, finished(), name="x" * 80)
    assert store.create_longer(parent_id, LONGER).name == "x" * 71 + " · longer"
