"""Small corrections of a drawing, each of which undoes one thing that can be wrong with it."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from mnist_core.preprocessing.deskew_and_stroke import edge_distance, offset_edge
from mnist_core.preprocessing.pipeline_batched import VariantBatch, boxes

Kind = Literal["move", "shape", "thicken", "thin", "invert", "stretch_contrast", "clean"]
Matrix = tuple[tuple[float, float], tuple[float, float]]

_IDENTITY: Matrix = ((1.0, 0.0), (0.0, 1.0))
_TURNS_DEG = (15, 25, 35, 45, 55, 65)
_SLANTS_DEG = (12, 20, 28, 36)
_PEN_STEPS = (0.009, 0.014, 0.018, 0.027, 0.036, 0.045)  # of the picture's longer side: 1/4 to 1 1/4 px of 28
_USUAL_SIZE = 20 / 28


@dataclass(frozen=True, slots=True)
class Repair:
    """One correction.

    Attributes:
        cause: The code of what it undoes (`off_center`, `rotated`, ...).
        words: What it does, in plain words ("turn 35° to the left").
        kind: `shape` maps the picture about the ink's middle by `matrix`, `move` shifts it, the rest change
            the ink or the grey levels.
        matrix: Where a place goes, from the middle, as (x, y), for `shape`.
        about_picture: Whether `shape` maps about the picture's middle instead.
        shift: How far it moves, in shares of the picture's longer side, as (x, y), for `move`.
        amount: By how much the pen grows or shrinks on each side, in shares of the longer side.
    """

    cause: str
    words: str
    kind: Kind
    matrix: Matrix = _IDENTITY
    about_picture: bool = False
    shift: tuple[float, float] = (0.0, 0.0)
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Typical:
    """What a digit should look like, as far as repairs need to know.

    Attributes:
        right, down: Where the middle of its box is, from the picture's middle, in shares of the side.
        aspects: Widths to heights to try.
    """

    right: float
    down: float
    aspects: tuple[float, ...]


def candidate_repairs(drawing: VariantBatch, usual: Typical) -> list[Repair]:
    """Every correction worth trying on the one picture in `drawing`, gentle ones first within a cause."""
    height, width = drawing.alpha.shape[1:]
    left, top, right, bottom = boxes(drawing.alpha)[0].tolist()
    longer = max(height, width)
    box = ((left + right) / 2 - width / 2) / longer, ((top + bottom) / 2 - height / 2) / longer
    size = (right - left) / longer, (bottom - top) / longer
    return [
        *_moves(box, usual),
        *_sizes(max(size)),
        *_proportions(size, usual),
        *_turns(),
        *_slants(),
        Repair("mirrored", "mirror it", "shape", ((-1.0, 0.0), (0.0, 1.0)), about_picture=True),
        Repair("transposed", "swap rows and columns", "shape", ((0.0, 1.0), (1.0, 0.0)), about_picture=True),
        Repair("inverted", "invert the colours", "invert"),
        Repair("low_contrast", "increase the contrast", "stretch_contrast"),
        Repair("noisy_background", "remove the noise", "clean"),
        *(Repair("too_thin", f"thicken the pen by {_px(2 * by)}", "thicken", amount=by) for by in _PEN_STEPS),
        *(Repair("too_thick", f"thin the pen by {_px(2 * by)}", "thin", amount=by) for by in _PEN_STEPS),
    ]


def apply_batch(drawing: VariantBatch, repairs: Sequence[Repair]) -> VariantBatch:
    """One variant for each repair of the one picture in `drawing`, in their order."""
    if not repairs:
        return drawing[:0]
    parts, order = [], []
    for change, kinds in ((_warped, ("shape", "move")), (_penned, ("thicken", "thin"))):
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


def _moves(box: tuple[float, float], usual: Typical) -> Iterable[Repair]:
    for target in ((usual.right, usual.down), (0.0, 0.0)):
        shift = (target[0] - box[0], target[1] - box[1])
        across = f"{_px(abs(shift[0]))} to the {'right' if shift[0] > 0 else 'left'}"
        along = f"{_px(abs(shift[1]))} {'down' if shift[1] > 0 else 'up'}"
        yield Repair("off_center", f"move it {across} and {along}", "move", shift=shift)


def _sizes(longer: float) -> Iterable[Repair]:
    for wanted in (_USUAL_SIZE, 0.9 * _USUAL_SIZE):
        scale = wanted / max(longer, 0.01)
        cause = "too_small" if scale > 1 else "too_large"
        words = f"{'enlarge' if scale > 1 else 'shrink'} it to {scale:.0%}"
        yield Repair(cause, words, "shape", ((scale, 0.0), (0.0, scale)))


def _proportions(size: tuple[float, float], usual: Typical) -> Iterable[Repair]:
    now = max(size[0], 0.01) / max(size[1], 0.01)
    for aspect in usual.aspects:
        wider = aspect / now
        if wider > 1.05:
            yield Repair("stretched", f"stretch its width to {wider:.0%}", "shape", ((wider, 0.0), (0.0, 1.0)))
        elif wider < 0.95:
            yield Repair("stretched", f"stretch its height to {1 / wider:.0%}", "shape", ((1.0, 0.0), (0.0, 1 / wider)))


def _turns() -> Iterable[Repair]:
    for angle in _TURNS_DEG:
        for sign, side in ((1, "right"), (-1, "left")):
            cos, sin = math.cos(math.radians(angle)), sign * math.sin(math.radians(angle))
            yield Repair("rotated", f"rotate it {angle}° to the {side}", "shape", ((cos, -sin), (sin, cos)))


def _slants() -> Iterable[Repair]:
    for angle in _SLANTS_DEG:
        for sign, side in ((1, "left"), (-1, "right")):
            slant = sign * math.tan(math.radians(angle))
            yield Repair("slanted", f"slant it {angle}° to the {side}", "shape", ((1.0, slant), (0.0, 1.0)))


def _px(share: float) -> str:
    return f"{share * 28:.1f} px"


def _warped(drawing: VariantBatch, repairs: Sequence[Repair]) -> VariantBatch:
    height, width = drawing.alpha.shape[1:]
    ink = boxes(drawing.alpha)[0]
    middles = {
        False: (ink[:2] + ink[2:]) / 2,
        True: torch.tensor([width / 2, height / 2]),
    }
    middle = torch.stack([middles[repair.about_picture] for repair in repairs])
    shift = torch.tensor([repair.shift for repair in repairs]) * max(height, width)
    back = torch.linalg.inv(torch.tensor([repair.matrix for repair in repairs]))
    start = middle - (back @ (middle + shift).unsqueeze(-1)).squeeze(-1)
    grid = _grid(torch.cat([back, start.unsqueeze(-1)], dim=-1), height, width)
    above = drawing.levels - drawing.background[:, None, None]
    both = torch.stack([above, drawing.alpha], dim=1).expand(len(repairs), 2, height, width)
    levels, alpha = F.grid_sample(both, grid, align_corners=False).unbind(1)
    same = drawing[torch.zeros(len(repairs), dtype=torch.long)]
    return _changed(same, levels=levels + drawing.background[:, None, None], alpha=alpha)


def _grid(back: Tensor, height: int, width: int) -> Tensor:
    """Where to look for each pixel, for `grid_sample`, from matrices (N, 2, 3) in pixels."""
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], dim=-1)
    looked = torch.einsum("nij,hwj->nhwi", back, places)
    return looked * torch.tensor([2 / width, 2 / height]) - 1


def _penned(drawing: VariantBatch, repairs: Sequence[Repair]) -> VariantBatch:
    """The one picture written with other pens: the distances from the ink's edge are measured once for all."""
    alpha = drawing.alpha[0].numpy()
    longer = max(alpha.shape)
    distances = {kind: edge_distance(alpha, growing=kind == "thicken") for kind in {repair.kind for repair in repairs}}
    margins = [repair.amount * longer * (1 if repair.kind == "thicken" else -1) for repair in repairs]
    changed = [offset_edge(alpha, distances[repair.kind], by) for repair, by in zip(repairs, margins, strict=True)]
    same = drawing[torch.zeros(len(repairs), dtype=torch.long)]
    inked = torch.from_numpy(np.stack(changed))
    levels = _inked(same, inked)
    # Where a pen grew, what was there before stays as it was.
    kept = torch.tensor([repair.kind == "thicken" for repair in repairs])[:, None, None] & (inked <= drawing.alpha)
    return _changed(same, levels=torch.where(kept, same.levels, levels), alpha=inked)


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
    return _changed(drawing, levels=_inked(drawing, drawing.alpha), noise=torch.zeros_like(drawing.noise))


_LEVEL_REPAIRS: dict[str, Callable[[VariantBatch], VariantBatch]] = {
    "invert": _invert,
    "stretch_contrast": _stretch_contrast,
    "clean": _clean,
}


def _inked(drawing: VariantBatch, alpha: Tensor) -> Tensor:
    """The grey levels that this much ink gives on clean paper."""
    sign = torch.where(drawing.light_ink, 1.0, -1.0)[:, None, None]
    return drawing.background[:, None, None] + sign * 255 * drawing.contrast[:, None, None] * alpha


def _changed(drawing: VariantBatch, **changes: Tensor) -> VariantBatch:
    return VariantBatch(*(changes.get(name, getattr(drawing, name)) for name in VariantBatch.__slots__))
