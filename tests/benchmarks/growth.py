"""How time grows: of an epoch with images and width, of many runs with workers, of pages with the runs in the store.

Each row says how often it was measured, and the median beside the shortest and the longest; what other programs do to
the machine meanwhile shows in how far those are apart.

An epoch takes as long as it has images, and its validation images on top: so images a second rise a little with their
number. Width changes the channels on both sides of a convolution, so multiply-adds grow nearly with its square; time
grows less at first, because steps cost something beside their arithmetic. Two workers share the cores that one has to
itself. Pages list the newest runs, so they grow until the list is full, and open one by an index.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.queue.cluster import plan_workers
from mnist_core.runs.queue.engine import Engine
from mnist_core.runs.store.store import Store
from mnist_core.training.events import Epoch, Started
from mnist_core.training.hardware import limit_threads
from mnist_core.training.loop import train
from mnist_core.training.models import count_multiply_adds
from tests.benchmarks.benchmark import Benchmark, count_option
from tests.benchmarks.seed_database import fill
from tests.benchmarks.store import check_room
from tests.browser.server import ROOT

PARTS = ("images", "width", "workers", "pages")
IMAGES = (5_000, 10_000, 20_000, 55_000)
WIDTHS = (0.25, 0.5, 1.0, 2.0)
WORKERS = (1, 2)
STORED = (0, 100, 1_000, 10_000)

_USUAL = Recipe(model="cnn", epochs=1)
_TINY = Recipe(model="linear", epochs=1, train_images=100)
_RUNS_AT_ONCE = 4
_LOOK_S = 0.02
_PAGES = ("train", "mistakes")


@dataclass(frozen=True, slots=True)
class EpochTime:
    """One epoch of the small CNN on the threads that torch has: its steps, and the look at the validation images.

    Attributes:
        against: `images` or `width`: what is changed from row to row.
        images: Training images of an epoch.
        width: As the recipe's.
        multiply_adds: What one image's answer takes; a step takes about three times that for each of its images.
        count: How many epochs were timed, each the first one of a fresh model with a seed of its own.
        median_s, shortest_s, longest_s: Wall time.
        processor_s: Median of the processor's time, which other programs on the machine hardly change.
        images_per_s: Of the median wall time.
    """

    against: str
    images: int
    width: float
    multiply_adds: int
    count: int
    median_s: float
    shortest_s: float
    longest_s: float
    processor_s: float
    images_per_s: float


@dataclass(frozen=True, slots=True)
class WorkersTime:
    """Equal runs of one epoch that were asked for at once, from then until the last one is kept.

    Attributes:
        workers: Processes that train side by side, up and warm.
        threads: Of each: the engine shares the machine's cores out among its workers.
        runs: How many runs at once.
        count: How many times that was done.
        median_s, shortest_s, longest_s: Wall time.
        runs_per_minute: Of the median.
    """

    workers: int
    threads: int
    runs: int
    count: int
    median_s: float
    shortest_s: float
    longest_s: float
    runs_per_minute: float


@dataclass(frozen=True, slots=True)
class PageTime:
    """A page's script run again on the server, without the way to the browser.

    Attributes:
        page: `train` or `mistakes`.
        run_opened: Whether it shows a run (the oldest one, which no list holds) or what it shows without any.
        runs: How many runs the store holds.
        count: How many reruns were timed.
        median_ms, shortest_ms, longest_ms: Wall time.
        processor_ms: Median of the processor's time, which other programs on the machine hardly change.
    """

    page: str
    run_opened: bool
    runs: int
    count: int
    median_ms: float
    shortest_ms: float
    longest_ms: float
    processor_ms: float


Row = EpochTime | WorkersTime | PageTime


def bench_growth(
    parts: Sequence[str] = PARTS,
    repeats: int = 3,
    images: Sequence[int] = IMAGES,
    widths: Sequence[float] = WIDTHS,
    workers: Sequence[int] = WORKERS,
    stored: Sequence[int] = STORED,
) -> Iterator[Row]:
    """Those parts, in that order, width and workers with the fewest images; pages are run again ten times as often.

    Raises:
        UserError: What went wrong with a training, or `no_room` for the database.
    """
    if {"images", "width"} & set(parts):
        _time_epoch(_TINY)  # the first one loads MNIST
    for part in parts:
        match part:
            case "images":
                yield from (_epochs(part, _USUAL.replace(train_images=count), repeats) for count in images)
            case "width":
                recipe = _USUAL.replace(train_images=min(images))
                yield from (_epochs(part, recipe.replace(width=width), repeats) for width in widths)
            case "workers":
                recipe = _USUAL.replace(train_images=min(images))
                yield from (_side_by_side(recipe, count, repeats) for count in workers)
            case "pages":
                yield from _pages(stored, 10 * repeats)


# --- epochs ---------------------------------------------------------------------------------------------


def _epochs(against: str, recipe: Recipe, repeats: int) -> EpochTime:
    times = [_time_epoch(recipe.replace(seed=seed)) for seed in range(repeats)]
    wall_s, processor_s = ([*column] for column in zip(*times, strict=True))
    return EpochTime(
        against,
        recipe.images_used,
        recipe.width,
        count_multiply_adds(recipe),
        repeats,
        *_spread(wall_s),
        processor_s=median(processor_s),
        images_per_s=recipe.images_used / median(wall_s),
    )


def _time_epoch(recipe: Recipe) -> tuple[float, float]:
    """Wall time and processor time of the recipe's first epoch, in seconds; what comes before and after is left out."""
    start = 0.0, 0.0
    for event in train(recipe):
        if isinstance(event, Started):
            start = time.perf_counter(), time.process_time()
        elif isinstance(event, Epoch):
            return time.perf_counter() - start[0], time.process_time() - start[1]
    raise UserError("training_error", "The training ended before its first epoch.", "Try again.")


def _spread(times: Sequence[float]) -> tuple[float, float, float]:
    return median(times), min(times), max(times)


# --- workers --------------------------------------------------------------------------------------------


def _side_by_side(recipe: Recipe, workers: int, repeats: int) -> WorkersTime:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'runs.sqlite'}")
        with Engine(store, workers=workers) as engine:
            _time_runs(engine, store, [_TINY] * 2 * workers)  # workers load torch and MNIST
            times = [_time_runs(engine, store, [recipe] * _RUNS_AT_ONCE) for _ in range(repeats)]
        store.close()
    threads, a_minute = plan_workers(workers).threads, 60 * _RUNS_AT_ONCE / median(times)
    return WorkersTime(workers, threads, _RUNS_AT_ONCE, repeats, *_spread(times), runs_per_minute=a_minute)


def _time_runs(engine: Engine, store: Store, recipes: Sequence[Recipe]) -> float:
    start = time.perf_counter()
    waited_for = [engine.submit(recipe).id for recipe in recipes]
    for run_id in waited_for:
        while engine.live(run_id).state in ("queued", "running"):
            time.sleep(_LOOK_S)
    taken_s = time.perf_counter() - start
    if error := next((run.error for run in map(store.run, waited_for) if run.error), None):
        raise error
    return taken_s


# --- pages ----------------------------------------------------------------------------------------------


def _pages(stored: Sequence[int], repeats: int) -> Iterator[PageTime]:
    with tempfile.TemporaryDirectory() as folder:
        check_room(Path(folder), max(stored))
        url = f"sqlite:///{Path(folder) / 'runs.sqlite'}"
        for runs in sorted(stored):
            fill(url, runs)
            oldest = _oldest(url, runs)
            for page in _PAGES:
                for opened in (None, oldest) if oldest else (None,):
                    wall_ms, processor_ms = zip(*_rerun(page, opened, url, repeats), strict=True)
                    shown = page, opened is not None, runs, repeats
                    yield PageTime(*shown, *_spread(wall_ms), processor_ms=median(processor_ms))


def _oldest(url: str, runs: int) -> str | None:
    store = Store(url)
    there = store.runs(runs) if runs else ()
    store.close()
    return there[-1].id if there else None


def _rerun(page: str, opened: str | None, url: str, repeats: int) -> list[tuple[float, float]]:
    """Wall and processor time of so many reruns, in ms, by a process of its own: only the ui can run a page."""
    asked = [page, str(repeats), *([opened] if opened else [])]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.rerun_times", *asked],
        cwd=ROOT,
        env={**os.environ, "DIGIT_CLINIC_DATABASE": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UserError("page_failed", f"The page {page} does not run.", done.stderr.strip()[-400:] or "Open it.")
    times_ms: list[tuple[float, float]] = json.loads(done.stdout.splitlines()[-1])
    return times_ms


def _run(parts: tuple[str, ...], repeats: int) -> Iterator[Row]:
    limit_threads()
    return bench_growth(parts or PARTS, repeats)


BENCHMARK = Benchmark(
    "How time grows with training images, width, workers and runs in the store: all PARTS, or those named.",
    _run,
    (
        click.argument("parts", nargs=-1, type=click.Choice(PARTS)),
        count_option("--repeats", 3, "Of pages ten times as many.", 100),
    ),
)
