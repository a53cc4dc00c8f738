"""What a recipe trains, validates and tests with: MNIST with the recipe's faults in it.

The faults come in the order in which they happen to people: so many images are collected, of some digits hardly any
(`keep_*`); some pictures are not what they should be (`outliers`); whoever labels them errs (`label_noise`); somebody
looks at them and leaves some out (`left_out`); somebody who knows none of that cleans up what is left (`cleaning`); and
the rest is put out of its place on the way into the model (`train_offset_px`, `test_offset_px`). So shares of outliers
and of wrong labels are shares of what imbalance left, an outlier keeps its label unless that is made wrong too, and
cleaning judges digits that stand where they should.

Each fault draws from random numbers of its own: turning one on does not change what another one hits. Leaving images
out by hand comes after the faults for the same reason: exactly the images that somebody saw vanish, the wrong labels
among them, and all others keep their pictures and labels. Only the offsets, which are drawn image by image, fall
otherwise.
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
from mnist_core.data.splits import Split, split, split_indexes
from mnist_core.errors import UserError
from mnist_core.fields import indexes_in
from mnist_core.recipe import Recipe
from mnist_core.training.cleaning import clean

_TEST_SEED = 0  # test images stand in the same places for every recipe, so that runs compare
_KEPT_SHARES = tuple(f"keep_{digit}" for digit in range(10))
_CAUSES = (*_KEPT_SHARES, "label_noise", "label_noise_kind", "outliers", "outlier_kind", "left_out", "seed")
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


@dataclass(frozen=True, slots=True)
class _Made:
    """A lesson in the making: its images, what is wrong with them, and where they come from; see `indexes_of`."""

    data: Split
    faults: Faults
    indexes: Tensor

    def only(self, kept: Tensor) -> "_Made":
        """With those of the training images, bool (N,)."""
        images, labels = self.data.train_images[kept], self.data.train_labels[kept]
        data = dataclasses.replace(self.data, train_images=images, train_labels=labels)
        return _Made(data, Faults(self.faults.wrong_label[kept], self.faults.outlier[kept]), self.indexes[kept])


def lesson_of(recipe: Recipe) -> Split:
    """The images that the recipe trains, validates and tests with; the same recipe gives the same lesson.

    Validation and test images keep their number and their labels; only the offsets move them. The first lesson
    with cleaning takes some ten seconds for 55,000 images; see `training.cleaning`.

    Raises:
        UserError: `no_training_images` when none is kept; `mnist_missing` or `mnist_damaged`.
    """
    data = _left(recipe).data
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

    What was left out by hand or by `cleaning` is no part of the lesson any more: to score a cleaning, ask for the
    faults of the same recipe without it, and for `kept_of`.

    Raises:
        UserError: As `lesson_of`.
    """
    return _left(recipe).faults


def indexes_of(recipe: Recipe) -> Tensor:
    """Where the training images of `lesson_of` stand among MNIST's 60,000, in their order: int64 (N,), 0 to 59,999.

    `left_out` takes these numbers.

    Raises:
        UserError: As `lesson_of`.
    """
    return _left(recipe).indexes


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


def _left(recipe: Recipe) -> _Made:
    """All but the offsets."""
    seen = _seen(recipe, load_mnist())
    return seen.only(kept_of(recipe)) if recipe.cleaning else seen


@lru_cache(maxsize=16)
def _kept(recipe: Recipe, mnist: Mnist) -> Tensor:
    data = _seen(recipe, mnist).data
    return clean(data.train_images, data.train_labels)


def _seen(recipe: Recipe, mnist: Mnist) -> _Made:
    """The faulty images without those that somebody left out."""
    made = _faulty(recipe, mnist)
    if not recipe.left_out:
        return made
    kept = ~torch.isin(made.indexes, torch.tensor(indexes_in(recipe.left_out)))
    if not kept.any():
        raise UserError(
            "no_training_images",
            "No training image is left: all that there are were left out by hand.",
            "Take some of them back, or keep more images.",
        )
    return made.only(kept)


def _faulty(recipe: Recipe, mnist: Mnist) -> _Made:
    """So many images, imbalanced, with outliers and wrong labels."""
    data = split(mnist, recipe.images_used)
    indexes, _ = split_indexes(mnist.train_labels, recipe.images_used)
    images, labels = data.train_images, data.train_labels
    if any(share < 1 for share in _kept_shares(recipe)):
        kept = thin_out(labels, _kept_shares(recipe), recipe.seed)
        images, labels, indexes = images[kept], labels[kept], indexes[kept]
    images, is_outlier = replace_some(images, recipe.outliers, recipe.outlier_kind, recipe.seed)
    given = mislabel(labels, recipe.label_noise, recipe.seed, recipe.label_noise_kind)
    data = dataclasses.replace(data, train_images=images, train_labels=given)
    return _Made(data, Faults(given != labels, is_outlier), indexes)


def _kept_shares(recipe: Recipe) -> tuple[float, ...]:
    return tuple(getattr(recipe, name) for name in _KEPT_SHARES)


def _moved(images: Tensor, distance_px: int, seed: int, purpose: str) -> Tensor:
    return move_off_centre(images, distance_px, dice_of(seed, purpose))
