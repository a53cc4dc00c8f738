"""The first layer's filters as small pictures, their signs to be seen without any colour."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mnist_core.training.events import ProbeResult
from mnist_core.ui.common.pictures import data_url, svg_url
from mnist_core.ui.components.image_strip import Picture

ABOUT = (
    "What each unit of the first layer looks for. **Light orange, +**: ink here speaks for it. **Dark blue, −**: ink "
    "here speaks against it. **Grey**: it does not matter. All pictures share one scale."
)

_FOR, _NEITHER, _AGAINST = (255, 205, 120), (128, 128, 128), (10, 60, 110)
"""From light to dark, so that the sign is in the lightness too."""

_SIGNED_UP_TO_PX = 9  # filters up to this size have room for a sign in each cell
_SIGN_SHARE = 0.15  # of the strongest weight: less has no sign

Filters = NDArray[np.float32]


def pictures_of(measured: ProbeResult) -> tuple[Picture, ...]:
    """A picture for each filter."""
    return _pictures(measured.filters, tuple(measured.filters_shape))


@lru_cache(maxsize=64)
def _pictures(raw: bytes, shape: tuple[int, ...]) -> tuple[Picture, ...]:
    filters = np.frombuffer(raw, "<f2").reshape(shape or (0, 0, 0)).astype(np.float32)
    strongest = float(np.abs(filters).max(initial=0)) or 1.0
    return tuple(
        # In words, for those who do not see where it is light and where it is dark.
        Picture(
            picture_url(one / strongest),
            f"Filter {place}: {(one > 0).mean():.0%} of its weights are above 0",
            pixels=True,
        )
        for place, one in enumerate(filters, start=1)
    )


def picture_url(shares: Filters) -> str:
    """One filter (H, W), -1 to 1, as a `data:` address of a picture; a small one has a sign in each strong cell."""
    colors = _colors(shares)
    if max(shares.shape) > _SIGNED_UP_TO_PX:
        return data_url(colors)
    height, width = shares.shape
    cells = "".join(
        f'<path d="M{column} {row}h1.02v1.02h-1.02z" fill="#{bytes(colors[row, column]).hex()}"/>'
        for row, column in np.ndindex(height, width)
    )
    return svg_url(width, height, 16, cells + "".join(_signs(shares)))


def _colors(shares: Filters) -> NDArray[np.uint8]:
    """Each share's colour (H, W, 3): grey for nothing, lighter the more it is for, darker the more against."""
    nothing = np.array(_NEITHER, np.float32)
    ends = np.where(shares[..., None] > 0, np.array(_FOR, np.float32), np.array(_AGAINST, np.float32))
    strength = np.abs(shares[..., None]).clip(0, 1) ** 0.7  # the root shows weak weights too
    mixed: NDArray[np.uint8] = (nothing + (ends - nothing) * strength).round().astype(np.uint8)
    return mixed


def _signs(shares: Filters) -> list[str]:
    found = []
    for (row, column), share in np.ndenumerate(shares):
        if abs(share) >= _SIGN_SHARE:
            upright = f"M{column + 0.5} {row + 0.32}v.36" if share > 0 else ""
            color = "#101010" if share > 0 else "#fff"
            path = f"M{column + 0.32} {row + 0.5}h.36{upright}"
            found.append(f'<path d="{path}" stroke="{color}" stroke-width=".09" shape-rendering="auto"/>')
    return found
