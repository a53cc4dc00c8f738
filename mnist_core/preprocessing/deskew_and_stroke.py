"""Handwriting made more alike: set upright, and written with the pen that most of MNIST was written with."""

import math

import numpy as np
import numpy.typing as npt
from PIL import Image

from mnist_core.imaging.morphology import edge_distance, offset_edge

Ink = npt.NDArray[np.float32]

USUAL_PEN_SHARE = 0.12
"""The width of the pen, as a share of the digit's longer side: the median of MNIST's training digits."""


def skew(alpha: Ink) -> float:
    """How far the ink (H, W) leans: pixels to the right for each pixel upwards, 0 when upright.

    The shear that would make the ink's second moments upright, as MNIST is deslanted in LeCun et al.,
    *Gradient-Based Learning Applied to Document Recognition*, 1998.
    """
    mass = float(alpha.sum())
    rows, columns = np.arange(alpha.shape[0]), np.arange(alpha.shape[1])
    by_row, by_column = alpha.sum(axis=1), alpha.sum(axis=0)
    down = rows - float(by_row @ rows) / max(mass, 1e-6)
    right = columns - float(by_column @ columns) / max(mass, 1e-6)
    high = float(by_row @ down**2)
    return -float(down @ alpha @ right) / high if high > 0 else 0.0


def deskew(layer: Ink, lean: float, background: float) -> Ink:
    """The layer (H, W) slanted back by `lean` about its middle row, widened so that nothing is cut off."""
    height, width = layer.shape
    margin = math.ceil(abs(lean) * height / 2)
    wide = np.pad(layer, ((0, 0), (margin, margin)), constant_values=background)
    matrix = (1, -lean, lean * (height - 1) / 2, 0, 1, 0)
    shape = width + 2 * margin, height
    image = Image.fromarray(wide).transform(
        shape, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR, fillcolor=background
    )
    return np.asarray(image)


def stroke_width(alpha: Ink) -> float:
    """The width of the strokes in pixels: twice their area divided by the length of their outline."""
    across, along = np.diff(alpha[:-1], axis=1), np.diff(alpha[:, :-1], axis=0)
    outline = float(np.sqrt(across * across + along * along).sum())
    outline += float(alpha[[0, -1]].sum() + alpha[:, [0, -1]].sum())  # what the picture's edge cuts off
    return 2 * float(alpha.sum()) / max(outline, 1e-6)


def margin_to_usual(alpha: Ink, longer: int) -> float:
    """By how many pixels a pen must grow on each side (shrink, below 0) to be as wide as most of MNIST's.

    The digit grows with its pen: w + 2m = share · (longer + 2m), solved for m.
    """
    return (USUAL_PEN_SHARE * longer - stroke_width(alpha)) / (2 * (1 - USUAL_PEN_SHARE))


def set_stroke_width(alpha: Ink, margin: float) -> Ink:
    """The ink (H, W) grown by `margin` pixels on each side, or thinned below 0; its edge stays as soft as it was."""
    changed = offset_edge(alpha, edge_distance(alpha, growing=margin > 0), margin)
    return changed if changed.max() > 0.5 else alpha  # a pen thinner than the change would vanish
