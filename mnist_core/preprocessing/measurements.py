"""What can be measured of a digit, in the pixels of the 28x28 field that MNIST has."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from mnist_core.imaging.boxes import boxes, centers_of_mass
from mnist_core.imaging.connected_components import label_large_shapes
from mnist_core.preprocessing.pipeline import CENTER_PX, SIDE_PX
from mnist_core.preprocessing.pipeline_batched import FRAME_SCALE, sample


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is measured.

    Attributes:
        name: Its name in code and JSON.
        title: Its name for people.
        unit: What the number counts.
        help: What it means, in plain words.
        least_spread: The smallest standard deviation to judge a value by: what no reader would notice.
        log: Whether twice as much and half as much are equally far away.
    """

    name: str
    title: str
    unit: str
    help: str
    least_spread: float
    log: bool = False


MEASURES = (
    Measure("size", "Size", "px", "The longer side of the ink's bounding box: 20 of 28 px in MNIST.", 0.08, True),
    Measure("right", "Box, to the right", "px", "How far the middle of the ink's box is right of the picture's.", 1.5),
    Measure("down", "Box, downwards", "px", "How far the middle of the ink's box is below the picture's.", 1.5),
    Measure("mass_right", "Mass, to the right", "px", "How far the ink's centre of mass is right of the middle.", 1.0),
    Measure("mass_down", "Mass, downwards", "px", "How far the ink's centre of mass is below the middle.", 1.0),
    Measure("aspect", "Width to height", "", "The width of the ink's box divided by its height.", 0.2, True),
    Measure("stroke", "Stroke width", "px", "Twice the ink's area divided by its outline: a pen's width.", 0.2, True),
    Measure("slant", "Slant", "°", "How far the digit is slanted to the right, like italic letters.", 10.0),
    Measure("mass_offset", "Centre of mass", "px", "How far the centre of the ink's mass is from MNIST's.", 1.0),
)  # fmt: skip

NAMES = tuple(measure.name for measure in MEASURES)

_AT_ONCE = 500
_INK = 0.3  # of full ink: what counts as inside the box when digits of different sharpness are compared
_MASS_PX = CENTER_PX + 0.5 - SIDE_PX / 2  # MNIST's place for the mass is the middle of pixel 14, not of the field


def measure_all(alpha: Tensor) -> Tensor:
    """Every measure of every digit, float32 (N, 9), in the order of `MEASURES`.

    Args:
        alpha: The ink in the 28x28 field on 112x112 points (`PreprocessedBatch.alpha`), 0 to 1, (N, 112, 112).
            A field without ink gives finite numbers without meaning.
    """
    middle = alpha.shape[-1] / 2
    box = boxes((alpha > _INK).float())
    width, height = (box[:, 2] - box[:, 0]).clamp(min=1), (box[:, 3] - box[:, 1]).clamp(min=1)
    center = (box[:, :2] + box[:, 2:]) / 2 - middle
    mass = centers_of_mass(alpha) - middle
    return torch.stack(
        [
            torch.maximum(width, height) / FRAME_SCALE,
            *(center / FRAME_SCALE).T,
            *(mass / FRAME_SCALE).T,
            width / height,
            stroke_width(alpha) / FRAME_SCALE,
            _slant_deg(alpha),
            torch.hypot(*(mass / FRAME_SCALE - _MASS_PX).T),
        ],
        dim=1,
    )


def measure_images(images: Tensor) -> Tensor:
    """As `measure_all`, of images (N, 28, 28), 0 paper to 1 ink."""
    parts = torch.split(images, _AT_ONCE)
    return torch.cat([measure_all(sample(part, torch.eye(3).expand(len(part), 3, 3))) for part in parts])


def count_shapes(alpha: npt.NDArray[np.float32]) -> int:
    """How many separate shapes the ink (28, 28), 0 to 1, is made of: pixels that touch by side or corner are one.

    Specks below 3 % of the largest shape are not counted.
    """
    return int(label_large_shapes(alpha > _INK).max())


def stroke_width(alpha: Tensor) -> Tensor:
    """The strokes' width in points, (N,), of ink (N, H, W), 0 to 1.

    Of a bar much longer than wide, area = width · length and outline = 2 · length.
    """
    inner = alpha[:, :-1, :-1]
    across, along = alpha[:, :-1, 1:] - inner, alpha[:, 1:, :-1] - inner
    outline = torch.hypot(across, along).sum(dim=(1, 2))  # the total variation: each edge counts its height
    for end in (alpha[:, -1], alpha[:, :, -1]):  # nothing lies below the last row, or beside the last column
        outline = outline + end.diff(dim=1).abs().sum(dim=1)
    return 2 * alpha.sum(dim=(1, 2)) / outline.clamp(min=1)


def _slant_deg(alpha: Tensor) -> Tensor:
    """The shear that would make the ink's second moments upright, (N,): atan of -mu11 / mu02."""
    _, height, width = alpha.shape
    mass = alpha.sum(dim=(1, 2)).clamp(min=1e-6)
    center = centers_of_mass(alpha)
    x = torch.arange(width) + 0.5 - center[:, :1]
    y = torch.arange(height) + 0.5 - center[:, 1:]
    mu02 = (alpha.sum(dim=2) * y**2).sum(dim=1) / mass
    mu11 = torch.einsum("nyx,ny,nx->n", alpha, y, x) / mass
    return torch.atan2(-mu11, mu02.clamp(min=1e-3)) * (180 / math.pi)
