"""How far a digit is turned, told from the average shape of its kind.

A shape's own axis does not tell: the long side of a 4 is upright in one hand and level in the next. The angle at
which a digit agrees best with the average digit of its class is what people see as its rotation.
"""

import math

import torch
from torch import Tensor

from mnist_core.imaging.boxes import centers_of_mass
from mnist_core.imaging.geometry import sample_affine
from mnist_core.preprocessing.pipeline import SIDE_PX

MOST_DEG = 90
"""Angles are told between -90 and 90: a 0, a 1 or an 8 upside down is upright again."""

_STEP_DEG = 3
_RADIUS_PX = 5.5  # the ink's root mean square distance from its centre in a frame: MNIST's own is about that
_MIDDLE = SIDE_PX / 2


def framed(alpha: Tensor, turned_deg: Tensor | None = None) -> Tensor:
    """Each digit in the middle and at one size, by the moments of its ink, (N, 28, 28): place and size are gone.

    Args:
        alpha: The ink, 0 to 1, (N, 28, 28).
        turned_deg: How far to turn each to the right, (N,).
    """
    center, scale = centers_of_mass(alpha), _radius(alpha) / _RADIUS_PX
    angle = torch.deg2rad(turned_deg if turned_deg is not None else torch.zeros(len(alpha)))
    cos, sin = angle.cos() * scale, angle.sin() * scale
    back = torch.stack([cos, sin, -sin, cos], dim=1).view(-1, 2, 2)
    start = center - _MIDDLE * back.sum(dim=2)
    maps = torch.cat([back, start.unsqueeze(-1)], dim=2)
    return sample_affine(alpha.unsqueeze(1), maps, (SIDE_PX, SIDE_PX)).squeeze(1)


def measure_rotation(alpha: Tensor, average: Tensor) -> Tensor:
    """How far each digit is turned to the right against the average one, in degrees, -90 to 90, (N,).

    Args:
        alpha: The ink, 0 to 1, (N, 28, 28).
        average: The mean of many upright `framed` digits of the same class, (28, 28).
    """
    angles = torch.arange(-MOST_DEG, MOST_DEG + 1, _STEP_DEG, dtype=torch.float32)
    turned = framed(average.expand(len(angles), -1, -1), angles)
    agreement = _standard(framed(alpha)) @ _standard(turned).T
    best = agreement.argmax(dim=1).clamp(1, len(angles) - 2)
    before, at, after = (agreement.gather(1, best[:, None] + by).squeeze(1) for by in (-1, 0, 1))
    # The top of the parabola through the three best: finer than the angles that were tried.
    aside = (before - after) / (2 * (before - 2 * at + after)).clamp(max=-1e-6)
    return (angles[best] + _STEP_DEG * aside.clamp(-1, 1)).clamp(-MOST_DEG, MOST_DEG)


def _radius(alpha: Tensor) -> Tensor:
    """Root mean square distance of the ink from its centre, in pixels, (N,)."""
    place = torch.arange(SIDE_PX) + 0.5
    center, mass = centers_of_mass(alpha), alpha.sum(dim=(1, 2)).clamp(min=1e-6)
    across = (alpha.sum(dim=1) * (place - center[:, :1]) ** 2).sum(dim=1)
    along = (alpha.sum(dim=2) * (place - center[:, 1:]) ** 2).sum(dim=1)
    return ((across + along) / mass).sqrt().clamp(min=math.sqrt(1 / 6))  # that of a single pixel


def _standard(images: Tensor) -> Tensor:
    """(N, 784) of mean 0 and length 1: their products are correlations."""
    flat = images.flatten(1) - images.mean(dim=(1, 2))[:, None]
    standard: Tensor = flat / torch.linalg.vector_norm(flat, dim=1, keepdim=True).clamp(min=1e-6)
    return standard
