"""How suspect each training image is, for people who look at images before they leave any out.

Three quick models vote on each label. One is that of `training.cleaning`; the others are made in the same way, but see
other patches, in finer fields, and the root of each answer, so that a few strong answers do not outweigh many weak
ones. None has learned from the image that it judges (five-fold cross-validation), and where they err, they
err differently: their sum ranks better than any of them.

How well it ranks can be scored where the wrong labels were put in on purpose.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor
from torch.nn import functional as F

from mnist_core.data.dice import dice_of
from mnist_core.training.cleaning import FEWEST_IMAGES, suspects

_CLASSES = 10
_FOLDS = 5
_RIDGE = 0.003  # of the features' mean square, added to each
_CHUNK = 500  # images whose filters' answers are in memory together
_STRIDE_PX = 2
_VIEWS = ((13, 150, 3), (7, 100, 4))  # of the two other models: a patch's side, patches, fields across
_LEAST_INK = 1.0  # a patch of less is blank paper
_FIRST_SHARE = 0.3  # of the time that the first model takes


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """What three quick models that never learned from an image say of it; arrays in the order of the images.

    Attributes:
        contradiction: By how much they prefer another digit to the label, float32 (N,): from about -1 (they agree with
            it) to about 1. Sorted by it, wrong labels come first.
        strangeness: How little the picture is like the others, float32 (N,): see `cleaning.Suspects`.
        read_as: The other digit that they find most likely where they contradict, else the label: int64 (N,).
        found_wrong: How many labels `training.cleaning` would take for wrong.
        found_strange: How many pictures it would take for outliers.
    """

    contradiction: NDArray[np.float32]
    strangeness: NDArray[np.float32]
    read_as: NDArray[np.int64]
    found_wrong: int
    found_strange: int

    def most_contradicted(self) -> NDArray[np.int64]:
        """Places of all images, those first whose label is contradicted most, (N,)."""
        return np.argsort(-self.contradiction, kind="stable")

    def strangest(self) -> NDArray[np.int64]:
        """Places of all images, the strangest first, (N,)."""
        return np.argsort(-self.strangeness, kind="stable")


def rank(images: Tensor, labels: Tensor, on_progress: Callable[[float], None] | None = None) -> Ranking:
    """Judge training images by each other; some thirty seconds for 55,000 images on one core.

    Args:
        images: uint8 (N, 28, 28).
        labels: int64 (N,), 0 to 9.
        on_progress: Is told the share that is done, 0 to 1, now and then.
    """
    first = suspects(images, labels)
    tell = _Telling(on_progress)
    tell.share(_FIRST_SHARE)
    margins = first.contradiction.clone()
    scores = F.one_hot(first.read_as, _CLASSES).float()
    if len(images) >= FEWEST_IMAGES:
        dice = dice_of(1, "cleaning")  # other patches and other folds than the first model's
        for view in _VIEWS:
            of_view = _scores(images, labels, view, dice, tell)
            margins += _margin(of_view, labels)
            scores += of_view
    contradiction = margins / (1 + len(_VIEWS))
    read_as = torch.where(contradiction > 0, _best_other(scores, labels), labels)
    tell.share(1.0)
    return Ranking(
        contradiction.numpy(),
        first.strangeness.numpy(),
        read_as.numpy(),
        int(first.is_wrong_label.sum()),
        int(first.is_strange.sum()),
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


def _scores(
    images: Tensor,
    labels: Tensor,
    view: tuple[int, int, int],
    dice: Generator,
    tell: "_Telling",
) -> Tensor:
    """For each image the ten scores, float32 (N, 10), of a regression on such a view that never saw it."""
    side_px, count, fields = view
    filters = _patches(images, side_px, count, dice)
    answers = []
    for chunk in torch.split(images, _CHUNK):
        strength = F.conv2d(chunk.unsqueeze(1).float() / 255, filters, stride=_STRIDE_PX).abs_()
        answers.append(F.adaptive_avg_pool2d(strength, fields).sqrt_().flatten(1))
        tell.more((1 - _FIRST_SHARE) / len(_VIEWS) * 0.7 * len(chunk) / len(images))
    scores = _cross_validated(torch.cat(answers), labels, dice)
    tell.more((1 - _FIRST_SHARE) / len(_VIEWS) * 0.3)
    return scores


class _Telling:
    """Adds up what is done, and tells whoever wants to know."""

    def __init__(self, on_progress: Callable[[float], None] | None) -> None:
        self._on_progress = on_progress
        self._done = 0.0

    def share(self, done: float) -> None:
        self._done = done
        if self._on_progress:
            self._on_progress(done)

    def more(self, done: float) -> None:
        self.share(self._done + done)


def _patches(images: Tensor, side_px: int, count: int, dice: Generator) -> Tensor:
    """Patches of the images, each with mean 0 and length 1, float32 (count, 1, side, side); those with ink first."""
    drawn = 4 * count
    source = images[torch.randint(len(images), (drawn,), generator=dice)]
    places = torch.randint(images.shape[1] - side_px + 1, (drawn, 2), generator=dice).tolist()
    cut = [image[y : y + side_px, x : x + side_px] for image, (x, y) in zip(source, places, strict=True)]
    patches = torch.stack(cut).flatten(1).float() / 255
    patches -= patches.mean(dim=1, keepdim=True)
    is_empty = patches.norm(dim=1) < _LEAST_INK
    patches = patches[torch.argsort(is_empty.byte(), stable=True)[:count]]
    return F.normalize(patches).view(-1, 1, side_px, side_px)


def _cross_validated(features: Tensor, labels: Tensor, dice: Generator) -> Tensor:
    """Scores (N, 10) of ridge regressions, each fold's from the other four. The features are overwritten.

    A fold's share of the normal equations is taken out of the whole's, which makes five regressions cheap.
    """
    features -= features.mean(dim=0)
    features /= features.std().clamp(min=1e-6)
    features = F.pad(features, (0, 1), value=1.0)  # the constant
    targets = F.one_hot(labels, _CLASSES).float()
    folds = torch.randperm(len(labels), generator=dice).chunk(_FOLDS)
    squares = [features[fold].T @ features[fold] for fold in folds]
    products = [features[fold].T @ targets[fold] for fold in folds]
    ridge = _RIDGE * len(labels) * torch.eye(features.shape[1])
    all_squares, all_products = sum(squares, ridge), sum(products, torch.zeros(()))
    scores = torch.empty(len(labels), _CLASSES)
    for fold, square, product in zip(folds, squares, products, strict=True):
        scores[fold] = features[fold] @ torch.linalg.solve(all_squares - square, all_products - product)
    return scores


def _margin(scores: Tensor, labels: Tensor) -> Tensor:
    """The best other digit's score less the label's, (N,)."""
    own = scores.gather(1, labels.unsqueeze(1)).squeeze(1)
    return scores.scatter(1, labels.unsqueeze(1), -torch.inf).amax(dim=1) - own


def _best_other(scores: Tensor, labels: Tensor) -> Tensor:
    return scores.scatter(1, labels.unsqueeze(1), -torch.inf).argmax(dim=1)
