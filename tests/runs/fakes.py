"""Trainings that do one thing each, for engines under test; the recipe's seed says which."""

import enum
import math
import time
from collections.abc import Iterator, Sequence
from typing import Any

from mnist_core.recipe import Recipe
from mnist_core.training.control import ControlSource
from mnist_core.training.events import ClaimTested, Diverged, Event, SettingChanged, Stopped, TrialDone
from tests.runs.examples import epoch, finished, started, step

TRAINING = "tests.runs.fakes:train"
CLAIM_TEST = "tests.runs.fakes:rerun"


class Fake(enum.IntEnum):
    REAL = 0
    SHORT = 1  # five steps in each of the recipe's epochs, at once
    ENDLESS = 2  # until it is stopped, an epoch after every ten steps
    BROKEN = 3
    SILENT = 4
    DIVERGING = 5
    HUNGRY = 6
    ECHOING = 7  # says each learning rate that it hears, as soon as it does


def recipe(fake: Fake, **changes) -> Recipe:
    return Recipe(model="linear", train_images=1_000, seed=int(fake), **changes)


def train(recipe: Recipe, control: ControlSource, **more: Any) -> Iterator[Event]:
    fake = Fake(recipe.seed)
    return _real(recipe, control, **more) if fake is Fake.REAL else _FAKES[fake](recipe, control)


def rerun(recipe: Recipe, control: ControlSource, *, claim: str, seeds: Sequence[int]) -> Iterator[Event]:
    """Two trials a seed, at once; with a negative seed, trials until it is stopped."""
    yield started(steps=2 * len(seeds))
    done = 0
    while not done or seeds[0] < 0:
        for seed in seeds:
            for arm in ("without", "with"):
                done += 1
                yield TrialDone(done, claim, arm, seed, {"test": 0.5 + 0.25 * (arm == "with"), "lost": math.nan})
        time.sleep(0.01)
        if control().stop:
            yield Stopped(step=done, wall_s=0.5)
            return
    yield ClaimTested(done, wall_s=0.5)


def _real(recipe: Recipe, control: ControlSource, **more: Any) -> Iterator[Event]:
    from mnist_core.training.loop import train

    return train(recipe, control, **more)


def _short(recipe: Recipe, _: ControlSource) -> Iterator[Event]:
    yield started(steps=5 * recipe.epochs)
    for number in range(1, recipe.epochs + 1):
        yield from (step(5 * (number - 1) + place) for place in range(1, 6))
        yield epoch(number)
    yield finished(recipe.epochs)


def _endless(_: Recipe, control: ControlSource) -> Iterator[Event]:
    yield started(steps=1_000_000)
    number = 0
    while not control().stop:
        time.sleep(0.01)
        number += 1
        yield step(number)
        if number % 10 == 0:
            yield epoch(number // 10)
    yield Stopped(step=number, wall_s=number / 100)


def _broken(recipe: Recipe, _: ControlSource) -> Iterator[Event]:
    yield started()
    yield epoch(1)
    raise ValueError("<b>secret</b>")


def _silent(recipe: Recipe, _: ControlSource) -> Iterator[Event]:
    yield started()


def _diverging(recipe: Recipe, _: ControlSource) -> Iterator[Event]:
    yield started()
    yield step(1, loss=float("inf"))
    yield Diverged(step=2, wall_s=0.1)


def _hungry(recipe: Recipe, control: ControlSource) -> Iterator[Event]:
    yield started()
    yield epoch(1)
    eaten = []
    while not control().stop:
        eaten.append(b"x" * 50_000_000)
        time.sleep(0.01)
        yield step(len(eaten))


def _echoing(_: Recipe, control: ControlSource) -> Iterator[Event]:
    yield started()
    said, heard = 0, None
    while not (wanted := control()).stop:
        if wanted.learning_rate is not None and wanted.learning_rate != heard:
            heard = wanted.learning_rate
            said += 1
            yield SettingChanged(said, "learning_rate", 0.0, heard)
        time.sleep(0.001)
    yield Stopped(step=said, wall_s=1.0)


_FAKES = {
    Fake.SHORT: _short,
    Fake.ENDLESS: _endless,
    Fake.BROKEN: _broken,
    Fake.SILENT: _silent,
    Fake.DIVERGING: _diverging,
    Fake.HUNGRY: _hungry,
    Fake.ECHOING: _echoing,
}
