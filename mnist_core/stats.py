"""What a number from few cases says: intervals of shares and means, and the test of a paired difference.

scipy does the arithmetic. It is imported where it is needed: it takes up to a second, which no page waits for at
its first paint. (`scipy.special` is a third of `scipy.stats`, and holds all of this.)
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np

CONFIDENCE = 0.95
"""Of every interval here: the true value lies within in so many of 100 cases."""

_CASES = 10_000  # of a share, where nobody says of how many it is: MNIST's test images


def wilson_interval(successes: float, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The score interval of a share, 0 to 1, that was `successes` of `n`; all there is, (0, 1), for none.

    E. B. Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*, 1927: honest for few cases
    and for shares near 0 or 1, too.
    """
    if not n:
        return 0.0, 1.0
    share, spread = successes / n, t_quantile((1 + confidence) / 2) ** 2 / n
    middle = (share + spread / 2) / (1 + spread)
    half = sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def difference_interval(before: int, after: int, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Of the difference of two shares, `after` of `n` minus `before` of `n`, -1 to 1; (-1, 1) for none.

    R. G. Newcombe, *Interval estimation for the difference between independent proportions*, 1998, method 10: from the
    score interval of each. It takes the two for independent, which is on the safe side for pairs that go together.
    """
    (low, high), (low_after, high_after) = (wilson_interval(count, n, confidence) for count in (before, after))
    if not n:
        return -1.0, 1.0
    share, share_after = before / n, after / n
    difference = share_after - share
    return (
        difference - sqrt((share_after - low_after) ** 2 + (high - share) ** 2),
        difference + sqrt((high_after - share_after) ** 2 + (share - low) ** 2),
    )


def share_interval(shares: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Between which the mean of shares (N,), each 0 to 1, lies: Student's t on their log odds, so within 0 to 1.

    A share of 0 or 1 counts as half a case of `_CASES` away from it, for it has no odds. Where all are equal, that
    share alone is the interval.

    Raises:
        ValueError: For fewer than two shares.
    """
    from scipy.special import expit, logit

    if len(set(shares)) == 1 and len(shares) > 1:
        return shares[0], shares[0]
    inner = np.clip(shares, 0.5 / _CASES, 1 - 0.5 / _CASES)
    low, high = expit(t_interval(logit(inner).tolist(), confidence))
    return float(low), float(high)


def mcnemar_exact(gained: int, lost: int) -> float:
    """The two-sided p-value, 0 to 1, of `gained` against `lost` cases between two equally good models; 1 for none.

    Only the cases that the two models answer differently count, and each is the toss of a fair coin (Q. McNemar,
    *Note on the sampling error of the difference between correlated proportions or percentages*, 1947; exact by the
    binomial distribution).
    """
    from scipy.special import bdtr

    return min(1.0, 2 * float(bdtr(min(gained, lost), gained + lost, 0.5))) if gained + lost else 1.0


def t_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Between which the mean lies that the values (N,), normally distributed, were drawn about, by Student's t.

    Raises:
        ValueError: For fewer than two values.
    """
    if len(values) < 2:
        raise ValueError("an interval needs at least two values")
    mean, n = float(np.mean(values)), len(values)
    half = t_quantile((1 + confidence) / 2, n - 1) * float(np.std(values, ddof=1)) / sqrt(n)
    return mean - half, mean + half


def t_quantile(share: float, degrees: int | None = None) -> float:
    """The value that Student's t with so many degrees of freedom stays below in that share of cases, above 0 below 1.

    Args:
        share: The share of cases.
        degrees: None for infinitely many: the normal distribution.

    Raises:
        ValueError: For a share out of that range, or less than one degree.
    """
    from scipy.special import ndtri, stdtrit

    if not 0 < share < 1 or (degrees is not None and degrees < 1):
        raise ValueError("a share between 0 and 1, and at least one degree of freedom")
    return float(ndtri(share) if degrees is None else stdtrit(degrees, share))
