"""What one drawing a digit teaches: the same person's other digits before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from mnist_core.cli.options import model_option, store_for
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.errors import UserError
from mnist_core.evaluation.handwriting import count_misread, read_pen_digits
from mnist_core.runs.registry import LoadedModel, load_model
from mnist_core.training.fine_tuning import fine_tuned_copy
from mnist_core.training.models import CLASSES
from tests.benchmarks.benchmark import Benchmark, count_option, strokes_option


@dataclass(frozen=True, slots=True)
class Row:
    """What a lesson of ten drawings did, summed over people.

    Attributes:
        model: Which was taught, for each person anew.
        people: How many taught it.
        count: How many of their other digits were read, before and after.
        before, after: Share misread.
        mnist_lost: Points of test accuracy, 1 is all, that a lesson cost on average.
        mnist_lost_most: The same of the worst lesson.
    """

    model: str
    people: int
    count: int
    before: float
    after: float
    mnist_lost: float
    mnist_lost_most: float


def bench_hands(model: LoadedModel, strokes: Path, people: int) -> Row:
    """Teach the model one drawing of each digit of so many people, each by themselves.

    A person who drew each digit, and at least one of them twice, teaches the first drawing of each.

    Args:
        model: What is taught.
        strokes: A stroke file that also says who drew what: `donor (N,)`.
        people: How many, evenly spread over the file; all when there are fewer.

    Raises:
        UserError: `strokes_unreadable`.
    """
    images, labels = read_pen_digits(strokes)
    taught_by = [_lesson(labels, own) for own in _people(strokes, len(labels))]
    lessons = [lesson for lesson in taught_by if lesson is not None]
    chosen = [lessons[place * len(lessons) // people] for place in range(people)] if people < len(lessons) else lessons
    results = np.array([_taught(model, images, labels, *lesson) for lesson in chosen])
    count, before, after = results[:, :3].sum(axis=0)
    lost = results[:, 3]
    shares = before / count, after / count
    return Row(model.name, len(results), int(count), *shares, float(lost.mean()), float(lost.max()))


def _people(strokes: Path, count: int) -> Iterator[Tensor]:
    """The places of each person's digits."""
    with np.load(strokes, allow_pickle=False) as file:
        donors = file["donor"] if "donor" in file.files else np.empty(0)
    if donors.shape != (count,):
        raise UserError("strokes_unreadable", "The stroke file does not say who drew what.", "Give `donor (N,)`.")
    for donor in np.unique(donors):
        yield torch.from_numpy(np.flatnonzero(donors == donor))


def _lesson(labels: Tensor, own: Tensor) -> tuple[Tensor, Tensor] | None:
    """Which digits are taught and which are read; None when there are not both."""
    firsts = [own[labels[own] == digit][:1] for digit in range(CLASSES)]
    taught = torch.cat(firsts)
    others = own[~torch.isin(own, taught)]
    return (taught, others) if len(taught) == CLASSES and len(others) else None


def _taught(
    model: LoadedModel, images: Tensor, labels: Tensor, taught: Tensor, others: Tensor
) -> tuple[int, int, int, float]:
    """How many digits were read, how many of them wrong before and after, and what MNIST's test accuracy lost."""
    mnist = split(load_mnist())
    pupil = fine_tuned_copy(model.model, images[taught], labels[taught], mnist.train_images, model.recipe)
    before, after = (count_misread(one, images[others], labels[others]) for one in (model.model, pupil))
    more = [count_misread(one, mnist.test_images, mnist.test_labels) for one in (pupil, model.model)]
    return len(others), before, after, (more[0] - more[1]) / len(mnist.test_labels)


def _run(strokes: Path, people: int, model: str) -> Iterator[Row]:
    yield bench_hands(load_model(model, store_for(model)), strokes, people)


BENCHMARK = Benchmark(
    "What one drawing of each digit teaches: the same person's other digits before and after.",
    _run,
    (strokes_option, count_option("--people", 60, "Whose drawings, each by themselves.", 10_000), model_option),
)
