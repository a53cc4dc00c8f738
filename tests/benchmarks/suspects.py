"""How well suspects are ranked where wrong labels were put in on purpose, so that the truth is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mnist_core.data.dataset import build_dataset, corruption_masks
from mnist_core.data.label_errors import rank, score
from mnist_core.recipe import Recipe
from tests.benchmarks.benchmark import Benchmark, count_option

KINDS = ("random", "confusing")


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of wrong labels in so many images.

    Attributes:
        images: How many training images.
        kind: As the recipe's `label_noise_kind`.
        label_noise: The share of labels that were made wrong.
        seeds: How many times, each with other wrong labels.
        mean, lowest: Precision among as many of the first as were put in, which is their recall as well, 0 to 1.
    """

    images: int
    kind: str
    label_noise: float
    seeds: int
    mean: float
    lowest: float


def bench_suspects(
    images: Sequence[int] = (10_000, 55_000), seeds: int = 3, label_noise: float = 0.05
) -> Iterator[Row]:  # fmt: skip
    """Rank the labels of so many images for each kind of wrong labels and each seed, and score the ranking."""
    for count in images:
        for kind in KINDS:
            recipe = Recipe(train_images=count, label_noise=label_noise, label_noise_kind=kind)
            found = [_precision(recipe.replace(seed=seed)) for seed in range(seeds)]
            yield Row(count, kind, label_noise, seeds, float(np.mean(found)), min(found))


def _precision(recipe: Recipe) -> float:
    data, wrong = build_dataset(recipe), corruption_masks(recipe).wrong_label.numpy()
    order = rank(data.train_images, data.train_labels).most_contradicted()
    return score(order, wrong, int(wrong.sum())).precision


BENCHMARK = Benchmark(
    "How many of the first suspects have a wrong label indeed, where 5 % wrong labels were put in.",
    bench_suspects,
    (count_option("--seeds", 3, "Wrong labels of each kind.", 100),),
)
