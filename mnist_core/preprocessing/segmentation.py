"""What of a picture is paper and what is ink: the one measurement that every step rests on.

It is made once, whatever steps are switched on, so that each step can be switched by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter
from scipy import ndimage

from mnist_core.imaging.boxes import EDGE_ALPHA, Box, box_of, rim
from mnist_core.imaging.connected_components import label_shapes, without_specks
from mnist_core.imaging.noise import measure_grain, without_grain
from mnist_core.preprocessing.photo_segmentation import PHOTO_SIDE_PX, CoarseSegmentation, find_written

Grey = npt.NDArray[np.uint8]
Levels = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_SMALL_SIDE_PX = 100  # ink is searched for in a picture reduced to this: noise averages out, and it is fast
_LEAST_LEVELS = 8.0  # of 255: fainter than this is not ink, it is the paper
_LEAST_SIGMAS = 6.0  # and neither is what noise may reach by itself
_EVEN_LEVELS = 4.0  # paper is evenly lit when so much of the rim lies within so many levels of its median;
_EVEN_SHARE = 0.85  # the rest of the rim may be ink that touches it
_WIDEST_STROKE = 0.35  # of the longer side: on unevenly lit paper, what is wider is a shadow or the desk
_MARGIN_PX = 10  # of the reduced picture: how far around the ink its paper is looked at
_FULL_INK_PERCENTILE = 90
_SOFT_SIDE_PX = 64  # in a picture this small, one grey pixel is the edge: the least of it counts
_LEAST_NOISE = 0.03
_LEAST_GRAINY_PX = 12  # of the reduced picture: smaller shapes may be noise
_PHOTO_FROM_PX = 120  # the shorter side: in a smaller picture shadows and ruling cannot be told from strokes
_PHOTO_MOST_PX = 520  # the longer side that ink is measured at
_MOST_NOISE = 0.45


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A grey picture in which ink was found.

    Attributes:
        alpha: How much ink there is at each pixel, 0 paper to 1 full ink, float32 (H, W).
        dark_ink: Whether the ink is darker than the paper.
        paper_level: The paper's median grey level, 0 to 255.
        contrast_levels: The distance from paper to full ink in grey levels.
        noise_share: The alpha that the paper's grain, ruling or JPEG noise hardly exceeds, 0 to 0.45; all below is
            taken for it.
        box: The smallest box around the ink, specks left out.
    """

    alpha: Levels
    dark_ink: bool
    paper_level: float
    contrast_levels: float
    noise_share: float
    box: Box


def segment(grey: Grey) -> Segmentation | None:
    """Tell ink from paper in a grey picture (H, W); None when it is blank."""
    grain = measure_grain(grey)
    if not grain.is_strong:
        return _find(grey)
    clear = without_grain(grey, grain)
    segmentation = _find(clear, grainy=True)
    if segmentation is None:
        return None
    noise_share = max(segmentation.noise_share, _removed_noise(grey, clear, segmentation))
    return replace(segmentation, noise_share=noise_share)


def _removed_noise(grey: Grey, clear: Grey, segmentation: Segmentation) -> float:
    """The alpha that the grain of the paper hardly exceeded before it was smoothed."""
    paper = segmentation.alpha == 0
    grain = grey[paper][::7].astype(np.float32) - clear[paper][::7]
    reached = float(np.percentile(-grain if segmentation.dark_ink else grain, 99)) if grain.size else 0.0
    return min(reached / segmentation.contrast_levels, _MOST_NOISE)


def _find(grey: Grey, grainy: bool = False) -> Segmentation | None:
    factor = -(-max(grey.shape) // _SMALL_SIDE_PX)
    small = _reduced(grey.astype(np.float32), factor)
    edge = rim(small.shape, max(1, round(0.05 * min(small.shape))))
    even = _is_even(small[edge], _EVEN_LEVELS + (3 * _left_grain(small) if grainy else 0))
    drawn = _is_drawn(small[edge])
    photo = not drawn and min(grey.shape) >= _PHOTO_FROM_PX
    if photo and not even:
        return _on_photo(grey)
    found = _on_even_paper(small, edge) if even else _on_uneven_paper(small)
    if found is not None and grainy:
        found = _without_clusters(found)
    if found is None:
        return None
    if photo and (without_specks(found.ink) & edge).any():
        return _on_photo(grey)
    sheet = _sheet(found.ink)
    if sheet is not None and not drawn:
        on_sheet = _on_sheet(grey, [side * factor for side in sheet])
        if on_sheet is not None:
            return on_sheet
    if grainy:
        found = replace(found, kept=ndimage.binary_dilation(found.ink, iterations=2))
    return _measure(grey, found, factor)


def _on_photo(grey: Grey) -> Segmentation | None:
    """Ink under shadows and among ruled lines, all else wiped.

    Measured at half the size or less where the photo is large: no digit needs more."""
    shrunk = -(-max(grey.shape) // _PHOTO_MOST_PX)
    near = _reduced(grey.astype(np.float32), shrunk)
    factor = -(-max(near.shape) // PHOTO_SIDE_PX)
    written = find_written(_reduced(near, factor))
    if written is None:
        return None
    segmentation = _measure(near, written, factor)
    if segmentation is None or shrunk == 1:
        return segmentation
    alpha = _at_full_size(segmentation.alpha, grey.shape, shrunk)
    top, bottom, left, right = (edge * shrunk for edge in segmentation.box)
    return replace(segmentation, alpha=alpha, box=(top, bottom, left, right))


def _without_clusters(found: CoarseSegmentation) -> CoarseSegmentation | None:
    """The same without shapes so small that they may be noise which happens to lie together; None when all are."""
    labels = label_shapes(found.ink)
    large = np.bincount(labels.ravel()) >= _LEAST_GRAINY_PX
    ink = found.ink & large[labels]
    return replace(found, ink=ink) if ink.any() else None


def _reduced(values: Levels, factor: int) -> Levels:
    """The means of fields of factor x factor pixels. A rest at the right or lower edge is left out: the mean of
    fewer pixels is noisier, and would pass for ink.
    """
    height, width = (side - side % factor if side > factor else side for side in values.shape)
    return np.asarray(Image.fromarray(values[:height, :width]).reduce(factor))


def _is_even(rim: Levels, levels: float) -> bool:
    return bool((np.abs(rim - _middle(rim)) <= levels).mean() >= _EVEN_SHARE)


def _left_grain(small: Levels) -> float:
    """The standard deviation of what noise is left, in grey levels, from neighbours: a shadow hardly moves it."""
    return 1.4826 * _middle(np.abs(small[:, 3:] - small[:, :-3]).ravel()) / 2**0.5


def _is_drawn(rim: Levels) -> bool:
    """Whether the rim is of one exact level, as no photo is."""
    return bool((rim == _middle(rim)).mean() >= 0.5)


def _middle(values: Levels) -> float:
    """The median of at most some 2000 of the values: of more it would be no better, only slower."""
    return float(np.median(values[:: max(1, len(values) // 2000)])) if len(values) else 0.0


def _least_difference(values: Levels) -> float:
    """Grey levels that ink must differ from paper, for paper that is spread as these values mostly are.

    The spread is 1.4826 times the median distance from the median, which is the standard deviation of
    normal noise, and which a minority of ink does not move.
    """
    return max(_LEAST_LEVELS, _LEAST_SIGMAS * 1.4826 * _middle(np.abs(values - _middle(values))))


def _on_even_paper(small: Levels, edge: Mask) -> CoarseSegmentation | None:
    """Ink on paper of one level. The paper is what holds more of the rim and of the area."""
    common = np.abs(small - _middle(small.ravel())) <= _least_difference(small.ravel())
    if common.all():
        return None
    rim_share, area_share = float(common[edge].mean()), float(common.mean())
    paper = small[common if area_share + rim_share >= 1 else ~common]
    level, least = _middle(paper), _least_difference(paper)
    above = small - np.float32(level)
    dark_ink = bool(-above[above < -least].sum() > above[above > least].sum())
    ink: Mask = (-above if dark_ink else above) > least
    return CoarseSegmentation(ink, dark_ink, np.full((1, 1), level, np.float32)) if ink.any() else None


def _on_uneven_paper(small: Levels) -> CoarseSegmentation | None:
    """Ink on paper with shadows. Of what is darker and what is lighter than its surroundings, one is ink and the
    other the gaps between strokes: the gaps are of the same level as the paper around.
    """
    dark, light = _thin_ink(small, True), _thin_ink(small, False)
    if dark is None or light is None:
        return dark or light
    either = without_specks(dark.ink) | without_specks(light.ink)
    top, bottom, left, right = box_of(either) or (0, 0, 0, 0)
    around = np.s_[max(0, top - _MARGIN_PX) : bottom + _MARGIN_PX, max(0, left - _MARGIN_PX) : right + _MARGIN_PX]
    paper = _middle(small[around][~either[around]])
    return max(dark, light, key=lambda found: float(np.abs(small[found.ink] - paper).sum()))


def _thin_ink(small: Levels, dark_ink: bool) -> CoarseSegmentation | None:
    """Ink as all that is thinner than a stroke can be wide: the black top-hat transform, or the white one."""
    signed = small if dark_ink else -small
    window = max(3, round(_WIDEST_STROKE * max(small.shape)) | 1)
    beyond = np.pad(signed, window, "edge")  # so that paper goes on where the picture ends
    filled = ndimage.maximum_filter(beyond, window)
    # Two pixels wider back, so that the edge of a shadow is not ink.
    paper = ndimage.minimum_filter(filled, window + 2)[window:-window, window:-window]
    above = paper - signed
    above -= np.float32(_middle(above.ravel()))
    ink = above > _least_difference(above.ravel())
    level = small + above if dark_ink else small - above
    return CoarseSegmentation(ink, dark_ink, level) if ink.any() else None


def _sheet(ink: Mask) -> Box | None:
    """The inside of what looks like a whole sheet of paper on a desk: large, and filled as no digit is."""
    box = box_of(without_specks(ink)) if ink.mean() > 0.1 else None
    if box is None:
        return None
    top, bottom, left, right = box
    height, width = bottom - top, right - left
    large = height >= 0.4 * ink.shape[0] and width >= 0.4 * ink.shape[1]
    if not large or ink[top:bottom, left:right].mean() < 0.8:
        return None
    down, across = -(-height // 12), -(-width // 12)
    return top + down, bottom - down, left + across, right - across


def _on_sheet(grey: Grey, sheet: Sequence[int]) -> Segmentation | None:
    """The ink on that sheet, as part of the whole picture."""
    top, bottom, left, right = sheet
    inside = grey[top:bottom, left:right]
    segmentation = _find(inside) if inside.size else None
    if segmentation is None or 2 * segmentation.alpha.mean() > 1:
        return None
    alpha = np.zeros(grey.shape, np.float32)
    alpha[top:bottom, left:right] = segmentation.alpha
    box = segmentation.box[0] + top, segmentation.box[1] + top, segmentation.box[2] + left, segmentation.box[3] + left
    return replace(segmentation, alpha=alpha, box=box)


def _measure(grey: Grey | Levels, found: CoarseSegmentation, factor: int) -> Segmentation | None:
    paper = _at_full_size(found.paper, grey.shape, factor)
    level = _middle(paper.ravel())
    above = (paper - grey) if found.dark_ink else (grey - paper)
    if found.dark_ink and paper.size > 1:  # half the light, half the distance between ink and paper
        above *= np.float32(level) / np.maximum(paper, np.float32(max(1.0, 0.2 * level)))
    contrast = _full_ink(above, found, factor)
    above /= np.float32(contrast)
    noise = _noise(above, factor)
    alpha = _without_noise(above, noise)
    if found.kept is not None:
        alpha *= _at_full_size(found.kept.astype(np.float32), grey.shape, factor)
    box = _find_box(alpha, factor)
    if box is None:
        return None
    return Segmentation(alpha, found.dark_ink, level, contrast, noise, box)


def _at_full_size(paper: Levels, shape: tuple[int, ...], factor: int) -> Levels:
    if paper.size == 1:
        return paper
    size = paper.shape[1] * factor, paper.shape[0] * factor
    full = np.asarray(Image.fromarray(paper).resize(size, Image.Resampling.BILINEAR))[: shape[0], : shape[1]]
    return np.pad(full, [(0, side - done) for side, done in zip(shape, full.shape, strict=True)], "edge")


def _full_ink(above: Levels, found: CoarseSegmentation, factor: int) -> float:
    """Grey levels from paper to full ink: what the boldest tenth of the ink reaches, so that grain decides nothing."""
    ink = _sampled(above, factor)[found.ink]
    bold = ink[ink > 0.5 * ink.max()]
    return max(float(np.percentile(bold, _FULL_INK_PERCENTILE)), _LEAST_LEVELS) if bold.size else _LEAST_LEVELS


def _noise(alpha: Levels, factor: int) -> float:
    """The alpha that paper away from bold ink hardly exceeds: its grain, its ruling, the noise of a JPEG.

    Measured in 5 x 5 fields, of which the middle one counts: noise is everywhere, a faint stroke is not.
    """
    values = _sampled(alpha, factor)
    near = Image.fromarray((values > 0.5).astype(np.uint8) * 255).filter(ImageFilter.BoxBlur(4))
    paper = np.where(np.asarray(near) == 0, values, np.float32(-1))
    fields = (field[field > -1] for band in np.array_split(paper, 5) for field in np.array_split(band, 5, axis=1))
    highest = sorted(float(np.sort(field)[int(0.99 * field.size)]) for field in fields if field.size >= 30)
    return min(max(highest[len(highest) // 2], _LEAST_NOISE), _MOST_NOISE) if highest else _LEAST_NOISE


def _without_noise(alpha: Levels, noise: float) -> Levels:
    """Nothing up to `noise`, unchanged from twice that on, so that soft edges are neither bolder nor thinner."""
    ramp: Levels = np.minimum(2 * (alpha - np.float32(noise)), alpha)
    return ramp.clip(0, 1)


def _find_box(alpha: Levels, factor: int) -> Box | None:
    """Found in the reduced picture, where specks can be told, then followed to the pixel in the full one."""
    least = EDGE_ALPHA if max(alpha.shape) > _SOFT_SIDE_PX else _LEAST_NOISE
    small = _reduced(alpha, factor)
    coarse = box_of(without_specks(small > least))
    if coarse is None:
        return None
    top, bottom, left, right = (edge * factor for edge in coarse)
    top, left = max(0, top - factor), max(0, left - factor)
    exact = box_of(alpha[top : bottom + factor, left : right + factor] > least)
    if exact is None:
        return None
    return top + exact[0], top + exact[1], left + exact[2], left + exact[3]


def _sampled(values: Levels, factor: int) -> Levels:
    """One full-size pixel for each pixel of the reduced picture: its noise is that of the full picture."""
    height, width = (max(1, side // factor) for side in values.shape)
    middles = values[min(factor // 2, values.shape[0] - 1) :: factor, min(factor // 2, values.shape[1] - 1) :: factor]
    return middles[:height, :width]
