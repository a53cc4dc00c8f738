"""Rare digits on purpose: what a model makes of a class it has hardly seen."""

from collections.abc import Sequence

import torch
from torch import Tensor

from mnist_core.data.rng import rng_for
from mnist_core.errors import UserError


def subsample_classes(labels: Tensor, kept_shares: Sequence[float], seed: int) -> Tensor:
    """Which images stay when of each digit only a share is kept: indexes, int64, in rising order.

    Of a digit with n images `round(share * n)` stay, but at least one if the share is above 0. The seed decides
    which, and a smaller share keeps a part of what a larger one keeps, so that runs along the share compare.

    Args:
        labels: True classes (N,), int64, 0 to 9.
        kept_shares: For each digit, 0 to 1.
        seed: Where the random numbers start.

    Raises:
        UserError: `no_training_images` when nothing would be left.
    """
    kept = draw_subsample(labels, kept_shares, seed)
    if not len(kept):
        raise UserError(
            "no_training_images",
            "No training image is left: the fraction kept is 0 for all digits.",
            "Choose a fraction above 0 for at least one digit.",
        )
    return kept


def draw_subsample(labels: Tensor, kept_shares: Sequence[float], seed: int) -> Tensor:
    """Which images stay when of each digit only a share is kept: indexes in rising order, which may be none."""
    # All images are put in one order, whatever the shares are: so a smaller share keeps a part of a larger one's.
    order = torch.randperm(len(labels), generator=rng_for(seed, "imbalance"))
    kept = []
    for digit, share in enumerate(kept_shares):
        members = order[labels[order] == digit]
        kept.append(members[: max(round(share * len(members)), int(share > 0))])
    return torch.cat(kept).sort().values
