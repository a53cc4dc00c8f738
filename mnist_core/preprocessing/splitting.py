"""Several digits in one picture: each by itself, in the order they are read.

Shapes are put together to digits by how near they are, in the size of the largest. What is flat or small is no digit
but a piece of the nearest one: the top stroke of a 5, the dot on an i-like 1. Two tall shapes are one digit only
when they nearly touch, or reach into each other as the two strokes of a 4 do. Digits that touch are one shape and
stay together.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import ndimage, spatial
from scipy.sparse import csgraph

from mnist_core.imaging.boxes import EDGE_ALPHA, Box, box_of
from mnist_core.imaging.connected_components import label_large_shapes, shape_boxes
from mnist_core.imaging.morphology import mean_stroke_width, outline
from mnist_core.preprocessing.segmentation import Grey, Segmentation

Labels = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

MOST_DIGITS = 40
"""More are no digits but a text or a texture: the picture stays whole."""

_SIDE_PX = 280  # shapes are looked for in a picture reduced to this
_SOFT_PX = 3  # of the reduced picture: how wide the edge of ink may be
_MARGIN_SHARE = 0.3  # of a digit's longer side: the clean paper around it
_BROKEN_PENS = 1.5  # in widths of the pen: so near are the ends of a stroke that is broken
# All in sizes of the largest shape, and from the middle of one stroke to that of the other:
_TALL = 0.4  # a digit is at least as high
_TOUCHING = 0.19  # no nearer are two digits
_WITHIN = 0.3  # so near are strokes that reach into each other,
_REACHING = 0.15  # which is when this share of the narrower lies over or under the other
_STACKED = 0.21  # so near is the upper half of a digit to the lower; two rows have more between them
_LOOSE = 0.6  # as far as a piece may be from its digit; beyond it is dirt
_ROW = 0.5  # as far as digits of a row may be above one another


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One digit of a picture.

    Attributes:
        picture: The digit with a margin of clean paper, uint8 (H, W), as dark or light as it was; the source itself
            when it holds one digit only.
        box: Where the digit is in the source.
    """

    picture: Grey
    box: Box


def split(picture: Grey, segmentation: Segmentation) -> list[Part]:
    """The separate digits of a picture (H, W) by its segmentation, rows from top to bottom and each from left to right.

    One part for one digit, for digits that touch and for what is no writing.
    """
    factor = -(-max(picture.shape) // _SIDE_PX)
    labels = label_large_shapes(_highest(segmentation.alpha, factor) > 2 * EDGE_ALPHA)
    digits = _digits(labels)
    if not 1 < digits.max() <= MOST_DIGITS:
        return [Part(picture, segmentation.box)]
    return [_cut(segmentation, owned, factor) for owned in _in_reading_order(_owners(digits))]


def _highest(alpha: npt.NDArray[np.float32], factor: int) -> npt.NDArray[np.float32]:
    """Reduced by the highest of each field: a thin stroke must not come apart."""
    height, width = (-(-side // factor) * factor for side in alpha.shape)
    whole = np.pad(alpha, ((0, height - alpha.shape[0]), (0, width - alpha.shape[1])))
    fields = whole.reshape(height // factor, factor, width // factor, factor)
    highest: npt.NDArray[np.float32] = fields.max(axis=(1, 3))
    return highest


def _digits(labels: Labels) -> Labels:
    """The same with one number from 1 for all shapes of a digit; shapes that are far from any digit are gone."""
    count = int(labels.max())
    if not 1 < count <= 3 * MOST_DIGITS:
        return labels.clip(0, 1)
    boxes, pen_px = shape_boxes(labels), mean_stroke_width(labels > 0, at_border=True)
    heights = boxes[:, 1] - boxes[:, 0]
    size = float(heights.max())
    tall = heights >= _TALL * size
    distances = (_distances(labels) + pen_px) / size  # from the middle of one stroke to that of the other
    joined = _are_one(boxes, distances, pen_px / size)[np.ix_(tall, tall)]
    _, digit_of = csgraph.connected_components(joined, directed=False)
    numbers = np.zeros(count, np.int32)
    numbers[tall] = digit_of + 1
    to_tall = np.where(tall, distances, np.inf)
    nearest = to_tall.argmin(axis=1)
    belongs = ~tall & (to_tall.min(axis=1) <= _LOOSE)
    numbers[belongs] = numbers[nearest[belongs]]
    return np.concatenate([np.zeros(1, np.int32), numbers])[labels]


def _are_one(boxes: npt.NDArray[np.int64], distances: npt.NDArray[np.float64], pen: float) -> Mask:
    """Whether each two shapes are strokes of one digit if both are tall, (N, N).

    Args:
        boxes: Top, bottom, left and right of each, (N, 4).
        distances: From each to each, (N, N), in sizes of the largest, as is the width of the pen.
    """

    def shared(low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """How much of the shorter lies beside the other, (N, N); negative for a gap."""
        between = np.minimum.outer(high, high) - np.maximum.outer(low, low)
        return np.asarray(between / np.minimum.outer(high - low, high - low))

    down, across = shared(boxes[:, 0], boxes[:, 1]), shared(boxes[:, 2], boxes[:, 3])
    reaching = (across >= _REACHING) & (down >= _REACHING)
    stacked = (across >= 0.5) & (distances <= _STACKED)
    is_near = distances <= max(_TOUCHING, _BROKEN_PENS * pen)
    return is_near | np.where(reaching, distances <= _WITHIN, stacked)


def _distances(labels: Labels) -> npt.NDArray[np.float64]:
    """From each shape to each, in pixels between their nearest pixels, (N, N)."""
    edge = outline(labels > 0, at_border=True)
    places, numbers = np.argwhere(edge), labels[edge]
    shapes = [spatial.KDTree(places[numbers == number]) for number in range(1, int(labels.max()) + 1)]
    distances = np.zeros((len(shapes), len(shapes)))
    for first, second in combinations(range(len(shapes)), 2):
        between = float(np.min(shapes[first].query(shapes[second].data)[0]))
        distances[first, second] = distances[second, first] = between
    return distances


def _owners(digits: Labels) -> list[Mask]:
    """For each digit the places of its ink and the soft edge around it."""
    owner = np.where(digits > 0, digits, ndimage.maximum_filter(digits, 2 * _SOFT_PX + 1))
    return [owner == number for number in range(1, int(digits.max()) + 1)]


def _in_reading_order(owned: list[Mask]) -> list[Mask]:
    boxes = np.array([box_of(one) for one in owned])
    middles = (boxes[:, 0] + boxes[:, 1]) / 2
    height = float((boxes[:, 1] - boxes[:, 0]).max())
    by_height = middles.argsort(kind="stable")
    rows = np.zeros(len(owned), int)
    rows[by_height[1:]] = np.cumsum(np.diff(middles[by_height]) > _ROW * height)
    return [owned[index] for index in np.lexsort((boxes[:, 2], rows))]


def _cut(segmentation: Segmentation, owned: Mask, factor: int) -> Part:
    height, width = segmentation.alpha.shape
    full = owned.repeat(factor, axis=0).repeat(factor, axis=1)[:height, :width]
    alpha = np.where(full, segmentation.alpha, np.float32(0))
    top, bottom, left, right = box_of(alpha > EDGE_ALPHA) or (0, height, 0, width)
    margin = max(2, round(_MARGIN_SHARE * max(bottom - top, right - left)))
    ink = np.pad(alpha[top:bottom, left:right], margin)
    ink *= segmentation.contrast_levels * (-1 if segmentation.dark_ink else 1)
    return Part((segmentation.paper_level + ink).clip(0, 255).round().astype(np.uint8), (top, bottom, left, right))
