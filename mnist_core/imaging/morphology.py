"""Ink grown and thinned: outlines of masks, and the edge of soft ink moved by parts of a pixel."""

import math

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Ink = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_SOME = 0.1  # of full ink: what a pixel must hold to have an edge of its own


def outline(mask: Mask, *, at_border: bool) -> Mask:
    """The pixels of the mask (H, W) beside what is not of it; `at_border`: those at the picture's border, too."""
    inside: Mask = ndimage.binary_erosion(mask, border_value=not at_border)
    return mask & ~inside


def mean_stroke_width(mask: Mask, *, at_border: bool) -> float:
    """In pixels: of a bar much longer than wide, area = width · length and outline = 2 · length."""
    return 2 * float(mask.sum()) / max(1, int(outline(mask, at_border=at_border).sum()))


def edge_distance(alpha: Ink, *, growing: bool) -> Ink:
    """How far each pixel of (H, W) is from the ink (or, to thin it, from the paper), in pixels; 0 on the edge.

    The distance to the nearest pixel that holds some ink (paper), corrected by how much it holds: exact to a
    part of a pixel (after Gustavson and Strand, *Anti-aliased Euclidean distance transform*, 2011).
    """
    held = alpha if growing else 1 - alpha
    some = held > _SOME
    if not some.any():
        return np.full(alpha.shape, np.float32(math.inf))
    distance, nearest = ndimage.distance_transform_edt(~some, return_indices=True)
    exact: Ink = (distance + 0.5 - held[tuple(nearest)]).astype(np.float32)
    return exact


def offset_edge(alpha: Ink, distance: Ink, margin: float) -> Ink:
    """The ink whose edge lies `margin` pixels further out, or in below 0, given `edge_distance` for that way."""
    if margin > 0:
        changed: Ink = np.maximum(alpha, np.clip(0.5 + np.float32(margin) - distance, 0, 1))
    else:
        changed = np.minimum(alpha, np.clip(0.5 + np.float32(margin) + distance, 0, 1))
    return changed
