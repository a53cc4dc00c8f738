"""How pixels become the numbers that a model decides on."""

import torch
from torch import Tensor

# Mean and standard deviation of MNIST's training pixels on a scale of 0 to 1.
PIXEL_MEAN = 0.1307
PIXEL_STD = 0.3081

_FULL_INK = 255


def standardise(pixels: Tensor) -> Tensor:
    """Pixels, 0 paper to 1 ink, with mean 0 and spread 1 over MNIST's training set."""
    return (pixels - PIXEL_MEAN) / PIXEL_STD


def in_levels(pixels: Tensor) -> Tensor:
    """Pixels, 0 paper to 1 ink, as the grey levels of the file, 0 to 255."""
    return pixels * _FULL_INK


def each_pixel(pixels: Tensor, mean: Tensor, spread: Tensor) -> Tensor:
    """Pixels, 0 paper to 1 ink, each with mean 0 and spread 1 over the images that `spread_of` has seen."""
    return (pixels - mean) / spread


def spread_of(images: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of each pixel of images uint8 (N, 28, 28): float32 (28, 28) each, ink is 1.

    As scikit-learn's `StandardScaler` finds them in the grey levels 0 to 255. Where all images have the same level
    there is no spread, and it takes 1: one level, here 1/255. A later image that has ink there is far away from all.
    """
    levels = images.long()
    total = levels.sum(dim=0)
    # Whole numbers until here: a pixel that never changes has a spread of exactly 0.
    spread = (len(images) * levels.square().sum(dim=0) - total.square()).double().sqrt() / len(images)
    spread = torch.where(spread == 0, 1.0, spread)
    return (total / len(images) / _FULL_INK).float(), (spread / _FULL_INK).float()
