"""How well suspects are found: measured against what was put in, on real MNIST; of 55,000 see docs/MEASUREMENTS.md."""

import pytest
import torch

from mnist_core.data.cleaning import FEWEST_IMAGES, Suspects, clean, suspects
from mnist_core.data.dataset import CorruptionMasks, build_dataset, corruption_masks
from mnist_core.recipe import Recipe

BASE = Recipe(train_images=4_000)


def judge(**faults) -> tuple[Suspects, CorruptionMasks]:
    recipe = BASE.replace(**faults)
    data = build_dataset(recipe)
    return suspects(data.train_images, data.train_labels), corruption_masks(recipe)


def removed(found: Suspects) -> torch.Tensor:
    return found.is_wrong_label | found.is_outlier


def share(found: torch.Tensor, of: torch.Tensor) -> float:
    return float(found[of].double().mean())


@pytest.mark.parametrize("label_noise", [0.05, 0.2, 0.4])
def test_the_most_contradicted_labels_are_the_wrong_ones(label_noise: float) -> None:
    found, faults = judge(label_noise=label_noise)
    count = int(faults.wrong_label.sum())
    first = found.contradiction.topk(count).indices
    assert float(faults.wrong_label[first].double().mean()) >= 0.93
    assert share(removed(found), faults.wrong_label) >= 0.85
    assert share(removed(found), ~faults.wrong_label) <= 0.07


@pytest.mark.parametrize(
    ("kind", "caught"), [("noise", 0.99), ("inverted", 0.99), ("blank", 0.99), ("shapes", 0.5)]
)  # fmt: skip
def test_each_kind_of_outlier_is_found(kind: str, caught: float) -> None:
    found, faults = judge(outliers=0.05, outlier_kind=kind)
    assert share(removed(found), faults.outlier) >= caught
    assert share(removed(found), ~faults.outlier) <= 0.03


@pytest.mark.parametrize("kind", ["noise", "inverted", "blank", "shapes"])
def test_outliers_are_found_when_they_are_nearly_half(kind: str) -> None:
    found, faults = judge(outliers=0.45, outlier_kind=kind)
    assert share(removed(found), faults.outlier) >= 0.95
    assert share(removed(found), ~faults.outlier) <= 0.04


def test_hardly_any_clean_image_is_left_out() -> None:
    found, _ = judge()
    assert float(removed(found).double().mean()) <= 0.02


def test_a_rare_digit_is_not_cleaned_away() -> None:
    data = build_dataset(BASE.replace(keep_4=0.05))
    kept = clean(data.train_images, data.train_labels)
    assert share(kept, data.train_labels == 4) >= 0.7


def test_the_digit_read_is_mostly_the_true_one_even_with_many_wrong_labels() -> None:
    found, _ = judge(label_noise=0.4)
    assert float((found.read_as == build_dataset(BASE).train_labels).double().mean()) > 0.9


def test_the_seed_decides_and_torchs_own_random_numbers_are_left_alone() -> None:
    data = build_dataset(Recipe(train_images=500, label_noise=0.1))
    before, images = torch.get_rng_state(), data.train_images.clone()
    one, again, other = (suspects(data.train_images, data.train_labels, seed) for seed in (0, 0, 1))
    assert torch.equal(one.contradiction, again.contradiction)
    assert torch.equal(one.outlier_score, again.outlier_score)
    assert not torch.equal(one.contradiction, other.contradiction)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(data.train_images, images)


@pytest.mark.parametrize("count", [0, 1, FEWEST_IMAGES - 1])
def test_of_few_images_none_is_suspected(count: int) -> None:
    data = build_dataset(Recipe(train_images=500, label_noise=0.5))
    assert clean(data.train_images[:count], data.train_labels[:count]).all()


@pytest.mark.parametrize("value", [0, 128, 255])
def test_every_digit_keeps_an_image_though_all_are_the_same(value: int) -> None:
    images, labels = torch.full((200, 28, 28), value, dtype=torch.uint8), torch.arange(200) % 10
    found = suspects(images, labels)
    assert set(labels[~removed(found)].tolist()) == set(range(10))
    assert found.outlier_score.isfinite().all()
    assert found.contradiction.isfinite().all()


def test_one_digit_alone_is_not_strange() -> None:
    data = build_dataset(BASE)
    only = data.train_labels == 3
    assert share(clean(data.train_images[only], data.train_labels[only]), torch.ones(int(only.sum())).bool()) >= 0.98
