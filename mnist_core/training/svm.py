"""Fitting a support vector machine: in one go, by scikit-learn's libsvm, with the events of any other run."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from mnist_core.data.splits import Split
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training.augment import augment
from mnist_core.training.events import Epoch, Event, Started, Stopped
from mnist_core.training.inference import predict_logits
from mnist_core.training.loop import finish, validate
from mnist_core.training.models import Classifier, build, count_parameters
from mnist_core.training.pixels import standardise
from mnist_core.training.support_vectors import CLASSES, SupportVectors, pair_weights
from mnist_core.training.weights import to_bytes

_CACHE_MB = 200  # of kernel values; workers have little memory to spare


def train_svm(recipe: Recipe, data: Split, should_stop: Callable[[], bool]) -> Iterator[Event]:
    """Fit the recipe's machine to the training images and announce it: one epoch, no steps.

    libsvm cannot be interrupted, so a stop is heard before and after the fit (some ten seconds for 10,000
    images on one core).

    Raises:
        UserError: `too_few_classes` when a digit has no training image.
    """
    started = time.perf_counter()
    images = _pictures(recipe, data.train_images)
    yield Started(recipe.as_dict(), 0, count_parameters(recipe), "cpu")
    if should_stop():
        yield Stopped(0, time.perf_counter() - started)
        return
    model = as_classifier(fit(images, data.train_labels, recipe), images, recipe)
    if should_stop():
        yield Stopped(0, time.perf_counter() - started)
        return
    logits = predict_logits(model, images)
    validation_loss, validation_accuracy = validate(model, data)
    yield Epoch(
        epoch=1,
        training_loss=float(F.cross_entropy(logits, data.train_labels)),
        training_accuracy=float((logits.argmax(dim=1) == data.train_labels).double().mean()),
        validation_loss=validation_loss,
        validation_accuracy=validation_accuracy,
        wall_s=time.perf_counter() - started,
        weights=to_bytes(model),
    )
    yield finish(model, data, 1, started)


def fit(images: Tensor, labels: Tensor, recipe: Recipe) -> Any:
    """scikit-learn's fitted `SVC` for images uint8 (N, 28, 28) and their labels (N,).

    Raises:
        UserError: `too_few_classes`.
    """
    from sklearn.svm import SVC  # loads slowly, and only this needs it

    if len(set(labels.tolist())) < CLASSES:
        raise UserError(
            "too_few_classes",
            "A support vector machine needs training images of all ten digits.",
            "Use more training images, or fewer wrong labels.",
        )
    machine: Any = SVC(  # type: ignore[no-untyped-call]
        C=recipe.svm_c, gamma=recipe.svm_gamma, cache_size=_CACHE_MB, decision_function_shape="ovr", break_ties=True
    )
    return machine.fit(as_rows(images), labels.numpy())


def as_rows(images: Tensor) -> np.ndarray:
    """Images uint8 (N, 28, 28) as libsvm gets them: standardised pixels, float32 (N, 784)."""
    rows: np.ndarray = standardise(images.flatten(1).float() / 255).numpy()
    return rows


def as_classifier(machine: Any, images: Tensor, recipe: Recipe) -> Classifier:
    """The fitted machine as a model, in evaluation mode; `images` are those it was fitted to."""
    model = build(recipe)
    layer = vectors_of(model)
    layer.vectors = images.flatten(1)[torch.from_numpy(machine.support_.astype(np.int64))]
    layer.weights = pair_weights(torch.from_numpy(machine.dual_coef_), machine.n_support_.tolist())
    layer.offsets = torch.from_numpy(machine.intercept_).float()
    return model.eval()


def vectors_of(model: nn.Module) -> SupportVectors:
    """The layer of a machine that holds its support vectors."""
    return next(layer for layer in model.modules() if isinstance(layer, SupportVectors))


def _pictures(recipe: Recipe, images: Tensor) -> Tensor:
    """The training images, each warped once by the recipe's augmentation, uint8 (N, 28, 28)."""
    warped = augment(images.float() / 255, recipe, Generator().manual_seed(recipe.seed))
    return (warped.clamp(0, 1) * 255).round().byte()
