"""How many images a second augmentation changes, beside torchvision's transforms doing the same."""

from collections.abc import Callable, Iterator

from torch import Generator
from torchvision.transforms import InterpolationMode, v2  # type: ignore[import-untyped]

from mnist_core.data.mnist_files import load_mnist
from mnist_core.recipe import Recipe
from mnist_core.training.augmentation.augment import augment
from mnist_core.training.hardware import limit_threads
from tests.benchmarks.benchmark import Benchmark, Ratio, time_ms

_BATCH = 256
_ROUNDS = 7

_WARP: dict[str, float] = {"rotation_deg": 10, "shift_x": 0.1, "shift_y": 0.1, "shear_deg": 10, "zoom": 0.1}
_ALL = Recipe(**_WARP, elastic_px=1.5, pixel_noise=0.1, flip="horizontal")  # type: ignore[arg-type]


def bench_augment(batch: int = _BATCH, rounds: int = _ROUNDS) -> Iterator[Ratio]:
    """Images a second of each kind alone and of all together, ours and torchvision's in turn, on the same images.

    Theirs are called once an image, and once a batch, which then changes all of its images in the same way.
    """
    limit_threads()
    mnist = load_mnist()
    images, labels = mnist.train_images[:batch].float() / 255, mnist.train_labels[:batch]
    pictures, numbers = images.unsqueeze(1), Generator().manual_seed(0)
    for kind, recipe, theirs in _kinds():
        ways: dict[str, Callable[[], object]] = {
            "ours": lambda: augment(images, labels, recipe, numbers),  # noqa: B023
            "one by one": lambda: [theirs(picture) for picture in pictures],  # noqa: B023
            "a batch at once": lambda: theirs(pictures),  # noqa: B023
        }
        for way in ways.values():
            way()  # the first call is slower than all others
        found = [{name: 1000 * batch / time_ms(way) for name, way in ways.items()} for _ in range(rounds)]
        for name in ("one by one", "a batch at once"):
            pairs = [(each["ours"], each[name]) for each in found]
            yield Ratio.of(f"{kind}: ours and torchvision's, {name}", pairs, "images/s")


def _kinds() -> Iterator[tuple[str, Recipe, v2.Transform]]:
    """What both have; torchvision has neither pen variants nor stroke widths, which are left out of `all`."""
    warp = v2.RandomAffine(10, (0.1, 0.1), (0.9, 1.1), 10, interpolation=InterpolationMode.BILINEAR)
    elastic = v2.ElasticTransform(alpha=34.0, sigma=4.0)
    noise, mirror = v2.GaussianNoise(sigma=0.1), v2.RandomHorizontalFlip()
    yield "warp", Recipe(**_WARP), warp  # type: ignore[arg-type]
    yield "elastic", Recipe(elastic_px=_ALL.elastic_px), elastic
    yield "noise", Recipe(pixel_noise=_ALL.pixel_noise), noise
    yield "mirror", Recipe(flip=_ALL.flip), mirror
    yield "all", _ALL, v2.Compose([mirror, warp, elastic, noise])


BENCHMARK = Benchmark(
    "How many images a second augmentation changes on one thread, beside torchvision doing the same.", bench_augment
)
