"""Student's t distribution, for the intervals of small samples.

In closed form, so that a page that shows intervals does not wait for scipy, which takes a second to load.
"""

from itertools import accumulate
from math import atan, cos, pi, sin, sqrt

_HALVINGS = 200


def t_quantile(share: float, degrees: int) -> float:
    """The value that Student's t with that many degrees of freedom stays below in that share of cases, 0.5 to 1.

    Raises:
        ValueError: For a share out of that range, or less than one degree.
    """
    if not 0.5 <= share < 1 or degrees < 1:
        raise ValueError("a share from 0.5 to below 1, and at least one degree of freedom")
    low, high = 0.0, 1.0
    while _within(high, degrees) < 2 * share - 1:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, degrees) < 2 * share - 1 else (low, middle)
    return high


def _within(t: float, degrees: int) -> float:
    """The share of cases between -t and t: Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    angle = atan(t / sqrt(degrees))
    square = cos(angle) ** 2
    if degrees % 2 == 0:
        factors = [(k - 1) / k * square for k in range(2, degrees - 1, 2)]
        return sin(angle) * sum(accumulate(factors, lambda term, factor: term * factor, initial=1.0))
    if degrees == 1:
        return 2 * angle / pi
    factors = [(k - 1) / k * square for k in range(3, degrees - 1, 2)]
    series = sum(accumulate(factors, lambda term, factor: term * factor, initial=cos(angle)))
    return 2 / pi * (angle + sin(angle) * series)
