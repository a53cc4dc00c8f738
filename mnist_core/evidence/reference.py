"""What is usual: the measurements of MNIST's training digits, kept as quantiles."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.digits.batch import sample
from mnist_core.digits.measurements import MEASURES, measure_all

FILE = Path(__file__).parent / "reference.safetensors"
ALL = 10
"""The row of the quantiles that stands for all ten digits together."""

QUANTILES = 201
_AT_ONCE = 500
_LOG = torch.tensor([measure.log for measure in MEASURES])
_LEAST_SPREAD = torch.tensor([measure.least_spread for measure in MEASURES])


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The measurements of 55,000 training digits.

    Attributes:
        quantiles: float32 (11, 8, 201): for each digit and for all together, of each measure in the order of
            `MEASURES`, the values at 0, 0.5, 1, ... 100 %.
    """

    quantiles: Tensor

    def percentile(self, digit: int, measure: int, value: float) -> float:
        """How many of MNIST's digits have a smaller value, 0 to 100; `ALL` stands for all digits."""
        below = torch.searchsorted(self.quantiles[digit, measure].contiguous(), value)
        return float(below.clamp(0, QUANTILES - 1)) * 100 / (QUANTILES - 1)

    def middle(self, digit: int) -> Tensor:
        """The median of each measure, (8,)."""
        return self.quantiles[digit, :, QUANTILES // 2]

    def usual(self, digit: int, measure: int) -> tuple[float, float]:
        """What 95 of 100 digits lie between."""
        row = self.quantiles[digit, measure]
        return float(row[round(0.025 * (QUANTILES - 1))]), float(row[round(0.975 * (QUANTILES - 1))])

    def distance(self, digit: int, values: Tensor) -> Tensor:
        """How many standard deviations each measure (N, 8) is from the digit's median, signed, (N, 8).

        The spread is half of what the middle 68 % of the training digits span, and at least the measure's
        own `least_spread`, because a spread of nearly nothing would make a hair's breadth unusual.
        """
        low, high = (self._scaled(self.quantiles[digit, :, round(share * (QUANTILES - 1))]) for share in (0.16, 0.84))
        spread = torch.maximum((high - low) / 2, _LEAST_SPREAD)
        return (self._scaled(values) - self._scaled(self.middle(digit))) / spread

    @staticmethod
    def _scaled(values: Tensor) -> Tensor:
        return torch.where(_LOG, values.clamp(min=1e-3).log(), values)


@cache
def load_reference() -> Reference:
    """The shipped quantiles."""
    return Reference(load_file(FILE)["quantiles"])


def make_reference() -> Reference:
    """Measure MNIST's training images; takes some half a minute."""
    data = split(load_mnist())
    places = torch.eye(3).expand(_AT_ONCE, 3, 3)
    measured = torch.cat(
        [
            measure_all(sample(images.float() / 255, places[: len(images)]))
            for images in torch.split(data.train_images, _AT_ONCE)
        ]
    )
    levels = torch.linspace(0, 1, QUANTILES)
    rows = [torch.quantile(measured[data.train_labels == digit], levels, dim=0).T for digit in range(10)]
    # torch.quantile takes at most 16 million values, and these are fewer.
    return Reference(torch.stack([*rows, torch.quantile(measured, levels, dim=0).T]).contiguous())


def write_reference(file: Path = FILE) -> None:
    """Make the quantiles anew and write them where `load_reference` finds them."""
    save_file({"quantiles": make_reference().quantiles}, file)
