"""A support vector machine's decision as a layer: scikit-learn's numbers, in torch, in batches."""

from collections.abc import Sequence
from itertools import combinations

import torch
from torch import Tensor, nn

from mnist_core.training.pixels import standardise

CLASSES = 10
PAIRS = tuple(combinations(range(CLASSES), 2))
"""The 45 pairs of classes, in scikit-learn's order; each has a border of its own."""

CERTAINTY = 2.5
"""What the decision values are multiplied by to be logits: one vote more makes a class twelve times likelier, which
is about as sure as a machine of 3,000 images may be (found on the validation images)."""

_PIXELS = 28 * 28


class SupportVectors(nn.Module):
    """From standardised pixels (N, 784) to ten logits: radial kernel, 45 borders, votes.

    Nothing here is learned by gradients, so all numbers are buffers:
    `vectors`, uint8 (V, 784), the training images that hold up the borders, 0 paper to 255 ink;
    `weights`, float32 (V, 45), what each adds to the decision of each pair of `PAIRS`;
    `offsets`, float32 (45,).
    """

    vectors: Tensor
    weights: Tensor
    offsets: Tensor
    first: Tensor
    second: Tensor

    def __init__(self, gamma: float) -> None:
        super().__init__()
        self.gamma = gamma
        self.make_room(0)
        self.register_buffer("offsets", torch.zeros(len(PAIRS)))
        first, second = (nn.functional.one_hot(torch.tensor(side), CLASSES) for side in zip(*PAIRS, strict=True))
        self.register_buffer("first", first.float(), persistent=False)
        self.register_buffer("second", second.float(), persistent=False)

    def make_room(self, count: int) -> None:
        """Be ready to take in that many support vectors."""
        self.register_buffer("vectors", torch.zeros(count, _PIXELS, dtype=torch.uint8))
        self.register_buffer("weights", torch.zeros(count, len(PAIRS)))

    @property
    def learned(self) -> int:
        """How many numbers fitting found: nine for each support vector, and an offset for each pair."""
        return (CLASSES - 1) * len(self.vectors) + len(PAIRS)

    def forward(self, pixels: Tensor) -> Tensor:
        """Logits (N, 10): `CERTAINTY` times scikit-learn's `decision_function` with one value a class."""
        return CERTAINTY * self._by_class(self._likeness(pixels) @ self.weights + self.offsets)

    def _likeness(self, pixels: Tensor) -> Tensor:
        """The radial kernel exp(-gamma · distance²) to each support vector, (N, V)."""
        vectors = standardise(self.vectors.float() / 255)
        squares = pixels.square().sum(1, keepdim=True) + vectors.square().sum(1)
        distances = torch.addmm(squares, pixels, vectors.T, alpha=-2).clamp(min=0)
        return torch.exp(-self.gamma * distances)

    def _by_class(self, borders: Tensor) -> Tensor:
        """Votes of the pairs (N, 45), and less than a third of a vote for how clear they are, (N, 10).

        As scikit-learn's `_ovr_decision_function` counts them, so that of equal votes the clearer wins.
        """
        won = (borders >= 0).to(borders.dtype)
        votes = won @ self.first + (1 - won) @ self.second
        clarity = borders @ (self.first - self.second)
        return votes + clarity / (3 * (clarity.abs() + 1))


def pair_weights(dual: Tensor, counts: Sequence[int]) -> Tensor:
    """What each support vector adds to each pair, (V, 45).

    Args:
        dual: libsvm's dual coefficients (9, V), support vectors ordered by class. A vector of class c has one row
            for each other class: row k is for class k below c, and for class k + 1 from c on.
        counts: How many support vectors each of the ten classes has.
    """
    ends = torch.tensor([0, *counts]).cumsum(0).tolist()
    weights = torch.zeros(dual.shape[1], len(PAIRS))
    for pair, (one, other) in enumerate(PAIRS):
        weights[ends[one] : ends[one + 1], pair] = dual[other - 1, ends[one] : ends[one + 1]].float()
        weights[ends[other] : ends[other + 1], pair] = dual[one, ends[other] : ends[other + 1]].float()
    return weights
