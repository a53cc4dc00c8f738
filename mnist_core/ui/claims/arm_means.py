"""What the figures of claims are drawn from: every arm's mean of a metric, with its interval and its seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from mnist_core.claims.claim import Arm, Claim
from mnist_core.claims.metrics import Metric
from mnist_core.claims.outcome import Outcome
from mnist_core.claims.wording import seeds_text


@dataclass(frozen=True, slots=True)
class ArmMean:
    """An arm's mean of a metric.

    Attributes:
        arm: The arm.
        mean: Over the seeds.
        low, high: Its 95 % confidence interval; the mean itself with one seed.
        values: Each seed's.
        text: All of that in words, for whoever points at it.
    """

    arm: Arm
    mean: float
    low: float
    high: float
    values: tuple[float, ...]
    text: str


def arm_means(claim: Claim, outcome: Outcome, metric: Metric) -> list[ArmMean]:
    """Every arm's mean, of those that were measured; and of those that are tuned, the best of each seed."""
    found = []
    for arm in claim.sides:
        values = tuple(value for value in outcome.values_of(claim, arm.key, metric.key) if isfinite(value))
        if not values:
            continue
        effect = outcome.mean(claim, arm.key, metric.key)
        low, high = (effect.low, effect.high) if effect.n > 1 else (effect.mean, effect.mean)
        text = f"{plain(arm.label)}<br>{metric.title}: {metric.write(effect.mean)}"
        if effect.n > 1:
            text += f"<br>95 % confidence interval: {metric.write(low)} to {metric.write(high)}"
        found.append(ArmMean(arm, effect.mean, low, high, values, f"{text}<br>{seeds_text(effect.n)}"))
    return found


def tick_format(metrics: Sequence[Metric]) -> str:
    """How numbers are written along an axis of these."""
    return ".1~%" if all(metric.is_share for metric in metrics) else ""


def plain(text: str) -> str:
    """The text without what Plotly would take for markup."""
    return text.replace("<", "‹").replace(">", "›").replace(" %", "\N{NO-BREAK SPACE}%")
