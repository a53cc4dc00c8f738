"""How far a drawing can be changed before a model reads something else.

The drawing itself is moved, turned, resized, slanted, written with another pen or sprinkled with grain, and goes
through the steps again each time, all in one batch. What the steps undo (with all of them on: moving and resizing)
changes nothing by design, and it is worth seeing that.
"""

import math
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from mnist_core.preprocessing.pipeline import SIDE_PX, Grey, Preprocessed, preprocess
from mnist_core.preprocessing.pipeline_batched import VariantBatch, preprocess_batch
from mnist_core.preprocessing.repairs import Matrix, Repair, apply_batch
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
_GRAIN_SEED = 28
_LOOKING = {"contrast", "crop", "center"}  # steps that look for the ink, which grain makes hard to tell from paper
_SAME_SHARE = 0.35  # of a digit's ink: sampled anew, half a pixel aside, so much differs though nothing has changed


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to change a drawing by more and more.

    Attributes:
        name: Its name in code.
        title: Its name for people.
        help: What it does, in plain words.
        amounts: What is tried, rising; one of them leaves the drawing as it is.
        form: How an amount is said; `ways` has the words for less and for more than the neutral one.
        neutral: That one.
        ratio: Whether equal ratios of amounts are equally far apart, as for sizes.
    """

    name: str
    title: str
    help: str
    amounts: tuple[float, ...]
    form: str
    ways: tuple[str, str] = ("left", "right")
    neutral: float = 0.0
    ratio: bool = False

    @property
    def middle(self) -> int:
        """Which amount leaves the drawing as it is."""
        return self.amounts.index(self.neutral)

    def words(self, amount: float) -> str:
        """The amount as people say it: `31° to the right`, `141 % of its size`; `as drawn` for none."""
        if amount == self.neutral:
            return "as drawn"
        return self.form.format(size=abs(amount), way=self.ways[amount > self.neutral])


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

    kind: Kind
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
    changed = _CHANGES[kind](drawing, chosen.amounts)
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
    return _grey(_CHANGES[kind](VariantBatch.of(digit, STRESS_PX), (amount,)).levels[0])


def _one_by_one(changed: VariantBatch, steps: Set[str]) -> tuple[Tensor, Tensor]:
    """The exact way, slowly, for what `preprocess_batch` does not know: the pixels, and whether there was ink, (N,)."""
    digits = [preprocess(_grey(levels), steps) for levels in changed.levels]
    pixels = torch.from_numpy(np.stack([digit.pixels for digit in digits]))
    return pixels, torch.tensor([not digit.blank for digit in digits])


def _breaks(kind: Kind, probabilities: Floats, answers: list[int]) -> tuple[FlipPoint, ...]:
    ways = (range(kind.middle - 1, -1, -1), range(kind.middle + 1, len(answers)))
    found = (_first_break(kind, probabilities, answers, way) for way in ways)
    return tuple(one for one in found if one is not None)


def _first_break(kind: Kind, probabilities: Floats, answers: list[int], way: range) -> FlipPoint | None:
    was = answers[kind.middle]
    at = next((index for index in way if answers[index] != was), None)
    if at is None:
        return None
    before, digit = at - way.step, answers[at]
    share = 0.5 if NOTHING in (was, digit) else _crossing(probabilities[[before, at]][:, [was, digit]])
    amount = _between(kind, kind.amounts[before], kind.amounts[at], share)
    becomes = "nothing is left to read" if digit == NOTHING else f"becomes {'an' if digit == 8 else 'a'} {digit}"
    return FlipPoint(amount, before + share * way.step, digit, f"breaks at {kind.words(amount)}: {becomes}")


def _crossing(pair: Floats) -> float:
    """Where on the way from row 0 to row 1 the second column overtakes the first, 0 to 1.

    The logarithm of how much likelier one class is than the other is a difference of two scores, which is as near to
    a straight line as anything here.
    """
    ahead = np.diff(np.log(np.maximum(pair, 1e-30)), axis=1)[:, 0]
    return float(np.clip(ahead[0] / (ahead[0] - ahead[1]), 0, 1)) if ahead[0] != ahead[1] else 0.5


def _between(kind: Kind, first: float, second: float, share: float) -> float:
    if kind.ratio:
        return float(first * (second / first) ** share)
    return first + (second - first) * share


# --- changing a drawing ---------------------------------------------------------------------------------


def _moved(drawing: VariantBatch, amounts: tuple[float, ...], across: float, along: float) -> VariantBatch:
    shares = [amount / SIDE_PX for amount in amounts]
    return apply_batch(drawing, [Repair("", "", "move", shift=(across * by, along * by)) for by in shares])


def _mapped(drawing: VariantBatch, amounts: tuple[float, ...], matrix: Callable[[float], Matrix]) -> VariantBatch:
    return apply_batch(drawing, [Repair("", "", "shape", matrix(amount)) for amount in amounts])


def _turn(degrees: float) -> Matrix:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return (cos, -sin), (sin, cos)


def _scale(percent: float) -> Matrix:
    return (percent / 100, 0.0), (0.0, percent / 100)


def _lean(degrees: float) -> Matrix:
    return (1.0, -math.tan(math.radians(degrees))), (0.0, 1.0)


def _written(drawing: VariantBatch, amounts: tuple[float, ...]) -> VariantBatch:
    # The width grows on both sides of the stroke.
    by = [amount / SIDE_PX / 2 for amount in amounts]
    return apply_batch(drawing, [Repair("", "", "thicken" if one >= 0 else "thin", amount=abs(one)) for one in by])


def _add_noise(drawing: VariantBatch, amounts: tuple[float, ...]) -> VariantBatch:
    """Grain that strays by so many per cent of the ink's contrast, always the same, so that it only grows."""
    height, width = drawing.levels.shape[1:]
    grain = torch.randn(height, width, generator=torch.Generator().manual_seed(_GRAIN_SEED))
    reach = torch.tensor(amounts)[:, None, None] / 100 * 255 * drawing.contrast
    same = drawing[torch.zeros(len(amounts), dtype=torch.long)]
    levels = (drawing.levels + reach * grain).clamp(0, 255)
    return VariantBatch(levels, same.alpha, same.background, same.light_ink, same.contrast, same.noise)


def _grey(levels: Tensor) -> Grey:
    grey: Grey = levels.clamp(0, 255).round().to(torch.uint8).numpy()
    return grey


def _whole(kind: Kind, ink: Tensor) -> Tensor:
    """Whether all the ink that there should be is on the paper, (N,), from the share of the drawing's own ink."""
    if kind.name not in _PLACING:
        return torch.ones(len(ink), dtype=torch.bool)
    areas = [(amount / kind.neutral) ** 2 if kind.ratio else 1.0 for amount in kind.amounts]
    return ink >= _WHOLE_INK * torch.tensor(areas)


def _evenly(first: int, last: int, step: float) -> tuple[float, ...]:
    """From `first` to `last` steps, so that no step is exactly 0."""
    return tuple(round(count * step, 6) for count in range(first, last + 1))


KINDS = (
    Kind(
        "shift_right",
        "Move left or right",
        "The drawing is moved to the left or to the right. A pixel is 1/28 of the picture's width.",
        _evenly(-20, 20, 0.5),
        "{size:.1f} px to the {way}",
    ),
    Kind(
        "shift_down",
        "Move up or down",
        "The drawing is moved up or down. A pixel is 1/28 of the picture's width.",
        _evenly(-20, 20, 0.5),
        "{size:.1f} px {way}",
        ("up", "down"),
    ),
    Kind(
        "rotation",
        "Rotate",
        "The drawing is rotated about its centre.",
        _evenly(-30, 30, 3),
        "{size:.0f}° to the {way}",
    ),
    Kind(
        "scale",
        "Resize",
        "The drawing is made smaller or larger about its centre.",
        tuple(round(100 * 2.5 ** (step / 20), 2) for step in range(-20, 21)),
        "{size:.0f} % of its size",
        neutral=100.0,
        ratio=True,
    ),
    Kind(
        "stroke",
        "Pen width",
        "The strokes are made thinner or thicker. A pixel is 1/28 of the picture's width.",
        _evenly(-16, 24, 0.15),
        "{size:.1f} px {way}",
        ("thinner", "thicker"),
    ),
    Kind(
        "slant",
        "Slant",
        "The drawing is slanted, like italic letters.",
        _evenly(-20, 20, 2.5),
        "{size:.0f}° to the {way}",
    ),
    Kind(
        "noise",
        "Noise",
        "Random noise is added: at 50 %, it reaches half the difference between paper and ink.",
        _evenly(0, 20, 5),
        "{size:.0f} % noise",
    ),
)
"""Every way to change a drawing that can be tried."""

_BY_NAME = {kind.name: kind for kind in KINDS}

_PLACING = {"shift_right", "shift_down", "rotation", "scale", "slant"}

_CHANGES: dict[str, Callable[[VariantBatch, tuple[float, ...]], VariantBatch]] = {
    "shift_right": partial(_moved, across=1, along=0),
    "shift_down": partial(_moved, across=0, along=1),
    "rotation": partial(_mapped, matrix=_turn),
    "scale": partial(_mapped, matrix=_scale),
    "stroke": _written,
    "slant": partial(_mapped, matrix=_lean),
    "noise": _add_noise,
}
