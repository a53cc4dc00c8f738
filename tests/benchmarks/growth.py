"""How time grows: of an epoch with its images and with the network's width, of many runs with the workers.

An epoch takes as long as it has images, and its validation images on top: so images a second rise a little with their
number. Width changes the channels on both sides of a convolution, so multiply-adds grow nearly with its square; time
grows less at first, because steps cost something beside their arithmetic. Two workers share the cores that one has to
itself.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from mnist_core.recipe import Recipe
from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.store.store import Store
from mnist_core.training.events import Epoch, Started
from mnist_core.training.hardware import limit_threads
from mnist_core.training.loop import train
from mnist_core.training.models import count_multiply_adds
from tests.benchmarks.benchmark import Benchmark, Wait, count_option, time_ms

PARTS = ("images", "width", "workers")
IMAGES = (5_000, 10_000, 20_000, 55_000)
WIDTHS = (0.25, 0.5, 1.0, 2.0)
WORKERS = (1, 2)

_USUAL = Recipe(model="cnn", epochs=1)
_TINY = Recipe(model="linear", epochs=1, train_images=100)
_RUNS_AT_ONCE = 4
_LOOK_S = 0.02


def bench_growth(
    parts: Sequence[str] = (),
    repeats: int = 3,
    images: Sequence[int] = IMAGES,
    widths: Sequence[float] = WIDTHS,
    workers: Sequence[int] = WORKERS,
) -> Iterator[Wait]:
    """Those parts, or all; width and workers with the fewest images.

    Raises:
        UserError: What went wrong with a training by the workers.
    """
    limit_threads()
    parts = parts or PARTS
    few = _USUAL.replace(train_images=min(images))
    _time_epoch_ms(_TINY)  # the first one loads MNIST
    if "images" in parts:
        yield from (_epochs(_USUAL.replace(train_images=count), repeats) for count in images)
    if "width" in parts:
        yield from (_epochs(few.replace(width=width), repeats) for width in widths)
    if "workers" in parts:
        yield from (_side_by_side(few, count, repeats) for count in workers)


def _epochs(recipe: Recipe, repeats: int) -> Wait:
    """So many first epochs, each of a fresh model with a seed of its own, on the threads that torch has."""
    what = (
        f"epoch of {recipe.model}: {recipe.images_used:,} images, width {recipe.width:g}, "
        f"{count_multiply_adds(recipe):,} multiply-adds an image"
    )
    return Wait.of(what, [_time_epoch_ms(recipe.replace(seed=seed)) for seed in range(repeats)])


def _time_epoch_ms(recipe: Recipe) -> float:
    """The steps of the recipe's first epoch and the look at the validation images, without what comes before."""
    events = train(recipe)
    assert isinstance(next(events), Started)
    return time_ms(lambda: next(event for event in events if isinstance(event, Epoch)))


def _side_by_side(recipe: Recipe, workers: int, repeats: int) -> Wait:
    """Equal runs that are asked for at once, from then until the last one is kept, by workers that are up and warm."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'runs.sqlite'}")
        with Engine(store, workers=workers) as engine:
            _train_all(engine, store, [_TINY] * 2 * workers)  # workers load torch and MNIST
            runs = [recipe] * _RUNS_AT_ONCE
            times_ms = [time_ms(lambda: _train_all(engine, store, runs)) for _ in range(repeats)]
        store.close()
    return Wait.of(f"{_RUNS_AT_ONCE} runs of {recipe.images_used:,} images by {workers} workers", times_ms)


def _train_all(engine: Engine, store: Store, recipes: Sequence[Recipe]) -> None:
    ids = [engine.submit(recipe).id for recipe in recipes]
    while any(engine.live(run_id).state in ("queued", "running") for run_id in ids):
        time.sleep(_LOOK_S)
    if error := next((run.error for run in map(store.run, ids) if run.error), None):
        raise error


BENCHMARK = Benchmark(
    "How time grows with training images, width and workers: all PARTS, or those named.",
    bench_growth,
    (click.argument("parts", nargs=-1, type=click.Choice(PARTS)), count_option("--repeats", 3, "Of everything.", 100)),
)
