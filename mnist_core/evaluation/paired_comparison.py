"""Two models on the same images: what one reads right and the other wrong, and whether that may be chance."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.stats import mcnemar_exact

CHANCE = 0.05
"""From this probability on, a difference is called one that may be chance: the usual five per cent."""


@dataclass(frozen=True)
class PairedComparison:
    """A model against another one.

    Attributes:
        ours, other: Their evaluations on the same images, in the same order.

    Raises:
        ValueError: When the labels are not the same.
    """

    ours: Evaluation
    other: Evaluation

    def __post_init__(self) -> None:
        if not np.array_equal(self.ours.labels, self.other.labels):
            raise ValueError("the two evaluations are of different images")

    @cached_property
    def gained(self) -> NDArray[np.int64]:
        """Indexes of the images that ours reads right and the other wrong, the other's most confident error first."""
        return self.other.most_confident(self.ours.is_right & ~self.other.is_right)

    @cached_property
    def lost(self) -> NDArray[np.int64]:
        """Indexes of the images that ours reads wrong and the other right, our most confident error first."""
        return self.ours.most_confident(~self.ours.is_right & self.other.is_right)

    @cached_property
    def both_wrong(self) -> NDArray[np.int64]:
        """Indexes of the images that both read wrong, our most confident error first."""
        return self.ours.most_confident(~self.ours.is_right & ~self.other.is_right)

    @property
    def p_value(self) -> float:
        """How likely so uneven a split of gained and lost would be between two equally good models, 0 to 1."""
        return mcnemar_exact(len(self.gained), len(self.lost))
