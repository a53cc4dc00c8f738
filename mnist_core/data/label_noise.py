"""Wrong labels on purpose: what happens to a model when its teachers make mistakes."""

import torch
from torch import Tensor

from mnist_core.data.rng import rng_for

MISTAKEN_FOR = (6, 7, 7, 5, 9, 3, 0, 9, 3, 4)
"""For each digit, 0 to 9, the one that it is taken for.

0 and 6, 3 and 5, 4 and 9 for each other; 1 and 2 for 7, 7 for 9, 8 for 3. Of the nearest images of another digit in
MNIST, most or second most are of this one.
"""

_CLASSES = 10


def flip_labels(labels: Tensor, share: float, seed: int, kind: str = "random") -> Tensor:
    """The labels (N,), 0 to 9, with a share of them replaced by another digit.

    Exactly `round(share * N)` labels are wrong afterwards; which ones is drawn by the seed and is the same for
    both kinds. The labels that came are left as they are.

    Args:
        labels: True classes, int64.
        share: 0 to 1.
        seed: Where the random numbers start; torch's global ones are not touched.
        kind: `random`: each of the nine other digits with the same chance. `confusing`: `MISTAKEN_FOR`.
    """
    generator = rng_for(seed, "label_noise")
    wrong = torch.randperm(len(labels), generator=generator)[: round(share * len(labels))]
    noisy = labels.clone()
    if kind == "confusing":
        noisy[wrong] = torch.tensor(MISTAKEN_FOR)[labels[wrong]]
    else:
        step = torch.randint(1, _CLASSES, (len(wrong),), generator=generator)
        noisy[wrong] = (labels[wrong] + step) % _CLASSES
    return noisy
