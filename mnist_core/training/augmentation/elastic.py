"""Elastic distortion: smooth random fields that imitate an unsteady hand.

Simard, Steinkraus and Platt, *Best Practices for Convolutional Neural Networks* (2003).
"""

import math
from functools import cache

import torch
from torch import Generator, Tensor

SMOOTHNESS_PX = 4.0
"""The standard deviation of the Gaussian that smooths the field: Simard et al. found 4 pixels best on MNIST."""

_REACH_PX = 3 * SMOOTHNESS_PX  # noise from further outside is not felt


def sample_displacements(count: int, side: int, typical_px: float, generator: Generator) -> Tensor:
    """`count` fields that say for each pixel how much further right and down it is read, pixels, (N, 2, side, side).

    Args:
        count: How many fields.
        side: Width and height of the images.
        typical_px: The root mean square of how far pixels are moved, over many fields.
        generator: Where the random numbers come from.
    """
    bumps = _bumps(side)
    knots = bumps.shape[1]
    noise = torch.randn(count, 2, knots, knots, generator=generator)
    return bumps @ noise @ bumps.T * (typical_px / math.sqrt(2))


@cache
def _bumps(side: int) -> Tensor:
    """How much of the noise at each knot reaches each pixel of a row, (side, knots).

    Noise smoothed that much is as good as known at knots one standard deviation apart: Gaussian bumps there give
    the same statistics as noise in every pixel (to 1 in 10,000) for a sixteenth of the random numbers.
    """
    knots = torch.arange(-_REACH_PX, side + _REACH_PX, SMOOTHNESS_PX)
    distance = torch.arange(side).unsqueeze(1) - knots
    bumps = torch.exp(-distance.square() / (2 * SMOOTHNESS_PX**2))
    return bumps / bumps.square().sum(dim=1, keepdim=True).sqrt()
