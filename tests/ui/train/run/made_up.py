"""Made-up events of a run, as a training would announce them: for what draws them."""

import math

import numpy as np

from mnist_core.recipe import Recipe
from mnist_core.training.events import Epoch, EpochCheck, Event, ProbeResult, Started, Step
from mnist_core.training.models import build
from mnist_core.training.weights import to_bytes

RECIPE = Recipe(model="cnn", epochs=4, train_images=12_800)
STEPS_AN_EPOCH = 100
STEPS = 4 * STEPS_AN_EPOCH
LAYERS = ("conv 1", "conv 2", "conv 3", "dense 1", "output")

_BINS = 40
_dice = np.random.default_rng(0)
_FIRST_FILTERS = _dice.normal(0, 0.2, (16, 5, 5))
_LAST_FILTERS = np.sin(np.linspace(0, 3, 16 * 25)).reshape(16, 5, 5) * _dice.choice([-1, 1], (16, 1, 1)) * 0.5


def started(recipe: Recipe = RECIPE, steps: int = STEPS) -> Started:
    return Started(recipe.as_dict(), steps, 55_000, "cpu")


def step(number: int, loss: float | None = None, rate: float = 0.01) -> Step:
    falling = 2.3 * math.exp(-number / 60) + 0.1 + 0.06 * math.sin(number * 2.4)
    shape = math.sin(math.pi * min(1.0, number / STEPS)) + 0.02
    return Step(number, number / STEPS_AN_EPOCH, falling if loss is None else loss, rate * shape)


def measured(number: int, *, drawing: bool = True, filters: bool = True) -> ProbeResult:
    way = min(1.0, number / STEPS)
    spread = 0.05 + 0.1 * way
    centres = np.linspace(-1, 1, _BINS)
    weights = (_FIRST_FILTERS * (1 - way) + _LAST_FILTERS * way).astype("<f2")
    return ProbeResult(
        step=number,
        epoch=number / STEPS_AN_EPOCH,
        gradient_norms={name: 0.8 * math.exp(-way) * 0.4 ** (4 - place) for place, name in enumerate(LAYERS)},
        dead_units={name: 0.02 * place + 0.3 * way * (place == 1) for place, name in enumerate(LAYERS[:-1])},
        weight_limits=dict.fromkeys(LAYERS, 5 * spread),
        weight_counts={
            name: [int(value) for value in 500 * np.exp(-((centres * 5 * (1 + 0.3 * (place - 2) * way)) ** 2) / 2)]
            for place, name in enumerate(LAYERS)
        },
        filters=weights.tobytes() if filters else b"",
        filters_shape=[16, 5, 5] if filters else [],
        drawing=_reading(way) if drawing else [],
    )


def checked(number: int) -> EpochCheck:
    wrong = 60 // number
    confusion = np.eye(10, dtype=int) * (500 - 2 * wrong)
    confusion[4, 9] = confusion[2, 7] = wrong
    return EpochCheck(
        epoch=number,
        step=number * STEPS_AN_EPOCH,
        confusion=confusion.tolist(),
        training_loss=0.3 / number,
        training_accuracy=1 - 0.06 / number,
        contradicted=0.01,
        images=2_000,
    )


def epoch(number: int, recipe: Recipe = RECIPE, resume: bytes = b"") -> Epoch:
    return Epoch(
        epoch=number,
        training_loss=0.4 / number,
        training_accuracy=1 - 0.1 / number,
        validation_loss=0.2 / number + 0.02 * number,
        validation_accuracy=1 - 0.05 / number,
        wall_s=8.0 * number,
        weights=to_bytes(build(recipe)),
        resume=resume,
    )


def training(epochs: int = 4, last_step: int | None = None, recipe: Recipe = RECIPE) -> list[Event]:
    """All that a run announces until that many epochs are done, or until that step."""
    told: list[Event] = [started(recipe)]
    for number in range(1, min(last_step or STEPS, epochs * STEPS_AN_EPOCH) + 1):
        told.append(step(number))
        if number & (number - 1) == 0 or number % 20 == 0:
            told.append(measured(number))
        if number % STEPS_AN_EPOCH == 0:
            told += [checked(number // STEPS_AN_EPOCH), epoch(number // STEPS_AN_EPOCH, recipe)]
    return told


def _reading(way: float) -> list[float]:
    """From not knowing over a 7 to a 2."""
    logits = np.zeros(10)
    logits[7] = 6 * math.sin(math.pi * way)
    logits[2] = 7 * way
    shares = np.exp(logits)
    return [float(share) for share in shares / shares.sum()]
