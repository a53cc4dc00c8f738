"""Events and waiting, for the tests of runs."""

import math
import time
from collections.abc import Callable
from typing import TypeVar

from mnist_core.training.events import Epoch, EpochCheck, Finished, ProbeResult, Started, Step
from tests.patience import PATIENCE_S

Found = TypeVar("Found")


def started(steps: int = 8) -> Started:
    return Started(recipe={}, steps=steps, parameters=7_850, device="cpu")


def step(number: int, loss: float = 0.5) -> Step:
    return Step(step=number, epoch=number / 4, loss=loss, learning_rate=0.01)


def epoch(number: int, weights: bytes | None = None, **changes) -> Epoch:
    usual = {
        "training_loss": 0.9 / number,
        "training_accuracy": 0.7,
        "validation_loss": 0.8 / number,
        "validation_accuracy": 0.75,
        "wall_s": float(number),
    }
    return Epoch(epoch=number, weights=weights or weights_of(number), **{**usual, **changes})


def measured(number: int, filters: bytes = b"", **changes) -> ProbeResult:
    usual = {
        "gradient_norms": {"conv 1": 0.5 / number, "output": math.inf},
        "dead_units": {"conv 1": 0.25},
        "weight_limits": {"conv 1": 1.5},
        "weight_counts": {"conv 1": [number, 2, 3]},
        "filters": filters,
        "filters_shape": [1, 1, len(filters) // 2] if filters else [],
    }
    return ProbeResult(step=number, epoch=number / 4, **{**usual, **changes})


def checked(number: int, step: int) -> EpochCheck:
    confusion = [[number if row == column else 0 for column in range(10)] for row in range(10)]
    return EpochCheck(number, step, confusion, 0.5 / number, 0.9, contradicted=0.125, images=2_000)


def weights_of(epoch: int) -> bytes:
    return bytes([epoch % 256]) * 2_000


def finished(epochs: int = 2) -> Finished:
    return Finished(test_accuracy=0.8125, epochs=epochs, wall_s=2.5, test_probabilities=b"\x00\x3c" * 100)


def wait_for(look: Callable[[], Found], deadline_s: float = PATIENCE_S) -> Found:
    """What `look` gives as soon as it is true; a busy machine may take its time."""
    end_s = time.monotonic() + deadline_s
    while not (found := look()):
        assert time.monotonic() < end_s, "it did not come to that in time"
        time.sleep(0.01)
    return found
