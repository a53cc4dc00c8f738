"""What can be done about digits that are rarer than others: show them more often, or let them weigh more."""

import torch
from torch import Generator, Tensor

_CLASSES = 10


def class_balanced_order(labels: Tensor, generator: Generator) -> Tensor:
    """Places in an epoch, int64 (N,): indexes of images, drawn so that each digit there is comes equally often.

    The N places are shared out evenly (to within one) among the digits that have images. A rare digit's images
    come again and again, each equally often (to within once); of a common digit, some are left out.
    """
    present = torch.bincount(labels, minlength=_CLASSES).nonzero().flatten()
    # Which digits get the places that are left over is drawn, so that no digit is favoured in every epoch.
    present = present[torch.randperm(len(present), generator=generator)]
    places = torch.arange(len(labels)) % max(1, len(present))
    counts = torch.bincount(places, minlength=len(present)).tolist()
    draws = [
        _draw(torch.nonzero(labels == digit).flatten(), count, generator)
        for digit, count in zip(present, counts, strict=True)
    ]
    drawn = torch.cat(draws)
    return drawn[torch.randperm(len(drawn), generator=generator)]


def _draw(indexes: Tensor, count: int, generator: Generator) -> Tensor:
    """`count` of the indexes, each equally often to within once."""
    rounds, rest = divmod(count, len(indexes))
    some = torch.randperm(len(indexes), generator=generator)[:rest]
    return torch.cat([indexes.repeat(rounds), indexes[some]])


def balanced_weights(labels: Tensor) -> Tensor:
    """How much each digit's error counts, float32 (10,): the rarer, the more.

    N / (digits with images * images of the digit), scikit-learn's "balanced" (King and Zeng, *Logistic
    Regression in Rare Events Data*, 2001); 0 for a digit without images.
    """
    counts = torch.bincount(labels, minlength=_CLASSES).float()
    weights = counts.sum() / (counts.count_nonzero() * counts)
    return torch.where(counts > 0, weights, 0.0)
