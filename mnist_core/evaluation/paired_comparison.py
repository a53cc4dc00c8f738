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
        return _sorted_by(self.other.confidence, _right(self.ours) & ~_right(self.other))

    @cached_property
    def lost(self) -> NDArray[np.int64]:
        """Indexes of the images that ours reads wrong and the other right, our most confident error first."""
        return _sorted_by(self.ours.confidence, ~_right(self.ours) & _right(self.other))

    @cached_property
    def both_wrong(self) -> NDArray[np.int64]:
        """Indexes of the images that both read wrong, our most confident error first."""
        return _sorted_by(self.ours.confidence, ~_right(self.ours) & ~_right(self.other))

    @property
    def p_value(self) -> float:
        """How likely so uneven a split of gained and lost would be between two equally good models, 0 to 1."""
        return mcnemar_exact(len(self.gained), len(self.lost))


def _right(evaluation: Evaluation) -> NDArray[np.bool_]:
    right: NDArray[np.bool_] = evaluation.predicted == evaluation.labels
    return right


def _sorted_by(confidence: NDArray[np.float32], chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    indexes = np.flatnonzero(chosen)
    return indexes[np.argsort(-confidence[indexes], kind="stable")]
