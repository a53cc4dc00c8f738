"""Known ways to spoil a good drawing, to see whether the diagnosis finds out which one it was."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from mnist_core.preprocessing.strokes import Drawing

Grey = npt.NDArray[np.uint8]
Damage = Callable[[Drawing, np.random.Generator], Grey]


def off_center(drawing: Drawing, random: np.random.Generator) -> Grey:
    """Moved most of the way to one of the canvas's corners."""
    points = np.concatenate([np.array(stroke.points) for stroke in drawing.strokes])
    radius = max(stroke.width_px for stroke in drawing.strokes) / 2
    ends = [radius - points.min(axis=0), drawing.canvas_px - (points.max(axis=0) + radius)]
    corner = np.array([ends[random.integers(2)][axis] for axis in (0, 1)])
    right, down = corner * random.uniform(0.7, 1.0, 2)
    moved = [
        replace(stroke, points=tuple((x + right, y + down) for x, y in stroke.points)) for stroke in drawing.strokes
    ]
    return replace(drawing, strokes=tuple(moved)).render()


def too_small(drawing: Drawing, random: np.random.Generator) -> Grey:
    """At 25 to 45 % of its size, pen and all."""
    return _warped(drawing.render(), np.eye(2) * random.uniform(0.25, 0.45))


def inverted(drawing: Drawing, _: np.random.Generator) -> Grey:
    """Black ink on white paper."""
    return 255 - drawing.render()


def stretched(drawing: Drawing, random: np.random.Generator) -> Grey:
    """One side at 30 to 50 % of its length."""
    scale = np.ones(2)
    scale[random.integers(2)] = random.uniform(0.3, 0.5)
    return _warped(drawing.render(), np.diag(scale))


def too_thin(drawing: Drawing, random: np.random.Generator) -> Grey:
    """With a pen of 3 to 6 px instead of 20."""
    return _with_pen(drawing, random.uniform(3, 6)).render()


def too_thick(drawing: Drawing, random: np.random.Generator) -> Grey:
    """With a pen of 40 to 60 px instead of 20."""
    return _with_pen(drawing, random.uniform(40, 60)).render()


def rotated(drawing: Drawing, random: np.random.Generator) -> Grey:
    """Turned by 25 to 60 degrees either way."""
    angle = math.radians(random.uniform(25, 60)) * random.choice([-1, 1])
    cos, sin = math.cos(angle), math.sin(angle)
    return _warped(drawing.render(), np.array([[cos, -sin], [sin, cos]]))


def mirrored(drawing: Drawing, _: np.random.Generator) -> Grey:
    """Left and right swapped."""
    return drawing.render()[:, ::-1].copy()


def transposed(drawing: Drawing, _: np.random.Generator) -> Grey:
    """Rows and columns swapped."""
    return drawing.render().T.copy()


def low_contrast(drawing: Drawing, random: np.random.Generator) -> Grey:
    """Ink only 20 to 60 levels lighter than paper of up to 120."""
    paper, ink = random.uniform(0, 120), random.uniform(20, 60)
    return _levels(paper + drawing.render() / 255 * ink)


def noisy_background(drawing: Drawing, random: np.random.Generator) -> Grey:
    """Normal noise of 40 to 90 levels, or 5 to 25 % of the pixels black or white."""
    picture = drawing.render().astype(np.float64)
    if random.random() < 0.5:
        return _levels(picture + random.normal(0, random.uniform(40, 90), picture.shape))
    spoilt = random.random(picture.shape) < random.uniform(0.05, 0.25)
    picture[spoilt] = random.choice([0, 255], int(spoilt.sum()))
    return _levels(picture)


DAMAGES: dict[str, Damage] = {
    "off_center": off_center,
    "too_small": too_small,
    "inverted": inverted,
    "stretched": stretched,
    "too_thin": too_thin,
    "too_thick": too_thick,
    "rotated": rotated,
    "mirrored": mirrored,
    "transposed": transposed,
    "low_contrast": low_contrast,
    "noisy_background": noisy_background,
}
"""By the code of the cause that each of them is."""


def _with_pen(drawing: Drawing, width_px: float) -> Drawing:
    return replace(drawing, strokes=tuple(replace(stroke, width_px=width_px) for stroke in drawing.strokes))


def _warped(picture: Grey, matrix: npt.NDArray[np.float64]) -> Grey:
    """The picture with each place (x, y), counted from its middle, taken to matrix @ place."""
    back = np.linalg.inv(matrix)
    middle = np.array(picture.shape[::-1]) / 2
    start = middle - back @ middle
    rows = (*back[0], start[0], *back[1], start[1])
    image = Image.fromarray(picture).transform(
        picture.shape[::-1], Image.Transform.AFFINE, rows, Image.Resampling.BICUBIC
    )
    return np.array(image)


def _levels(values: npt.NDArray[np.float64]) -> Grey:
    return values.round().clip(0, 255).astype(np.uint8)
