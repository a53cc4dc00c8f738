"""Trainings that do one thing each, for engines under test; the recipe's seed says which."""

import enum
import time
from collections.abc import Callable, Iterator

from mnist_core.recipe import Recipe
from mnist_core.training.events import Diverged, Event, Stopped
from tests.runs.examples import epoch, finished, started, step

TRAINING = "tests.runs.fakes:train"


class Fake(enum.IntEnum):
    REAL = 0
    SHORT = 1  # five steps in each of the recipe's epochs, at once
    ENDLESS = 2  # until it is stopped, an epoch after every ten steps
    BROKEN = 3
    SILENT = 4
    DIVERGING = 5
    HUNGRY = 6


def recipe(fake: Fake, **changes) -> Recipe:
    return Recipe(model="linear", train_images=1_000, seed=int(fake), **changes)


def train(recipe: Recipe, should_stop: Callable[[], bool]) -> Iterator[Event]:
    return _FAKES[Fake(recipe.seed)](recipe, should_stop)


def _real(recipe: Recipe, should_stop: Callable[[], bool]) -> Iterator[Event]:
    from mnist_core.training.loop import train  # takes seconds

    return train(recipe, should_stop)


def _short(recipe: Recipe, _: Callable[[], bool]) -> Iterator[Event]:
    yield started(steps=5 * recipe.epochs)
    for number in range(1, recipe.epochs + 1):
        yield from (step(5 * (number - 1) + place) for place in range(1, 6))
        yield epoch(number)
    yield finished(recipe.epochs)


def _endless(_: Recipe, should_stop: Callable[[], bool]) -> Iterator[Event]:
    yield started(steps=1_000_000)
    number = 0
    while not should_stop():
        time.sleep(0.01)
        number += 1
        yield step(number)
        if number % 10 == 0:
            yield epoch(number // 10)
    yield Stopped(step=number, wall_s=number / 100)


def _broken(recipe: Recipe, _: Callable[[], bool]) -> Iterator[Event]:
    yield started()
    yield epoch(1)
    raise ValueError("<b>secret</b>")


def _silent(recipe: Recipe, _: Callable[[], bool]) -> Iterator[Event]:
    yield started()


def _diverging(recipe: Recipe, _: Callable[[], bool]) -> Iterator[Event]:
    yield started()
    yield step(1, loss=float("inf"))
    yield Diverged(step=2, wall_s=0.1)


def _hungry(recipe: Recipe, should_stop: Callable[[], bool]) -> Iterator[Event]:
    yield started()
    yield epoch(1)
    eaten = []
    while not should_stop():
        eaten.append(b"x" * 50_000_000)
        time.sleep(0.01)
        yield step(len(eaten))


_FAKES = {
    Fake.REAL: _real,
    Fake.SHORT: _short,
    Fake.ENDLESS: _endless,
    Fake.BROKEN: _broken,
    Fake.SILENT: _silent,
    Fake.DIVERGING: _diverging,
    Fake.HUNGRY: _hungry,
}
