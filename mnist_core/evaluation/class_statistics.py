"""What the training images of each digit have in common, and what is measured of their ink."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnist_core.diagnosis.finding import SCALES, Finding, Rows, find
from mnist_core.diagnosis.reference import QUANTILES, load_reference
from mnist_core.preprocessing.measurements import NAMES, measure_all
from mnist_core.preprocessing.pipeline_batched import sample
from mnist_core.preprocessing.rotation import measure_rotation

MOST_MEASURED = 2_000
"""Images of a class, and of all, that are measured at most: enough for a distribution, and a second's work."""

_CLASSES = 10
_AT_ONCE = 500
_LEVELS = torch.linspace(0, 1, QUANTILES)


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
    of_class, of_all = (_measured(images[_some(places)], digit) for places in (members, torch.arange(len(images))))
    return tuple(
        find(scale, float(of_class[scale.name].median()), None, digit,
             Rows(_row(of_class[scale.name]), _row(of_all[scale.name])))
        for scale in SCALES
    )  # fmt: skip


def _some(places: Tensor) -> Tensor:
    """At most `MOST_MEASURED` of the places, evenly spaced."""
    count = min(MOST_MEASURED, len(places))
    return places[torch.arange(count) * len(places) // count]


def _measured(images: Tensor, digit: int) -> dict[str, Tensor]:
    average, places = load_reference().averages[digit], torch.eye(3).expand(_AT_ONCE, 3, 3)
    parts, turned = [], []
    for part in torch.split(images, _AT_ONCE):
        ink = part.float() / 255
        parts.append(measure_all(sample(ink, places[: len(part)])))
        turned.append(measure_rotation(ink, average))
    return {**dict(zip(NAMES, torch.cat(parts).T, strict=True)), "rotation": torch.cat(turned)}


def _row(values: Tensor) -> Tensor:
    return torch.quantile(values, _LEVELS)
