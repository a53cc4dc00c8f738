"""What a recipe trains, validates and tests with: MNIST with the recipe's faults in it.

The faults come in the order in which they happen to people: so many images are collected, of some digits hardly any
(`keep_*`); some pictures are not what they should be (`outliers`); whoever labels them errs (`label_noise`); somebody
who knows none of that cleans up (`cleaning`); and what is left is put out of its place on the way into the model
(`train_offset_px`, `test_offset_px`). So shares of outliers and of wrong labels are shares of what imbalance left, an
outlier keeps its label unless that is made wrong too, and cleaning judges digits that stand where they should.
Each fault draws from random numbers of its own: turning one on does not change what another one hits.
"""

import dataclasses
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Generator, Tensor

from mnist_core.data.balance import balanced_weights, even_order
from mnist_core.data.dice import dice_of
from mnist_core.data.imbalance import thin_out
from mnist_core.data.label_noise import mislabel
from mnist_core.data.mnist_files import Mnist, load_mnist
from mnist_core.data.offset import move_off_centre
from mnist_core.data.outliers import replace_some
from mnist_core.data.splits import Split, split
from mnist_core.recipe import Recipe
from mnist_core.training.cleaning import clean

_TEST_SEED = 0  # test images stand in the same places for every recipe, so that runs compare
_KEPT_SHARES = tuple(f"keep_{digit}" for digit in range(10))
_CAUSES = (*_KEPT_SHARES, "label_noise", "label_noise_kind", "outliers", "outlier_kind", "seed")
"""Besides their number, what decides about the training images that cleaning sees."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with the training images that `lesson_of` gives, which nobody in the lesson knows.

    Attributes:
        wrong_label: Which have another digit's label, bool (N,).
        outlier: Which were replaced by a picture that is no digit, or not as MNIST has it, bool (N,). An image
            can be both.
    """

    wrong_label: Tensor
    outlier: Tensor


def lesson_of(recipe: Recipe) -> Split:
    """The images that the recipe trains, validates and tests with; the same recipe gives the same lesson.

    Validation and test images keep their number and their labels; only the offsets move them. The first lesson
    with cleaning takes some ten seconds for 55,000 images; see `training.cleaning`.

    Raises:
        UserError: `no_training_images` when none is kept; `mnist_missing` or `mnist_damaged`.
    """
    data, _ = _left(recipe)
    if recipe.train_offset_px:
        data = dataclasses.replace(
            data,
            train_images=_moved(data.train_images, recipe.train_offset_px, recipe.seed, "train_offset"),
            validation_images=_moved(data.validation_images, recipe.train_offset_px, recipe.seed, "validation_offset"),
        )
    if recipe.test_offset_px:
        moved = _moved(data.test_images, recipe.test_offset_px, _TEST_SEED, "test_offset")
        data = dataclasses.replace(data, test_images=moved)
    return data


def faults_of(recipe: Recipe) -> Faults:
    """Which of the training images of `lesson_of` are faulty, in their order.

    What `cleaning` left out is no part of the lesson any more: to score a cleaning, ask for the faults of the same
    recipe without it, and for `kept_of`.

    Raises:
        UserError: As `lesson_of`.
    """
    return _left(recipe)[1]


def kept_of(recipe: Recipe) -> Tensor:
    """Which training images cleaning keeps of the recipe's lesson without cleaning, bool (N,).

    Raises:
        UserError: As `lesson_of`.
    """
    # Only what decides about the images counts, so that a change of the model does not clean again.
    causes = {name: value for name, value in recipe.as_dict().items() if name in _CAUSES}
    return _kept(Recipe().replace(train_images=recipe.images_used, **causes), load_mnist())


def order_of_epoch(labels: Tensor, recipe: Recipe, generator: Generator) -> Tensor:
    """The order in which training images are shown in an epoch: indexes, int64 (N,).

    A permutation; with `balance=resample` a draw in which each digit gets the same number of places, see
    `data.balance.even_order`.
    """
    if recipe.balance == "resample":
        return even_order(labels, generator)
    return torch.randperm(len(labels), generator=generator)


def class_weights_of(labels: Tensor, recipe: Recipe) -> Tensor | None:
    """How much each digit's error counts, float32 (10,), with `balance=loss_weights`; else None.

    See `data.balance.balanced_weights`.
    """
    return balanced_weights(labels) if recipe.balance == "loss_weights" else None


def _left(recipe: Recipe) -> tuple[Split, Faults]:
    """All but the offsets."""
    data, faults = _faulty(recipe, load_mnist())
    if not recipe.cleaning:
        return data, faults
    kept = kept_of(recipe)
    cleaned = dataclasses.replace(data, train_images=data.train_images[kept], train_labels=data.train_labels[kept])
    return cleaned, Faults(faults.wrong_label[kept], faults.outlier[kept])


@lru_cache(maxsize=16)
def _kept(recipe: Recipe, mnist: Mnist) -> Tensor:
    data, _ = _faulty(recipe, mnist)
    return clean(data.train_images, data.train_labels)


def _faulty(recipe: Recipe, mnist: Mnist) -> tuple[Split, Faults]:
    """So many images, imbalanced, with outliers and wrong labels."""
    data = split(mnist, recipe.images_used)
    images, labels = data.train_images, data.train_labels
    if any(share < 1 for share in _kept_shares(recipe)):
        kept = thin_out(labels, _kept_shares(recipe), recipe.seed)
        images, labels = images[kept], labels[kept]
    images, is_outlier = replace_some(images, recipe.outliers, recipe.outlier_kind, recipe.seed)
    given = mislabel(labels, recipe.label_noise, recipe.seed, recipe.label_noise_kind)
    data = dataclasses.replace(data, train_images=images, train_labels=given)
    return data, Faults(given != labels, is_outlier)


def _kept_shares(recipe: Recipe) -> tuple[float, ...]:
    return tuple(getattr(recipe, name) for name in _KEPT_SHARES)


def _moved(images: Tensor, distance_px: int, seed: int, purpose: str) -> Tensor:
    return move_off_centre(images, distance_px, dice_of(seed, purpose))
