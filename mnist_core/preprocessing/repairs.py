"""Small corrections of a drawing, each of which undoes one thing that can be wrong with it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from mnist_core.imaging.boxes import boxes
from mnist_core.imaging.geometry import IDENTITY, Matrix, sample_affine, sampling_matrices
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
    for change, kinds in ((_warped, ("shape",)), (_penned, ("thicken", "thin"))):
        chosen = [index for index, repair in enumerate(repairs) if repair.kind in kinds]
        if chosen:
            parts.append(change(drawing, [repairs[index] for index in chosen]))
            order += chosen
    for index, repair in enumerate(repairs):
        if repair.kind in _LEVEL_REPAIRS:
            parts.append(_LEVEL_REPAIRS[repair.kind](drawing))
            order.append(index)
    return VariantBatch.joined(parts)[torch.tensor(order).argsort()]


def apply_sequence(drawing: VariantBatch, repairs: Iterable[Repair]) -> VariantBatch:
    """The one picture in `drawing` after all repairs, one after another."""
    for repair in repairs:
        drawing = apply_batch(drawing, [repair])
    return drawing


def _warped(drawing: VariantBatch, repairs: Sequence[Repair]) -> VariantBatch:
    height, width = drawing.alpha.shape[1:]
    ink = boxes(drawing.alpha)[0]
    middles = {
        False: (ink[:2] + ink[2:]) / 2,
        True: torch.tensor([width / 2, height / 2]),
    }
    middle = torch.stack([middles[repair.about_picture] for repair in repairs])
    shift = torch.tensor([repair.shift for repair in repairs]) * max(height, width)
    matrices = torch.tensor([repair.matrix for repair in repairs], dtype=torch.float32)
    above = drawing.levels - drawing.background[:, None, None]
    both = torch.stack([above, drawing.alpha], dim=1).expand(len(repairs), 2, height, width)
    sampled = sample_affine(both, sampling_matrices(matrices, middle, shift), (height, width))
    levels, alpha = sampled.unbind(1)
    same = drawing[torch.zeros(len(repairs), dtype=torch.long)]
    return _changed(same, levels=levels + drawing.background[:, None, None], alpha=alpha)


def _penned(drawing: VariantBatch, repairs: Sequence[Repair]) -> VariantBatch:
    """The one picture written with other pens: the distances from the ink's edge are measured once for all."""
    alpha = drawing.alpha[0].numpy()
    longer = max(alpha.shape)
    distances = {kind: edge_distance(alpha, growing=kind == "thicken") for kind in {repair.kind for repair in repairs}}
    margins = [repair.amount * longer * (1 if repair.kind == "thicken" else -1) for repair in repairs]
    changed = [offset_edge(alpha, distances[repair.kind], by) for repair, by in zip(repairs, margins, strict=True)]
    same = drawing[torch.zeros(len(repairs), dtype=torch.long)]
    alphas = torch.from_numpy(np.stack(changed))
    levels = _levels_of(same, alphas)
    # Where a pen grew, what was there before stays as it was.
    kept = torch.tensor([repair.kind == "thicken" for repair in repairs])[:, None, None] & (alphas <= drawing.alpha)
    return _changed(same, levels=torch.where(kept, same.levels, levels), alpha=alphas)


def _invert(drawing: VariantBatch) -> VariantBatch:
    return _changed(
        drawing, levels=255 - drawing.levels, background=255 - drawing.background, light_ink=~drawing.light_ink
    )  # fmt: skip


def _stretch_contrast(drawing: VariantBatch) -> VariantBatch:
    sign = torch.where(drawing.light_ink, 1.0, -1.0)[:, None, None]
    above = (drawing.levels - drawing.background[:, None, None]) * sign / (255 * drawing.contrast[:, None, None])
    above = above.clamp(0, 1)
    light = drawing.light_ink[:, None, None]
    return _changed(
        drawing,
        levels=255 * torch.where(light, above, 1 - above),
        background=torch.where(drawing.light_ink, 0.0, 255.0),
        contrast=torch.ones_like(drawing.contrast),
    )


def _clean(drawing: VariantBatch) -> VariantBatch:
    return _changed(drawing, levels=_levels_of(drawing, drawing.alpha), noise=torch.zeros_like(drawing.noise))


_LEVEL_REPAIRS: dict[str, Callable[[VariantBatch], VariantBatch]] = {
    "invert": _invert,
    "stretch_contrast": _stretch_contrast,
    "clean": _clean,
}


def _levels_of(drawing: VariantBatch, alpha: Tensor) -> Tensor:
    """The grey levels that this much ink gives on clean paper."""
    sign = torch.where(drawing.light_ink, 1.0, -1.0)[:, None, None]
    return drawing.background[:, None, None] + sign * 255 * drawing.contrast[:, None, None] * alpha


def _changed(drawing: VariantBatch, **changes: Tensor) -> VariantBatch:
    return VariantBatch(*(changes.get(name, getattr(drawing, name)) for name in VariantBatch.__slots__))
