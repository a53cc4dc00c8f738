"""Fitting a support vector machine one pair of digits after the other, by scikit-learn's libsvm."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import save
from torch import Generator, Tensor

from mnist_core.data.dataset import class_weights_of, order_of_epoch
from mnist_core.data.splits import DataSplits
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training.augmentation.augment import augment
from mnist_core.training.control import ControlSource
from mnist_core.training.events import Epoch, Event, PairFitted, Resumed, Started, Stopped, Suspended
from mnist_core.training.inference import as_input, predict_logits, predict_probabilities
from mnist_core.training.models import Classifier, build, count_parameters, fit_scaling
from mnist_core.training.pause_control import Pace, Stopwatch
from mnist_core.training.probes import check
from mnist_core.training.scoring import finish, score
from mnist_core.training.support_vectors import PAIRS, SupportVectors
from mnist_core.training.weights import read_tensors, shapes_of, to_bytes

Rows = npt.NDArray[np.float32]
Pair = tuple[int, int]

COMPARED = 2_000
"""How many pairs of training images the median kernel value is taken from."""

_CACHE_MB = 200  # of kernel values; two digits of 10,000 images need 16


@dataclass(slots=True, eq=False)
class Decisions:
    """What libsvm has found so far.

    Attributes:
        weights: float32 (N, 45), what each training image adds to the decision of each of `PAIRS`: 0 where it is no
            support vector, above 0 where it speaks for the first digit.
        offsets: float32 (45,), what is added to all of it.
        done: How many pairs are fitted.
    """

    weights: Tensor
    offsets: Tensor
    done: int = 0

    @classmethod
    def before_fitting(cls, labels: Tensor) -> "Decisions":
        """Nothing, but that a digit without images loses against every digit that has some: it is never the answer."""
        present = set(labels.tolist())
        offsets = [float(one in present) - float(other in present) for one, other in PAIRS]
        return cls(torch.zeros(len(labels), len(PAIRS)), torch.tensor(offsets))

    def fit_pair(
        self, pair: Pair, rows: Rows, labels: Tensor, recipe: Recipe, class_weights: Tensor | None = None
    ) -> None:
        """Find the classifier of two digits, as scikit-learn's `SVC` finds it between them while it fits all 45.

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
        column = PAIRS.index(pair)
        # Of just two classes, scikit-learn turns all signs around.
        self.weights[chosen[machine.support_], column] = -torch.from_numpy(machine.dual_coef_[0]).float()
        self.offsets[column] = -float(machine.intercept_[0])
        self.done += 1

    def load_into(self, model: Classifier, images: Tensor) -> None:
        """Give the model the images, uint8 (N, 28, 28), that are support vectors of what was fitted to them."""
        is_held = self.weights.any(dim=1)
        layer = next(layer for layer in model.modules() if isinstance(layer, SupportVectors))
        layer.vectors, layer.weights, layer.offsets = images.flatten(1)[is_held], self.weights[is_held], self.offsets

    def to_resume(self, worked_s: float) -> bytes:
        """All of it, and in how many seconds it was found, as safetensors bytes."""
        progress = torch.tensor([float(self.done), worked_s], dtype=torch.float64)
        return save({"weights": self.weights, "offsets": self.offsets, "progress": progress})

    def resume(self, content: bytes) -> float:
        """Go on from what `to_resume` has written; returns the seconds.

        Raises:
            UserError: `checkpoint_unreadable`.
        """
        found = read_tensors(content)
        own = {"weights": self.weights, "offsets": self.offsets, "progress": torch.zeros(2, dtype=torch.float64)}
        if shapes_of(found) != shapes_of(own) or not 0 <= found["progress"][0] <= len(PAIRS):
            raise UserError("checkpoint_unreadable", "The checkpoint is damaged.", "Train it from the start.")
        self.weights, self.offsets, self.done = found["weights"], found["offsets"], int(found["progress"][0])
        return float(found["progress"][1])


def train_svm(recipe: Recipe, data: DataSplits, control: ControlSource, resume: bytes = b"") -> Iterator[Event]:
    """Fit the recipe's machine to the training images and announce it: one epoch, no steps.

    After `Started` comes a `PairFitted` for each two digits, 45 of them when all ten are there. It can stop or
    pause between two of them, the longest of which takes about a second of 10,000 images on one core. To a pause,
    and to a limit of the speed, a pair is what a step is to a network.

    Args:
        recipe, data: What to fit.
        control: Asked before each pair.
        resume: What was found before it was suspended, as `Suspended.resume` has it.

    Raises:
        UserError: `too_few_classes` when fewer than two digits have training images.
    """
    stopwatch = Stopwatch()
    images, labels = _training_images(recipe, data)
    found = Decisions.before_fitting(labels)
    if resume:
        stopwatch.started -= found.resume(resume)
    model = build(recipe).eval()
    fit_scaling(model, images)
    rows = as_rows(model, images)
    yield Started(recipe.as_dict(), 0, count_parameters(recipe), "cpu")
    pace = Pace(control, stopwatch)
    if resume:
        yield Resumed(found.done)
    pairs, class_weights = pairs_of(labels), class_weights_of(labels, recipe)
    for pair in [*pairs[found.done :], None]:  # after the last one, too, it may be stopped or suspended
        yield from pace.before_next(found.done)
        if pace.is_suspended:
            yield Suspended(0, found.done, stopwatch.wall_s, b"", found.to_resume(stopwatch.wall_s))
            return
        if pace.is_stopped:
            yield Stopped(0, stopwatch.wall_s)
            return
        if pair is not None:
            found.fit_pair(pair, rows, labels, recipe, class_weights)
            yield PairFitted(found.done, len(pairs), list(pair))
    found.load_into(model, images)
    logits = predict_logits(model, data.validation_images)
    yield check(model, data, logits, 1, 0, kernel_median(rows, recipe.svm_gamma, recipe.seed))
    fit_score, validation_score = score(predict_logits(model, images), labels), score(logits, data.validation_labels)
    yield Epoch(1, *fit_score, *validation_score, stopwatch.wall_s, to_bytes(model))
    yield finish(predict_probabilities(model, data.test_images), data, stopwatch.started)


def pairs_of(labels: Tensor) -> list[Pair]:
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


def as_rows(model: Classifier, images: Tensor) -> Rows:
    """Images uint8 (N, 28, 28) as libsvm gets them: pixels as the model scales them, float32 (N, 784)."""
    with torch.inference_mode():
        rows: Rows = model.scale(as_input(images)).flatten(1).numpy()
    return rows


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
