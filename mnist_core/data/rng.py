"""Random numbers for the data's corruptions: one stream for each purpose, so that none shifts another's draw."""

import numpy as np
from torch import Generator

_PURPOSES = ("imbalance", "label_noise", "outliers", "train_offset", "validation_offset", "test_offset", "cleaning")


def rng_for(seed: int, purpose: str) -> Generator:
    """The random numbers of a purpose (one of `_PURPOSES`), decided by the seed (0 or more).

    Torch's generators of seeds that lie near each other, or that differ only beyond 32 bits, are not safe to be
    unlike; NumPy's `SeedSequence` mixes seed and purpose. None of them may be the seed's own stream: training
    shuffles with that one, and wrong labels drawn from it would all come first in the first epoch.
    """
    mixed = np.random.SeedSequence((seed, _PURPOSES.index(purpose))).generate_state(1)
    return Generator().manual_seed(int(mixed[0]))
