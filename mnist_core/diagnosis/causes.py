"""What can be wrong with a drawing, in words that a beginner understands."""

import math
from dataclasses import dataclass

from torch import Tensor

from mnist_core.diagnosis.reference import Reference
from mnist_core.preprocessing.measurements import MEASURES, NAMES
from mnist_core.preprocessing.pipeline_batched import VariantBatch
from mnist_core.preprocessing.repairs import Repair

TITLES = {
    "inverted": "black and white swapped",
    "off_center": "off-centre",
    "too_small": "too small",
    "too_large": "too large",
    "stretched": "squeezed or stretched",
    "too_thin": "thin strokes",
    "too_thick": "thick strokes",
    "rotated": "rotated",
    "slanted": "slanted",
    "mirrored": "mirrored",
    "transposed": "rows and columns swapped",
    "low_contrast": "faint ink",
    "noisy_background": "noisy background",
    "several_shapes": "several digits",
    "not_a_digit": "not a digit",
    "unseen_style": "unusual style",
    "blank": "blank",
}
"""A name for each code of a cause."""

TEXTS = {
    "inverted": "Black and white are swapped: MNIST's digits are white on black.",
    "off_center": "The digit is off-centre; MNIST's digits are centred.",
    "too_small": "The digit is drawn smaller than any digit the model has learned from.",
    "too_large": "The digit is drawn larger than any digit the model has learned from.",
    "stretched": "The digit is squeezed or stretched: its proportions are wrong.",
    "too_thin": "The pen is thinner than in nearly all of MNIST: little ink is left after resizing.",
    "too_thick": "The pen is thicker than in nearly all of MNIST: holes and gaps close.",
    "rotated": "The digit is rotated, and the model has hardly seen rotated digits.",
    "slanted": "The digit is slanted more than the digits the model has learned from.",
    "mirrored": "The digit is mirrored: left and right are swapped.",
    "transposed": "Rows and columns are swapped: the digit lies on its side and is mirrored.",
    "low_contrast": "There is hardly any contrast between ink and paper.",
    "noisy_background": "The background is noisy: to the model, the noise looks like ink.",
    "several_shapes": "There is more than one digit, but the model expects one per picture.",
    "not_a_digit": "This does not look like any digit, even after correction.",
    "unseen_style": "No correction of the drawing helps: the model has not learned this way of writing the digit.",
    "blank": "There is no ink on the paper.",
}
"""A sentence for each code of a cause."""

_MEASURE_OF = {
    "too_small": "size",
    "too_large": "size",
    "stretched": "aspect",
    "too_thin": "stroke",
    "too_thick": "stroke",
    "slanted": "slant",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that may be wrong with the drawing.

    Attributes:
        code: Its code, a key of `TITLES` and `TEXTS`.
        score: How likely it is among all causes tried and none, 0 to 1.
        measured: What was measured, in words with numbers.
        usual: What is usual in MNIST, in the same words.
        helps: Whether undoing it alone makes the answer right.
        probability: The probability of the meant digit once it is undone, 0 to 1.
    """

    code: str
    score: float
    measured: str
    usual: str
    helps: bool
    probability: float

    @property
    def title(self) -> str:
        """Its name in a few words, without a capital."""
        return TITLES[self.code]

    @property
    def text(self) -> str:
        """A sentence for a beginner."""
        return TEXTS[self.code]


def blank_cause() -> Cause:
    """The only cause for paper without ink."""
    return Cause("blank", 1.0, "no ink", "a digit", False, 0.0)


def multiple_digits_cause(count: int) -> Cause:
    """The only cause for several digits in one picture."""
    return Cause("several_shapes", 1.0, f"{count} digits", "one digit", False, 0.0)


def ood_cause(score: float, distance_percentile: float) -> Cause:
    """That it is no digit; `distance_percentile` is the share of MNIST's digits that are nearer to the others."""
    measured = f"farther from MNIST's digits than {distance_percentile:.1%} of them are from each other"
    return Cause("not_a_digit", score, measured, "similar to one of them", False, 0.0)


def unfamiliar_style_cause(score: float) -> Cause:
    """That it is not the drawing."""
    return Cause("unseen_style", score, "no correction fixes the answer", "one does", False, 0.0)


def describe(
    code: str, label: int, measured: Tensor, drawing: VariantBatch, reference: Reference, repair: Repair
) -> tuple[str, str]:
    """What was measured of the cause in the drawing, and what is usual, both in words.

    Args:
        code: The cause's code.
        label: The digit that was meant.
        measured: The drawing's measures (8,) as the model sees it.
        drawing: The one drawing itself.
        reference: What is usual.
        repair: The best repair that undoes the cause.
    """
    if code in _MEASURE_OF:
        return _describe_measure(NAMES.index(_MEASURE_OF[code]), label, measured, reference)
    if code == "off_center":
        right, down = (float(measured[NAMES.index(name)]) for name in ("mass_right", "mass_down"))
        return f"centre of mass {math.hypot(right, down):.1f} px from the middle", "less than 1 px"
    if code == "inverted":
        usual = "light ink on dark paper"
        return usual if bool(drawing.light_ink[0]) else "dark ink on light paper", usual
    if code == "low_contrast":
        return f"{255 * float(drawing.contrast[0]):.0f} of 255 grey levels", "255 of 255 grey levels"
    if code == "noisy_background":
        return f"grain up to {float(drawing.noise[0]):.0%} of the ink", "no grain"
    return f"the best repair is to {repair.words}", "none is needed"


def _describe_measure(place: int, label: int, measured: Tensor, reference: Reference) -> tuple[str, str]:
    measure = MEASURES[place]
    unit = measure.unit if measure.unit in ("", "°") else f" {measure.unit}"
    low, high = reference.usual(label, place)
    value = float(measured[place])
    percentile = reference.percentile(label, place, value)
    words = f"{measure.title.lower()} {value:.1f}{unit}, more than {percentile:.0f} % of MNIST's {label}s"
    return words, f"{low:.1f} to {high:.1f}{unit}"
