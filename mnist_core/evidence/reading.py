"""What a model reads in a digit, and how sure it may be of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from mnist_core.digits.ink import Digit
from mnist_core.training.inference import predict_probabilities
from mnist_core.training.models import Classifier

Verdict = Literal["digit", "unsure", "not_a_digit", "blank"]

SURE_FROM = 0.5
"""Confidence below which a reading is called unsure: the other nine classes together are more likely."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A model's answer for one digit.

    Attributes:
        probabilities: Of the classes 0 to 9; they sum to 1. All zero for a blank.
        digit: The most probable class; None for a blank.
        confidence: Its probability, 0 to 1.
        second: The next most probable class; None for a blank.
        margin: How much more probable the first is than the second, 0 to 1.
        verdict: `digit`, `unsure` (confidence below `SURE_FROM`) or `blank`.
    """

    probabilities: tuple[float, ...]
    digit: int | None
    confidence: float
    second: int | None
    margin: float
    verdict: Verdict


BLANK = Reading((0.0,) * 10, None, 0.0, None, 0.0, "blank")


def read(model: Classifier, digit: Digit) -> Reading:
    """The model's answer for one digit."""
    return read_all(model, [digit])[0]


def read_all(model: Classifier, digits: Sequence[Digit]) -> list[Reading]:
    """The model's answers for many digits, in one pass, in their order."""
    if not digits:
        return []
    pixels = torch.from_numpy(np.stack([digit.pixels for digit in digits]))
    probabilities = predict_probabilities(model, pixels).tolist()
    return [BLANK if digit.blank else _reading(row) for digit, row in zip(digits, probabilities, strict=True)]


def _reading(probabilities: list[float]) -> Reading:
    first, second = sorted(range(10), key=lambda digit: -probabilities[digit])[:2]
    confidence = probabilities[first]
    return Reading(
        probabilities=tuple(probabilities),
        digit=first,
        confidence=confidence,
        second=second,
        margin=confidence - probabilities[second],
        verdict="digit" if confidence >= SURE_FROM else "unsure",
    )
