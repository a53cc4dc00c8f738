"""Each setting of the data group reaches a real training, and does there what its words say."""

from functools import cache

import pytest
from torch import Tensor

from mnist_core.data.dataset import build_dataset, corruption_masks
from mnist_core.data.mnist_files import load_mnist
from mnist_core.recipe import Recipe
from mnist_core.training.events import Epoch, Finished
from mnist_core.training.inference import predict_logits
from mnist_core.training.loop import train
from mnist_core.training.weights import from_bytes

BASE = Recipe(model="mlp", train_images=2_000, epochs=3, label_smoothing=0.0)


@cache
def trained(recipe: Recipe) -> tuple[Epoch, Finished, Tensor]:
    """The last epoch, the end, and what the model reads in MNIST's own test images."""
    *_, epoch, finished = train(recipe)
    assert isinstance(epoch, Epoch)
    assert isinstance(finished, Finished)
    return epoch, finished, predict_logits(from_bytes(recipe, epoch.weights), load_mnist().test_images).argmax(1)


def recall(recipe: Recipe, digit: int) -> float:
    is_digit = load_mnist().test_labels == digit
    return float((trained(recipe)[2][is_digit] == digit).double().mean())


def accuracy(recipe: Recipe) -> float:
    return trained(recipe)[1].test_accuracy


@pytest.mark.parametrize("kind", ["random", "confusing"])
def test_wrong_labels_raise_the_training_loss_and_lower_the_test_accuracy(kind: str) -> None:
    noisy = BASE.replace(label_noise=0.4, label_noise_kind=kind)
    assert trained(noisy)[0].training_loss > trained(BASE)[0].training_loss + 0.3
    assert accuracy(noisy) < accuracy(BASE) - 0.02


def test_confusing_labels_turn_digits_into_their_partners() -> None:
    noisy = BASE.replace(label_noise=0.4, label_noise_kind="confusing")
    labels, read = load_mnist().test_labels, trained(noisy)[2]
    wrong_fours = read[(labels == 4) & (read != 4)]
    assert float((wrong_fours == 9).double().mean()) > 0.7


def test_cleaning_brings_the_accuracy_back() -> None:
    noisy = BASE.replace(label_noise=0.4, train_images=4_000)
    clean = noisy.replace(label_noise=0.0)
    back = accuracy(noisy.replace(cleaning=True)) - accuracy(noisy)
    assert back > 0.3 * (accuracy(clean) - accuracy(noisy)) > 0.006


def test_a_rare_digit_is_missed_and_balancing_finds_it_again() -> None:
    rare = BASE.replace(keep_4=0.05)
    assert recall(rare, 4) < recall(BASE, 4) - 0.2
    for balance in ("resample", "loss_weights"):
        assert recall(rare.replace(balance=balance), 4) > recall(rare, 4) + 0.1


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_that_is_left_out_is_never_read(digit: int) -> None:
    labels = build_dataset(BASE.replace(**{f"keep_{digit}": 0.0})).train_labels
    assert sorted(set(labels.tolist())) == [other for other in range(10) if other != digit]


def test_a_model_that_never_saw_a_digit_never_reads_it() -> None:
    assert recall(BASE.replace(keep_7=0.0), 7) == 0


@pytest.mark.parametrize("kind", ["noise", "inverted", "blank", "shapes"])
def test_outliers_raise_the_training_loss(kind: str) -> None:
    spoiled = BASE.replace(outliers=0.3, outlier_kind=kind)
    assert int(corruption_masks(spoiled).outlier.sum()) == 600
    assert trained(spoiled)[0].training_loss > trained(BASE)[0].training_loss + 0.03


def test_outliers_that_are_cleaned_away_no_longer_do() -> None:
    spoiled = BASE.replace(outliers=0.3, outlier_kind="blank")
    assert trained(spoiled.replace(cleaning=True))[0].training_loss < trained(spoiled)[0].training_loss - 0.2


def test_fewer_images_widen_the_gap_between_training_and_validation() -> None:
    few = BASE.replace(train_images=200, epochs=30)
    assert len(build_dataset(few).train_labels) == 200
    epoch, usual = trained(few)[0], trained(BASE)[0]
    assert (
        epoch.training_accuracy - epoch.validation_accuracy > usual.training_accuracy - usual.validation_accuracy + 0.05
    )


def test_test_images_off_centre_are_misread_though_validation_looks_fine() -> None:
    moved = BASE.replace(test_offset_px=5)
    assert accuracy(moved) < accuracy(BASE) - 0.3
    assert trained(moved)[0].validation_accuracy == pytest.approx(trained(BASE)[0].validation_accuracy, abs=1e-9)


def test_a_model_of_digits_on_a_ring_misreads_those_in_the_middle() -> None:
    moved = BASE.replace(train_offset_px=6)
    assert accuracy(moved) < trained(moved)[0].validation_accuracy - 0.1
    assert trained(moved)[0].validation_accuracy < trained(BASE)[0].validation_accuracy
