"""A signed picture laid over a digit, so that both can be seen."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mnist_core.ui.common.pictures import grey, svg_url

FOR_COLOR, AGAINST_COLOR = "#E69F00", "#56B4E9"  # Okabe-Ito's orange and sky blue: told apart by all eyes
LEGEND = "Orange with + speaks for it, blue with − against it; the white line is the edge of the ink."
NOTHING = 1e-3
"""Of a score: less is a rounding error, and no pixel is painted for it."""

_PAPER = "#0c1116"
_INK_SHARE = 0.3  # of full white: the digit stays in the background
_EDGE_LEVEL = 90  # of 255: where the ink's edge is drawn
_LEAST_SHARE = 0.02  # of the strongest pixel: less is not painted,
_SIGN_SHARE = 0.15  # and less than this has no sign

Heat = NDArray[np.float32]


def heat_url(heat: Heat, pixels: NDArray[np.float32]) -> str:
    """The heat (28, 28) over the digit (28, 28), as a `data:` address of an SVG.

    The strongest pixel is painted fully, whatever its size. The sign of a pixel is in its colour and, where it is
    strong enough to matter, written in it.
    """
    shown = grey(pixels)
    strongest = float(np.abs(heat).max())
    parts = [*_ink(shown), *(_painted(heat / strongest) if strongest > NOTHING else ()), _edge(shown)]
    height, width = heat.shape
    return svg_url(width, height, 12, f'<rect width="{width}" height="{height}" fill="{_PAPER}"/>{"".join(parts)}')


def _ink(shown: NDArray[np.uint8]) -> Iterator[str]:
    for row, column in np.argwhere(shown > 0):
        share = shown[row, column] / 255 * _INK_SHARE
        yield f'<path d="M{column} {row}h1v1h-1z" fill="#fff" fill-opacity="{share:.2f}"/>'


def _painted(shares: Heat) -> Iterator[str]:
    for row, column in np.argwhere(np.abs(shares) >= _LEAST_SHARE):
        share = float(shares[row, column])
        color = FOR_COLOR if share > 0 else AGAINST_COLOR
        # The root shows weak pixels too: an eye takes half as bright for much less than half.
        yield f'<path d="M{column} {row}h1v1h-1z" fill="{color}" fill-opacity="{abs(share) ** 0.6:.2f}"/>'
        if abs(share) >= _SIGN_SHARE:
            upright = f"M{column + 0.5} {row + 0.25}v.5" if share > 0 else ""
            yield f'<path d="M{column + 0.25} {row + 0.5}h.5{upright}" stroke="#0c1116" stroke-width=".14"/>'


def _edge(shown: NDArray[np.uint8]) -> str:
    ink = np.pad(shown > _EDGE_LEVEL, 1)
    sides = [f"M{column} {row}h1" for row, column in np.argwhere(ink[1:, 1:-1] != ink[:-1, 1:-1])]
    sides += [f"M{column} {row}v1" for row, column in np.argwhere(ink[1:-1, 1:] != ink[1:-1, :-1])]
    return f'<path d="{"".join(sides)}" fill="none" stroke="#fff" stroke-width=".12" stroke-opacity=".85"/>'
