"""The learning-rate range test: a short training whose rate climbs until it breaks.

Smith, *Cyclical Learning Rates for Training Neural Networks*, 2017.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from mnist_core.data.dataset import build_dataset
from mnist_core.recipe import Recipe
from mnist_core.training.control import ControlSource, no_control
from mnist_core.training.events import Event, RangeTested, Started, Step, Stopped
from mnist_core.training.learner import Learner
from mnist_core.training.loop import with_failures
from mnist_core.training.pause_control import Pace, Stopwatch

STEPS = 100
LOWEST_RATE = 1e-5
HIGHEST_RATE = 10.0

_BLOWN_UP = 4.0  # times its lowest, the smoothed loss shows that the rest is not worth waiting for
_WIDTH_STEPS = 3.0  # standard deviation of the smoothing
_LEAST_STEPS = 10  # before that, a loss that is no number says nothing about rates


def rates() -> npt.NDArray[np.float64]:
    """The rates (`STEPS`,) that are tried, each the same factor above the last."""
    return np.geomspace(LOWEST_RATE, HIGHEST_RATE, STEPS)


def smoothed(losses: Sequence[float]) -> npt.NDArray[np.float64]:
    """The losses (N,), each averaged with those around it, with normal weights.

    To both sides, so that the curve is not late: an average over the past alone would suggest too high a rate.
    """
    places = np.arange(len(losses))
    weights = np.exp(-(((places[:, None] - places[None, :]) / _WIDTH_STEPS) ** 2) / 2)
    mean: npt.NDArray[np.float64] = weights @ np.asarray(losses) / weights.sum(axis=1)
    return mean


def suggestion(tried: Sequence[float], losses: Sequence[float]) -> tuple[float | None, float | None]:
    """The rate at which the smoothed loss fell fastest for each factor in the rate, and that at which it was lowest.

    None for both when it never fell.

    Args:
        tried: The rates (N,), rising.
        losses: The loss (N,) of each step, finite.
    """
    if len(losses) < _LEAST_STEPS:
        return None, None
    curve = smoothed(losses)
    lowest = int(curve.argmin())
    if lowest == 0:
        return None, None
    slopes = np.gradient(curve, np.log(tried))[: lowest + 1]
    return float(tried[int(slopes.argmin())]), float(tried[lowest])


@with_failures
def range_test(recipe: Recipe, control: ControlSource = no_control) -> Iterator[Event]:
    """Train the recipe's model for some `STEPS` steps with a rate that climbs, and say where the loss fell fastest.

    `Started`, then a `Step` for each step, with the rate it was taken with, then `RangeTested`; or `Stopped`, or
    `Failed`. It ends early when the loss has blown up. The recipe's own rate, schedule and epochs do not matter.

    Args:
        recipe: What would be trained: its data set, model, optimizer and batch size are used.
        control: Asked before each step; it may stop, pause and slow down.
    """
    learner = Learner(recipe, build_dataset(recipe))
    stopwatch = Stopwatch()
    pace = Pace(control, stopwatch)
    batches = (batch for _ in iter(int, 1) for batch in learner.train_batches())  # as many epochs as it takes
    yield Started(recipe.as_dict(), STEPS, learner.model.parameter_count, learner.model.device.type)
    tried: list[float] = []
    losses: list[float] = []
    for rate, (images, labels) in zip(rates().tolist(), batches, strict=False):
        yield from pace.before_next(len(losses))
        if pace.is_stopped:
            yield Stopped(len(losses), stopwatch.wall_s)
            return
        loss, _ = learner.forward_backward(images, labels)
        if not math.isfinite(loss):
            break
        learner.optimizer_step(rate)
        tried.append(rate)
        losses.append(loss)
        yield Step(len(losses), len(losses) / learner.batch_count, loss, rate)
        curve = smoothed(losses)
        if len(losses) > _LEAST_STEPS and curve[-1] > _BLOWN_UP * curve.min():
            break
    yield RangeTested(*suggestion(tried, losses), stopwatch.wall_s)
