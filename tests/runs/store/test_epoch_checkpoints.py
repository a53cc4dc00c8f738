import numpy as np
import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.store import epoch_checkpoints
from mnist_core.runs.store.store import Store
from tests.runs.examples import epoch, started, weights_of


@pytest.fixture
def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite")
    yield store
    store.close()


def trained(store, losses, recipe=None, weights=None) -> str:
    run = store.create(recipe or Recipe(epochs=200))
    store.record(run.id, started())
    for number, loss in enumerate(losses, start=1):
        store.record(run.id, epoch(number, weights, validation_loss=loss))
    return run.id


def test_the_last_epoch_is_kept(store):
    run_id = trained(store, [0.5, 0.1, 0.3])
    assert store.kept_epoch(run_id) == 3
    assert store.weights(run_id) == weights_of(3)


def test_early_stopping_keeps_the_epoch_of_the_lowest_validation_loss(store):
    run_id = trained(store, [0.5, 0.1, 0.3, 0.1, float("nan")], Recipe(epochs=200, early_stopping=3))
    assert store.kept_epoch(run_id) == 2  # the first of the two
    assert store.weights(run_id) == weights_of(2)
    assert store.run(run_id).epochs_done == 5
    unmeasured = trained(store, [float("nan")] * 2, Recipe(epochs=200, early_stopping=3))
    assert store.kept_epoch(unmeasured) == 2


def test_without_an_epoch_nothing_is_kept(store):
    run_id = trained(store, [])
    assert store.epochs_with_weights(run_id) == ()
    with pytest.raises(UserError) as raised:
        store.kept_epoch(run_id)
    assert raised.value.code == "run_without_epochs"


def test_a_short_run_keeps_all_weights(store):
    run_id = trained(store, np.linspace(1, 0, epoch_checkpoints.MOST_EPOCHS))
    assert store.epochs_with_weights(run_id) == tuple(range(1, 51))


@pytest.mark.parametrize("best", [3, 77, 119])
def test_a_long_run_keeps_evenly_chosen_weights_and_what_is_needed(store, best):
    losses = [0.1 if number == best else 1 / number + 0.2 for number in range(1, 121)]
    run_id = trained(store, losses, Recipe(epochs=200, early_stopping=50))
    kept = store.epochs_with_weights(run_id)
    assert 25 <= len(kept) <= 50
    assert {1, best, 120} <= set(kept)
    assert set(range(4, 121, 4)) <= set(kept)
    assert store.weights(run_id) == weights_of(best)
    assert [store.weights(run_id, number) for number in kept] == [weights_of(number) for number in kept]
    assert len(store.curve(run_id).epochs) == 120
    gone = next(number for number in range(1, 121) if number not in kept)
    with pytest.raises(UserError) as raised:
        store.weights(run_id, gone)
    assert raised.value.code == "epoch_unknown"


def test_weights_that_are_large_are_kept_of_fewer_epochs(store, monkeypatch):
    monkeypatch.setattr(epoch_checkpoints, "MOST_BYTES", 100_000)
    run_id = trained(store, [0.5] * 30, weights=b"w" * 10_000)
    kept = store.epochs_with_weights(run_id)
    assert 5 <= len(kept) <= 10
    assert {1, 30} <= set(kept)
    huge = trained(store, [0.5] * 12, weights=b"w" * 90_000)
    assert len(store.epochs_with_weights(huge)) <= 5
