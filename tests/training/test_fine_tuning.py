"""Lessons for a small model that was trained in this file, on hands made from MNIST's own digits."""

import numpy as np
import pytest
import torch

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training import fine_tuning as rooms
from mnist_core.training.control import no_control, stop_if
from mnist_core.training.events import Diverged, Epoch, Failed, FineTuneResult, Finished, Started, Step, Stopped
from mnist_core.training.fine_tuning import (
    FOLDS,
    LEAST_DIGITS,
    STEPS,
    FineTuneSet,
    assign_folds,
    fine_tune,
    fine_tuned_copy,
)
from mnist_core.training.inference import predict_logits
from mnist_core.training.loop import train
from mnist_core.training.models import build
from mnist_core.training.weights import from_bytes, to_bytes

RECIPE = Recipe(model="linear", train_images=5_000, epochs=1)


@pytest.fixture(scope="module")
def model():
    (epoch,) = (event for event in train(RECIPE) if isinstance(event, Epoch))
    return from_bytes(RECIPE, epoch.weights)


@pytest.fixture(scope="module")
def data():
    return split(load_mnist(), RECIPE.train_images)


def hand(data, count: int, start: int = 0):
    """Somebody who writes every digit lying on its side."""
    chosen = slice(start, start + count)
    return torch.rot90(data.validation_images[chosen], dims=(1, 2)), data.validation_labels[chosen]


def build_dataset(model, pictures, labels) -> FineTuneSet:
    return FineTuneSet(to_bytes(model), pictures.numpy(), labels.numpy())


def accuracy(model, images, labels) -> float:
    return float((predict_logits(model, images).argmax(dim=1) == labels).double().mean())


def test_it_learns_a_hand_that_it_could_not_read_and_does_not_forget_mnist(model, data):
    pictures, labels = hand(data, 100)
    unseen = hand(data, 400, start=1_000)
    taught = fine_tuned_copy(model, pictures.float() / 255, labels, data.train_images, RECIPE, steps=250)
    assert accuracy(taught, *unseen) > accuracy(model, *unseen) + 0.15
    before, after = (accuracy(one, data.test_images, data.test_labels) for one in (model, taught))
    assert after > before - 0.05


def test_without_mnist_it_would_forget(model, data, monkeypatch):
    """What the mixing is for: the same lesson without it costs several times as much."""
    pictures, labels = hand(data, 100)
    mnist = data.train_images
    mixed = fine_tuned_copy(model, pictures.float() / 255, labels, mnist, RECIPE, steps=250)
    monkeypatch.setattr(rooms, "_MNIST_A_BATCH", 0)
    alone = fine_tuned_copy(model, pictures.float() / 255, labels, mnist, RECIPE, steps=250)
    before, with_it, without = (accuracy(one, data.test_images, data.test_labels) for one in (model, mixed, alone))
    assert before - without > 2 * max(before - with_it, 0.01)


def test_the_model_itself_stays_as_it_was(model, data):
    before = to_bytes(model)
    fine_tuned_copy(model, *_few(data), data.train_images, RECIPE, steps=3)
    assert to_bytes(model) == before


def _few(data):
    pictures, labels = hand(data, 12)
    return pictures.float() / 255, labels


def test_the_same_lesson_teaches_the_same(model, data):
    mnist = data.train_images
    first, again = (to_bytes(fine_tuned_copy(model, *_few(data), mnist, RECIPE, steps=5)) for _ in range(2))
    other = to_bytes(fine_tuned_copy(model, *_few(data), mnist, RECIPE.replace(seed=1), steps=5))
    assert first == again != other


def test_batch_normalisation_keeps_what_it_knows_of_mnist(data):
    recipe = Recipe(model="cnn", train_images=100)
    torch.manual_seed(0)
    model = build(recipe)
    taught = fine_tuned_copy(model, *_few(data), data.train_images, recipe, steps=2)
    for name, buffer in model.named_buffers():
        assert torch.equal(buffer, taught.get_buffer(name)), name
    assert not torch.equal(next(model.parameters()), next(taught.parameters()))


# --- as a run -------------------------------------------------------------------------------------------


def test_a_lesson_announces_itself_and_its_gain_is_counted_on_digits_kept_from_it(model, data):
    pictures, labels = hand(data, 60)
    first, *events, taught, last = fine_tune(RECIPE, no_control, fine_tune_set=build_dataset(model, pictures, labels))
    *steps, epoch = events
    assert isinstance(first, Started)
    assert [step.step for step in steps] == list(range(1, STEPS + 1))
    assert all(isinstance(step, Step) for step in steps)
    assert isinstance(epoch, Epoch)
    assert isinstance(taught, FineTuneResult)
    assert isinstance(last, Finished)
    assert (first.steps, steps[-1].epoch, epoch.epoch, last.epochs) == (STEPS, 1.0, 1, 1)
    assert steps[-1].loss < steps[0].loss

    assert taught.digits == 60
    assert taught.right_before == round(60 * accuracy(model, pictures, labels))
    assert taught.test_accuracy_before == pytest.approx(accuracy(model, data.test_images, data.test_labels))
    pupil = from_bytes(RECIPE, epoch.weights)
    assert last.test_accuracy == pytest.approx(accuracy(pupil, data.test_images, data.test_labels))
    assert epoch.validation_accuracy == pytest.approx(
        accuracy(pupil, data.validation_images, data.validation_labels), abs=1e-6
    )
    # Digits that it was shown are read better than those that were kept from it: that is why they are kept.
    assert taught.right_before < taught.right_after < round(60 * accuracy(pupil, pictures, labels))


def test_labels_that_cannot_be_learned_show_no_gain(model, data, monkeypatch):
    """Random labels can be learned by heart, but help nobody with digits that were not shown."""
    monkeypatch.setattr(rooms, "STEPS", 300)
    pictures, _ = hand(data, 60)
    labels = torch.from_numpy(np.random.default_rng(0).integers(0, 10, 60))
    *_, epoch, taught, _ = fine_tune(RECIPE, no_control, fine_tune_set=build_dataset(model, pictures, labels))
    assert accuracy(from_bytes(RECIPE, epoch.weights), pictures, labels) > 0.3
    assert taught.right_after < 0.25 * 60


def test_it_stops_when_it_is_asked_to(model, data):
    asked = iter([False, False, True])
    *_, last = fine_tune(RECIPE, stop_if(lambda: next(asked)), fine_tune_set=build_dataset(model, *hand(data, 10)))
    assert isinstance(last, Stopped)
    assert last.step == 3


def test_too_few_digits_are_an_error_in_words(model, data):
    with pytest.raises(UserError) as raised:
        build_dataset(model, *hand(data, LEAST_DIGITS - 1))
    assert raised.value.code == "too_few_digits"


def test_weights_of_another_network_are_an_error_in_words(model, data):
    (only,) = fine_tune(Recipe(model="mlp"), no_control, fine_tune_set=build_dataset(model, *hand(data, 10)))
    assert (only.code, type(only)) == ("checkpoint_mismatch", Failed)


def test_a_loss_that_is_no_number_ends_it(model, data, monkeypatch):
    monkeypatch.setattr(rooms, "learning_rate_at", lambda *_: float("inf"))
    *_, last = fine_tune(RECIPE, no_control, fine_tune_set=build_dataset(model, *hand(data, 10)))
    assert isinstance(last, Diverged)


@pytest.mark.parametrize("count", [5, 6, 7, 30, 500])
def test_the_digits_are_dealt_evenly_and_so_is_every_class(count):
    labels = np.random.default_rng(count).integers(0, 10, count)
    folds = assign_folds(labels.tolist())
    sizes = np.bincount(folds, minlength=FOLDS)
    assert sizes.max() - sizes.min() <= 1
    for label in range(10):
        of_class = np.bincount(folds[labels == label], minlength=FOLDS)
        assert of_class.max() - of_class.min() <= 1
