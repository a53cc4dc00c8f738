"""What a recipe trains, validates and tests with: MNIST with the recipe's corruptions in it.

The corruptions come in the order in which they happen: images are collected, few of some digits (`keep_*`); some are
not what they should be (`outliers`); some are labelled wrongly (`label_noise`); some are excluded by hand (`left_out`);
suspected label errors are removed (`cleaning`); the rest is offset on the way into the model (`train_offset_px`,
`test_offset_px`). So shares of outliers and of wrong labels are shares of what imbalance left, an outlier keeps its
label unless that is made wrong too, and cleaning judges digits that stand where they should.

Each corruption draws from random numbers of its own: turning one on does not change what another one hits. Images are
excluded by hand after the others for the same reason: exactly the images that were seen vanish, the wrong labels among
them, and all others keep their pixels and labels. Only the offsets, which are drawn image by image, change.
"""

import dataclasses
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Generator, Tensor

from mnist_core.data.class_balance import balanced_weights, class_balanced_order
from mnist_core.data.cleaning import clean
from mnist_core.data.imbalance import subsample_classes
from mnist_core.data.label_noise import flip_labels
from mnist_core.data.mnist_files import Mnist, load_mnist
from mnist_core.data.offset import offset_images
from mnist_core.data.outliers import inject_outliers
from mnist_core.data.rng import rng_for
from mnist_core.data.splits import DataSplits, split, split_indexes
from mnist_core.errors import UserError
from mnist_core.fields import indexes_in
from mnist_core.recipe import Recipe

_TEST_SEED = 0  # test images stand in the same places for every recipe, so that runs compare
_KEPT_SHARES = tuple(f"keep_{digit}" for digit in range(10))
_CAUSES = (*_KEPT_SHARES, "label_noise", "label_noise_kind", "outliers", "outlier_kind", "left_out", "seed")
"""Besides their number, what decides about the training images that cleaning sees."""


@dataclass(frozen=True, slots=True)
class CorruptionMasks:
    """What is wrong with the training images that `build_dataset` gives, which nothing in training knows.

    Attributes:
        wrong_label: Which have another digit's label, bool (N,).
        outlier: Which were replaced by a picture that is no digit, or not as MNIST has it, bool (N,). An image
            can be both.
    """

    wrong_label: Tensor
    outlier: Tensor


@dataclass(frozen=True, slots=True)
class _Dataset:
    """A data set in the making: its images, what is wrong with them, and where they come from; see `source_indices`."""

    data: DataSplits
    masks: CorruptionMasks
    source_indices: Tensor

    def only(self, kept: Tensor) -> "_Dataset":
        """With those of the training images, bool (N,)."""
        images, labels = self.data.train_images[kept], self.data.train_labels[kept]
        data = dataclasses.replace(self.data, train_images=images, train_labels=labels)
        return _Dataset(
            data, CorruptionMasks(self.masks.wrong_label[kept], self.masks.outlier[kept]), self.source_indices[kept]
        )


def build_dataset(recipe: Recipe) -> DataSplits:
    """The images that the recipe trains, validates and tests with; the same recipe gives the same data.

    Validation and test images keep their number and their labels; only the offsets move them. The first data set
    with cleaning takes some ten seconds for 55,000 images; see `data.cleaning`.

    Raises:
        UserError: `no_training_images` when none is kept; `mnist_missing` or `mnist_damaged`.
    """
    data = _without_excluded(recipe).data
    offsets = (
        ("train", recipe.train_offset_px, recipe.seed),
        ("validation", recipe.train_offset_px, recipe.seed),
        ("test", recipe.test_offset_px, _TEST_SEED),
    )
    moved = {
        f"{part}_images": offset_images(getattr(data, f"{part}_images"), distance_px, rng_for(seed, f"{part}_offset"))
        for part, distance_px, seed in offsets
        if distance_px
    }
    return dataclasses.replace(data, **moved)


def corruption_masks(recipe: Recipe) -> CorruptionMasks:
    """Which of the training images of `build_dataset` are corrupted, in their order.

    What was left out by hand or by `cleaning` is no part of the data any more: to score a cleaning, ask for the
    corruptions of the same recipe without it, and for `kept_mask`.

    Raises:
        UserError: As `build_dataset`.
    """
    return _without_excluded(recipe).masks


def source_indices(recipe: Recipe) -> Tensor:
    """Where the training images of `build_dataset` stand among MNIST's 60,000, in their order: int64 (N,), 0 to 59,999.

    `left_out` takes these numbers.

    Raises:
        UserError: As `build_dataset`.
    """
    return _without_excluded(recipe).source_indices


def kept_mask(recipe: Recipe) -> Tensor:
    """Which training images cleaning keeps of the recipe's data without cleaning, bool (N,).

    Raises:
        UserError: As `build_dataset`.
    """
    # Only what decides about the images counts, so that a change of the model does not clean again.
    causes = {name: value for name, value in recipe.as_dict().items() if name in _CAUSES}
    return _kept(Recipe().replace(train_images=recipe.images_used, **causes), load_mnist())


def order_of_epoch(labels: Tensor, recipe: Recipe, generator: Generator) -> Tensor:
    """The order in which training images are shown in an epoch: indexes, int64 (N,).

    A permutation; with `balance=resample` a draw in which each digit gets the same number of places, see
    `data.class_balance.class_balanced_order`.
    """
    if recipe.balance == "resample":
        return class_balanced_order(labels, generator)
    return torch.randperm(len(labels), generator=generator)


def class_weights_of(labels: Tensor, recipe: Recipe) -> Tensor | None:
    """How much each digit's error counts, float32 (10,), with `balance=loss_weights`; else None.

    See `data.class_balance.balanced_weights`.
    """
    return balanced_weights(labels) if recipe.balance == "loss_weights" else None


def _without_excluded(recipe: Recipe) -> _Dataset:
    """All but the offsets."""
    seen = _before_excluding(recipe, load_mnist())
    return seen.only(kept_mask(recipe)) if recipe.cleaning else seen


@lru_cache(maxsize=16)
def _kept(recipe: Recipe, mnist: Mnist) -> Tensor:
    data = _before_excluding(recipe, mnist).data
    return clean(data.train_images, data.train_labels)


def _before_excluding(recipe: Recipe, mnist: Mnist) -> _Dataset:
    """The corrupted images without those that somebody left out."""
    made = _corrupted(recipe, mnist)
    if not recipe.left_out:
        return made
    kept = ~torch.isin(made.source_indices, torch.tensor(indexes_in(recipe.left_out)))
    if not kept.any():
        raise UserError(
            "no_training_images",
            "No training image is left: all were excluded manually.",
            "Restore some of them, or use more training images.",
        )
    return made.only(kept)


def _corrupted(recipe: Recipe, mnist: Mnist) -> _Dataset:
    """So many images, imbalanced, with outliers and wrong labels."""
    data = split(mnist, recipe.images_used)
    indexes, _ = split_indexes(mnist.train_labels, recipe.images_used)
    images, labels = data.train_images, data.train_labels
    if any(share < 1 for share in _kept_shares(recipe)):
        kept = subsample_classes(labels, _kept_shares(recipe), recipe.seed)
        images, labels, indexes = images[kept], labels[kept], indexes[kept]
    images, is_outlier = inject_outliers(images, recipe.outliers, recipe.outlier_kind, recipe.seed)
    given = flip_labels(labels, recipe.label_noise, recipe.seed, recipe.label_noise_kind)
    data = dataclasses.replace(data, train_images=images, train_labels=given)
    return _Dataset(data, CorruptionMasks(given != labels, is_outlier), indexes)


def _kept_shares(recipe: Recipe) -> tuple[float, ...]:
    return tuple(getattr(recipe, name) for name in _KEPT_SHARES)
