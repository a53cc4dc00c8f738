"""What a model is tested with: pictures moved, rotated, resized, written with another pen or made hard to see.

One table for the two that ask: `diagnosis.sensitivity` changes one drawing before it is prepared, and
`evaluation.robustness` what a model sees of a thousand images.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import numpy.typing as npt
import torch
from scipy import ndimage
from torch import Tensor

from mnist_core.imaging.geometry import IDENTITY, Matrix, map_about, rotation_matrix, scale_matrix, shear_matrix
from mnist_core.imaging.morphology import edge_distance, offset_edge

Images = npt.NDArray[np.float32]

_DIRECTIONS = 8  # that images are moved in, one after another
_NOISE_SEED = 28


@dataclass(frozen=True, slots=True)
class Effect:
    """What is done to a picture; pixels are of 28 across it.

    Attributes:
        matrix: Where a place goes, from the middle.
        shift_px: How far it moves to the right and down.
        any_way_px: How far it moves in one of eight directions, each image in another than the one before.
        stroke_px: How much wider strokes get.
        noise: The standard deviation of what is added to each pixel, as a share of the difference of ink and paper.
        blur_px: The standard deviation of a Gaussian.
        contrast: How strong the ink is, as a share of what it was.
    """

    matrix: Matrix = IDENTITY
    shift_px: tuple[float, float] = (0.0, 0.0)
    any_way_px: float = 0.0
    stroke_px: float = 0.0
    noise: float = 0.0
    blur_px: float = 0.0
    contrast: float = 1.0


@dataclass(frozen=True, slots=True)
class Perturbation:
    """One way to change a picture by more and more.

    Attributes:
        name: Its name in code.
        title: Its name for people.
        help: What it does, in plain words.
        amounts: What is tried, rising; one of them leaves the picture as it is.
        form: How an amount is said; `ways` has the words for less and for more than the neutral one.
        effect: What an amount does.
        neutral: The amount that leaves the picture as it is.
        ratio: Whether equal ratios of amounts are equally far apart, as for sizes.
        is_placing: Whether ink may leave the paper.
    """

    name: str
    title: str
    help: str
    amounts: tuple[float, ...]
    form: str
    effect: Callable[[float], Effect]
    ways: tuple[str, str] = ("left", "right")
    neutral: float = 0.0
    ratio: bool = False
    is_placing: bool = False

    @property
    def middle(self) -> int:
        """Which amount leaves the picture as it is."""
        return self.amounts.index(self.neutral)

    def first_changes(self, is_changed: Sequence[bool]) -> list[tuple[int, int]]:
        """Where it first changes on the ways down and up from the middle: the last place before, and the first after.

        Args:
            is_changed: For each of `amounts`.
        """
        changes = []
        for way in (range(self.middle - 1, -1, -1), range(self.middle + 1, len(is_changed))):
            at = next((place for place in way if is_changed[place]), None)
            if at is not None:
                changes.append((at - way.step, at))
        return changes

    def words(self, amount: float) -> str:
        """The amount as people say it: `31° to the right`, `141 % of its size`; `as drawn` for none."""
        if amount == self.neutral:
            return "as drawn"
        return self.form.format(size=abs(amount), way=self.ways[amount > self.neutral])


def noise_of(shape: tuple[int, ...]) -> Tensor:
    """Normal noise, always the same for one shape, so that it only grows."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(_NOISE_SEED))


def perturber(images: Images) -> Callable[[Effect], Images]:
    """What makes images (N, H, W), 0 paper to 1 ink, into those with an effect; what many effects need is made once."""

    @cache
    def distances(growing: bool) -> Images:
        return np.stack([edge_distance(image, growing=growing) for image in images])

    noise = cache(lambda: noise_of(images.shape).numpy())

    def perturb(effect: Effect) -> Images:
        changed = images
        if effect.matrix != IDENTITY or effect.shift_px != (0.0, 0.0) or effect.any_way_px:
            changed = _placed(changed, effect)
        if effect.stroke_px:  # the width grows on both sides of the stroke
            changed = offset_edge(changed, distances(effect.stroke_px > 0), effect.stroke_px / 2)
        if effect.noise:
            changed = np.clip(changed + np.float32(effect.noise) * noise(), 0, 1)
        if effect.blur_px:
            changed = ndimage.gaussian_filter(changed, (0, effect.blur_px, effect.blur_px), mode="constant")
        return changed * np.float32(effect.contrast) if effect.contrast != 1 else changed

    return perturb


def _placed(images: Images, effect: Effect) -> Images:
    count, height, width = images.shape
    angles = torch.arange(count) % _DIRECTIONS * (2 * torch.pi / _DIRECTIONS)
    away = torch.stack([torch.cos(angles), torch.sin(angles)], dim=1) * effect.any_way_px
    shift = (torch.tensor(effect.shift_px) + away) * (max(height, width) / 28)
    matrices = torch.tensor(effect.matrix, dtype=torch.float32).expand(count, 2, 2)
    middles = torch.tensor([width / 2, height / 2]).expand(count, 2)
    return map_about(torch.from_numpy(images)[:, None], matrices, middles, shift)[:, 0].numpy()


def _evenly(first: int, last: int, step: float) -> tuple[float, ...]:
    """From `first` to `last` steps, so that no step is exactly 0."""
    return tuple(round(count * step, 6) for count in range(first, last + 1))


_rotation = partial(
    Perturbation, "rotation", form="{size:.0f}° to the {way}",
    effect=lambda degrees: Effect(rotation_matrix(degrees)), is_placing=True,
)  # fmt: skip
_scale = partial(
    Perturbation, "scale", form="{size:.0f} % of its size", neutral=100.0, ratio=True,
    effect=lambda percent: Effect(scale_matrix(percent / 100, percent / 100)), is_placing=True,
)  # fmt: skip
_stroke = partial(
    Perturbation, "stroke", form="{size:.1f} px {way}", ways=("thinner", "thicker"),
    effect=lambda px: Effect(stroke_px=px),
)  # fmt: skip
_noise = partial(
    Perturbation, "noise", form="{size:.0f} % noise", effect=lambda percent: Effect(noise=percent / 100)
)  # fmt: skip

_PX = "A pixel is 1/28 of the picture's width."

OF_DRAWINGS = (
    Perturbation(
        "shift_right", "Move left or right", f"The drawing is moved to the left or to the right. {_PX}",
        _evenly(-20, 20, 0.5), "{size:.1f} px to the {way}", lambda px: Effect(shift_px=(px, 0)), is_placing=True,
    ),
    Perturbation(
        "shift_down", "Move up or down", f"The drawing is moved up or down. {_PX}",
        _evenly(-20, 20, 0.5), "{size:.1f} px {way}", lambda px: Effect(shift_px=(0, px)), ("up", "down"),
        is_placing=True,
    ),
    _rotation("Rotate", "The drawing is rotated about its centre.", _evenly(-30, 30, 3)),
    _scale(
        "Resize", "The drawing is made smaller or larger about its centre.",
        tuple(round(100 * 2.5 ** (step / 20), 2) for step in range(-20, 21)),
    ),
    _stroke("Pen width", f"The strokes are made thinner or thicker. {_PX}", _evenly(-16, 24, 0.15)),
    Perturbation(
        "slant", "Slant", "The drawing is slanted, like italic letters.",
        _evenly(-20, 20, 2.5), "{size:.0f}° to the {way}", lambda degrees: Effect(shear_matrix(degrees)),
        is_placing=True,
    ),
    _noise(
        "Noise", "Random noise is added: at 50 %, it reaches half the difference between paper and ink.",
        _evenly(0, 20, 5),
    ),
)  # fmt: skip
"""What is tried on one drawing (`diagnosis.sensitivity`)."""

OF_IMAGES = (
    _rotation(
        "Rotation", "Each image is rotated about its centre; below 0 to the left, above to the right.",
        (-60, -45, -30, -20, -10, 0, 10, 20, 30, 45, 60),
    ),
    Perturbation(
        "shift", "Shift",
        "Each image is moved this far, in one of eight directions in turn. MNIST leaves a margin of about four pixels: "
        "moved further, a digit is cut off.",
        (0, 1, 2, 3, 4, 5, 6, 8, 10), "{size:.1f} px", lambda px: Effect(any_way_px=px), is_placing=True,
    ),
    _scale(
        "Size", "Each image is made smaller or larger about its centre. At 140 %, a digit fills the whole image.",
        (30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 140), ratio=False,
    ),
    _stroke(
        "Pen width",
        "The strokes are made thinner or thicker by this many pixels. MNIST's pen is mostly two to three pixels wide.",
        (-2, -1.5, -1, -0.5, 0, 1, 2, 3, 4, 5),
    ),
    _noise(
        "Noise",
        "Random noise is added to each pixel. At 40 %, its standard deviation is 0.4 of the difference between ink and "
        "paper.",
        (0, 5, 10, 15, 20, 30, 40, 60, 80),
    ),
    Perturbation(
        "blur", "Blur", "Each image is blurred by a Gaussian with this standard deviation.",
        (0, 0.4, 0.8, 1.2, 1.6, 2, 2.5, 3, 4), "{size:.1f} px", lambda px: Effect(blur_px=px),
    ),
    Perturbation(
        "contrast", "Contrast",
        "The ink is made paler: at 20 %, it is only a fifth as strong, on the same paper.",
        (5, 10, 15, 20, 30, 40, 60, 80, 100), "{size:.0f} % of its contrast",
        lambda percent: Effect(contrast=percent / 100), neutral=100.0,
    ),
)  # fmt: skip
"""What is tried on a set of images (`evaluation.robustness`)."""
