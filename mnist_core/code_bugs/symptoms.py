"""How a bug in the code around a model shows on many images, and which sign tells two bugs apart."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from torch import Tensor

from mnist_core.code_bugs.catalog import BUGS
from mnist_core.code_bugs.simulation import predict_unbatched, predict_with
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.errors import UserError
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.training.models import Classifier

Sign = Literal["accuracy", "confidence", "when_wrong", "changing", "favorite", "answers"]

SAMPLE = 1000
"""How many validation images the symptoms are measured on."""

_ASKED_AGAIN, _TOGETHER, _FEW_TOGETHER = 100, 50, 25
_ANOTHER_ANSWER = 0.01  # of a probability
_FAVORITE_WEIGHT = 0.8  # where accuracy says as much, it says it more plainly
_TELLING = 0.05  # how much a share must differ to be a sign that a learner can see


@dataclass(frozen=True)
class Symptoms:
    """What a learner can measure from outside, all shares 0 to 1.

    Attributes:
        evaluation: The answers beside the true labels.
        changing: Share of images of which some probability moves by over a point when they are asked again
            together with others.
    """

    evaluation: Evaluation
    changing: float

    @property
    def accuracy(self) -> float:
        """Share of the images read right."""
        return self.evaluation.accuracy

    @cached_property
    def confidence(self) -> float:
        """Mean probability of the answer given."""
        return float(self.evaluation.confidence.mean())

    @cached_property
    def confidence_when_wrong(self) -> float | None:
        """The same of the wrong answers; None when there is none."""
        wrong = ~self.evaluation.is_right
        return float(self.evaluation.confidence[wrong].mean()) if wrong.any() else None

    @cached_property
    def favorite(self) -> tuple[int, float]:
        """The digit answered most often, and the share of the answers that it has."""
        counts = self.evaluation.confusion.sum(axis=0)
        return int(counts.argmax()), float(counts.max() / counts.sum())


@cache
def sample(count: int = SAMPLE) -> tuple[Tensor, Tensor]:
    """The first validation images, uint8 (count, 28, 28), and their labels, int64 (count,).

    Raises:
        UserError: `mnist_missing` or `mnist_damaged`.
    """
    parts = split(load_mnist())
    return parts.validation_images[:count].clone(), parts.validation_labels[:count].clone()


def one_per_class(labels: Tensor) -> list[int]:
    """The place of the first image of each digit that there is, 0 to 9 in order."""
    return [int((labels == digit).nonzero()[0, 0]) for digit in range(10) if bool((labels == digit).any())]


def symptoms(code: str | None, model: Classifier, images: Tensor, labels: Tensor) -> Symptoms:
    """Measure how the bug shows, asking one image at a time as an app does.

    Where one image alone would stop the program (see `predict_unbatched`) they are asked by the twenty-five.

    Args:
        code: A bug's code; None for the right code.
        model: It stays as it is.
        images: uint8 0..255 or float32 0..1, (N, 28, 28).
        labels: int64 (N,).
    """
    few = 1 if predict_unbatched(model) else _FEW_TOGETHER
    first = predict_with(code, model, images, together=few)
    again = predict_with(code, model, images[:_ASKED_AGAIN], together=_TOGETHER, seed=1)
    moved = (first[: len(again)] - again).abs().amax(dim=1) > _ANOTHER_ANSWER
    return Symptoms(Evaluation(labels.numpy(), first.numpy()), float(moved.float().mean()))


def showing(model: Classifier, images: Tensor) -> tuple[str, ...]:
    """The codes of the bugs that change some answer of this model to one of these images asked alone.

    `eval_mode_forgotten` shows only in a model with dropout or batch normalisation.
    """
    whole = predict_with(None, model, images)
    shown = []
    for bug in BUGS:
        with suppress(UserError):  # it shows so plainly that there is nothing to measure
            if ((predict_with(bug.code, model, images) - whole).abs() > _ANOTHER_ANSWER).any():
                shown.append(bug.code)
    return tuple(shown)


def telling_sign(guessed: Symptoms, seen: Symptoms) -> Sign:
    """Which sign speaks most clearly against a guess whose symptoms would be others than those seen."""
    gaps: dict[Sign, float] = {
        "changing": abs(guessed.changing - seen.changing),
        "accuracy": abs(guessed.accuracy - seen.accuracy),
        "confidence": abs(guessed.confidence - seen.confidence),
        "when_wrong": _gap(guessed.confidence_when_wrong, seen.confidence_when_wrong),
        "favorite": _FAVORITE_WEIGHT * _favorite_gap(guessed.favorite, seen.favorite),
    }
    sign = max(gaps, key=lambda name: gaps[name])
    return sign if gaps[sign] >= _TELLING else "answers"


def _gap(guessed: float | None, seen: float | None) -> float:
    return 0.0 if guessed is None or seen is None else abs(guessed - seen)


def _favorite_gap(guessed: tuple[int, float], seen: tuple[int, float]) -> float:
    if guessed[0] == seen[0]:
        return abs(guessed[1] - seen[1])
    return max(guessed[1], seen[1]) - 0.1  # a digit is answered once in ten times anyway


def agreement(one: Symptoms, other: Symptoms) -> float:
    """Share of the images to which both give the same answer."""
    same = one.evaluation.predicted == other.evaluation.predicted
    return float(same.mean())
