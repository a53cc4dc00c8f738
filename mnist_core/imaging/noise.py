"""The grain of a picture: how much noise each pixel carries, and the picture without it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Grey = npt.NDArray[np.uint8]

_LEAST_SIDE_PX = 64  # in a smaller picture a stroke may be a single pixel wide: as thin as noise
_LEAST_LEVELS = 8.0  # less grain than this is gone where the picture is averaged
_LEAST_SPECKLED = 0.008  # of the pixels: a drawing has hardly one that is unlike all its neighbours
_SPECK_LEVELS = 48  # how much a pixel must differ from each of its four neighbours to be a speck
_TWICE_SPECKLED = 0.03  # of the pixels: so many that specks lie side by side, and are found in a second round only
_LEVELS_PER_BLUR_PX = 25.0
_MOST_BLUR_PX = 3.0

# Median of nine by the fewest exchanges: John L. Smith, "Implementing median filters in XC4000E FPGAs",
# XCell 23 (1996); also Devillard, "Fast median search" (1998), opt_med9.
_EXCHANGES = (
    (1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3),
    (5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grain:
    """What noise a picture has.

    Attributes:
        levels: The standard deviation of its fine grain in grey levels, 0 to 255.
        speckled: The share of its pixels that are unlike all their neighbours, 0 to 1.
    """

    levels: float
    speckled: float

    @property
    def is_strong(self) -> bool:
        """Whether ink is found better in a smoothed picture."""
        return self.levels >= _LEAST_LEVELS or self.speckled >= _LEAST_SPECKLED


def measure_grain(grey: Grey) -> Grain:
    """The grain of a grey picture (H, W); none where a picture is too small to tell grain from strokes."""
    if min(grey.shape) < _LEAST_SIDE_PX:
        return Grain(0.0, 0.0)
    rows = _sampled_rows(grey)
    return Grain(_fine_grain(rows), _speckled(rows))


def without_grain(grey: Grey, grain: Grain) -> Grey:
    """The grey picture (H, W), smoothed as much as its grain asks for."""
    if grain.speckled >= _LEAST_SPECKLED:
        grey = _median_of_nine(grey)
    if grain.speckled >= _TWICE_SPECKLED:
        grey = _median_of_nine(grey)
    left = grain.levels if grain.speckled < _LEAST_SPECKLED else _fine_grain(_sampled_rows(grey))
    blur_px = min(_MOST_BLUR_PX, left / _LEVELS_PER_BLUR_PX)
    return np.array(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(blur_px)))


def _sampled_rows(grey: Grey) -> npt.NDArray[np.int16]:
    """Every row of a small picture; of a large one 24 bands of ten rows, one over another, (bands, 10, W)."""
    bands = min(24, grey.shape[0] // 10)
    starts = np.linspace(0, grey.shape[0] - 10, bands).astype(int)
    return grey[starts[:, None] + np.arange(10)].astype(np.int16)


def _fine_grain(rows: npt.NDArray[np.int16]) -> float:
    """Standard deviation in grey levels, from the finest diagonal wavelet (Haar's) by the median of its size:
    Donoho and Johnstone, "Ideal spatial adaptation by wavelet shrinkage" (1994). Edges are few and move it little.
    """
    across = rows[:, :, 1:] - rows[:, :, :-1]
    diagonal = np.abs(across[:, 1::2] - across[:, :-1:2])[:, :, ::3] / 2
    return 1.4826 * float(np.median(diagonal))


def _speckled(rows: npt.NDArray[np.int16]) -> float:
    """The share of pixels that stand out from all four neighbours to the same side: the edge of a stroke does not."""
    down, right = np.diff(rows, axis=1)[:, :, 1:-1], np.diff(rows, axis=2)[:, 1:-1]
    up, left = -down[:, :-1], -right[:, :, :-1]
    down, right = down[:, 1:], right[:, :, 1:]
    above = np.minimum(np.minimum(up, down), np.minimum(left, right))
    below = np.maximum(np.maximum(up, down), np.maximum(left, right))
    return float(((above > _SPECK_LEVELS) | (below < -_SPECK_LEVELS)).mean())


def _median_of_nine(grey: Grey) -> Grey:
    """The median of each pixel and its eight neighbours."""
    height, width = grey.shape
    framed = np.pad(grey, 1, "edge")
    nine = [framed[down : down + height, right : right + width] for down in range(3) for right in range(3)]
    for low, high in _EXCHANGES:
        nine[low], nine[high] = np.minimum(nine[low], nine[high]), np.maximum(nine[low], nine[high])
    return nine[4]
