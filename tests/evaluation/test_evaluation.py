import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn import metrics

from mnist_core.evaluation.evaluation import Evaluation


def random_evaluation(seed: int = 0, count: int = 500) -> Evaluation:
    random = np.random.default_rng(seed)
    logits = random.normal(size=(count, 10)) * 2
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return Evaluation(random.integers(0, 10, count), probabilities.astype(np.float32))


def test_the_figures_are_scikit_learns() -> None:
    found = random_evaluation()
    predicted = found.probabilities.argmax(axis=1)
    assert found.accuracy == metrics.accuracy_score(found.labels, predicted)
    np.testing.assert_array_equal(found.confusion, metrics.confusion_matrix(found.labels, predicted))
    np.testing.assert_allclose(found.precision, metrics.precision_score(found.labels, predicted, average=None))
    np.testing.assert_allclose(found.recall, metrics.recall_score(found.labels, predicted, average=None))
    np.testing.assert_allclose(found.f1, metrics.f1_score(found.labels, predicted, average=None))
    assert found.loss.mean() == pytest.approx(metrics.log_loss(found.labels, found.probabilities), rel=1e-4)


def test_the_margin_is_between_the_two_most_probable() -> None:
    found = Evaluation(np.array([1, 2]), np.array([[0.2, 0.5, 0.3] + [0] * 7, [0, 0, 1] + [0] * 7], np.float32))
    np.testing.assert_allclose(found.margin, [0.2, 1.0], rtol=1e-6)


def test_the_loss_of_what_was_thought_impossible_is_finite() -> None:
    found = Evaluation(np.array([3]), np.eye(10, dtype=np.float32)[[7]])
    assert found.loss[0] == pytest.approx(-np.log(2.0**-24))


def test_a_class_that_is_missing_or_never_predicted_counts_zero() -> None:
    sure_of_three = np.eye(10, dtype=np.float32)[[3, 3, 3]]
    found = Evaluation(np.array([3, 3, 4]), sure_of_three)
    assert found.precision[3] == pytest.approx(2 / 3)
    assert found.recall[4] == 0
    assert found.recall[9] == 0
    assert found.precision[9] == 0
    expected = metrics.f1_score(found.labels, found.predicted, labels=range(10), average=None, zero_division=0)
    np.testing.assert_allclose(found.f1, expected)


def test_calibration_error_by_hand() -> None:
    # Two images at confidence 0.9, one of them right; two at 0.55, both right: (0.8 + 0.9) / 4.
    rows = np.full((4, 10), 0.0, np.float32)
    rows[:2, 1], rows[:2, 2] = 0.9, 0.1
    rows[2:, 1], rows[2:, 2] = 0.55, 0.45
    assert Evaluation(np.array([1, 2, 1, 1]), rows).calibration_error == pytest.approx((0.8 + 0.9) / 4)


def test_mistakes_come_with_the_most_confident_first() -> None:
    found = random_evaluation()
    wrong = found.mistakes()
    assert set(wrong) == set(np.flatnonzero(found.predicted != found.labels))
    assert (np.diff(found.confidence[wrong]) <= 0).all()
    assert set(found.mistakes(true=4)) == {index for index in wrong if found.labels[index] == 4}


@given(st.integers(0, 9), st.integers(0, 9))
def test_a_cell_holds_as_many_images_as_the_matrix_says(true: int, predicted: int) -> None:
    found = random_evaluation()
    assert len(found.cell(true, predicted)) == found.confusion[true, predicted]


@given(hnp.arrays(np.float16, (7, 10), elements=st.floats(0, 1, width=16)))
def test_kept_bytes_come_back(rows: np.ndarray) -> None:
    found = Evaluation.from_bytes(np.zeros(7, np.int64), rows.astype("<f2").tobytes())
    np.testing.assert_array_equal(found.probabilities, rows.astype(np.float32))
