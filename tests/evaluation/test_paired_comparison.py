import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.evaluation.paired_comparison import PairedComparison


def evaluation(predicted: list[int], labels: list[int]) -> Evaluation:
    probabilities = np.full((len(labels), 10), 0.01, np.float32)
    probabilities[np.arange(len(labels)), predicted] = 0.91
    return Evaluation(np.array(labels), probabilities)


def test_each_image_is_fixed_broken_wrong_for_both_or_right_for_both() -> None:
    labels = [0, 1, 2, 3, 4]
    versus = PairedComparison(evaluation([0, 1, 9, 9, 4], labels), evaluation([0, 9, 2, 8, 4], labels))
    assert versus.gained.tolist() == [1]
    assert versus.lost.tolist() == [2]
    assert versus.both_wrong.tolist() == [3]


def test_the_most_confident_error_comes_first() -> None:
    labels = np.array([0, 0])
    right = evaluation([0, 0], [0, 0])
    wrong = Evaluation(labels, np.array([[0.4, 0.6] + [0] * 8, [0.1, 0.9] + [0] * 8], np.float32))
    assert PairedComparison(right, wrong).gained.tolist() == [1, 0]
    assert PairedComparison(wrong, right).lost.tolist() == [1, 0]


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_p_value_is_the_tails_of_a_fair_coin(fixed: int, broken: int) -> None:
    labels = [0] * (fixed + broken + 1)
    ours = evaluation([0] * fixed + [1] * broken + [0], labels)
    other = evaluation([1] * fixed + [0] * broken + [0], labels)
    tail = float(binom.cdf(min(fixed, broken), fixed + broken, 0.5))
    assert PairedComparison(ours, other).p_value == pytest.approx(min(1.0, 2 * tail))


def test_a_known_example() -> None:
    """Ten against two: 2 * (1 + 12 + 66) / 4096."""
    labels = [0] * 12
    versus = PairedComparison(evaluation([0] * 10 + [1] * 2, labels), evaluation([1] * 10 + [0] * 2, labels))
    assert versus.p_value == pytest.approx(2 * 79 / 4096)


def test_a_model_against_itself_is_chance() -> None:
    one = evaluation([0, 1, 5], [0, 1, 2])
    assert PairedComparison(one, one).p_value == 1


def test_other_images_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="different images"):
        PairedComparison(evaluation([0], [0]), evaluation([0], [1]))
