"""Ink on paper that a camera saw: under shadows, between ruled lines, beside the edge of the desk.

Paper is what is left when all that is thinner than a stroke can be wide is filled in. A ruled line is thinner and
paler than a stroke: blurred by a line's width, it answers less than half as strongly. What runs out of the
picture is the edge of something, and what is small and far from the largest ink is dirt or print.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from mnist_core.imaging.boxes import rim
from mnist_core.imaging.connected_components import label_shapes, shape_boxes
from mnist_core.imaging.morphology import mean_stroke_width, outline

Levels = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

PHOTO_SIDE_PX = 360
"""A photo is looked at in a picture reduced to about this longest side: a thin pen is still a pixel wide."""

_PAPER_SIDE_PX = 120  # paper and shadows are looked for in one reduced to this
_WIDEST_STROKE = 0.12  # of the longer side: what is wider is a shadow or the desk,
_WIDEST_BOLD_STROKE = 0.3  # unless what is found without it is so bold that more of it may be missing
_BOLD = 0.3  # of the widest stroke, on average: thick places may be wider then
_CLEARLY_MORE = 1.15  # times the sharp outline, for light ink or a wide stroke to be believed
_BLUR_PX = 1.2
_LEAST_ANSWER = 0.03  # of the light: fainter is not ink
_LEAST_SIGMAS = 5.0
_LIKE_BOLDEST = 0.45  # of what the boldest ink answers: a ruled line does less
_DARKEST_PAPER = 0.35  # of the usual: of what is darker than that, each level counts no more than here
_PIECE_SHARE = 0.03  # of the largest ink: a piece of it, when it is near
_OTHER_SHARE = 0.2  # of the largest ink: another digit, wherever it is
_NEAR_SHARE = 0.25  # of the largest ink's size
_EDGE_PX = 1  # what comes as near to the picture's edge runs out of it
_DIAMOND = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], bool)
_BLUNT_PERCENTILE = 20  # of the outline's slopes
_BLUNT_SHARE = 0.25  # of the usual slope of an outline: its bluntest fifth is steeper where it is ink
_LOOKED_AT = 6  # of the largest shapes: so many may be corners of shadows
_GROWN_PX = 2  # how wide the soft edge of ink may be


@dataclass(frozen=True, slots=True, eq=False)
class CoarseSegmentation:
    """Ink found in a reduced picture.

    Attributes:
        ink: Where it is.
        dark_ink: Whether it is darker than the paper.
        paper: The paper's grey level at each pixel, or one for all.
        kept: The ink and its soft edges: whatever else is there is not of the digit. None: it is not known.
    """

    ink: Mask
    dark_ink: bool
    paper: Levels
    kept: Mask | None = None


def find_written(photo: Levels) -> CoarseSegmentation | None:
    """The ink in a photo (H, W) reduced to about `PHOTO_SIDE_PX`, 0 to 255; None when there is none.

    Of what is darker and what is lighter than its surroundings, one is ink and the other the gaps between strokes:
    ink has the longer and the sharper outline.
    """
    smooth = ndimage.gaussian_filter(photo, _BLUR_PX)
    down, across = np.gradient(smooth)
    slope: Levels = ndimage.maximum_filter(np.hypot(down, across), 3)  # a thin ridge is steep too
    best = _best(photo, slope, _WIDEST_STROKE)
    if best is None or mean_stroke_width(best.ink, at_border=False) > _BOLD * _WIDEST_STROKE * max(photo.shape):
        return _best(photo, slope, _WIDEST_BOLD_STROKE, best)
    return best


def _best(
    photo: Levels, slope: Levels, widest: float, before: CoarseSegmentation | None = None
) -> CoarseSegmentation | None:
    """The ink that has most of a sharp outline; what comes first is taken when it has nearly as much."""
    found = [before] if before is not None else []
    found += [one for dark in (True, False) if (one := _written(photo, slope, dark, widest)) is not None]
    scores = [_sharp_outline(one.ink, slope) / _CLEARLY_MORE ** (place > 0) for place, one in enumerate(found)]
    return found[int(np.argmax(scores))] if found else None


def _written(photo: Levels, slope: Levels, dark_ink: bool, widest: float) -> CoarseSegmentation | None:
    signed = photo if dark_ink else -photo
    paper = _paper(signed, widest)
    above = paper - signed
    brightness = np.abs(paper) if dark_ink else np.full_like(paper, 255.0)
    light: Levels = np.maximum(brightness, np.float32(max(1.0, _DARKEST_PAPER * _middle(brightness))))
    ink = _ink(above / light, slope / light)
    if ink is None:
        return None
    kept = ndimage.binary_dilation(ink, iterations=_GROWN_PX)
    return CoarseSegmentation(ink, dark_ink, paper if dark_ink else -paper, kept)


def _paper(signed: Levels, widest: float) -> Levels:
    """The level of the paper at each pixel: all thinner than a stroke can be is filled in (a closing)."""
    factor = -(-max(signed.shape) // _PAPER_SIDE_PX)
    small = np.asarray(Image.fromarray(signed).reduce(factor))
    width = max(3, round(widest * max(small.shape)))
    beyond = np.pad(small, 2 * width, "edge")  # so that paper and desk go on where the picture ends
    # A pixel or two wider back than there, so that the edge of a shadow is not ink.
    filled = -_spread(-_spread(beyond, width), width + 2)
    filled = ndimage.uniform_filter(filled, 3)[2 * width : -2 * width, 2 * width : -2 * width]
    size = small.shape[1] * factor, small.shape[0] * factor
    full = np.asarray(Image.fromarray(filled).resize(size, Image.Resampling.BILINEAR))
    return full[: signed.shape[0], : signed.shape[1]]


def _spread(levels: Levels, width: int) -> Levels:
    """The highest level within an octagon of this width: round enough that a slanted shadow is as wide as any."""
    straight = round(width / (1 + 2**0.5)) | 1
    spread = ndimage.maximum_filter(levels, straight)
    for _ in range((width - straight) // 2):
        spread = ndimage.maximum_filter(spread, footprint=_DIAMOND)
    return np.asarray(spread)


def _sharp_outline(ink: Mask, slope: Levels) -> float:
    """The length of its outline, times how steep all but the blunt fifth of it is."""
    steep = slope[outline(ink, at_border=False)]
    return steep.size * float(np.percentile(steep, _BLUNT_PERCENTILE))


def _middle(levels: Levels) -> float:
    return float(np.median(levels[::3, ::3]))


def _ink(alpha: Levels, slope: Levels) -> Mask | None:
    answer = ndimage.gaussian_filter(alpha, _BLUR_PX)
    middle = _middle(answer)
    sigma = 1.4826 * _middle(np.abs(answer - middle))
    answer = answer - middle
    least = max(_LEAST_ANSWER, _LEAST_SIGMAS * sigma)
    for _ in range(4):
        top = float(answer.max())
        if top < least:
            return None
        level = max(least, _LIKE_BOLDEST * top)
        labels = label_shapes(answer > level)
        chosen = _chosen(labels, answer, slope)
        if chosen is not None:
            return chosen
        answer = np.where(ndimage.binary_dilation(labels > 0, iterations=3), 0, answer)
    return None


def _chosen(labels: npt.NDArray[np.int32], answer: Levels, slope: Levels) -> Mask | None:
    """The largest ink that lies within the picture, its pieces, and what is as large as a digit beside it."""
    count = int(labels.max())
    masses = np.bincount(labels.ravel(), answer.ravel(), count + 1)
    masses[0] = 0
    masses[labels[rim(labels.shape, _EDGE_PX)]] = 0
    edge = outline(labels > 0, at_border=False)
    owner, steep = labels[edge], slope[edge]
    for number in masses.argsort()[::-1][:_LOOKED_AT].tolist():
        if masses[number] > 0 and not _is_sharp(steep[owner == number]):
            masses[number] = 0
    if masses.max() <= 0 or (labels == masses.argmax()).sum() < 12:
        return None
    main = int(masses.argmax())
    boxes = shape_boxes(labels)
    top, bottom, left, right = boxes[main - 1]
    near = _NEAR_SHARE * max(bottom - top, right - left)
    gaps = np.maximum(
        np.maximum(boxes[:, 0] - bottom, top - boxes[:, 1]), np.maximum(boxes[:, 2] - right, left - boxes[:, 3])
    )
    shares = masses[1:] / masses[main]
    kept = (shares >= _OTHER_SHARE) | ((shares >= _PIECE_SHARE) & (gaps <= near))
    return np.concatenate([[False], kept])[labels]


def _is_sharp(steep: Levels) -> bool:
    """Whether an outline is steep nearly all around, as that of ink is; that of a shadow's corner is not."""
    low, usual = np.percentile(steep, (_BLUNT_PERCENTILE, 60))
    return bool(low > _BLUNT_SHARE * usual)
