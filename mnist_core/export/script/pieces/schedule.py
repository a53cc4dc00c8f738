"""How the learning rate moves while a model trains."""

import math


def one_cycle(progress: float) -> float:
    """The learning rate, as a share of the highest, when so much of the run is done.

    Up for a quarter of the steps, then down in half a wave (Smith, Super-Convergence,
    2018): large steps come when the weights have settled, small ones in the end.
    """
    if progress < 0.25:
        return 0.04 + 0.96 * progress / 0.25
    down = (progress - 0.25) / 0.75
    return 0.0001 + 0.9999 * (1 + math.cos(math.pi * down)) / 2
