"""How right a model stays while all images are turned, moved, resized, written with another pen or made hard to see.

`diagnosis.sensitivity` asks when one drawing breaks; this asks how many of a thousand test images do. What
changes is what the network sees, after any preparation, so that nothing undoes the change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from mnist_core.diagnosis.sensitivity import Kind
from mnist_core.preprocessing.deskew_and_stroke import edge_distance, offset_edge
from mnist_core.stats import wilson_interval
from mnist_core.training.augmentation.affine import Warps, warp
from mnist_core.training.inference import predict_logits
from mnist_core.training.models import Classifier

Images = NDArray[np.float32]
Labels = NDArray[np.int64]

SAMPLE = 1_000
"""How many test images are changed when nothing else is asked for: 100 of each digit."""

_SIDE_PX = 28
_WAYS = 8  # directions that images are moved in, one after another
_GRAIN_SEED = 28


@dataclass(frozen=True, slots=True)
class Curve:
    """How many images are read right along one kind of change.

    Attributes:
        kind: Which, with its amounts.
        right: For each of `kind.amounts`, how many images are read right.
        count: Of how many.
    """

    kind: Kind
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
        middle = self.kind.middle
        if self.accuracy[middle] < share:
            return (self.kind.neutral,)
        ways = (range(middle - 1, -1, -1), range(middle + 1, len(self.right)))
        found = (self._first_below(share, way) for way in ways)
        return tuple(amount for amount in found if amount is not None)

    def _first_below(self, share: float, way: range) -> float | None:
        amounts, accuracy = self.kind.amounts, self.accuracy
        at = next((place for place in way if accuracy[place] < share), None)
        if at is None:
            return None
        before = at - way.step
        part = (accuracy[before] - share) / (accuracy[before] - accuracy[at])
        return amounts[before] + part * (amounts[at] - amounts[before])


def sample(labels: Labels, count: int = SAMPLE) -> Labels:
    """Indexes of about `count` images, as many of each digit, evenly spread over the set; always the same ones.

    A digit that has fewer images is there with all of them.
    """
    places = [np.flatnonzero(labels == digit) for digit in range(10)]
    share = max(1, count // 10)
    chosen = [
        found[np.arange(min(share, len(found))) * len(found) // max(1, min(share, len(found)))] for found in places
    ]
    return np.sort(np.concatenate(chosen))


def measure(
    model: Classifier,
    images: Images,
    labels: Sequence[int] | Labels,
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[Curve, ...]:
    """How many of the images (N, 28, 28), 0 paper to 1 ink, the model reads right along each of `KINDS`.

    Args:
        model: Which model to ask.
        images: What it sees when nothing is changed.
        labels: What they are, (N,).
        progress: Told which share of the work is done, 0 to 1.

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
        changed = _CHANGES[kind.name](images)
        for amount in kind.amounts:
            if amount == kind.neutral:
                right.append(untouched)
                continue
            right.append(_count_right(model, changed(amount), wanted))
            done += 1
            progress(done / works)
        curves.append(Curve(kind, tuple(right), len(images)))
    return tuple(curves)


def change(images: Images, kind: Kind, amount: float) -> Images:
    """The images (N, 28, 28), 0 to 1, changed by one amount; where chance has a part, always in the same way."""
    return images if amount == kind.neutral else _CHANGES[kind.name](images)(amount)


def _count_right(model: Classifier, images: Images, labels: Tensor) -> int:
    read = predict_logits(model, torch.from_numpy(np.ascontiguousarray(images))).argmax(dim=1)
    return int((read == labels).sum())


# --- changing images ------------------------------------------------------------------------------------

_Change = Callable[[float], Images]


def _warped(images: Images, *, turn_deg: Tensor, right: Tensor, down: Tensor, scale: Tensor) -> Images:
    none = torch.zeros(len(images))
    warps = Warps(none + turn_deg, none + right, none + down, none, none + scale)
    return warp(torch.from_numpy(images), warps).numpy()


def _turned(images: Images) -> _Change:
    zero, one = torch.tensor(0.0), torch.tensor(1.0)
    return lambda degrees: _warped(images, turn_deg=torch.tensor(degrees), right=zero, down=zero, scale=one)


def _resized(images: Images) -> _Change:
    zero = torch.tensor(0.0)
    return lambda percent: _warped(images, turn_deg=zero, right=zero, down=zero, scale=torch.tensor(percent / 100))


def _moved(images: Images) -> _Change:
    """Each image to another side than the one before: right, down, left, up and what is half-way between."""
    angles = torch.arange(len(images)) % _WAYS * (2 * torch.pi / _WAYS)
    right, down = torch.cos(angles) / _SIDE_PX, torch.sin(angles) / _SIDE_PX
    zero, one = torch.tensor(0.0), torch.tensor(1.0)
    return lambda by_px: _warped(images, turn_deg=zero, right=right * by_px, down=down * by_px, scale=one)


def _written(images: Images) -> _Change:
    outside, inside = (
        np.stack([edge_distance(image, growing=growing) for image in images]) for growing in (True, False)
    )
    # The width grows on both sides of the stroke.
    return lambda by_px: offset_edge(images, outside if by_px > 0 else inside, by_px / 2)


def _grained(images: Images) -> _Change:
    grain = torch.randn(images.shape, generator=torch.Generator().manual_seed(_GRAIN_SEED)).numpy()
    return lambda percent: np.clip(images + np.float32(percent / 100) * grain, 0, 1)


def _blurred(images: Images) -> _Change:
    def blur(radius_px: float) -> Images:
        blurred: Images = ndimage.gaussian_filter(images, (0, radius_px, radius_px), mode="constant")
        return blurred

    return blur


def _faded(images: Images) -> _Change:
    return lambda percent: images * np.float32(percent / 100)


_CHANGES: dict[str, Callable[[Images], _Change]] = {
    "rotation": _turned,
    "shift": _moved,
    "scale": _resized,
    "stroke": _written,
    "noise": _grained,
    "blur": _blurred,
    "contrast": _faded,
}

KINDS = (
    Kind(
        "rotation",
        "Rotation",
        "Each image is rotated about its centre; below 0 to the left, above to the right.",
        (-60, -45, -30, -20, -10, 0, 10, 20, 30, 45, 60),
        "{size:.0f}° to the {way}",
    ),
    Kind(
        "shift",
        "Shift",
        "Each image is moved this far, in one of eight directions in turn. MNIST leaves a margin of about four pixels: "
        "moved further, a digit is cut off.",
        (0, 1, 2, 3, 4, 5, 6, 8, 10),
        "{size:.1f} px",
    ),
    Kind(
        "scale",
        "Size",
        "Each image is made smaller or larger about its centre. At 140 %, a digit fills the whole image.",
        (30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 140),
        "{size:.0f} % of its size",
        neutral=100.0,
    ),
    Kind(
        "stroke",
        "Pen width",
        "The strokes are made thinner or thicker by this many pixels. MNIST's pen is mostly two to three pixels wide.",
        (-2, -1.5, -1, -0.5, 0, 1, 2, 3, 4, 5),
        "{size:.1f} px {way}",
        ("thinner", "thicker"),
    ),
    Kind(
        "noise",
        "Noise",
        "Random noise is added to each pixel. At 40 %, its standard deviation is 0.4 of the difference between ink and "
        "paper.",
        (0, 5, 10, 15, 20, 30, 40, 60, 80),
        "{size:.0f} % noise",
    ),
    Kind(
        "blur",
        "Blur",
        "Each image is blurred by a Gaussian with this standard deviation.",
        (0, 0.4, 0.8, 1.2, 1.6, 2, 2.5, 3, 4),
        "{size:.1f} px",
    ),
    Kind(
        "contrast",
        "Contrast",
        "The ink is made paler: at 20 %, it is only a fifth as strong, on the same paper.",
        (5, 10, 15, 20, 30, 40, 60, 80, 100),
        "{size:.0f} % of its contrast",
        neutral=100.0,
    ),
)
"""Every way in which the images are changed."""
