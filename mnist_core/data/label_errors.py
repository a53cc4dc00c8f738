"""How suspect each training image is, for people who look at images before they leave any out.

Three quick models vote on each label. One is that of `data.cleaning`; the others are made in the same way, but see
other patches, in finer fields, and the root of each answer, so that a few strong answers do not outweigh many weak
ones. None has learned from the image that it judges (five-fold cross-validation), and where they err, they
err differently: their sum ranks better than any of them.

How well it ranks can be scored where the wrong labels were put in on purpose.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from mnist_core.data.cleaning import FEWEST_IMAGES, suspects
from mnist_core.data.ridge_probe import CLASSES, View, best_other, margin, scores_of_others
from mnist_core.data.rng import rng_for

_VIEWS = (View(13, 150, 3, is_damped=True, ridge=0.003), View(7, 100, 4, is_damped=True, ridge=0.003))
_FIRST_SHARE = 0.3  # of the time, that the first model takes
_SEEING = 0.7  # of a model's time; the rest is for its regressions


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """What three quick models that never learned from an image say of it; arrays in the order of the images.

    Attributes:
        contradiction: By how much they prefer another digit to the label, float32 (N,): from about -1 (they agree with
            it) to about 1. Sorted by it, wrong labels come first.
        outlier_score: How little the picture is like the others, float32 (N,): see `cleaning.Suspects`.
        read_as: The other digit that they find most likely where they contradict, else the label: int64 (N,).
        found_wrong: How many labels `data.cleaning` would take for wrong.
        found_outliers: How many pictures it would take for outliers.
    """

    contradiction: NDArray[np.float32]
    outlier_score: NDArray[np.float32]
    read_as: NDArray[np.int64]
    found_wrong: int
    found_outliers: int

    def most_contradicted(self) -> NDArray[np.int64]:
        """Places of all images, those first whose label is contradicted most, (N,)."""
        return np.argsort(-self.contradiction, kind="stable")

    def most_unusual(self) -> NDArray[np.int64]:
        """Places of all images, the most_unusual first, (N,)."""
        return np.argsort(-self.outlier_score, kind="stable")


def rank(images: Tensor, labels: Tensor, on_progress: Callable[[float], None] = lambda _: None) -> Ranking:
    """Judge training images by each other; some thirty seconds for 55,000 images on one core.

    Args:
        images: uint8 (N, 28, 28).
        labels: int64 (N,), 0 to 9.
        on_progress: Called with the share of the work that is done, 0 to 1.
    """
    first = suspects(images, labels)
    on_progress(_FIRST_SHARE)
    margins = first.contradiction.clone()
    scores = F.one_hot(first.read_as, CLASSES).float()
    if len(images) >= FEWEST_IMAGES:
        generator = rng_for(1, "cleaning")  # other patches and other folds than the first model's
        for place, view in enumerate(_VIEWS):
            of_view = scores_of_others(images, labels, view, generator, partial(_on_view_progress, on_progress, place))
            margins += margin(of_view, labels)
            scores += of_view
    contradiction = margins / (1 + len(_VIEWS))
    read_as = torch.where(contradiction > 0, best_other(scores, labels), labels)
    on_progress(1.0)
    return Ranking(
        contradiction.numpy(),
        first.outlier_score.numpy(),
        read_as.numpy(),
        int(first.is_wrong_label.sum()),
        int(first.is_outlier.sum()),
    )


@dataclass(frozen=True, slots=True)
class Score:
    """How well the first of a ranking are what is looked for.

    Attributes:
        first: How many are looked at: k.
        right: How many of them are what is looked for.
        wanted: How many there are in all.
    """

    first: int
    right: int
    wanted: int

    @property
    def precision(self) -> float:
        """Of the first k, the share that is what is looked for; 0 when none is looked at."""
        return self.right / self.first if self.first else 0.0

    @property
    def recall(self) -> float:
        """Of what is looked for, the share that is among the first k; 0 when there is none."""
        return self.right / self.wanted if self.wanted else 0.0


def score(order: NDArray[np.int64], truth: NDArray[np.bool_], first: int) -> Score:
    """How many of the first k of the order (N,) are true, bool (N,)."""
    return Score(min(first, len(order)), int(truth[order[:first]].sum()), int(truth.sum()))


def curve(order: NDArray[np.int64], truth: NDArray[np.bool_], points: int = 100) -> list[Score]:
    """Scores at evenly spaced k, up to twice as many as there are to be found."""
    last = min(len(order), max(2 * int(truth.sum()), 1))
    places = np.unique(np.linspace(1, last, min(points, last)).round().astype(int))
    return [score(order, truth, int(place)) for place in places]


def _on_view_progress(on_progress: Callable[[float], None], place: int, seen: float) -> None:
    on_progress(_FIRST_SHARE + (1 - _FIRST_SHARE) * (place + _SEEING * seen) / len(_VIEWS))
