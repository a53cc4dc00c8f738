"""A quick model that judges images it never learned from, to find out which training images are suspect.

A ridge regression of the ten digits on the answers of random filters, which are patches of the images themselves
(Coates, Lee, Ng, *An Analysis of Single-Layer Networks in Unsupervised Feature Learning*, 2011). It has a closed form,
so five folds of cross-validation cost little more than one, and it averages wrong labels out instead of
memorising them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

CLASSES = 10

_FOLDS = 5
_STRIDE_PX = 2
_CHUNK = 500  # images whose filters' answers are in memory together
_DRAWN = 4  # patches for each that is kept: most patches of a digit's picture are blank paper
_LEAST_INK = 1.0  # a patch of less is blank paper


@dataclass(frozen=True, slots=True)
class View:
    """What such a model sees of an image.

    Attributes:
        patch_px: The side of its patches.
        patches: How many.
        fields: Across and down, in so many fields is measured how strongly a patch is there.
        is_damped: Whether that strength's square root counts, so that a few strong answers do not outweigh many weak
            ones.
        ridge: What is added to each feature's mean square.
    """

    patch_px: int
    patches: int
    fields: int
    is_damped: bool = False
    ridge: float = 0.01


def scores_of_others(
    images: Tensor,
    labels: Tensor,
    view: View,
    generator: Generator,
    on_progress: Callable[[float], None] = lambda _: None,
) -> Tensor:
    """For each image the ten scores, float32 (N, 10), of a regression that never saw it.

    A score is near 1 for a digit that the image shows, near 0 for others.

    Args:
        images: uint8 (N, 28, 28).
        labels: int64 (N,), 0 to 9.
        view: What the regression sees of them.
        generator: Decides patches and folds.
        on_progress: Called with the share of the work that is done, 0 to 1.
    """
    return _cross_validated(_features(images, view, generator, on_progress), labels, view.ridge, generator)


def margin(scores: Tensor, labels: Tensor) -> Tensor:
    """The best other digit's score less the label's, (N,)."""
    return _without(scores, labels).amax(dim=1) - own(scores, labels)


def best_other(scores: Tensor, labels: Tensor) -> Tensor:
    """The digit beside the label that has the best score, (N,)."""
    return _without(scores, labels).argmax(dim=1)


def own(scores: Tensor, labels: Tensor) -> Tensor:
    """Each image's score for its label, (N,)."""
    return scores.gather(1, labels.unsqueeze(1)).squeeze(1)


def _without(scores: Tensor, labels: Tensor) -> Tensor:
    return scores.scatter(1, labels.unsqueeze(1), -torch.inf)


def _features(images: Tensor, view: View, generator: Generator, on_progress: Callable[[float], None]) -> Tensor:
    """How strongly each filter answers in each field of each image: float32 (N, patches x fields x fields)."""
    filters = _filters(images, view, generator)
    answers, seen = [], 0
    for chunk in torch.split(images, _CHUNK):
        answers.append(_answers(chunk, filters, view))
        seen += len(chunk)
        on_progress(seen / len(images))
    return torch.cat(answers)


def _filters(images: Tensor, view: View, generator: Generator) -> Tensor:
    """Patches of the images, each with mean 0 and length 1, float32 (patches, 1, side, side)."""
    drawn, side = _DRAWN * view.patches, view.patch_px
    source = images[torch.randint(len(images), (drawn,), generator=generator)]
    places = torch.randint(images.shape[1] - side + 1, (drawn, 2), generator=generator).tolist()
    cut = [image[y : y + side, x : x + side] for image, (x, y) in zip(source, places, strict=True)]
    patches = torch.stack(cut).flatten(1).float() / 255
    patches -= patches.mean(dim=1, keepdim=True)
    # Those with ink come first, in the order they were drawn.
    is_empty = patches.norm(dim=1) < _LEAST_INK
    patches = patches[torch.argsort(is_empty.byte(), stable=True)[: view.patches]]
    return F.normalize(patches).view(-1, 1, side, side)


def _answers(images: Tensor, filters: Tensor, view: View) -> Tensor:
    strength = F.conv2d(images.unsqueeze(1).float() / 255, filters, stride=_STRIDE_PX).abs_()
    pooled = F.adaptive_avg_pool2d(strength, view.fields)
    return (pooled.sqrt_() if view.is_damped else pooled).flatten(1)


def _cross_validated(features: Tensor, labels: Tensor, ridge: float, generator: Generator) -> Tensor:
    """Scores of ridge regressions, each fold's from the other four. The features are overwritten.

    A fold's share of the normal equations is taken out of the whole's, which makes five regressions cheap.
    """
    features -= features.mean(dim=0)
    features /= features.std().clamp(min=1e-6)
    features = F.pad(features, (0, 1), value=1.0)  # the constant
    targets = F.one_hot(labels, CLASSES).float()
    folds = torch.randperm(len(labels), generator=generator).chunk(_FOLDS)
    squares = [features[fold].T @ features[fold] for fold in folds]
    products = [features[fold].T @ targets[fold] for fold in folds]
    added = ridge * len(labels) * torch.eye(features.shape[1])
    all_squares, all_products = sum(squares, added), sum(products, torch.zeros(()))
    scores = torch.empty(len(labels), CLASSES)
    for fold, square, product in zip(folds, squares, products, strict=True):
        scores[fold] = features[fold] @ torch.linalg.solve(all_squares - square, all_products - product)
    return scores
