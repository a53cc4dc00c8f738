"""Whether a model is as sure as it is right, and how right it is when it may leave unanswered what it is unsure of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_core.evaluation.evaluation import CALIBRATION_BINS, Evaluation

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """The images in fifteen equally wide bins by how sure the model was, as `Evaluation.calibration_error` has them.

    Attributes:
        counts: How many images are in each bin, int64 (15,).
        right: How many of those are read right, int64 (15,).
        confidence: The mean confidence in each bin, float64 (15,), 0 to 1; NaN where there are no images.
        accuracy: The share of each bin read right, float64 (15,); NaN where there are no images.
    """

    counts: Counts
    right: Counts
    confidence: Shares
    accuracy: Shares


@dataclass(frozen=True, slots=True)
class Answered:
    """What comes of answering only when the confidence is at least so high.

    Attributes:
        threshold: That confidence.
        count: How many images there are.
        answered: How many of them are answered.
        wrong: How many of those are answered wrong.
    """

    threshold: float
    count: int
    answered: int
    wrong: int

    @property
    def refused(self) -> int:
        """How many images are left unanswered."""
        return self.count - self.answered

    @property
    def accuracy(self) -> float | None:
        """The share of the answers that are right; None without any."""
        return 1 - self.wrong / self.answered if self.answered else None


def reliability_curve(evaluation: Evaluation) -> Reliability:
    """How right the model is where it is so sure (DeGroot and Fienberg 1983; Guo et al. 2017)."""
    bins = evaluation.calibration_bin
    counts = np.bincount(bins, minlength=CALIBRATION_BINS)
    right = np.bincount(bins[evaluation.is_right], minlength=CALIBRATION_BINS)
    sums = np.bincount(bins, weights=evaluation.confidence, minlength=CALIBRATION_BINS)
    return Reliability(counts, right, _mean(sums, counts), _mean(right, counts))


def threshold_curve(evaluation: Evaluation, thresholds: NDArray[np.floating]) -> tuple[Answered, ...]:
    """What comes of each threshold, 0 to 1: an image is answered when the confidence is not below it."""
    rising = np.argsort(evaluation.confidence, kind="stable")
    is_wrong = ~evaluation.is_right[rising]
    wrong_before = np.concatenate([[0], np.cumsum(is_wrong)])
    first = np.searchsorted(evaluation.confidence[rising].astype(np.float64), thresholds, side="left")
    count, wrong = len(rising), int(is_wrong.sum())
    return tuple(
        Answered(float(threshold), count, count - int(place), wrong - int(wrong_before[place]))
        for threshold, place in zip(thresholds, first, strict=True)
    )


def refusing(evaluation: Evaluation, share: float) -> Answered:
    """What comes of leaving at most this share unanswered, 0 to 1: the images that the model is least sure of.

    Of images that it is equally sure of, all are answered or none.
    """
    rising = np.sort(evaluation.confidence)
    allowed = min(int(share * len(rising) + 1e-9), len(rising) - 1)
    return threshold_curve(evaluation, rising[allowed : allowed + 1].astype(np.float64))[0]


def at_temperature(evaluation: Evaluation, temperature: float) -> Evaluation:
    """The evaluation as if the logits had been divided by a temperature above 0; see `calibration.find_temperature`."""
    if temperature == 1:
        return evaluation
    return Evaluation(evaluation.labels, calibrated(evaluation.probabilities, temperature))


def calibrated(probabilities: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Probabilities, (N, 10), as if their logits had been divided by a temperature above 0.

    The logarithms of probabilities are the logits up to a number that is the same for all ten.
    """
    with np.errstate(divide="ignore"):
        logits = np.log(probabilities.astype(np.float64)) / temperature
    scores = np.exp(logits - logits.max(axis=1, keepdims=True))
    scaled: NDArray[np.float32] = (scores / scores.sum(axis=1, keepdims=True)).astype(np.float32)
    return scaled


def _mean(sums: NDArray[np.generic], counts: Counts) -> Shares:
    mean: Shares = np.divide(sums, counts, out=np.full(len(counts), np.nan), where=counts > 0)
    return mean
