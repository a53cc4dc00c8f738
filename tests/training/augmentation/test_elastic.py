import math

import numpy as np
import pytest
import torch
from scipy import ndimage
from torchvision.transforms.v2 import functional as TF

from mnist_core.data.mnist_files import load_mnist
from mnist_core.training.augmentation.affine import Warps, warp
from mnist_core.training.augmentation.elastic import SMOOTHNESS_PX, sample_displacements

DIGITS = load_mnist().test_images[:20].float() / 255
UNMOVED = Warps(*torch.zeros(4, 20), torch.ones(20))


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(7)


def test_bent_images_are_torchvisions_elastic_ones() -> None:
    displacements = sample_displacements(20, 28, 3, generator())
    ours = warp(DIGITS, UNMOVED, "constant", displacements)
    for digit, bend, image in zip(DIGITS, displacements, ours, strict=True):
        displacement = bend.permute(1, 2, 0).unsqueeze(0) * (2 / 28)  # of half the side, as torchvision has it
        theirs = TF.elastic(digit.unsqueeze(0), displacement, fill=[0.0])[0]
        # torchvision's mask for the fill makes a difference only where the outside is looked at.
        inside = TF.elastic(torch.ones(1, 28, 28), displacement, fill=[0.0])[0] == 1
        assert inside.float().mean() > 0.7
        assert (image - theirs)[inside].abs().max() < 1e-4


@pytest.mark.parametrize("typical_px", [0.5, 2.0, 6.0])
def test_pixels_move_as_far_as_is_asked_on_average_everywhere(typical_px) -> None:
    displacements = sample_displacements(3000, 28, typical_px, generator())
    squares = displacements.square().sum(dim=1)
    assert math.sqrt(squares.mean()) == pytest.approx(typical_px, rel=0.02)
    at_each_pixel = squares.mean(dim=0).sqrt()
    assert at_each_pixel.min() > typical_px * 0.93
    assert at_each_pixel.max() < typical_px * 1.07


def test_neighbors_move_together_as_in_noise_that_a_gaussian_has_smoothed() -> None:
    noise = np.random.default_rng(7).standard_normal((300, 100, 100))
    smooth = ndimage.gaussian_filter(noise, (0, SMOOTHNESS_PX, SMOOTHNESS_PX))[:, 30:58, 30:58]
    displacements = sample_displacements(1500, 28, 1, generator()).flatten(0, 1).numpy()
    for apart in (1, 2, 4, 6, 8, 12):
        assert likeness(displacements, apart) == pytest.approx(likeness(smooth, apart), abs=0.04)
        assert likeness(displacements.transpose(0, 2, 1), apart) == pytest.approx(likeness(smooth, apart), abs=0.04)


def likeness(fields, apart: int) -> float:
    """The correlation of pixels that are so far apart in a row."""
    return float((fields[:, :, apart:] * fields[:, :, :-apart]).mean() / (fields**2).mean())


def test_right_and_down_have_nothing_to_do_with_each_other_nor_with_the_next_image() -> None:
    displacements = sample_displacements(3000, 28, 1, generator())
    right, down = displacements[:, 0, 14, 14], displacements[:, 1, 14, 14]
    assert abs(float(torch.corrcoef(torch.stack([right, down]))[0, 1])) < 0.06
    assert abs(float(torch.corrcoef(torch.stack([right[1:], right[:-1]]))[0, 1])) < 0.06
