"""Small corrections of a drawing, each of which undoes one thing that can be wrong with it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from mnist_core.imaging.boxes import boxes
from mnist_core.imaging.geometry import IDENTITY, Matrix, map_about
from mnist_core.imaging.morphology import edge_distance, offset_edge
from mnist_core.preprocessing.pipeline_batched import VariantBatch

Kind = Literal["shape", "thicken", "thin", "invert", "stretch_contrast", "clean"]


@dataclass(frozen=True, slots=True)
class Repair:
    """One correction.

    Attributes:
        cause: The code of what it undoes (`off_center`, `rotated`, ...).
        words: What it does, in plain words ("turn 35° to the left").
        kind: `shape` maps the picture about the ink's middle by `matrix` and shifts it; the rest change the ink or the
            grey levels.
        matrix: Where a place goes, from the middle, as (x, y), for `shape`.
        about_picture: Whether `shape` maps about the picture's middle instead.
        shift: How far it moves then, in shares of the picture's longer side, as (x, y).
        amount: By how much the pen grows or shrinks on each side, in shares of the longer side.
    """

    cause: str
    words: str
    kind: Kind
    matrix: Matrix = IDENTITY
    about_picture: bool = False
    shift: tuple[float, float] = (0.0, 0.0)
    amount: float = 0.0


def apply_batch(drawing: VariantBatch, repairs: Sequence[Repair]) -> VariantBatch:
    """One variant for each repair of the one picture in `drawing`, in their order."""
    if not repairs:
        return drawing[:0]
    parts, order = [], []
    for change in dict.fromkeys(_CHANGES[repair.kind] for repair in repairs):
        chosen = [index for index, repair in enumerate(repairs) if _CHANGES[repair.kind] is change]
        copies = drawing[torch.zeros(len(chosen), dtype=torch.long)]
        parts.append(change(copies, [repairs[index] for index in chosen]))
        order += chosen
    return VariantBatch.joined(parts)[torch.tensor(order).argsort()]


def apply_sequence(drawing: VariantBatch, repairs: Iterable[Repair]) -> VariantBatch:
    """The one picture in `drawing` after all repairs, one after another."""
    for repair in repairs:
        drawing = apply_batch(drawing, [repair])
    return drawing


def _warped(copies: VariantBatch, repairs: Sequence[Repair]) -> VariantBatch:
    height, width = copies.alpha.shape[1:]
    ink = boxes(copies.alpha[:1])[0]
    middles = {False: (ink[:2] + ink[2:]) / 2, True: torch.tensor([width / 2, height / 2])}
    middle = torch.stack([middles[repair.about_picture] for repair in repairs])
    shift = torch.tensor([repair.shift for repair in repairs]) * max(height, width)
    matrices = torch.tensor([repair.matrix for repair in repairs], dtype=torch.float32)
    background = copies.background[:, None, None]
    both = torch.stack([copies.levels - background, copies.alpha], dim=1)
    above, alpha = map_about(both, matrices, middle, shift).unbind(1)
    return replace(copies, levels=above + background, alpha=alpha)


def _penned(copies: VariantBatch, repairs: Sequence[Repair]) -> VariantBatch:
    """The one picture written with other pens: the distances from the ink's edge are measured once for all."""
    alpha = copies.alpha[0].numpy()
    longer = max(alpha.shape)
    distances = {kind: edge_distance(alpha, growing=kind == "thicken") for kind in {repair.kind for repair in repairs}}
    margins = [repair.amount * longer * (1 if repair.kind == "thicken" else -1) for repair in repairs]
    changed = [offset_edge(alpha, distances[repair.kind], by) for repair, by in zip(repairs, margins, strict=True)]
    alphas = torch.from_numpy(np.stack(changed))
    # Where a pen grew, what was there before stays as it was.
    kept = torch.tensor([repair.kind == "thicken" for repair in repairs])[:, None, None] & (alphas <= copies.alpha)
    return replace(copies, levels=torch.where(kept, copies.levels, _levels_of(copies, alphas)), alpha=alphas)


def _inverted(copies: VariantBatch, _: Sequence[Repair]) -> VariantBatch:
    return replace(copies, levels=255 - copies.levels, background=255 - copies.background, light_ink=~copies.light_ink)


def _stretched(copies: VariantBatch, _: Sequence[Repair]) -> VariantBatch:
    light = copies.light_ink[:, None, None]
    sign = torch.where(light, 1.0, -1.0)
    above = (copies.levels - copies.background[:, None, None]) * sign / (255 * copies.contrast[:, None, None])
    above = above.clamp(0, 1)
    return replace(
        copies,
        levels=255 * torch.where(light, above, 1 - above),
        background=torch.where(copies.light_ink, 0.0, 255.0),
        contrast=torch.ones_like(copies.contrast),
    )


def _cleaned(copies: VariantBatch, _: Sequence[Repair]) -> VariantBatch:
    return replace(copies, levels=_levels_of(copies, copies.alpha), noise=torch.zeros_like(copies.noise))


# From copies of one picture, one for each repair of these kinds, to what the repairs make of them.
_CHANGES: dict[Kind, Callable[[VariantBatch, Sequence[Repair]], VariantBatch]] = {
    "shape": _warped,
    "thicken": _penned,
    "thin": _penned,
    "invert": _inverted,
    "stretch_contrast": _stretched,
    "clean": _cleaned,
}


def _levels_of(drawing: VariantBatch, alpha: Tensor) -> Tensor:
    """The grey levels that this much ink gives on clean paper."""
    sign = torch.where(drawing.light_ink, 1.0, -1.0)[:, None, None]
    return drawing.background[:, None, None] + sign * 255 * drawing.contrast[:, None, None] * alpha
