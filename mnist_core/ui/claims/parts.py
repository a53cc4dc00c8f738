"""What claims' figures are drawn with: means over the seeds, whiskers, words, and looks that all eyes tell apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from mnist_core.claims.claim import Arm, Claim
from mnist_core.claims.effect import Effect, paired
from mnist_core.claims.metrics import Metric
from mnist_core.claims.outcome import Outcome
from mnist_core.ui.claims.wording import seeds_words

Plot = dict[str, Any]
"""A figure, or a part of one, as Plotly takes it."""

COLORS = ("#1b85c6", "#cf7b00", "#009e73", "#b5588f", "#7a7a00", "#d0492b", "#6f6fd0", "#8a8a8a")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid", "dash")
MARKS = ("circle", "diamond", "square", "triangle-up", "x", "star", "pentagon", "cross")
PATTERNS = ("", "/", ".", "x", "-", "\\", "+", "|")
TEXT_PX = 14


@dataclass(frozen=True, slots=True)
class Mean:
    """An arm's mean of a metric.

    Attributes:
        arm: The arm.
        effect: The mean over the seeds, with its interval.
        values: Each seed's.
    """

    arm: Arm
    effect: Effect
    values: tuple[float, ...]

    @property
    def whiskers(self) -> tuple[float, float]:
        """How far the interval reaches below and above the mean; nothing with one seed."""
        if self.effect.n < 2:
            return 0.0, 0.0
        return self.effect.mean - self.effect.low, self.effect.high - self.effect.mean


def means_of(claim: Claim, outcome: Outcome, metric: Metric) -> list[Mean]:
    """Every arm's mean, of those that were measured."""
    found = []
    for arm in claim.arms:
        values = outcome.values(arm.key, metric.key)
        effect = paired([0.0] * len(values), values)
        if effect.n:
            found.append(Mean(arm, effect, tuple(value for value in values if isfinite(value))))
    return found


def whiskers(means: Sequence[Mean]) -> Plot:
    """The intervals, as Plotly's error bars."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [mean.whiskers[1] for mean in means],
        "arrayminus": [mean.whiskers[0] for mean in means],
        "thickness": 2,
        "width": 5,
        "color": "gray",
    }


def note(text: str, x: float, y: float) -> Plot:
    """Words in the chart, which begin there."""
    return {"text": text, "x": x, "y": y, "xanchor": "left", "showarrow": False, "font": {"size": TEXT_PX}}


def hover(metric: Metric, mean: Mean) -> str:
    """What is said when somebody points at it."""
    interval = ""
    if mean.effect.n > 1:
        interval = f"<br>95 % interval: {metric.write(mean.effect.low)} to {metric.write(mean.effect.high)}"
    return (
        f"{plain(mean.arm.label)}<br>{metric.title}: {metric.write(mean.effect.mean)}{interval}"
        f"<br>{seeds_words(mean.effect.n)}"
    )


def ticks_of(metrics: Sequence[Metric]) -> str:
    """How numbers are written along an axis of these."""
    return ".1~%" if all(metric.kind == "share" for metric in metrics) else ""


def plain(text: str) -> str:
    """The text without what Plotly would take for markup."""
    return text.replace("<", "‹").replace(">", "›").replace(" %", "\N{NO-BREAK SPACE}%")
