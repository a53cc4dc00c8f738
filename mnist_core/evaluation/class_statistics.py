"""What the training images of each digit have in common, and what is measured of their ink."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnist_core.data.splits import evenly_spaced
from mnist_core.diagnosis.finding import SCALES, Finding, Rows, find
from mnist_core.diagnosis.reference import load_reference

MOST_MEASURED = 2_000
"""Images of a class, and of all, that are measured at most: enough for a distribution, and a second's work."""

_CLASSES = 10


@dataclass(frozen=True, slots=True, eq=False)
class ClassPictures:
    """The average image of each digit, and how far its images differ there.

    Attributes:
        counts: How many images each digit has, int64 (10,).
        means: uint8 (10, 28, 28); black where a digit has none.
        deviations: The standard deviation of each pixel, uint8 (10, 28, 28).
    """

    counts: NDArray[np.int64]
    means: NDArray[np.uint8]
    deviations: NDArray[np.uint8]


def class_pictures(images: Tensor, labels: Tensor) -> ClassPictures:
    """Of images uint8 (N, 28, 28) with these labels (N,), 0 to 9."""
    means, deviations = torch.zeros(_CLASSES, 28, 28), torch.zeros(_CLASSES, 28, 28)
    for digit in range(_CLASSES):
        pixels = images[labels == digit].float()
        if len(pixels):
            means[digit] = pixels.mean(dim=0)
            deviations[digit] = pixels.std(dim=0, correction=0)
    counts = labels.bincount(minlength=_CLASSES)
    return ClassPictures(counts.numpy(), means.round().byte().numpy(), deviations.round().byte().numpy())


def ink_spread(images: Tensor, labels: Tensor, digit: int) -> tuple[Finding, ...]:
    """How each measure of the ink spreads among the digit's images, beside all images.

    The value that each is about is the middle one of the digit's.

    Args:
        images: uint8 (N, 28, 28), at least one.
        labels: int64 (N,).
        digit: 0 to 9.

    Returns:
        Nothing when the digit has no image.
    """
    members = torch.nonzero(labels == digit).flatten()
    if not len(members):
        return ()
    measure, everything = load_reference().measure, torch.arange(len(images))
    of_class, of_all = (
        measure(images[places[evenly_spaced(len(places), MOST_MEASURED)]].float() / 255, digit)
        for places in (members, everything)
    )
    return tuple(
        find(
            scale, float(of_class[scale.name].median()), None, digit, Rows.of(of_class[scale.name], of_all[scale.name])
        )
        for scale in SCALES
    )
