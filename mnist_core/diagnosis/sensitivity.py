"""How far a drawing can be changed before a model reads something else.

The drawing itself is moved, turned, resized, slanted, written with another pen or sprinkled with grain, and goes
through the steps again each time, all in one batch. What the steps undo (with all of them on: moving and resizing)
changes nothing by design, and it is worth seeing that.
"""

from collections.abc import Set
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from mnist_core.imaging.perturbations import OF_DRAWINGS, Effect, Perturbation, noise_of
from mnist_core.preprocessing.pipeline import SIDE_PX, Grey, Preprocessed, preprocess
from mnist_core.preprocessing.pipeline_batched import VariantBatch, preprocess_batch
from mnist_core.preprocessing.repairs import Repair, apply_batch
from mnist_core.preprocessing.steps import MNIST_STEPS
from mnist_core.training.inference import predict_calibrated
from mnist_core.training.models import Classifier

Floats = npt.NDArray[np.float32]

STRESS_PX = 112
"""The longest side of the picture that is changed: four points a pixel of the 28x28."""

NOTHING = -1
"""The answer where no ink is left."""

_LEAST_INK = 0.02  # of the drawing's own ink: with less there is nothing left to read
_WHOLE_INK = 0.97  # less of it on the paper, and the drawing is cut off
_LOOKING = {"contrast", "crop", "center"}  # steps that look for the ink, which grain makes hard to tell from paper
_SAME_SHARE = 0.35  # of a digit's ink: sampled anew, half a pixel aside, so much differs though nothing has changed


@dataclass(frozen=True, slots=True)
class FlipPoint:
    """Where the answer first changes on the way out from the drawing as it is.

    Attributes:
        amount: How much change it takes, between two of the amounts tried.
        place: The same counted in amounts tried: 3.5 is half-way between the fourth and the fifth.
        digit: What is read beyond; `NOTHING` when there is no ink left.
        words: "breaks at 31° to the right: becomes a 2".
    """

    amount: float
    place: float
    digit: int
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class SensitivityCurve:
    """A drawing under one kind of stress.

    Attributes:
        kind: Which.
        pixels: What the model sees for each of `kind.amounts`, float32 (N, 28, 28).
        probabilities: Calibrated, float32 (N, 10); all 0 where no ink is left.
        answers: The digit read for each amount, int (N,), or `NOTHING`.
        whole: Whether the drawing is still all on the paper, bool (N,).
        breaks: Downwards and upwards from the middle, none or one each.
    """

    kind: Perturbation
    pixels: Floats
    probabilities: Floats
    answers: npt.NDArray[np.int64]
    whole: npt.NDArray[np.bool_]
    breaks: tuple[FlipPoint, ...]

    @property
    def undone_by_preprocessing(self) -> bool:
        """Whether the steps undo the change: while all ink is on the paper, what the model sees hardly moves."""
        if len(set(self.answers[self.whole].tolist())) > 1:
            return False
        seen = self.pixels[self.whole]
        usual = np.median(seen, axis=0)
        return float(np.median(np.abs(seen - usual).mean(axis=(1, 2)))) < _SAME_SHARE * float(usual.mean())


def sensitivity_curves(model: Classifier, digit: Preprocessed, kind: str) -> SensitivityCurve | None:
    """What the model reads as the drawing changes; None for a picture without ink.

    Args:
        model: Which model to ask.
        digit: The drawing, by the steps that are switched on.
        kind: The name of one of `KINDS`.

    Raises:
        ValueError: When there is no such kind.
    """
    if kind not in _BY_NAME:
        raise ValueError(f"unknown kind {kind!r}, there are {', '.join(_BY_NAME)}")
    if digit.blank:
        return None
    chosen = _BY_NAME[kind]
    drawing = VariantBatch.of(digit, STRESS_PX)
    changed = _changed(drawing, chosen, chosen.amounts)
    ink = changed.alpha.sum(dim=(1, 2)) / drawing.alpha.sum()
    if digit.steps <= MNIST_STEPS and not (kind == "noise" and digit.steps & _LOOKING):
        pixels = preprocess_batch(changed, digit.steps).pixels
    else:
        pixels, found = _one_by_one(changed, digit.steps)
        ink = ink * found
    # As it is, it was seen the exact way already: the curve goes through the answer that the page shows.
    pixels[chosen.middle] = torch.from_numpy(digit.pixels)
    probabilities = predict_calibrated(model, pixels) * (ink > _LEAST_INK)[:, None]
    answers = torch.where(ink > _LEAST_INK, probabilities.argmax(dim=1), NOTHING)
    return SensitivityCurve(
        chosen,
        pixels.numpy(),
        probabilities.numpy(),
        answers.numpy(),
        _whole(chosen, ink).numpy(),
        _breaks(chosen, probabilities.numpy(), answers.tolist()),
    )


def change(digit: Preprocessed, kind: str, amount: float) -> Grey | None:
    """The drawing changed by one amount, grey, uint8 (H, W), at most `STRESS_PX` a side; None without ink."""
    if digit.blank:
        return None
    return _grey(_changed(VariantBatch.of(digit, STRESS_PX), _BY_NAME[kind], (amount,)).levels[0])


def _one_by_one(changed: VariantBatch, steps: Set[str]) -> tuple[Tensor, Tensor]:
    """The exact way, slowly, for what `preprocess_batch` does not know: the pixels, and whether there was ink, (N,)."""
    digits = [preprocess(_grey(levels), steps) for levels in changed.levels]
    pixels = torch.from_numpy(np.stack([digit.pixels for digit in digits]))
    return pixels, torch.tensor([not digit.blank for digit in digits])


def _breaks(kind: Perturbation, probabilities: Floats, answers: list[int]) -> tuple[FlipPoint, ...]:
    was, breaks = answers[kind.middle], []
    for before, at in kind.first_changes([answer != was for answer in answers]):
        digit = answers[at]
        share = 0.5 if NOTHING in (was, digit) else _crossing(probabilities[[before, at]][:, [was, digit]])
        amount = _between(kind, kind.amounts[before], kind.amounts[at], share)
        becomes = "nothing is left to read" if digit == NOTHING else f"becomes {'an' if digit == 8 else 'a'} {digit}"
        words = f"breaks at {kind.words(amount)}: {becomes}"
        breaks.append(FlipPoint(amount, before + share * (at - before), digit, words))
    return tuple(breaks)


def _crossing(pair: Floats) -> float:
    """Where on the way from row 0 to row 1 the second column overtakes the first, 0 to 1.

    The logarithm of how much likelier one class is than the other is a difference of two scores, which is as near to
    a straight line as anything here.
    """
    ahead = np.diff(np.log(np.maximum(pair, 1e-30)), axis=1)[:, 0]
    return float(np.clip(ahead[0] / (ahead[0] - ahead[1]), 0, 1)) if ahead[0] != ahead[1] else 0.5


def _between(kind: Perturbation, first: float, second: float, share: float) -> float:
    if kind.ratio:
        return float(first * (second / first) ** share)
    return first + (second - first) * share


def _changed(drawing: VariantBatch, kind: Perturbation, amounts: tuple[float, ...]) -> VariantBatch:
    """The one drawing under each of these amounts."""
    effects = [kind.effect(amount) for amount in amounts]
    if kind.name != "noise":
        return apply_batch(drawing, [_as_repair(effect) for effect in effects])
    reach = torch.tensor([effect.noise for effect in effects])[:, None, None] * 255 * drawing.contrast
    same = drawing[torch.zeros(len(amounts), dtype=torch.long)]
    return replace(same, levels=(drawing.levels + reach * noise_of(drawing.levels.shape[1:])).clamp(0, 255))


def _as_repair(effect: Effect) -> Repair:
    if effect.stroke_px:  # the width grows on both sides of the stroke
        kind: Literal["thicken", "thin"] = "thicken" if effect.stroke_px > 0 else "thin"
        return Repair("", "", kind, amount=abs(effect.stroke_px) / SIDE_PX / 2)
    right, down = effect.shift_px
    return Repair("", "", "shape", effect.matrix, shift=(right / SIDE_PX, down / SIDE_PX))


def _grey(levels: Tensor) -> Grey:
    return levels.clamp(0, 255).round().to(torch.uint8).numpy()


def _whole(kind: Perturbation, ink: Tensor) -> Tensor:
    """Whether all the ink that there should be is on the paper, (N,), from the share of the drawing's own ink."""
    if not kind.is_placing:
        return torch.ones(len(ink), dtype=torch.bool)
    areas = [(amount / kind.neutral) ** 2 if kind.ratio else 1.0 for amount in kind.amounts]
    return ink >= _WHOLE_INK * torch.tensor(areas)


KINDS = OF_DRAWINGS
"""Every way to change a drawing that can be tried."""

_BY_NAME = {kind.name: kind for kind in KINDS}
