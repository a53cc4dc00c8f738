"""How many images a second augmentation changes, beside torchvision's transforms doing the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch import Generator, Tensor
from torchvision.transforms import InterpolationMode, v2  # type: ignore[import-untyped]

from mnist_core.data.mnist_files import load_mnist
from mnist_core.recipe import Recipe
from mnist_core.training.augmentation.augment import augment
from mnist_core.training.hardware import limit_threads
from tests.benchmarks.benchmark import Benchmark, time_ms

_BATCH = 256
_ROUNDS = 7
_HABITS = 0.25  # of the images have one

_WARP: dict[str, float] = {"rotation_deg": 10, "shift_x": 0.1, "shift_y": 0.1, "shear_deg": 10, "zoom": 0.1}
_ALL = Recipe(**_WARP, elastic_px=1.5, thickness_px=0.8, pixel_noise=0.1, flip="horizontal")  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Spread:
    """A number measured once a round: the median of the rounds, the lowest and the highest."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of augmentation.

    Attributes:
        kind: Which; `all` is all of them together.
        rounds: How often it was timed.
        images_per_s: How many images a second `training.augmentation.augment` changes, in batches.
        times_one_by_one: How many times as many that is as torchvision's, called once an image; None for what
            torchvision does not have (habits of the pen; stroke width, which `all` leaves out there).
        times_batched: How many times as many as torchvision's called once a batch, which then changes all of its
            images in the same way.
    """

    kind: str
    rounds: int
    images_per_s: Spread
    times_one_by_one: Spread | None
    times_batched: Spread | None


def bench_augment(batch: int = _BATCH, rounds: int = _ROUNDS) -> Iterator[Row]:
    """Time each kind alone and all together: in each round ours and theirs in turn, on the same images."""
    mnist = load_mnist()
    images, labels = mnist.train_images[:batch].float() / 255, mnist.train_labels[:batch]
    for kind, recipe, theirs in _kinds():
        yield _row(kind, recipe, theirs, (images, labels), rounds)


def _kinds() -> Iterator[tuple[str, Recipe, v2.Transform | None]]:
    warp = v2.RandomAffine(10, (0.1, 0.1), (0.9, 1.1), 10, interpolation=InterpolationMode.BILINEAR)
    elastic = v2.ElasticTransform(alpha=34.0, sigma=4.0)
    noise, mirror = v2.GaussianNoise(sigma=0.1), v2.RandomHorizontalFlip()
    yield "warp", Recipe(**_WARP), warp  # type: ignore[arg-type]
    yield "elastic", Recipe(elastic_px=_ALL.elastic_px), elastic
    yield "thickness", Recipe(thickness_px=_ALL.thickness_px), None
    yield "habits", Recipe(pen_habits=_HABITS), None
    yield "noise", Recipe(pixel_noise=_ALL.pixel_noise), noise
    yield "mirror", Recipe(flip=_ALL.flip), mirror
    yield "all", _ALL, v2.Compose([mirror, warp, elastic, noise])


def _row(kind: str, recipe: Recipe, theirs: v2.Transform | None, batch: tuple[Tensor, Tensor], rounds: int) -> Row:
    images, labels = batch
    numbers = Generator().manual_seed(0)
    ways: list[Callable[[], object]] = [lambda: augment(images, labels, recipe, numbers)]
    if theirs is not None:
        ways += [lambda: [theirs(image) for image in images.unsqueeze(1)], lambda: theirs(images.unsqueeze(1))]
    for way in ways:
        way()  # the first call is slower than all others
    seconds = np.array([[time_ms(way) / 1000 for way in ways] for _ in range(rounds)]).T
    one_by_one, batched = (_spread(each / seconds[0]) for each in seconds[1:]) if theirs is not None else (None, None)
    return Row(kind, rounds, _spread(len(images) / seconds[0]), one_by_one, batched)


def _spread(numbers: npt.NDArray[np.float64]) -> Spread:
    return Spread(float(np.median(numbers)), float(numbers.min()), float(numbers.max()))


def _run() -> Iterator[Row]:
    limit_threads()
    return bench_augment()


BENCHMARK = Benchmark(
    "How many images a second augmentation changes on one thread, beside torchvision doing the same.", _run
)
