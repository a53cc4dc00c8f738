"""What was measured of a drawing on a scale, beside MNIST's distribution: "thinner than 99.6 % of MNIST's 7s"."""

import math
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnist_core.diagnosis.reference import QUANTILES, quantile, share_above, share_below, usual_range
from mnist_core.preprocessing.measurements import MEASURES, NAMES, Measure

BINS = 48

_LEVELS = np.linspace(0, 1, QUANTILES)
_SMOOTH = np.array([1, 4, 6, 4, 1]) / 16


@dataclass(frozen=True, slots=True)
class Ranks:
    """Which shares of MNIST's digits have a smaller and a larger value, 0 to 1: of the same class, and of all."""

    below: float
    above: float
    below_all: float
    above_all: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """A distribution to draw.

    Attributes:
        of_class, of_all: How many digits of the class, and of all, fall into each of equally wide bins: shares of
            the fullest bin of either.
        bins: What each bin is called, where there are only a few kinds; otherwise empty.
        ends: What is written under its two ends.
        at: Where the value lies, from 0, the left end, to 1.
        at_before: Where the value lies without any step; 0 or 1 for beyond the ends.
        usual: Where what is usual begins and ends.
    """

    of_class: tuple[float, ...]
    of_all: tuple[float, ...]
    bins: tuple[str, ...]
    ends: tuple[str, str]
    at: float
    at_before: float | None
    usual: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was measured.

    Attributes:
        name: Its name in code and JSON.
        title: Its name for people.
        help: What it means, in plain words.
        value: As the model sees it.
        before: The same without any step; None where there is no such thing.
        words, words_before: Both values as people read them.
        sentence: Where the value lies in MNIST, for a beginner.
        ranks: The same as shares; None for what comes in a few kinds.
        usual: What 95 of 100 of the class's digits lie between, -inf where less is never unusual; None for kinds.
        usual_words: What is usual, in words.
        unusual: Whether the value lies outside of that, by more than anyone would overlook.
        far: How far it is from the class's middle, in standard deviations, 0 up; 10 for what MNIST does not hold.
        histogram: The distribution to draw.
    """

    name: str
    title: str
    help: str
    value: float
    before: float | None
    words: str
    words_before: str
    sentence: str
    ranks: Ranks | None
    usual: tuple[float, float] | None
    usual_words: str
    unusual: bool
    far: float
    histogram: Histogram


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(Measure):
    """A measure, and how it is talked about.

    Attributes:
        subject: The beginning of its sentence ("The stroke is").
        less, more: What a small and a large value is ("thinner", "thicker").
        less_too: Whether a small value can be unusual too.
        sides: What a negative and a positive value is called ("to the left", "to the right").
        decimals: How many are worth reading.
        among: Whose digits it is compared with.
    """

    subject: str
    less: str
    more: str
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

    @classmethod
    def of(cls, of_class: Tensor, of_all: Tensor) -> "Rows":
        """Of these values (N,)."""
        return cls(*(torch.quantile(values, torch.linspace(0, 1, QUANTILES)) for values in (of_class, of_all)))


def find(scale: Scale, value: float, before: float | None, digit: int, rows: Rows) -> Finding:
    """What is to be said of a value of a digit of this class."""
    below, above = ([share(row, value) for row in rows] for share in (share_below, share_above))
    ranks = Ranks(below[0], above[0], below[1], above[1])
    usual = usual_range(rows.of_class, less_too=scale.less_too)
    low, middle, high = (quantile(rows.of_class, share) for share in (0.16, 0.5, 0.84))
    spread = max(scale.difference(high, low) / 2, scale.least_spread, 1e-6)
    away = abs(scale.difference(value, middle))
    return Finding(
        name=scale.name,
        title=scale.title,
        help=scale.help,
        value=value,
        before=before,
        words=scale.words(value),
        words_before="" if before is None else scale.words(before),
        sentence=_sentence(scale, ranks, digit),
        ranks=ranks,
        usual=usual,
        usual_words=_usual_words(scale, usual),
        unusual=not usual[0] <= value <= usual[1] and away > scale.least_spread,
        far=away / spread,
        histogram=_histogram(scale, value, before, rows, usual),
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
    ends = [quantile(row, share) for row in rows for share in (0.004, 0.996)]
    low, high = min(ends), max(ends)
    span = max(high - low, 1e-3)
    near = value if before is None else min(max(before, low - span), high + span)
    start, end = min(low, value, near) - 0.12 * span, max(high, value, near) + 0.12 * span
    return (start, end) if low < 0 else (max(0.0, start), end)


def _binned(row: Tensor, edges: NDArray[np.float64]) -> list[float]:
    """Which share of the digits falls into each bin, smoothed: MNIST's digits were moved by whole pixels."""
    below = np.interp(edges, row.numpy(), _LEVELS, left=0, right=1)
    return np.convolve(np.diff(below), _SMOOTH, "same").tolist()


def _scale_of(name: str, subject: str, less: str, more: str, **others: Any) -> Scale:
    """The scale of a measure that `preprocessing.measurements` has."""
    said = {"subject": subject, "less": less, "more": more, **others}
    return Scale(**{**asdict(MEASURES[NAMES.index(name)]), **said})


_ACROSS, _ALONG = ("to the left", "to the right"), ("up", "down")

SCALES = (
    _scale_of("size", "The digit is", "smaller", "larger"),
    _scale_of("aspect", "The digit is", "narrower", "wider", decimals=2),
    _scale_of("stroke", "The stroke is", "thinner", "thicker"),
    _scale_of("slant", "The digit is slanted", "further left", "further right", sides=_ACROSS, decimals=0),
    Scale(
        name="rotation", title="Rotation", unit="°", least_spread=10.0, sides=_ACROSS, decimals=0,
        help="How far the digit is rotated relative to MNIST's average digit of its class.",
        subject="The digit is rotated", less="further left", more="further right",
    ),
    _scale_of("right", "The digit is", "further left", "further right", title="Horizontal position", sides=_ACROSS),
    _scale_of("down", "The digit is", "higher", "lower", title="Vertical position", sides=_ALONG),
    _scale_of("mass_offset", "The centre of mass is", "nearer to the centre", "further from it", less_too=False),
)  # fmt: skip
"""All that is measured on a scale, in the order that people see."""

DISTANCE = Scale(
    name="distance", title="Distance to MNIST", unit="", least_spread=0.0, less_too=False, among="MNIST's validation",
    help="The distance to the most similar training digit in the features of the model's last layer. The model has "
    "hardly learned what is far from all of them.",
    subject="The nearest training digit is", less="nearer", more="further away",
)  # fmt: skip
"""How far the nearest training digit is, in a model's features."""


def share_in_words(share: float) -> str:
    """`99.6 %` or `34 %`, with a space that does not break: exact where it matters, never 0 or 100 for what is not."""
    if share in (0.0, 1.0):
        return "all" if share else "none"
    percent = 100 * share
    if 2.5 < percent < 97.5:
        return f"{percent:.0f}\u00a0%"
    return f"{min(max(percent, 0.1), 99.9):.1f}\u00a0%"
