"""A support vector machine's decision as a layer: scikit-learn's numbers, in torch, in batches."""

from collections.abc import Callable
from itertools import combinations

import torch
from torch import Tensor, nn

from mnist_core.training.pixels import standardise

CLASSES = 10
PAIRS = tuple(combinations(range(CLASSES), 2))
"""The 45 pairs of classes, in scikit-learn's order; each has a classifier of its own."""

CERTAINTY = 2.5
"""What the decision values are multiplied by to be logits: one vote more makes a class twelve times likelier, which
is about calibrated for a machine of 3,000 images (found on the validation images)."""

_SIDE = 28
_PIXELS = _SIDE * _SIDE


class SupportVectors(nn.Module):
    """From scaled pixels (N, 784) to ten logits: radial kernel, 45 classifiers, votes.

    Nothing here is learned by gradients, so all numbers are buffers:
    `vectors`, uint8 (V, 784), the training images that are support vectors, 0 paper to 255 ink;
    `weights`, float32 (V, 45), what each adds to the decision of each pair of `PAIRS`;
    `offsets`, float32 (45,).

    `scale` is how the pixels were scaled that it is asked about; the model that it belongs to says so.
    With `exact`, distances are worked out in double precision, in twice the time.
    """

    scale: Callable[[Tensor], Tensor] = staticmethod(standardise)

    vectors: Tensor
    weights: Tensor
    offsets: Tensor
    first: Tensor
    second: Tensor

    def __init__(self, gamma: float, *, exact: bool = False) -> None:
        super().__init__()
        self.gamma = gamma
        self.exact = exact
        self.allocate(0)
        self.register_buffer("offsets", torch.zeros(len(PAIRS)))
        for name, side in (("first", 0), ("second", 1)):
            chosen = [[float(pair[side] == digit) for digit in range(CLASSES)] for pair in PAIRS]
            self.register_buffer(name, torch.tensor(chosen), persistent=False)

    def allocate(self, count: int) -> None:
        """Be ready to take in that many support vectors."""
        self.register_buffer("vectors", torch.zeros(count, _PIXELS, dtype=torch.uint8))
        self.register_buffer("weights", torch.zeros(count, len(PAIRS)))

    @property
    def learned(self) -> int:
        """How many numbers fitting found: nine for each support vector, and an offset for each pair."""
        return (CLASSES - 1) * len(self.vectors) + len(PAIRS)

    def forward(self, pixels: Tensor) -> Tensor:
        """Logits (N, 10): `CERTAINTY` times scikit-learn's `decision_function` with one value a class."""
        return CERTAINTY * self._by_class(self._kernel(pixels) @ self.weights + self.offsets)

    def _kernel(self, pixels: Tensor) -> Tensor:
        """The radial kernel exp(-gamma · distance²) to each support vector, (N, V)."""
        vectors = self.scale(self.vectors.view(-1, 1, _SIDE, _SIDE).float() / 255).flatten(1)
        if self.exact:
            return radial(pixels.double(), vectors.double(), self.gamma).float()
        return radial(pixels, vectors, self.gamma)

    def _by_class(self, decisions: Tensor) -> Tensor:
        """Votes of the pairs (N, 45), and less than a third of a vote for how clear they are, (N, 10).

        As scikit-learn's `_ovr_decision_function` counts them, so that of equal votes the clearer wins.
        """
        won = (decisions >= 0).to(decisions.dtype)
        votes = won @ self.first + (1 - won) @ self.second
        clarity = decisions @ (self.first - self.second)
        return votes + clarity / (3 * (clarity.abs() + 1))


def radial(one: Tensor, other: Tensor, gamma: float) -> Tensor:
    """The radial kernel exp(-gamma · distance²) of each row of `one` (N, P) and each of `other` (V, P), (N, V)."""
    squares = one.square().sum(1, keepdim=True) + other.square().sum(1)
    distances = torch.addmm(squares, one, other.T, alpha=-2).clamp(min=0)
    return torch.exp(-gamma * distances)
