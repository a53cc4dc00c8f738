"""What can be wrong with a drawing: one record a cause, which diagnosis, pages, command line and documents read.

To add a cause, add a record to `CAUSES`.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from mnist_core.diagnosis.reference import Reference, share_below, usual_range
from mnist_core.imaging.boxes import boxes
from mnist_core.imaging.geometry import rotation_matrix, scale_matrix, shear_matrix
from mnist_core.preprocessing.measurements import MEASURES, NAMES
from mnist_core.preprocessing.pipeline import SIDE_PX
from mnist_core.preprocessing.pipeline_batched import VariantBatch
from mnist_core.preprocessing.repairs import Repair

_TURNS_DEG = (15, 25, 35, 45, 55, 65)
_SLANTS_DEG = (12, 20, 28, 36)
_PEN_STEPS = (0.009, 0.014, 0.018, 0.027, 0.036, 0.045)  # of the picture's longer side: 1/4 to 1 1/4 px of 28
_USUAL_SIZE = 20 / 28


@dataclass(frozen=True, slots=True)
class Placement:
    """The box around the ink as it is, in shares of the picture's longer side, and what is usual for the digit.

    Attributes:
        right, down: Where its middle is, from the picture's middle.
        width, height: How large it is, above 0.
        usual_place: Where its middle should be, in shares of the side.
        aspects: Widths to heights to try.
    """

    right: float
    down: float
    width: float
    height: float
    usual_place: tuple[float, float]
    aspects: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What a cause's words can be made of.

    Attributes:
        label: The digit that was meant.
        measures: The drawing as the model sees it, (M,), in the order of `preprocessing.measurements.MEASURES`.
        drawing: The one drawing itself.
        reference: What is usual in MNIST.
        repair: The best repair that undoes the cause.
    """

    label: int
    measures: Tensor
    drawing: VariantBatch
    reference: Reference
    repair: Repair


def describe_repair(evidence: Evidence) -> tuple[str, str]:
    """What was measured and what is usual, in words: of a cause that only its repair tells."""
    return f"the best repair is to {evidence.repair.words}", "none is needed"


@dataclass(frozen=True, slots=True)
class CauseRecord:
    """One thing that can be wrong with a drawing.

    Attributes:
        title: Its name in a few words, without a capital.
        text: A sentence for a beginner.
        repairs: Corrections to try, given its code and where the ink is, gentle ones first; none for what no repair
            undoes, which a rule of `diagnosis.diagnose` names.
        measure: The measure that tells it, of `MEASURES`; its words are made of that.
        describe: Otherwise, its words: what was measured and what is usual.
        undone_by: The preprocessing step that undoes it.
    """

    title: str
    text: str
    repairs: Callable[[str, Placement], Iterable[Repair]] | None = None
    measure: str = ""
    describe: Callable[[Evidence], tuple[str, str]] = describe_repair
    undone_by: str = ""

    def words(self, evidence: Evidence) -> tuple[str, str]:
        """What was measured of it in the drawing, and what is usual, both in words."""
        return _describe_measure(self.measure, evidence) if self.measure else self.describe(evidence)


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause as it was found in a drawing.

    Attributes:
        code: Its code, a key of `CAUSES`.
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
    helps: bool = False
    probability: float = 0.0

    @property
    def title(self) -> str:
        """Its name in a few words, without a capital."""
        return CAUSES[self.code].title

    @property
    def text(self) -> str:
        """A sentence for a beginner."""
        return CAUSES[self.code].text


def candidate_repairs(drawing: VariantBatch, reference: Reference, label: int) -> list[Repair]:
    """Every correction of every cause that is worth trying on the one picture in `drawing`, meant as that digit."""
    height, width = drawing.alpha.shape[1:]
    left, top, right, bottom = boxes(drawing.alpha)[0].tolist()
    longer = max(height, width)
    middle = dict(zip(NAMES, reference.median(label).tolist(), strict=True))
    low, high = usual_range(reference.values(label, "aspect"))
    placement = Placement(
        right=((left + right) / 2 - width / 2) / longer,
        down=((top + bottom) / 2 - height / 2) / longer,
        width=max((right - left) / longer, 0.01),
        height=max((bottom - top) / longer, 0.01),
        usual_place=(middle["right"] / SIDE_PX, middle["down"] / SIDE_PX),
        aspects=(middle["aspect"], *(math.sqrt(end * middle["aspect"]) for end in (low, high)), low, high),
    )
    return [repair for code, record in CAUSES.items() if record.repairs for repair in record.repairs(code, placement)]


# --- repairs --------------------------------------------------------------------------------------------


def _moves(cause: str, ink: Placement) -> Iterable[Repair]:
    for target in (ink.usual_place, (0.0, 0.0)):
        shift = (target[0] - ink.right, target[1] - ink.down)
        across = f"{_px(abs(shift[0]))} to the {'right' if shift[0] > 0 else 'left'}"
        along = f"{_px(abs(shift[1]))} {'down' if shift[1] > 0 else 'up'}"
        yield Repair(cause, f"move it {across} and {along}", "shape", shift=shift)


def _resized(cause: str, ink: Placement) -> Iterable[Repair]:
    for wanted in (_USUAL_SIZE, 0.9 * _USUAL_SIZE):
        scale = wanted / max(ink.width, ink.height)
        if (scale > 1) == (cause == "too_small"):
            words = f"{'enlarge' if scale > 1 else 'shrink'} it to {scale:.0%}"
            yield Repair(cause, words, "shape", scale_matrix(scale, scale))


def _proportions(cause: str, ink: Placement) -> Iterable[Repair]:
    for aspect in ink.aspects:
        wider = aspect * ink.height / ink.width
        if wider > 1.05:
            yield Repair(cause, f"stretch its width to {wider:.0%}", "shape", scale_matrix(wider, 1))
        elif wider < 0.95:
            yield Repair(cause, f"stretch its height to {1 / wider:.0%}", "shape", scale_matrix(1, 1 / wider))


def _turns(cause: str, _: Placement) -> Iterable[Repair]:
    for angle in _TURNS_DEG:
        for turned, side in ((angle, "right"), (-angle, "left")):
            yield Repair(cause, f"rotate it {angle}° to the {side}", "shape", rotation_matrix(turned))


def _slants(cause: str, _: Placement) -> Iterable[Repair]:
    for angle in _SLANTS_DEG:
        for slanted, side in ((-angle, "left"), (angle, "right")):
            yield Repair(cause, f"slant it {angle}° to the {side}", "shape", shear_matrix(slanted))


def _pens(cause: str, _: Placement) -> Iterable[Repair]:
    kind: Literal["thicken", "thin"] = "thicken" if cause == "too_thin" else "thin"
    return (Repair(cause, f"{kind} the pen by {_px(2 * by)}", kind, amount=by) for by in _PEN_STEPS)


def _px(share: float) -> str:
    return f"{share * 28:.1f} px"


# --- words ----------------------------------------------------------------------------------------------


def _describe_measure(name: str, evidence: Evidence) -> tuple[str, str]:
    place = NAMES.index(name)
    measure, label = MEASURES[place], evidence.label
    unit = measure.unit if measure.unit in ("", "°") else f" {measure.unit}"
    value, usual = float(evidence.measures[place]), evidence.reference.values(label, name)
    low, high = usual_range(usual)
    below = 100 * share_below(usual, value)
    words = f"{measure.title.lower()} {value:.1f}{unit}, more than {below:.0f} % of MNIST's {label}s"
    return words, f"{low:.1f} to {high:.1f}{unit}"


def _describe_place(evidence: Evidence) -> tuple[str, str]:
    right, down = (float(evidence.measures[NAMES.index(name)]) for name in ("mass_right", "mass_down"))
    return f"centre of mass {math.hypot(right, down):.1f} px off-centre", "less than 1 px"


def _describe_polarity(evidence: Evidence) -> tuple[str, str]:
    usual = "light ink on dark paper"
    return usual if bool(evidence.drawing.light_ink[0]) else "dark ink on light paper", usual


def _describe_contrast(evidence: Evidence) -> tuple[str, str]:
    return f"{255 * float(evidence.drawing.contrast[0]):.0f} of 255 grey levels", "255 of 255 grey levels"


def _describe_noise(evidence: Evidence) -> tuple[str, str]:
    return f"noise up to {float(evidence.drawing.noise[0]):.0%} of the ink", "no noise"


# --- the records ----------------------------------------------------------------------------------------

CAUSES: dict[str, CauseRecord] = {
    "inverted": CauseRecord(
        "black and white swapped",
        "Black and white are swapped: MNIST's digits are white on black.",
        lambda cause, _: [Repair(cause, "invert the colours", "invert")],
        describe=_describe_polarity,
        undone_by="polarity",
    ),
    "off_center": CauseRecord(
        "off-centre",
        "The digit is off-centre; MNIST's digits are centred.",
        _moves,
        describe=_describe_place,
        undone_by="center",
    ),
    "too_small": CauseRecord(
        "too small", "The digit is drawn smaller than any digit the model has learned from.", _resized, "size"
    ),
    "too_large": CauseRecord(
        "too large", "The digit is drawn larger than any digit the model has learned from.", _resized, "size"
    ),
    "stretched": CauseRecord(
        "squeezed or stretched",
        "The digit is squeezed or stretched: its proportions are wrong.",
        _proportions,
        "aspect",
    ),
    "too_thin": CauseRecord(
        "thin strokes",
        "The pen is thinner than in nearly all of MNIST: little ink is left after resizing.",
        _pens,
        "stroke",
    ),
    "too_thick": CauseRecord(
        "thick strokes", "The pen is thicker than in nearly all of MNIST: holes and gaps close.", _pens, "stroke"
    ),
    "rotated": CauseRecord("rotated", "The digit is rotated, and the model has hardly seen rotated digits.", _turns),
    "slanted": CauseRecord(
        "slanted", "The digit is slanted more than the digits the model has learned from.", _slants, "slant"
    ),
    "mirrored": CauseRecord(
        "mirrored",
        "The digit is mirrored: left and right are swapped.",
        lambda cause, _: [Repair(cause, "mirror it", "shape", scale_matrix(-1, 1), about_picture=True)],
    ),
    "transposed": CauseRecord(
        "rows and columns swapped",
        "Rows and columns are swapped: the digit lies on its side and is mirrored.",
        lambda cause, _: [Repair(cause, "swap rows and columns", "shape", ((0, 1), (1, 0)), about_picture=True)],
    ),
    "low_contrast": CauseRecord(
        "faint ink",
        "There is hardly any contrast between ink and paper.",
        lambda cause, _: [Repair(cause, "increase the contrast", "stretch_contrast")],
        describe=_describe_contrast,
        undone_by="contrast",
    ),
    "noisy_background": CauseRecord(
        "noisy background",
        "The background is noisy: to the model, the noise looks like ink.",
        lambda cause, _: [Repair(cause, "remove the noise", "clean")],
        describe=_describe_noise,
    ),
    "several_shapes": CauseRecord(
        "several digits", "There is more than one digit, but the model expects one per picture."
    ),
    "not_a_digit": CauseRecord("not a digit", "This does not look like any digit, even after correction."),
    "unseen_style": CauseRecord(
        "unusual style",
        "No correction of the drawing helps: the model has not learned this way of writing the digit.",
    ),
    "blank": CauseRecord("blank", "There is no ink on the paper."),
}
"""Everything that can be named, by its code."""
