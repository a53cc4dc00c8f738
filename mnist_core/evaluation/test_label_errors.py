"""Test labels that may be wrong: what models that never saw the test images say of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REJECTED = (947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729)
"""Test images whose label at most two of five people chose when asked.

From the reviews published with Northcutt, Athalye, Mueller, *Pervasive Label Errors in Test Sets Destabilize Machine
Learning Benchmarks* (NeurIPS 2021; labelerrors.com): github.com/cleanlab/label-errors, mturk/mnist_mturk.json at
5457895, the entries with `given` of 2 or less.
"""


def contradicting_digit(readings: Sequence[int], label: int) -> int | None:
    """The digit that enough models read where the label says another one; None when the label stands.

    With the eight shipped models it doubts 22 of MNIST's 10,000 test labels, 8 of the 15 in `REJECTED` among them; five
    of eight would doubt 45 for 10 of those, all but one 9 for 4.
    """
    digit = max(sorted(set(readings)), key=list(readings).count)
    enough = max(2, len(readings) - len(readings) // 4)  # two, and three in four
    return digit if digit != label and list(readings).count(digit) >= enough else None


@dataclass(frozen=True, slots=True, eq=False)
class TestSuspicion:
    """What several models together say of each label.

    Attributes:
        label: int64 (N,).
        given: The mean probability of the label, float32 (N,), 0 to 1.
        read_as: The most probable other digit, int64 (N,).
        other: Its mean probability, float32 (N,).
        order: Places of all images, the most contradicted label first, int64 (N,).
    """

    __test__ = False  # no test of pytest's

    label: NDArray[np.int64]
    given: NDArray[np.float32]
    read_as: NDArray[np.int64]
    other: NDArray[np.float32]
    order: NDArray[np.int64]


def suspicion(probabilities: Sequence[NDArray[np.float32]], labels: NDArray[np.int64]) -> TestSuspicion:
    """Rank labels by how far models prefer another digit, on the mean of their probabilities.

    Args:
        probabilities: Of each model, float32 (N, 10).
        labels: int64 (N,), 0 to 9.
    """
    mean = np.mean(np.stack(probabilities), axis=0)
    places = np.arange(len(labels))
    given = mean[places, labels]
    others = mean.copy()
    others[places, labels] = -1
    read_as, other = others.argmax(axis=1), others.max(axis=1)
    return TestSuspicion(labels, given, read_as, other, np.argsort(given - other, kind="stable"))
