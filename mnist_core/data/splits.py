"""Which images are learned from, which choose between recipes, and which only judge."""

from dataclasses import dataclass

import torch
from torch import Tensor

from mnist_core.data.mnist_files import Mnist

_VALIDATION_EVERY = 12  # of 60,000 images: 5,000


@dataclass(frozen=True, slots=True)
class DataSplits:
    """MNIST in three parts. Images uint8 (N, 28, 28), labels int64 (N,).

    The test images are for one look at the end of a run; choices are made on the validation images.
    """

    train_images: Tensor
    train_labels: Tensor
    validation_images: Tensor
    validation_labels: Tensor
    test_images: Tensor
    test_labels: Tensor


def split(mnist: Mnist, train_images: int | None = None) -> DataSplits:
    """The fixed, stratified split: every twelfth image of each digit validates, the rest trains.

    No random numbers are involved, so the split is the same for every seed, version and machine.

    Args:
        mnist: The images as the files hold them.
        train_images: Keep this many training images, the same share of every digit; all when None or
            more than there are.
    """
    train, validation = split_indexes(mnist.train_labels, train_images)
    return DataSplits(
        mnist.train_images[train],
        mnist.train_labels[train],
        mnist.train_images[validation],
        mnist.train_labels[validation],
        mnist.test_images,
        mnist.test_labels,
    )


def split_indexes(labels: Tensor, train_images: int | None = None) -> tuple[Tensor, Tensor]:
    """Which of MNIST's training images, by their place in the file, train and which validate."""
    # A stable sort by label lays each digit's images one after another in the order of the file.
    by_digit = torch.argsort(labels, stable=True)
    validates = torch.zeros(len(by_digit), dtype=torch.bool)
    validates[::_VALIDATION_EVERY] = True
    train, validation = by_digit[~validates], by_digit[validates]
    if train_images is not None:
        train = train[evenly_spaced(len(train), train_images)]
    return train.sort().values, validation.sort().values


def evenly_spaced(length: int, count: int) -> Tensor:
    """Places of so many things in a row of that length, evenly spaced, in order; of all when there are no more."""
    count = min(count, length)
    return torch.arange(count) * length // max(1, count)
