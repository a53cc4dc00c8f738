"""How right a model is on a set of labelled images, and on which ones it is not."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

_CLASSES = 10
CALIBRATION_BINS = 15  # Guo et al. 2017
_SMALLEST = np.float32(np.finfo(np.float16).smallest_subnormal)  # what is kept of a probability: see `from_bytes`


@dataclass(frozen=True)
class Evaluation:
    """A model's probabilities beside the true labels, and what follows from them.

    Shares are 0 to 1; a class without images, or that is never predicted, has precision and recall 0.

    Attributes:
        labels: True classes, int64 (N,), 0 to 9.
        probabilities: float32 (N, 10), rows summing to about 1.
    """

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]

    @classmethod
    def from_bytes(cls, labels: NDArray[np.int64], content: bytes) -> "Evaluation":
        """The evaluation whose probabilities a `Finished` event brought (little-endian float16)."""
        rows = np.frombuffer(content, "<f2").astype(np.float32).reshape(-1, _CLASSES)
        return cls(labels, rows)

    @cached_property
    def predicted(self) -> NDArray[np.int64]:
        """The most probable class of each image, int64 (N,)."""
        predicted: NDArray[np.int64] = self.probabilities.argmax(axis=1)
        return predicted

    @cached_property
    def is_right(self) -> NDArray[np.bool_]:
        """Which images were read right, bool (N,)."""
        return np.asarray(self.predicted == self.labels)

    @cached_property
    def confidence(self) -> NDArray[np.float32]:
        """The probability of the predicted class, float32 (N,)."""
        confidence: NDArray[np.float32] = self.probabilities.max(axis=1)
        return confidence

    @cached_property
    def calibration_bin(self) -> NDArray[np.int64]:
        """Into which of the fifteen equally wide bins of `calibration_error` each confidence falls, int64 (N,)."""
        bins = (self.confidence * CALIBRATION_BINS).astype(np.int64)
        return np.minimum(bins, CALIBRATION_BINS - 1)

    @cached_property
    def margin(self) -> NDArray[np.float32]:
        """By how much the predicted class is more probable than the second, float32 (N,), 0 to 1."""
        second, first = np.partition(self.probabilities, -2, axis=1)[:, -2:].T
        margin: NDArray[np.float32] = first - second
        return margin

    @cached_property
    def loss(self) -> NDArray[np.float32]:
        """Cross-entropy of the true class in nats, float32 (N,); at most that of the smallest float16 above 0."""
        own = self.probabilities[np.arange(len(self.labels)), self.labels]
        return -np.log(np.maximum(own, _SMALLEST)).astype(np.float32)

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """Counts, int64 (10, 10): rows are true classes, columns predicted ones."""
        cells = np.bincount(self.labels * _CLASSES + self.predicted, minlength=_CLASSES**2)
        return cells.reshape(_CLASSES, _CLASSES)

    @property
    def accuracy(self) -> float:
        """Share of the images read right."""
        return float(np.mean(self.is_right))

    @property
    def recall(self) -> NDArray[np.float64]:
        """Of each class, the share that was found, (10,)."""
        return _share(np.diag(self.confusion), self.confusion.sum(axis=1))

    @property
    def precision(self) -> NDArray[np.float64]:
        """Of what was called each class, the share that was it, (10,)."""
        return _share(np.diag(self.confusion), self.confusion.sum(axis=0))

    @property
    def f1(self) -> NDArray[np.float64]:
        """The harmonic mean of precision and recall of each class, (10,); 0 where both are."""
        found = np.diag(self.confusion)
        return _share(2 * found, self.confusion.sum(axis=0) + self.confusion.sum(axis=1))

    @property
    def calibration_error(self) -> float:
        """Expected calibration error: the mean distance of confidence from accuracy.

        Fifteen equally wide bins, weighted by how many images fall into each (Guo, Pleiss, Sun,
        Weinberger, *On Calibration of Modern Neural Networks*, 2017).
        """
        off = self.is_right.astype(float) - self.confidence
        gap = np.bincount(self.calibration_bin, weights=off, minlength=CALIBRATION_BINS)
        return float(np.abs(gap).sum() / len(self.labels))

    def mistakes(self, true: int | None = None, predicted: int | None = None) -> NDArray[np.int64]:
        """Indexes of the images read wrong, the most confident error first.

        Args:
            true: Only images of this class.
            predicted: Only images taken for this class.
        """
        return self.most_confident(~self.is_right & self._in_cell(true, predicted))

    def cell(self, true: int, predicted: int) -> NDArray[np.int64]:
        """Indexes of the images in one cell of the confusion matrix, the most confident first."""
        return self.most_confident(self._in_cell(true, predicted))

    def _in_cell(self, true: int | None, predicted: int | None) -> NDArray[np.bool_]:
        chosen = np.ones(len(self.labels), bool)
        if true is not None:
            chosen &= self.labels == true
        if predicted is not None:
            chosen &= self.predicted == predicted
        return chosen

    def most_confident(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Indexes of the chosen images, bool (N,), the most confident first."""
        indexes = np.flatnonzero(chosen)
        return indexes[np.argsort(-self.confidence[indexes], kind="stable")]


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros(_CLASSES), where=whole > 0)
