"""What a recipe does about rare digits."""

import torch
from torch import Generator, Tensor


def class_balanced_order(labels: Tensor, dice: Generator) -> Tensor:
    """Places in an epoch, drawn so that each digit comes equally often."""
    digits = labels.bincount().nonzero().flatten()
    digits = digits[torch.randperm(len(digits), generator=dice)]
    draws = []
    for place, digit in enumerate(digits):
        images = (labels == digit).nonzero().flatten()
        count = len(range(place, len(labels), len(digits)))
        rounds, rest = divmod(count, len(images))
        some = torch.randperm(len(images), generator=dice)[:rest]
        draws += [images.repeat(rounds), images[some]]
    drawn = torch.cat(draws)
    return drawn[torch.randperm(len(drawn), generator=dice)]


def weights_of_digits(labels: Tensor) -> Tensor:
    """How much each digit's error counts: the rarer the digit, the more."""
    counts = labels.bincount(minlength=10).float()
    weights = counts.sum() / (counts.count_nonzero() * counts)
    return torch.where(counts > 0, weights, 0.0)
