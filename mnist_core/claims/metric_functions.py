"""Measuring what a training brought: a function for each of `metrics.METRICS`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import nan

import numpy as np
import torch
from torch import Tensor

from mnist_core.claims.claim import Arm
from mnist_core.claims.test_inputs import Inputs, drawn_carelessly, inputs_for
from mnist_core.claims.training_log import TrainingLog
from mnist_core.data.splits import DataSplits
from mnist_core.evaluation.calibration import find_temperature
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.evaluation.robustness import KINDS, change, sample
from mnist_core.training.augmentation.affine import Warps, warp
from mnist_core.training.inference import predict_logits
from mnist_core.training.models import Classifier, named_layers
from mnist_core.training.probes import sample_of

_QUICK_ACCURACY = 0.9
_SHIFT_PX, _ROTATION_DEG, _SHEAR_DEG = 3.0, 20.0, 20.0
_SIZES_PERCENT = (70.0, 130.0)
_SHIFTED, _CHANGED = 2_000, 1_000  # test images that are changed: once, and in two ways
_KINDS = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True)
class TrainedArm:
    """What is measured.

    Attributes:
        arm: With its seed.
        seed: The experiment's.
        model: What was trained, in evaluation mode.
        log: What its training announced; an empty one of a shipped model.
        data: What it was trained with, and the test images.
    """

    arm: Arm
    seed: int
    model: Classifier
    log: TrainingLog
    data: DataSplits

    @cached_property
    def temperature(self) -> float:
        """What logits are divided by before the softmax; 1 without calibration."""
        if not self.arm.calibrated:
            return 1.0
        return find_temperature(predict_logits(self.model, self.data.validation_images), self.data.validation_labels)

    @cached_property
    def test(self) -> Evaluation:
        """The model on the test images."""
        return self.evaluate(self.data.test_images, self.data.test_labels)

    @cached_property
    def validation(self) -> Evaluation:
        """The model on the validation images."""
        return self.evaluate(self.data.validation_images, self.data.validation_labels)

    @cached_property
    def inputs(self) -> Inputs:
        """What the arm is shown."""
        return inputs_for(self.arm.test_inputs, self.data, self.seed)

    @cached_property
    def shown(self) -> Evaluation | None:
        """The model on what the arm is shown; None where that has no labels."""
        if self.arm.test_inputs == "test":
            return self.test
        return None if self.inputs.labels is None else self.evaluate(self.inputs.images, self.inputs.labels)

    def probabilities(self, images: Tensor) -> Tensor:
        """Of images (N, 28, 28), (N, 10)."""
        return (predict_logits(self.model, images) / self.temperature).softmax(dim=1)

    def evaluate(self, images: Tensor, labels: Tensor) -> Evaluation:
        """The model on images (N, 28, 28) with labels (N,)."""
        return Evaluation(labels.numpy(), self.probabilities(images).numpy())


def measure(trained: TrainedArm, metrics: Sequence[str]) -> dict[str, float]:
    """The values of these metrics, keys of `metrics.METRICS`; not a number where one has no meaning."""
    return {key: float(METRIC_FUNCTIONS[key](trained)) for key in metrics}


def _training_accuracy(trained: TrainedArm) -> float:
    return trained.evaluate(*sample_of(trained.data)).accuracy


def _changed_accuracy(trained: TrainedArm, kind: str, amounts: Sequence[float], count: int) -> float:
    """Mean accuracy on so many test images, changed by each amount of a kind of `robustness`."""
    images, labels = _some(trained, count)
    changed = (torch.from_numpy(change(images, _KINDS[kind], amount)).float() for amount in amounts)
    return float(np.mean([trained.evaluate(one, labels).accuracy for one in changed]))


def _slanted_accuracy(trained: TrainedArm) -> float:
    images, labels = _some(trained, _CHANGED)
    none = torch.zeros(len(images))
    warps = (Warps(none, none, none, none + shear, none + 1) for shear in (-_SHEAR_DEG, _SHEAR_DEG))
    return float(np.mean([trained.evaluate(warp(torch.from_numpy(images), one), labels).accuracy for one in warps]))


def _some(trained: TrainedArm, count: int) -> tuple[np.ndarray, Tensor]:
    """Some test images, float32 0 to 1, always the same ones, and their labels."""
    chosen = torch.from_numpy(sample(trained.data.test_labels.numpy(), count))
    return (trained.data.test_images[chosen].float() / 255).numpy(), trained.data.test_labels[chosen]


def _drawn_accuracy(trained: TrainedArm) -> float:
    drawn = drawn_carelessly(trained.seed)
    assert drawn.labels is not None
    return trained.evaluate(drawn.images, drawn.labels).accuracy


def _shown_accuracy(trained: TrainedArm) -> float:
    return nan if trained.shown is None else trained.shown.accuracy


def _shown_confidence(trained: TrainedArm) -> float:
    if trained.shown is not None:
        return float(trained.shown.confidence.mean())
    return float(trained.probabilities(trained.inputs.images).max(dim=1).values.mean())


def _mistake_confidence(trained: TrainedArm) -> float:
    wrong = ~trained.test.is_right
    return float(trained.test.confidence[wrong].mean()) if wrong.any() else nan


def _predicted_as_9(trained: TrainedArm, is_asked: Callable[[np.ndarray], np.ndarray]) -> float:
    """Of the test images whose labels are asked for, the fraction that is predicted as 9."""
    return float((trained.test.predicted[is_asked(trained.test.labels)] == 9).mean())


METRIC_FUNCTIONS: dict[str, Callable[[TrainedArm], float]] = {
    "test_accuracy": lambda trained: trained.test.accuracy,
    "training_accuracy": _training_accuracy,
    "gap": lambda trained: _training_accuracy(trained) - trained.test.accuracy,
    "test_loss": lambda trained: trained.test.loss.mean(),
    "validation_loss": lambda trained: trained.validation.loss.mean(),
    "validation_error": lambda trained: 1 - trained.validation.accuracy,
    "validation_loss_rise": lambda trained: trained.log.validation_loss_rise,
    "moved_accuracy": lambda trained: _changed_accuracy(trained, "shift", (_SHIFT_PX,), _SHIFTED),
    "rotated_accuracy": lambda trained: _changed_accuracy(
        trained, "rotation", (-_ROTATION_DEG, _ROTATION_DEG), _CHANGED
    ),
    "zoomed_accuracy": lambda trained: _changed_accuracy(trained, "scale", _SIZES_PERCENT, _CHANGED),
    "slanted_accuracy": _slanted_accuracy,
    "drawn_accuracy": _drawn_accuracy,
    "read_accuracy": _shown_accuracy,
    "read_confidence": _shown_confidence,
    "overconfidence": lambda trained: _shown_confidence(trained) - _shown_accuracy(trained),
    "mistake_confidence": _mistake_confidence,
    "calibration_error": lambda trained: trained.test.calibration_error,
    "recall_4": lambda trained: trained.test.recall[4],
    "fours_read_as_9": lambda trained: _predicted_as_9(trained, lambda labels: labels == 4),
    "others_read_as_9": lambda trained: _predicted_as_9(trained, lambda labels: labels != 9),
    "weakest_gradient": lambda trained: trained.log.weakest_gradient(
        [layer.weight.numel() for layer in named_layers(trained.model).values()]
    ),
    "loss_oscillation": lambda trained: trained.log.loss_oscillation,
    "epochs_to_90": lambda trained: trained.log.epochs_to(_QUICK_ACCURACY, trained.arm.recipe.epochs),
    "epochs_trained": lambda trained: len(trained.log.validation),
    "diverged": lambda trained: trained.log.has_diverged,
    "loss_rose": lambda trained: trained.log.loss_rose,
}
"""How each metric is measured."""
