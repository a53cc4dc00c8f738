import numpy as np
import pytest
import torch
from scipy import ndimage

from mnist_core.checkpoints.build.corruption_classifier import corrupted_batch, trace, train_corruption_classifier
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.diagnosis.causes import CAUSES
from mnist_core.diagnosis.corruption_classifier import CLEAN, CORRUPTIONS, log_probs


@pytest.fixture(scope="module")
def validation() -> tuple[torch.Tensor, torch.Tensor]:
    data = split(load_mnist())
    return data.validation_images[::10].float() / 255, data.validation_labels[::10]


def named(images: torch.Tensor, labels: torch.Tensor, way: str) -> float:
    """How many are judged so, 0 to 1."""
    judged = [log_probs(images[labels == digit], digit).argmax(dim=1) for digit in range(10)]
    return float((torch.cat(judged) == CORRUPTIONS.index(way)).float().mean())


def test_the_ways_are_causes() -> None:
    assert set(CORRUPTIONS) - set(CAUSES) == {CLEAN}


def test_digits_that_were_held_back_look_usual(validation) -> None:
    assert named(*validation, CLEAN) > 0.7  # many a 0, 1 or 8 might as well be mirrored


@pytest.mark.parametrize("way", ["rotated", "mirrored", "transposed", "too_small", "off_center"])
def test_spoilt_ones_are_named(validation, way: str) -> None:
    images, labels = validation
    lopsided = torch.isin(labels, torch.tensor([2, 3, 4, 5, 6, 7, 9]))  # a 0, 1 or 8 looks the same in a mirror
    spoil = {
        "rotated": lambda image: ndimage.rotate(image, 50, reshape=False, order=1),
        "mirrored": np.fliplr,
        "transposed": np.transpose,
        "too_small": lambda image: np.pad(ndimage.zoom(image, 0.4, order=1), ((8, 9), (8, 9)))[:28, :28],
        "off_center": lambda image: np.roll(image, (-4, 4), axis=(0, 1)),
    }[way]
    spoilt = np.stack([spoil(image) for image in images[lopsided].numpy()])
    assert named(torch.from_numpy(spoilt), labels[lopsided], way) > 0.7


def test_training_digits_are_spoilt_as_they_are_said_to_be(tmp_path) -> None:
    shapes = trace(40)
    ink, meant, way = corrupted_batch(shapes, torch.Generator().manual_seed(1), 600)
    assert ink.shape == (600, 28, 28)
    assert 0 <= float(ink.min()) <= float(ink.max()) <= 1
    assert set(meant.tolist()) <= set(range(10))
    mass = {name: float(ink[way == CORRUPTIONS.index(name)].mean()) for name in CORRUPTIONS}
    assert mass["too_small"] < 0.5 * mass[CLEAN]
    assert mass["too_thin"] < 0.6 * mass[CLEAN] < mass[CLEAN] < 0.7 * mass["too_thick"]
    assert list(train_corruption_classifier(tmp_path / "classifier.safetensors", epochs=0, images=40)) == []
