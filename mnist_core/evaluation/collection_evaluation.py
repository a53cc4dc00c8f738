"""A second test set: how right a model is on somebody's own digits, and how much a number of so few means."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.training.inference import predict_probabilities
from mnist_core.training.models import Classifier

_NORMAL_95 = 1.959964  # standard deviations that hold 95 % of a normal distribution


def evaluate_own(model: Classifier, pixels: NDArray[np.float32], labels: Sequence[int]) -> Evaluation:
    """The model's evaluation on digits (M, 28, 28), 0 to 1, with these labels; `Evaluation.mistakes` lists the wrong.

    Raises:
        ValueError: When there are none.
    """
    if not len(labels):
        raise ValueError("no digits")
    probabilities = predict_probabilities(model, torch.from_numpy(np.ascontiguousarray(pixels)))
    return Evaluation(np.asarray(labels, np.int64), probabilities.numpy())


def wilson_interval(right: int, count: int) -> tuple[float, float]:
    """Between which shares, 0 to 1, the true one lies in 95 of 100 cases, when `right` of `count` are right.

    The score interval of Wilson (*Probable Inference*, 1927), which is honest for few and for extreme shares too.
    """
    if not count:
        return 0.0, 1.0
    share, spread = right / count, _NORMAL_95**2 / count
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def mcnemar_exact(gained: int, lost: int) -> float:
    """How likely so many changes, as one-sided as these, are when the digits only changed by luck, 0 to 1.

    The exact, two-sided test of McNemar: each change goes either way with equal chance.
    """
    changes = gained + lost
    at_least = sum(math.comb(changes, more) for more in range(max(gained, lost), changes + 1))
    return min(1.0, 2 * at_least / (1 << changes))
