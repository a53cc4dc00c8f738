"""Where the ink of a picture is: the box around it and its centre of mass."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:  # the first paint of Draw needs a box, and must not wait for torch
    from torch import Tensor

Box = tuple[int, int, int, int]
"""Top, bottom, left, right in pixels; bottom and right are the first beyond."""

EDGE_ALPHA = 0.12
"""Of full ink: where a digit's edge lies, above the ringing of a JPEG."""


def box_of(mask: npt.NDArray[np.bool_]) -> Box | None:
    """The smallest box around all that is set in the mask (H, W); None when nothing is."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def rim(shape: tuple[int, ...], depth: int) -> npt.NDArray[np.bool_]:
    """The pixels of a picture (H, W) that are no further than so many from its edge."""
    edge = np.ones(shape, bool)
    edge[depth:-depth, depth:-depth] = False
    return edge


def boxes(alpha: "Tensor") -> "Tensor":
    """The box around the ink of each picture (N, H, W): left, top, right, bottom in pixels, float32 (N, 4).

    All of a picture without ink.
    """
    import torch

    ink = alpha > EDGE_ALPHA
    left, right = _ends(ink.any(dim=1))
    top, bottom = _ends(ink.any(dim=2))
    return torch.stack([left, top, right, bottom], dim=1)


def centers_of_mass(alpha: "Tensor") -> "Tensor":
    """x and y in pixels from the top left corner, float32 (N, 2); the middle where there is no ink."""
    import torch

    _, height, width = alpha.shape
    x, y = torch.arange(width) + 0.5, torch.arange(height) + 0.5
    mass = alpha.sum(dim=(1, 2))
    place = torch.stack([alpha.sum(dim=1) @ x, alpha.sum(dim=2) @ y], dim=1) / mass.clamp(min=1e-6)[:, None]
    return torch.where(mass[:, None] > 0, place, torch.tensor([width / 2, height / 2]))


def _ends(occupied: "Tensor") -> "tuple[Tensor, Tensor]":
    """First and one past the last place that is set in each row (N, L); the whole row where none is."""
    length = occupied.shape[1]
    first = occupied.byte().argmax(dim=1)
    last = length - occupied.flip(1).byte().argmax(dim=1)
    return first.float(), last.float()
