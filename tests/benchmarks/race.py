"""How long our fastest preset and the usual loop take until 99 % of the test images are read right."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from mnist_core.data.mnist_files import load_mnist
from mnist_core.presets import PRESETS
from mnist_core.training.events import Finished
from mnist_core.training.loop import train
from tests.benchmarks.benchmark import Benchmark, count_option
from tests.benchmarks.reference_loop import UsualLoop, unpacked_mnist

WANTED = 0.99
"""The share of the test images that is to be read right."""

MOST_EPOCHS = 10
"""Then the usual loop gives up."""


@dataclass(frozen=True, slots=True)
class Race:
    """How long a loop takes until 99 % of the test images are read right.

    Attributes:
        loop: `usual`, or the name of a preset.
        accuracies: Of each seed, on the 10,000 test images, at the end.
        epochs: Of each seed.
        seconds: Of each seed. Of the usual loop only its steps; of ours all from the recipe to the last event, with
            the validation and the look at the test set.
        times: How many times as fast as the usual loop, medians of both; None for the usual loop itself.
    """

    loop: str
    accuracies: tuple[float, ...]
    epochs: tuple[int, ...]
    seconds: tuple[float, ...]
    times: float | None = None


def bench_race(seeds: int = 5, usual_seeds: int = 3, wanted: float = WANTED) -> Iterator[Race]:
    """The time until that share of the test images is read right: the preset `fast`, and the usual loop.

    Seed by seed in turn. The usual loop looks at the test set after every epoch and stops as soon as it can, which no
    honest training may do: that is in its favour. Ours trains as its recipe says and looks once.

    Args:
        seeds: Of ours.
        usual_seeds: Of the usual loop, which takes minutes each; at most as many as `seeds`.
        wanted: The share.
    """
    load_mnist()  # neither is timed
    ours: list[tuple[float, int, float]] = []
    usual: list[tuple[float, int, float]] = []
    with unpacked_mnist() as folder:
        for seed in range(seeds):
            ours.append(_run_fast(seed))
            if seed < usual_seeds:
                usual.append(_run_usual(folder, seed, wanted))
    theirs = _race("usual", usual, None)
    yield theirs
    yield _race("fast", ours, median(theirs.seconds))


def _race(loop: str, runs: Sequence[tuple[float, int, float]], usual_s: float | None) -> Race:
    accuracies, epochs, seconds = zip(*runs, strict=True)
    return Race(loop, accuracies, epochs, seconds, None if usual_s is None else usual_s / median(seconds))


def _run_fast(seed: int) -> tuple[float, int, float]:
    recipe = PRESETS["fast"].recipe.replace(seed=seed)
    start = time.perf_counter()
    end = list(train(recipe))[-1]
    assert isinstance(end, Finished)
    return end.test_accuracy, recipe.epochs, time.perf_counter() - start


def _run_usual(folder: Path, seed: int, wanted: float) -> tuple[float, int, float]:
    loop = UsualLoop(folder, seed)
    taken_s, accuracy = 0.0, 0.0
    epoch = 0
    while accuracy < wanted and epoch < MOST_EPOCHS:
        start = time.perf_counter()
        for _ in loop.epoch():
            pass
        taken_s += time.perf_counter() - start
        accuracy, epoch = loop.test_accuracy(), epoch + 1
    return accuracy, epoch, taken_s


BENCHMARK = Benchmark(
    "How long the preset “fast” and the usual loop take until 99 % of the test images are read right.",
    bench_race,
    (
        count_option("--seeds", 5, "Runs of the preset.", 100),
        count_option("--usual-seeds", 3, "Of the usual loop.", 100),
    ),
)
