"""Measures on a scale, beside MNIST's distribution of them: "the stroke is thinner than 99.6 % of MNIST's 7s"."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from mnist_core.diagnosis.finding import Finding, Histogram, Ranks, share_in_words
from mnist_core.diagnosis.reference import QUANTILES, share_above, share_below
from mnist_core.preprocessing.measurements import MEASURES, NAMES

BINS = 48
USUAL_SHARE = 0.95
"""What that many of MNIST's digits are is usual."""

_LEVELS = np.linspace(0, 1, QUANTILES)
_SMOOTH = np.array([1, 4, 6, 4, 1]) / 16


@dataclass(frozen=True, slots=True)
class Scale:
    """A measure, and how it is talked about.

    Attributes:
        name, title, unit, help: As in `Finding`.
        subject: The beginning of its sentence ("The stroke is").
        less, more: What a small and a large value is ("thinner", "thicker").
        least: What no reader would notice: a difference or, with `log`, that of the logarithms.
        log: Whether twice as much and half as much are equally far away.
        less_too: Whether a small value can be unusual too.
        sides: What a negative and a positive value is called ("to the left", "to the right").
        decimals: How many are worth reading.
        among: Whose digits it is compared with.
    """

    name: str
    title: str
    unit: str
    help: str
    subject: str
    less: str
    more: str
    least: float
    log: bool = False
    less_too: bool = True
    sides: tuple[str, str] | None = None
    decimals: int = 1
    among: str = "MNIST's"

    def words(self, value: float) -> str:
        """The value as people read it."""
        size = round(abs(value) if self.sides else value, self.decimals)
        number = f"{size:.{self.decimals}f}{'' if self.unit in ('', '°') else ' '}{self.unit}"
        return f"{number} {self.sides[value > 0]}" if self.sides and size else number

    def difference(self, value: float, other: float) -> float:
        """How much larger the value is than the other, as people judge it."""
        return math.log(max(value, 1e-3) / max(other, 1e-3)) if self.log else value - other


class Rows(NamedTuple):
    """The values at 0, 0.1, ... 100 % of a measure in MNIST, (1001,): of one class, and of all digits."""

    of_class: Tensor
    of_all: Tensor


def find(scale: Scale, value: float, before: float | None, digit: int, rows: Rows) -> Finding:
    """What is to be said of a value of a digit of this class."""
    ranks = _ranks(value, rows)
    usual = usual_of(rows.of_class, less_too=scale.less_too)
    low, middle, high = (_level(rows.of_class, level) for level in (0.16, 0.5, 0.84))
    spread = max(scale.difference(high, low) / 2, scale.least, 1e-6)
    away = abs(scale.difference(value, middle))
    return Finding(
        name=scale.name,
        title=scale.title,
        unit=scale.unit,
        help=scale.help,
        value=value,
        before=before,
        words=scale.words(value),
        words_before="" if before is None else scale.words(before),
        sentence=_sentence(scale, ranks, digit),
        ranks=ranks,
        usual=usual,
        usual_words=_usual_words(scale, usual),
        unusual=not usual[0] <= value <= usual[1] and away > scale.least,
        far=away / spread,
        histogram=_histogram(scale, value, before, rows, usual),
    )


def usual_of(row: Tensor, *, less_too: bool) -> tuple[float, float]:
    """What 95 of 100 digits lie between, or below, by their quantiles (1001,)."""
    if not less_too:
        return -math.inf, _level(row, USUAL_SHARE)
    return _level(row, (1 - USUAL_SHARE) / 2), _level(row, (1 + USUAL_SHARE) / 2)


def _ranks(value: float, rows: Rows) -> Ranks:
    return Ranks(
        share_below(rows.of_class, value),
        share_above(rows.of_class, value),
        share_below(rows.of_all, value),
        share_above(rows.of_all, value),
    )


def _sentence(scale: Scale, ranks: Ranks, digit: int) -> str:
    smaller = ranks.above > ranks.below
    share, of_all = (ranks.above, ranks.above_all) if smaller else (ranks.below, ranks.below_all)
    comparison = f"{scale.subject} {scale.less if smaller else scale.more} than"
    if share == of_all == 1:
        return f"{comparison} all of {scale.among} digits."
    return (
        f"{comparison} {share_in_words(share)} of {scale.among} {digit}s ({share_in_words(of_all)} of all its digits)."
    )


def _usual_words(scale: Scale, usual: tuple[float, float]) -> str:
    high = scale.words(usual[1])
    if not math.isfinite(usual[0]):
        return f"up to {high}"
    low = scale.words(usual[0])
    # What both ends have in common is said once.
    for shared in (*(f" {side}" for side in scale.sides or ()), f" {scale.unit}"):
        low = low.removesuffix(shared) if high.endswith(shared) else low
    return f"{low} to {high}"


def _level(row: Tensor, level: float) -> float:
    return float(row[round(level * (QUANTILES - 1))])


def _histogram(
    scale: Scale, value: float, before: float | None, rows: Rows, usual: tuple[float, float]
) -> Histogram:  # fmt: skip
    low, high = _ends(rows, value, before)
    edges = np.linspace(low, high, BINS + 1)
    of_class, of_all = (_binned(row, edges) for row in rows)
    fullest = max(*of_class, *of_all, 1e-9)

    def place(at: float) -> float:
        return min(1.0, max(0.0, (at - low) / (high - low)))

    return Histogram(
        of_class=tuple(round(share / fullest, 4) for share in of_class),
        of_all=tuple(round(share / fullest, 4) for share in of_all),
        bins=(),
        ends=(scale.words(low), scale.words(high)),
        at=place(value),
        at_before=None if before is None else place(before),
        usual=(place(usual[0]), place(usual[1])),
    )


def _ends(rows: Rows, value: float, before: float | None) -> tuple[float, float]:
    """Where to begin and end: the value is always inside, the one before as far as that leaves the rest to be seen."""
    ends = [_level(row, level) for row in rows for level in (0.004, 0.996)]
    low, high = min(ends), max(ends)
    span = max(high - low, 1e-3)
    near = value if before is None else min(max(before, low - span), high + span)
    start, end = min(low, value, near) - 0.12 * span, max(high, value, near) + 0.12 * span
    return (start, end) if low < 0 else (max(0.0, start), end)


def _binned(row: Tensor, edges: NDArray[np.float64]) -> list[float]:
    """Which share of the digits falls into each bin, smoothed: MNIST's digits were moved by whole pixels."""
    below = np.interp(edges, row.numpy(), _LEVELS, left=0, right=1)
    smooth: list[float] = np.convolve(np.diff(below), _SMOOTH, "same").tolist()
    return smooth


def _scale_of(
    name: str,
    subject: str,
    less: str,
    more: str,
    *,
    title: str = "",
    sides: tuple[str, str] | None = None,
    decimals: int = 1,
    less_too: bool = True,
) -> Scale:
    measure = MEASURES[NAMES.index(name)]
    return Scale(
        name,
        title or measure.title,
        measure.unit,
        measure.help,
        subject,
        less,
        more,
        measure.least_spread,
        measure.log,
        less_too,
        sides,
        decimals,
    )


_ACROSS, _ALONG = ("to the left", "to the right"), ("up", "down")

SCALES = (
    _scale_of("size", "The digit is", "smaller", "larger"),
    _scale_of("aspect", "The digit is", "narrower", "wider", decimals=2),
    _scale_of("stroke", "The stroke is", "thinner", "thicker"),
    _scale_of("slant", "The digit is slanted", "further left", "further right", sides=_ACROSS, decimals=0),
    Scale(
        "rotation",
        "Rotation",
        "°",
        "How far the digit is rotated relative to MNIST's average digit of its class.",
        "The digit is rotated",
        "further left",
        "further right",
        least=10.0,
        sides=_ACROSS,
        decimals=0,
    ),
    _scale_of("right", "The digit is", "further left", "further right", title="Horizontal position", sides=_ACROSS),
    _scale_of("down", "The digit is", "higher", "lower", title="Vertical position", sides=_ALONG),
    _scale_of("mass_offset", "The centre of mass is", "nearer to the centre", "further from it", less_too=False),
)
"""All that is measured on a scale, in the order that people see."""

DISTANCE = Scale(
    "distance",
    "Distance to MNIST",
    "",
    "The distance to the most similar training digit in the features of the model's last layer. The model has hardly "
    "learned what is far from all of them.",
    "The nearest training digit is",
    "nearer",
    "further away",
    least=0.0,
    less_too=False,
    among="MNIST's validation",
)
"""How far the nearest training digit is, in a model's features."""
