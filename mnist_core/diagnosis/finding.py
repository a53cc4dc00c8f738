"""One thing that was measured of a drawing, beside the same in MNIST's training digits."""

from dataclasses import dataclass


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
        unit: What the value counts; empty for a ratio or a count.
        help: What it means, in plain words.
        value: As the model sees it, in that unit.
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
    unit: str
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


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """The most unusual first, then the usual ones as they come."""
    return tuple(sorted(findings, key=lambda one: -one.far if one.unusual else 0.0))


def share_in_words(share: float) -> str:
    """`99.6 %` or `34 %`, with a space that does not break: exact where it matters, never 0 or 100 for what is not."""
    if share in (0.0, 1.0):
        return "all" if share else "none"
    percent = 100 * share
    if 2.5 < percent < 97.5:
        return f"{percent:.0f}\u00a0%"
    return f"{min(max(percent, 0.1), 99.9):.1f}\u00a0%"
