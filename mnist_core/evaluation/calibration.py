"""How sure a model may be: the temperature that makes its confidence fit how often it is right."""

from dataclasses import dataclass

import torch
from torch import Tensor

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.training.inference import predict_logits
from mnist_core.training.models import Classifier

COLDEST, HOTTEST = 0.05, 20.0
"""No temperature is looked for beyond these: a model that is always right would ask for 0."""

_HALVINGS = 40  # leaves the inverse temperature exact to twelve digits


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the validation images say about a model's certainty.

    Attributes:
        temperature: What to divide logits by.
        images: How many images it was found on.
        error_before, error_after: Expected calibration error on them (`Evaluation.calibration_error`), without and
            with the temperature. It was chosen on the same images, so the second is a little flattered.
    """

    temperature: float
    images: int
    error_before: float
    error_after: float


def find_temperature(logits: Tensor, labels: Tensor) -> float:
    """The temperature at which the logits (N, 10) of these labels (N,) have the least cross-entropy.

    Guo, Pleiss, Sun, Weinberger, *On Calibration of Modern Neural Networks*, 2017. The cross-entropy is convex in
    the inverse temperature, so the place where its slope changes sign is the one minimum.

    Returns:
        From `COLDEST` to `HOTTEST`; 1 when a logit is not finite or there are none.
    """
    if not len(labels) or not bool(torch.isfinite(logits).all()):
        return 1.0
    scores = logits.double()
    wanted = scores.gather(1, labels.unsqueeze(1)).mean()
    low, high = 1 / HOTTEST, 1 / COLDEST
    for _ in range(_HALVINGS):
        inverse = (low + high) / 2
        expected = ((inverse * scores).softmax(1) * scores).sum(1).mean()
        if expected > wanted:
            high = inverse
        else:
            low = inverse
    return 2 / (low + high)


def calibrate(model: Classifier) -> Calibration:
    """The model's calibration on the 5,000 validation images; the model is left as it is.

    Raises:
        UserError: When MNIST cannot be loaded.
    """
    data = split(load_mnist(), 1)
    logits, labels = predict_logits(model, data.validation_images), data.validation_labels
    temperature = find_temperature(logits, labels)
    return Calibration(temperature, len(labels), _error(logits, labels), _error(logits / temperature, labels))


def _error(logits: Tensor, labels: Tensor) -> float:
    return Evaluation(labels.numpy(), logits.softmax(1).numpy()).calibration_error
