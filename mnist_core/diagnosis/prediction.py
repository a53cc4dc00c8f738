"""What a model reads in a picture, how sure it may be of it, and whether the picture is a digit at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from mnist_core.diagnosis.ood_detector import OOD_THRESHOLD, OodScore, load_ood_detector
from mnist_core.preprocessing.pipeline import Preprocessed
from mnist_core.training.inference import predict_calibrated
from mnist_core.training.models import Classifier

Verdict = Literal["digit", "unsure", "not_a_digit", "blank"]

CONFIDENCE_THRESHOLD = 0.5
"""Below this a reading is called unsure: that it is another digit, or none, is more likely."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A model's answer for one picture.

    Attributes:
        probabilities: Of the classes 0 to 9, calibrated; they sum to 1. All zero for a blank.
        digit: The most probable class; None for a blank.
        confidence: Its probability, 0 to 1.
        second: The next most probable class; None for a blank.
        margin: How much more probable the first is than the second, 0 to 1.
        verdict: `blank`; `not_a_digit` (ood_score from `OOD_THRESHOLD` on), whatever the model says; `unsure` (that
            it is a digit, and this one, is less likely than `CONFIDENCE_THRESHOLD`); else `digit`.
        ood_score: How little the picture looks like a digit, 0 to 1, whatever model is asked and whatever steps
            prepared the picture (`OodScore`).
        distance_percentile: The share of MNIST's digits, 0 to 1, that lie nearer to the training digits than this does.
    """

    probabilities: tuple[float, ...]
    digit: int | None
    confidence: float
    second: int | None
    margin: float
    verdict: Verdict
    ood_score: float = 0.0
    distance_percentile: float = 0.0


BLANK = Prediction((0.0,) * 10, None, 0.0, None, 0.0, "blank")


def predict(model: Classifier, digit: Preprocessed) -> Prediction:
    """The model's answer for one digit."""
    return predict_batch(model, [digit])[0]


def predict_batch(model: Classifier, digits: Sequence[Preprocessed]) -> list[Prediction]:
    """The model's answers for many digits, in one pass, in their order."""
    if not digits:
        return []
    pixels = torch.from_numpy(np.stack([digit.pixels for digit in digits]))
    probabilities = predict_calibrated(model, pixels).tolist()
    familiar = load_ood_detector().ood_scores(np.stack([digit.canonical for digit in digits]))
    answers = zip(digits, probabilities, familiar, strict=True)
    return [BLANK if digit.blank else _reading(row, likeness) for digit, row, likeness in answers]


def _reading(probabilities: list[float], likeness: OodScore) -> Prediction:
    first, second = sorted(range(10), key=lambda digit: -probabilities[digit])[:2]
    confidence, ood_score = probabilities[first], likeness.ood_score
    verdict: Verdict = "digit" if confidence * (1 - ood_score) >= CONFIDENCE_THRESHOLD else "unsure"
    return Prediction(
        probabilities=tuple(probabilities),
        digit=first,
        confidence=confidence,
        second=second,
        margin=confidence - probabilities[second],
        verdict="not_a_digit" if ood_score >= OOD_THRESHOLD else verdict,
        ood_score=ood_score,
        distance_percentile=likeness.distance_percentile,
    )
