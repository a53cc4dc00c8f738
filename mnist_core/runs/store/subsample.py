"""Choosing a few of many, evenly."""

from collections.abc import Sequence

import numpy as np


def evenly(places: Sequence[float], count: int) -> list[int]:
    """The indices of at most `count` (2 or more) of these places, which rise; first and last are among them.

    They are chosen by where they are, not by how many there are: what was thinned out before stays even.
    """
    if len(places) <= count:
        return list(range(len(places)))
    wanted = np.linspace(places[0], places[-1], count)
    return [int(index) for index in np.unique(np.searchsorted(places, wanted)).clip(max=len(places) - 1)]
