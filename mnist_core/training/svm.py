"""Fitting a support vector machine one pair of digits after the other, by scikit-learn's libsvm."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from safetensors.numpy import load, save
from torch import Generator, Tensor, nn

from mnist_core.data.dataset import class_weights_of, order_of_epoch
from mnist_core.data.splits import DataSplits
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training.augmentation.augment import augment
from mnist_core.training.control import ControlSource
from mnist_core.training.events import Epoch, Event, PairFitted, Resumed, Started, Stopped, Suspended
from mnist_core.training.inference import as_input, predict_logits
from mnist_core.training.models import Classifier, build, count_parameters, fit_scaling
from mnist_core.training.pause_control import Pace, Stopwatch
from mnist_core.training.probes import check
from mnist_core.training.scoring import finish, score
from mnist_core.training.support_vectors import PAIRS, SupportVectors
from mnist_core.training.weights import to_bytes

Rows = npt.NDArray[np.float32]

COMPARED = 2_000
"""How many pairs of training images the median kernel value is taken from."""

_CACHE_MB = 200  # of kernel values; two digits of 10,000 images need 16


@dataclass(frozen=True, slots=True, eq=False)
class PairClassifier:
    """What libsvm found between two digits.

    Attributes:
        pair: The two digits, one of `PAIRS`.
        images: int64 (S,), which training images are its support vectors.
        weights: float64 (S,), what each of them adds to the decision; above 0 speaks for the first digit.
        offset: What is added to all of it.
    """

    pair: tuple[int, int]
    images: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    offset: float


def train_svm(recipe: Recipe, data: DataSplits, control: ControlSource, resume: bytes = b"") -> Iterator[Event]:
    """Fit the recipe's machine to the training images and announce it: one epoch, no steps.

    After `Started` comes a `PairFitted` for each two digits, 45 of them when all ten are there. It can stop or
    pause between two of them, the longest of which takes about a second of 10,000 images on one core. To a pause,
    and to a limit of the speed, a classifier is what a step is to a network.

    Args:
        recipe, data: What to fit.
        control: Asked before each classifier.
        resume: The classifiers that were found before it was suspended, as `Suspended.resume` has them.

    Raises:
        UserError: `too_few_classes` when fewer than two digits have training images.
    """
    classifiers, worked_s = from_resume(resume)
    stopwatch = Stopwatch(worked_s)
    images, labels = _training_images(recipe, data)
    model = build(recipe).eval()
    fit_scaling(model, images)
    rows = as_rows(model, images)
    yield Started(recipe.as_dict(), 0, count_parameters(recipe), "cpu")
    pace = Pace(control, stopwatch)
    if resume:
        yield Resumed(len(classifiers))
    yield from _fit(rows, labels, recipe, pace, classifiers)
    if pace.is_suspended:
        yield Suspended(0, len(classifiers), stopwatch.wall_s, b"", to_resume(classifiers, stopwatch.wall_s))
        return
    if pace.is_stopped:
        yield Stopped(0, stopwatch.wall_s)
        return
    load_support_vectors(model, images, classifiers)
    yield from _validate(model, data, images, labels, kernel_median(rows, recipe.svm_gamma, recipe.seed), stopwatch)
    yield finish(model, data, 1, stopwatch.started)


def _fit(rows: Rows, labels: Tensor, recipe: Recipe, pace: Pace, classifiers: list[PairClassifier]) -> Iterator[Event]:
    """Fit all pairs that are left, until it is stopped or suspended, and append them to `classifiers`."""
    pairs, weights = pairs_of(labels), class_weights_of(labels, recipe)
    for pair in pairs[len(classifiers) :]:
        yield from pace.before_next(len(classifiers))
        if pace.is_stopped or pace.is_suspended:
            return
        classifiers.append(fit_pair(pair, rows, labels, recipe, weights))
        yield PairFitted(len(classifiers), len(pairs), list(pair))
    yield from pace.before_next(len(classifiers))


def to_resume(classifiers: Sequence[PairClassifier], worked_s: float) -> bytes:
    """The classifiers that were found so far, and in how many seconds, as safetensors bytes."""
    found = {
        f"{place}.{name}": np.asarray(getattr(classifier, name))
        for place, classifier in enumerate(classifiers)
        for name in ("pair", "images", "weights", "offset")
    }
    return save(found | {"count": np.asarray(len(classifiers)), "worked_s": np.asarray(worked_s)})


def from_resume(resume: bytes) -> tuple[list[PairClassifier], float]:
    """The classifiers and the seconds that `to_resume` has written; none of either for no bytes.

    Raises:
        UserError: `checkpoint_unreadable`.
    """
    if not resume:
        return [], 0.0
    try:
        found = load(resume)
        return [_classifier(found, place) for place in range(int(found["count"]))], float(found["worked_s"])
    except (SafetensorError, ValueError, KeyError, TypeError):
        raise UserError(
            "checkpoint_unreadable",
            "The checkpoint of the support vector machine is damaged.",
            "Train it from the start.",
        ) from None


def _classifier(found: Mapping[str, npt.NDArray[Any]], place: int) -> PairClassifier:
    one, other = found[f"{place}.pair"].tolist()
    return PairClassifier(
        (one, other), found[f"{place}.images"], found[f"{place}.weights"], float(found[f"{place}.offset"])
    )


def pairs_of(labels: Tensor) -> list[tuple[int, int]]:
    """The pairs of digits that both have images, in the order of `PAIRS`.

    Raises:
        UserError: `too_few_classes` when there are none.
    """
    present = set(labels.tolist())
    pairs = [pair for pair in PAIRS if present.issuperset(pair)]
    if not pairs:
        raise UserError(
            "too_few_classes",
            "A support vector machine needs training images of at least two digits.",
            "Keep images of more digits.",
        )
    return pairs


def fit_pair(
    pair: tuple[int, int], rows: Rows, labels: Tensor, recipe: Recipe, class_weights: Tensor | None = None
) -> PairClassifier:
    """The classifier of two digits, as scikit-learn's `SVC` finds it between them while it fits all 45.

    Args:
        pair: The two digits.
        rows: Scaled training images of all digits, (N, 784); see `as_rows`.
        labels: What they are, (N,).
        recipe: For `svm_c` and `svm_gamma`.
        class_weights: float32 (10,), how much more than `svm_c` an image of each digit counts; None: all alike.
    """
    from sklearn.svm import SVC  # loads slowly, and only this needs it

    given = labels.numpy()
    chosen = np.concatenate([np.flatnonzero(given == digit) for digit in pair])
    machine: Any = SVC(  # type: ignore[no-untyped-call]
        C=recipe.svm_c,
        gamma=recipe.svm_gamma,
        cache_size=_CACHE_MB,
        class_weight=None if class_weights is None else {digit: float(class_weights[digit]) for digit in pair},
    )
    machine.fit(rows[chosen], given[chosen])
    # Of just two classes, scikit-learn turns all signs around.
    return PairClassifier(pair, chosen[machine.support_], -machine.dual_coef_[0], -float(machine.intercept_[0]))


def as_rows(model: Classifier, images: Tensor) -> Rows:
    """Images uint8 (N, 28, 28) as libsvm gets them: pixels as the model scales them, float32 (N, 784)."""
    with torch.inference_mode():
        rows: Rows = model.scale(as_input(images)).flatten(1).numpy()
    return rows


def load_support_vectors(model: Classifier, images: Tensor, classifiers: Sequence[PairClassifier]) -> None:
    """Give the model these classifiers; `images`, uint8 (N, 28, 28), are those they were fitted to.

    A digit that had no images loses against every digit that had some, and so is never the answer.
    """
    present = {digit for classifier in classifiers for digit in classifier.pair}
    offsets = torch.tensor([float(one in present) - float(other in present) for one, other in PAIRS])
    weights = torch.zeros(len(images), len(PAIRS))
    for classifier in classifiers:
        column = PAIRS.index(classifier.pair)
        weights[torch.from_numpy(classifier.images), column] = torch.from_numpy(classifier.weights).float()
        offsets[column] = classifier.offset
    held = weights.any(dim=1)
    layer = vectors_of(model)
    layer.vectors, layer.weights, layer.offsets = images.flatten(1)[held], weights[held], offsets


def vectors_of(model: nn.Module) -> SupportVectors:
    """The layer that holds the model's support vectors."""
    return next(layer for layer in model.modules() if isinstance(layer, SupportVectors))


def kernel_median(rows: Rows, gamma: float, seed: int) -> float:
    """The median kernel value, 0 to 1, of some pairs of different images (N, 784).

    Near 0 the kernel matrix is close to the identity, and the machine memorises its images; near 1 all are alike.
    """
    generator = np.random.default_rng(seed)
    one = generator.integers(0, len(rows), COMPARED)
    other = (one + generator.integers(1, len(rows), COMPARED)) % len(rows)
    distances = np.square(rows[one].astype(np.float64) - rows[other]).sum(axis=1)
    return float(np.median(np.exp(-gamma * distances)))


def _training_images(recipe: Recipe, data: DataSplits) -> tuple[Tensor, Tensor]:
    """The training images, balanced and each warped once by the recipe, uint8 (N, 28, 28), and their labels."""
    generator = Generator().manual_seed(recipe.seed)
    images, labels = data.train_images, data.train_labels
    if recipe.balance == "resample":
        order = order_of_epoch(labels, recipe, generator)
        images, labels = images[order], labels[order]
    warped = augment(images.float() / 255, labels, recipe, generator)
    return (warped.clamp(0, 1) * 255).round().byte(), labels


def _validate(
    model: Classifier, data: DataSplits, images: Tensor, labels: Tensor, kernel_value: float, stopwatch: Stopwatch
) -> Iterator[Event]:
    """The one epoch: its results on the validation images, and on all that it was fitted to."""
    validation_logits = predict_logits(model, data.validation_images)
    yield check(model, data, validation_logits, 1, 0, kernel_value)
    training_loss, training_accuracy = score(predict_logits(model, images), labels)
    validation_loss, validation_accuracy = score(validation_logits, data.validation_labels)
    yield Epoch(
        epoch=1,
        training_loss=training_loss,
        training_accuracy=training_accuracy,
        validation_loss=validation_loss,
        validation_accuracy=validation_accuracy,
        wall_s=stopwatch.wall_s,
        weights=to_bytes(model),
    )
