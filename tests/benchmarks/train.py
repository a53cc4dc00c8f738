"""How fast networks are trained, beside the loop that most tutorials have and beside what the machine can do at most.

What is compared is measured in turn, round by round, in one process: a machine that slows down slows both.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

from mnist_core.data.dataset import build_dataset
from mnist_core.presets import PRESETS
from mnist_core.recipe import Recipe
from mnist_core.training.events import Event, Step
from mnist_core.training.hardware import has_fast_bfloat16
from mnist_core.training.learner import Learner
from mnist_core.training.loop import train
from mnist_core.training.models import build
from tests.benchmarks.benchmark import Benchmark, Ratio, count_option, time_ms
from tests.benchmarks.reference_loop import BATCH, UsualLoop, unpacked_mnist

_ROUNDS = 7
_STEPS = 64  # a round: four times as many as are augmented in one go
_WARM_UP_STEPS = 65  # the loop looks inside the network after step 1, 2, 4, ... 64, and seldom afterwards
_SIDE = 2048  # of the matrices whose product is the machine's limit: large enough that no copying shows

USUAL = PRESETS["pytorch_net"].recipe
"""The usual loop's network and training as a recipe: the same layers, Adam, the same rate, batches of 64."""

_TRAINED: dict[str, Recipe] = {
    "net": USUAL,
    "net, mixed precision": USUAL.replace(precision="mixed"),
    "cnn": Recipe(),
    "cnn, mixed precision": Recipe(precision="mixed"),
    "quick, mixed precision": PRESETS["fast"].recipe,
    "deep, mixed precision": Recipe(model="deep", precision="mixed"),
}


def bench_train(rounds: int = _ROUNDS, steps: int = _STEPS) -> Iterator[Ratio]:
    """Images a second beside the usual loop, the share of the machine's limit, and what augmentation costs."""
    with unpacked_mnist() as folder:
        for name in ("net", "net, mixed precision"):
            yield _against_usual(name, folder, rounds, steps)
    for name, recipe in _TRAINED.items():
        yield _share_of_limit(name, recipe, rounds, steps)
    for key in ("augment_gentle", "augment_pen"):
        yield _share_of_augmentation(key, rounds, steps)


def _against_usual(name: str, folder: Path, rounds: int, steps: int) -> Ratio:
    """Images a second: our loop, with all that it looks at and announces, and the usual one."""
    recipe = _TRAINED[name]
    events, usual = _steps_of(recipe), _usual_steps(folder)
    seconds_for(usual, _WARM_UP_STEPS)
    images = steps * BATCH
    pairs = [(images / seconds_for(events, steps), images / seconds_for(usual, steps)) for _ in range(rounds)]
    return Ratio.of(f"{name}: our loop and the usual one", pairs, "images/s")


def _share_of_limit(name: str, recipe: Recipe, rounds: int, steps: int) -> Ratio:
    """Multiply-adds a second: training, and one large product of matrices in the same number format."""
    events = _steps_of(recipe)
    is_mixed = recipe.precision == "mixed" and has_fast_bfloat16(torch.device("cpu"))
    number = torch.bfloat16 if is_mixed else torch.float32
    matrix = torch.rand(_SIDE, _SIDE).to(number)
    torch.mm(matrix, matrix)
    work = steps * recipe.batch_size * _training_multiply_adds(recipe)
    products = (torch.mm(matrix, matrix) for _ in range(rounds))
    pairs = [
        (work / seconds_for(events, steps) / 1e9, _SIDE**3 / seconds_for(products, 1) / 1e9) for _ in range(rounds)
    ]
    return Ratio.of(f"{name}: training and a matrix product", pairs, "billion multiply-adds/s")


def _training_multiply_adds(recipe: Recipe) -> int:
    """How many multiply-adds a network takes to learn from one image: forward and backward."""
    images = torch.rand(2, 1, 28, 28)  # batch normalisation needs more than one
    with FlopCounterMode(display=False) as counter:
        build(recipe).train()(images).sum().backward()
    return int(counter.get_total_flops()) // 2 // len(images)


def _share_of_augmentation(key: str, rounds: int, steps: int) -> Ratio:
    """Seconds of an epoch of `cnn`: for making augmented batches, less those for plain ones, and for all of it."""
    recipe = PRESETS[key].apply(Recipe())
    augmented, plain = Learner(recipe, build_dataset(recipe)), Learner(Recipe(), build_dataset(Recipe()))
    events = _steps_of(recipe)
    share = augmented.batch_count / steps
    pairs = []
    for _ in range(rounds):
        warping_s = seconds_for(augmented.train_batches(), steps) - seconds_for(plain.train_batches(), steps)
        pairs.append((share * warping_s, share * seconds_for(events, steps)))
    return Ratio.of(f"{PRESETS[key].title}: augmentation and all of an epoch of cnn", pairs, "s")


def _steps_of(recipe: Recipe) -> Iterator[Event]:
    """The steps of a training that goes on as long as anybody wants, after its first ones."""
    steps = (event for event in train(recipe.replace(epochs=200)) if isinstance(event, Step))
    seconds_for(steps, _WARM_UP_STEPS)
    return steps


def _usual_steps(folder: Path) -> Iterator[int]:
    loop = UsualLoop(folder, seed=0)
    while True:
        yield from loop.epoch()


def seconds_for(steps: Iterator[object], count: int) -> float:
    """Wall time of so many steps."""
    return time_ms(lambda: [None for _ in islice(steps, count)]) / 1000


BENCHMARK = Benchmark(
    "Images a second beside the usual loop, the share of what the machine can do, and what augmentation costs.",
    bench_train,
    (count_option("--rounds", _ROUNDS, "Each way in turn.", 100), count_option("--steps", _STEPS, "A round.", 400)),
)
