"""Measuring what a training brought: a function for each of `metrics.METRICS`."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from mnist_core.claims.claim import Arm
from mnist_core.claims.test_inputs import Shown, drawn_carelessly, show
from mnist_core.claims.training_log import TrainingLog
from mnist_core.data.splits import DataSplits
from mnist_core.evaluation.calibration import find_temperature
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.evaluation.robustness import KINDS, change, sample
from mnist_core.training.augmentation.affine import Warps, warp
from mnist_core.training.inference import predict_logits
from mnist_core.training.models import Classifier
from mnist_core.training.probes import sample_of

_QUICK_ACCURACY = 0.9
_MOVED_PX, _TURNED_DEG, _SLANTED_DEG = 3.0, 20.0, 20.0
_SIZES_PERCENT = (70.0, 130.0)
_MOVED, _CHANGED = 2_000, 1_000  # test images that are changed: once, and in two ways
_KIND_OF = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True)
class TrainedArm:
    """What is measured.

    Attributes:
        arm: With its seed.
        seed: The experiment's.
        model: What was trained, in evaluation mode.
        story: What its training told; an empty one of a shipped model.
        lesson: What it was trained with, and the test images.
    """

    arm: Arm
    seed: int
    model: Classifier
    story: TrainingLog
    lesson: DataSplits

    @cached_property
    def temperature(self) -> float:
        """What logits are divided by before probabilities are told; 1 without calibration."""
        if not self.arm.calibrated:
            return 1.0
        logits = predict_logits(self.model, self.lesson.validation_images)
        return find_temperature(logits, self.lesson.validation_labels)

    @cached_property
    def test(self) -> Evaluation:
        """The model on the test images."""
        return self._evaluation(self.lesson.test_images, self.lesson.test_labels)

    @cached_property
    def shown(self) -> Shown:
        """The pictures of the arm."""
        return show(self.arm.test_inputs, self.lesson, self.seed)

    @cached_property
    def read(self) -> Evaluation | None:
        """The model on the pictures of the arm; None where these have no labels."""
        if self.arm.test_inputs == "test":
            return self.test
        return None if self.shown.labels is None else self._evaluation(self.shown.images, self.shown.labels)

    def probabilities(self, images: Tensor) -> Tensor:
        """Of images (N, 28, 28), (N, 10)."""
        return (predict_logits(self.model, images) / self.temperature).softmax(dim=1)

    def share_right(self, images: Tensor, labels: Tensor) -> float:
        """Of images (N, 28, 28) with labels (N,), the share read right."""
        return self._evaluation(images, labels).accuracy

    def _evaluation(self, images: Tensor, labels: Tensor) -> Evaluation:
        return Evaluation(labels.numpy(), self.probabilities(images).numpy())


def measure(subject: TrainedArm, metrics: Sequence[str]) -> dict[str, float]:
    """The values of these metrics, keys of `metrics.METRICS`; not a number where one has no meaning."""
    return {key: float(MEASURES[key](subject)) for key in metrics}


def _training_accuracy(subject: TrainedArm) -> float:
    return subject.share_right(*sample_of(subject.lesson))


def _test_loss(subject: TrainedArm) -> float:
    return float(subject.test.loss.mean())


def _changed(subject: TrainedArm, kind: str, amounts: Sequence[float], count: int) -> float:
    """Mean accuracy on so many test images, changed by each amount of a kind of `robustness`."""
    images, labels = _some(subject, count)
    changed = (change(images, _KIND_OF[kind], amount) for amount in amounts)
    return float(np.mean([subject.share_right(torch.from_numpy(one).float(), labels) for one in changed]))


def _slanted(subject: TrainedArm) -> float:
    images, labels = _some(subject, _CHANGED)
    none = torch.zeros(len(images))
    ways = (Warps(none, none, none, none + slant, none + 1) for slant in (-_SLANTED_DEG, _SLANTED_DEG))
    return float(np.mean([subject.share_right(warp(torch.from_numpy(images), way), labels) for way in ways]))


def _some(subject: TrainedArm, count: int) -> tuple[np.ndarray, Tensor]:
    """Some test images, float32 0 to 1, the same ones always, and what they are."""
    chosen = torch.from_numpy(sample(subject.lesson.test_labels.numpy(), count))
    return (subject.lesson.test_images[chosen].float() / 255).numpy(), subject.lesson.test_labels[chosen]


def _drawn(subject: TrainedArm) -> float:
    shown = drawn_carelessly(subject.seed)
    assert shown.labels is not None
    return subject.share_right(shown.images, shown.labels)


def _read_accuracy(subject: TrainedArm) -> float:
    return math.nan if subject.read is None else subject.read.accuracy


def _read_confidence(subject: TrainedArm) -> float:
    if subject.read is not None:
        return float(subject.read.confidence.mean())
    return float(subject.probabilities(subject.shown.images).max(dim=1).values.mean())


def _mistake_confidence(subject: TrainedArm) -> float:
    wrong = subject.test.predicted != subject.test.labels
    return float(subject.test.confidence[wrong].mean()) if wrong.any() else math.nan


def _read_as(subject: TrainedArm, predicted: int, true: int | None = None) -> float:
    """Of the test images of a digit, or of all digits but `predicted`, the share that is read as `predicted`."""
    test = subject.test
    asked = test.labels == true if true is not None else test.labels != predicted
    return float((test.predicted[asked] == predicted).mean())


MEASURES: dict[str, Callable[[TrainedArm], float]] = {
    "test_accuracy": lambda subject: subject.test.accuracy,
    "training_accuracy": _training_accuracy,
    "gap": lambda subject: _training_accuracy(subject) - subject.test.accuracy,
    "test_loss": _test_loss,
    "moved_accuracy": lambda subject: _changed(subject, "shift", (_MOVED_PX,), _MOVED),
    "rotated_accuracy": lambda subject: _changed(subject, "rotation", (-_TURNED_DEG, _TURNED_DEG), _CHANGED),
    "zoomed_accuracy": lambda subject: _changed(subject, "scale", _SIZES_PERCENT, _CHANGED),
    "slanted_accuracy": _slanted,
    "drawn_accuracy": _drawn,
    "read_accuracy": _read_accuracy,
    "read_confidence": _read_confidence,
    "overconfidence": lambda subject: _read_confidence(subject) - _read_accuracy(subject),
    "mistake_confidence": _mistake_confidence,
    "calibration_error": lambda subject: subject.test.calibration_error,
    "recall_4": lambda subject: float(subject.test.recall[4]),
    "fours_read_as_9": lambda subject: _read_as(subject, 9, true=4),
    "others_read_as_9": lambda subject: _read_as(subject, 9),
    "gradient_reach": lambda subject: subject.story.gradient_reach,
    "loss_oscillation": lambda subject: subject.story.loss_oscillation,
    "epochs_to_90": lambda subject: subject.story.epochs_to(_QUICK_ACCURACY, subject.arm.recipe.epochs),
    "epochs_trained": lambda subject: len(subject.story.validation),
    "diverged": lambda subject: float(subject.story.has_diverged),
}
"""How each metric is measured."""
