"""How right a model stays while all images are turned, moved, resized, written with another pen or made hard to see.

`diagnosis.sensitivity` asks when one drawing breaks; this asks how many of a thousand test images do. What
changes is what the network sees, after any preparation, so that nothing undoes the change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnist_core.data.splits import evenly_spaced
from mnist_core.imaging.perturbations import OF_IMAGES, Images, Perturbation, perturber
from mnist_core.stats import wilson_interval
from mnist_core.training.inference import predict_logits
from mnist_core.training.models import Classifier

Labels = NDArray[np.int64]

SAMPLE = 1_000
"""How many test images are changed when nothing else is asked for: 100 of each digit."""


@dataclass(frozen=True, slots=True)
class Curve:
    """How many images are read right along one kind of change.

    Attributes:
        kind: Which, with its amounts.
        right: For each of `kind.amounts`, how many images are read right.
        count: Of how many.
    """

    kind: Perturbation
    right: tuple[int, ...]
    count: int

    @property
    def accuracy(self) -> tuple[float, ...]:
        """The share read right for each amount, 0 to 1."""
        return tuple(right / self.count for right in self.right)

    @property
    def likely(self) -> tuple[tuple[float, float], ...]:
        """For each amount, between which shares the true one lies in 95 of 100 cases."""
        return tuple(wilson_interval(right, self.count) for right in self.right)

    def falls_below(self, share: float) -> tuple[float, ...]:
        """The amounts at which accuracy first falls below that share, below the neutral amount and above it.

        Between two amounts that were tried, the accuracy counts as a straight line. None, one or two amounts: a way on
        which it does not fall that low is left out. Just the neutral amount when it is below the share from the start.
        """
        if self.accuracy[self.kind.middle] < share:
            return (self.kind.neutral,)
        amounts, accuracy, falls = self.kind.amounts, self.accuracy, []
        for before, at in self.kind.first_changes([one < share for one in accuracy]):
            part = (accuracy[before] - share) / (accuracy[before] - accuracy[at])
            falls.append(amounts[before] + part * (amounts[at] - amounts[before]))
        return tuple(falls)


def sample(labels: Labels, count: int = SAMPLE) -> Labels:
    """Indexes of about `count` images, as many of each digit, evenly spread over the set; always the same ones.

    A digit that has fewer images is there with all of them.
    """
    places = [np.flatnonzero(labels == digit) for digit in range(10)]
    chosen = [found[evenly_spaced(len(found), max(1, count // 10)).numpy()] for found in places]
    return np.sort(np.concatenate(chosen))


def measure(
    model: Classifier,
    images: Images,
    labels: Sequence[int] | Labels,
    on_progress: Callable[[float], None] = lambda _: None,
) -> tuple[Curve, ...]:
    """How many of the images (N, 28, 28), 0 paper to 1 ink, the model reads right along each of `KINDS`.

    Args:
        model: Which model to ask.
        images: What it sees when nothing is changed.
        labels: What they are, (N,).
        on_progress: Called with the share of the work that is done, 0 to 1.

    Raises:
        ValueError: When there are no images.
    """
    if not len(images):
        raise ValueError("no images")
    wanted = torch.from_numpy(np.asarray(labels, np.int64))
    untouched = _count_right(model, images, wanted)
    works = sum(len(kind.amounts) - 1 for kind in KINDS)
    done, curves = 0, []
    for kind in KINDS:
        right = []
        perturb = perturber(images)
        for amount in kind.amounts:
            if amount == kind.neutral:
                right.append(untouched)
                continue
            right.append(_count_right(model, perturb(kind.effect(amount)), wanted))
            done += 1
            on_progress(done / works)
        curves.append(Curve(kind, tuple(right), len(images)))
    return tuple(curves)


def change(images: Images, kind: Perturbation, amount: float) -> Images:
    """The images (N, 28, 28), 0 to 1, changed by one amount; where chance has a part, always in the same way."""
    return images if amount == kind.neutral else perturber(images)(kind.effect(amount))


def _count_right(model: Classifier, images: Images, labels: Tensor) -> int:
    read = predict_logits(model, torch.from_numpy(np.ascontiguousarray(images))).argmax(dim=1)
    return int((read == labels).sum())


KINDS = OF_IMAGES
"""Every way in which the images are changed."""
