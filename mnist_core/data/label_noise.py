"""Wrong labels on purpose: what happens to a model when its teachers make mistakes."""

import torch
from torch import Generator, Tensor

_CLASSES = 10


def mislabel(labels: Tensor, share: float, seed: int) -> Tensor:
    """The labels (N,), 0 to 9, with a share of them replaced by another digit.

    Exactly `round(share * N)` labels are wrong afterwards; which ones and what they become, each of the nine
    other digits with the same chance, is drawn by the seed. The labels that came are left as they are.

    Args:
        labels: True classes, int64.
        share: 0 to 1.
        seed: Where the random numbers start; torch's global ones are not touched.
    """
    dice = Generator().manual_seed(seed)
    wrong = torch.randperm(len(labels), generator=dice)[: round(share * len(labels))]
    step = torch.randint(1, _CLASSES, (len(wrong),), generator=dice)
    noisy = labels.clone()
    noisy[wrong] = (labels[wrong] + step) % _CLASSES
    return noisy
