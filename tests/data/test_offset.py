import numpy as np
import pytest
import torch
from scipy import ndimage

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.offset import offset_images, ring, shift
from mnist_core.data.rng import rng_for


def moved(images: torch.Tensor, distance_px: int, seed: int = 0) -> torch.Tensor:
    return offset_images(images, distance_px, rng_for(seed, "test_offset"))


def dots(count: int) -> torch.Tensor:
    """One pixel of ink in the middle."""
    images = torch.zeros(count, 28, 28, dtype=torch.uint8)
    images[:, 14, 14] = 255
    return images


def places_of(images: torch.Tensor) -> np.ndarray:
    return np.array([np.argwhere(image.numpy() > 0)[0] - 14 for image in images])


@pytest.mark.parametrize("distance_px", range(11))
def test_every_image_goes_that_far_and_every_way_is_gone(distance_px: int) -> None:
    steps = places_of(moved(dots(4_000), distance_px))
    lengths = np.hypot(*steps.T)
    assert (np.abs(lengths - distance_px) <= 0.5).all()
    assert {(right, down) for down, right in steps.tolist()} == set(ring(distance_px))
    assert np.abs(steps.mean(0)).max() <= 0.06 * distance_px  # five standard errors


@pytest.mark.parametrize(("right_px", "down_px"), [(0, 0), (3, 0), (-2, 5), (0, -7), (10, 10), (28, 0)])
def test_shift_is_scipys(right_px: int, down_px: int) -> None:
    images = load_mnist().test_images[:20]
    expected = ndimage.shift(images.numpy(), (0, down_px, right_px), order=0)
    assert np.array_equal(shift(images, right_px, down_px).numpy(), expected)


@pytest.mark.parametrize("distance_px", [3, 5])
def test_near_the_middle_no_digit_is_cut_off(distance_px: int) -> None:
    images = load_mnist().test_images[:2_000]
    there = moved(images, distance_px).flatten(1).sum(1) / images.flatten(1).sum(1)
    assert there.min() >= 0.99


def test_a_digit_is_cut_off_only_where_no_way_keeps_it_whole() -> None:
    images = load_mnist().test_images[:300]
    ink = images.flatten(1).sum(1)
    kept = torch.stack([shift(images, *place).flatten(1).sum(1) for place in ring(9)]).max(0).values / ink
    there = moved(images, 9).flatten(1).sum(1) / ink
    assert (there >= kept.clamp(max=0.99) - 1e-6).all()
    assert (there < 0.99).any()


def test_the_seed_decides_and_what_came_is_left_alone() -> None:
    images = load_mnist().test_images[:200]
    before = images.clone()
    assert torch.equal(moved(images, 5), moved(images, 5))
    assert not torch.equal(moved(images, 5), moved(images, 5, seed=1))
    assert torch.equal(images, before)
    assert moved(images[:0], 5).shape == (0, 28, 28)
