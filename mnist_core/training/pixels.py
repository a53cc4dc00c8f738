"""How pixels are standardised before a model decides on them."""

from torch import Tensor

# Mean and standard deviation of MNIST's training pixels on a scale of 0 to 1.
PIXEL_MEAN = 0.1307
PIXEL_STD = 0.3081


def standardise(pixels: Tensor) -> Tensor:
    """Pixels, 0 paper to 1 ink, with mean 0 and spread 1 over MNIST's training set."""
    return (pixels - PIXEL_MEAN) / PIXEL_STD
