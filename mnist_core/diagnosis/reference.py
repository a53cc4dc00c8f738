"""What is usual: the measurements of MNIST's training digits, kept as quantiles."""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from mnist_core import checkpoints
from mnist_core.preprocessing.measurements import MEASURES, NAMES, measure_images
from mnist_core.preprocessing.rotation import measure_rotation

FILE = Path(checkpoints.__file__).with_name("reference.safetensors")
ALL = 10
"""The row of the quantiles that stands for all ten digits together."""

QUANTILES = 1001
USUAL_SHARE = 0.95
"""What that many of MNIST's digits are is usual."""
MOST_SHAPES = 5
"""Digits of more shapes than this are counted as of so many."""

_LOG = torch.tensor([measure.log for measure in MEASURES])
_LEAST_SPREAD = torch.tensor([measure.least_spread for measure in MEASURES])


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The measurements of 55,000 training digits, for each class and, in row `ALL`, for all together.

    Attributes:
        quantiles: Of each measure in the order of `MEASURES`, the values at 0, 0.1, 0.2, ... 100 %,
            float32 (11, 9, 1001).
        rotation: The same of how far a digit is turned against its class's average, float32 (11, 1001).
        averages: Each class's average digit (`rotation.framed`), float32 (10, 28, 28).
        shapes: The shares of digits that are made of 1, 2, ... 5 or more separate shapes, float32 (11, 5).
    """

    quantiles: Tensor
    rotation: Tensor
    averages: Tensor
    shapes: Tensor

    def values(self, digit: int, name: str) -> Tensor:
        """The values at 0, 0.1, ... 100 % of a measure, or of `rotation`, (1001,)."""
        return self.rotation[digit] if name == "rotation" else self.quantiles[digit, NAMES.index(name)]

    def measure(self, ink: Tensor, digit: int) -> dict[str, Tensor]:
        """Every measure and the rotation of images (N, 28, 28), 0 to 1, as MNIST's own were measured: by name, (N,)."""
        return {
            **dict(zip(NAMES, measure_images(ink).T, strict=True)),
            "rotation": measure_rotation(ink, self.averages[digit]),
        }

    def median(self, digit: int) -> Tensor:
        """The median of each measure, (9,)."""
        return self.quantiles[digit, :, QUANTILES // 2]

    def z_score(self, digit: int, values: Tensor) -> Tensor:
        """How many standard deviations each measure (N, 9) is from the digit's median, signed, (N, 9).

        The spread is half of what the middle 68 % of the training digits span, and at least the measure's
        own `least_spread`, because a spread of nearly nothing would make a hair's breadth unusual.
        """
        low, high = (self._scaled(self.quantiles[digit, :, round(share * (QUANTILES - 1))]) for share in (0.16, 0.84))
        spread = torch.maximum((high - low) / 2, _LEAST_SPREAD)
        return (self._scaled(values) - self._scaled(self.median(digit))) / spread

    @staticmethod
    def _scaled(values: Tensor) -> Tensor:
        return torch.where(_LOG, values.clamp(min=1e-3).log(), values)


def quantile(quantiles: Tensor, share: float) -> float:
    """The value that this share of the digits is below, by their quantiles (1001,)."""
    return float(quantiles[round(share * (QUANTILES - 1))])


def usual_range(quantiles: Tensor, *, less_too: bool = True) -> tuple[float, float]:
    """What 95 of 100 digits lie between, or below, by their quantiles (1001,)."""
    if not less_too:
        return -math.inf, quantile(quantiles, USUAL_SHARE)
    return quantile(quantiles, (1 - USUAL_SHARE) / 2), quantile(quantiles, (1 + USUAL_SHARE) / 2)


def share_below(quantiles: Tensor, value: float) -> float:
    """Which share of what these are evenly spaced quantiles of (Q,) is smaller than the value, 0 to 1."""
    place = int(torch.searchsorted(quantiles.contiguous(), value))
    if place in (0, len(quantiles)):
        return place / len(quantiles)
    low, high = float(quantiles[place - 1]), float(quantiles[place])
    return (place - 1 + (value - low) / (high - low)) / (len(quantiles) - 1)


def share_above(quantiles: Tensor, value: float) -> float:
    """Which share of what these are evenly spaced quantiles of (Q,) is larger than the value, 0 to 1."""
    return share_below(-quantiles.flip(0), -value)


@cache
def load_reference() -> Reference:
    """The shipped quantiles."""
    return Reference(**{name: values.float() for name, values in load_file(FILE).items()})
