import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from mnist_core.data.mnist_files import load_mnist
from mnist_core.preprocessing.rotation import framed, measure_rotation

SEVENS = 40


@pytest.fixture(scope="module")
def sevens() -> Tensor:
    mnist = load_mnist()
    return mnist.train_images[mnist.train_labels == 7].float() / 255


def turned(images: Tensor, right_deg: float) -> Tensor:
    """By Pillow, which turns to the left."""
    pictures = [
        Image.fromarray(image.numpy()).rotate(-right_deg, Image.Resampling.BILINEAR, center=(14, 14))
        for image in images
    ]  # fmt: skip
    return torch.stack([torch.from_numpy(np.array(picture)) for picture in pictures])


@pytest.mark.parametrize("angle_deg", [-60, -25, 10, 45])
def test_turning_a_digit_turns_its_rotation_by_as_much(sevens: Tensor, angle_deg: float) -> None:
    average = framed(sevens).mean(dim=0)
    upright = measure_rotation(sevens[:SEVENS], average)
    measured = measure_rotation(turned(sevens[:SEVENS], angle_deg), average) - upright
    assert measured.median().item() == pytest.approx(angle_deg, abs=1)
    assert ((measured - angle_deg).abs() < 8).float().mean() >= 0.9


def test_the_average_itself_is_not_turned_and_mnist_hardly(sevens: Tensor) -> None:
    average = framed(sevens).mean(dim=0)
    assert measure_rotation(average.unsqueeze(0), average).item() == pytest.approx(0, abs=0.5)
    assert measure_rotation(sevens, average).median().abs() < 3


def test_place_and_size_are_no_rotation(sevens: Tensor) -> None:
    average = framed(sevens).mean(dim=0)
    small = torch.nn.functional.avg_pool2d(sevens[:SEVENS].unsqueeze(1), 2).squeeze(1)
    aside = torch.zeros(SEVENS, 28, 28)
    aside[:, 12:26, 1:15] = small
    difference = measure_rotation(aside, average) - measure_rotation(sevens[:SEVENS], average)
    assert difference.abs().median() < 2


def test_no_ink_and_a_single_pixel_give_numbers(sevens: Tensor) -> None:
    fields = torch.zeros(2, 28, 28)
    fields[1, 3, 3] = 1
    assert torch.isfinite(measure_rotation(fields, framed(sevens[:50]).mean(dim=0))).all()
