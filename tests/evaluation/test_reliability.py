import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax
from sklearn.calibration import calibration_curve

from mnist_core.evaluation.evaluation import CALIBRATION_BINS, Evaluation
from mnist_core.evaluation.reliability import at_temperature, refusing, reliability_curve, threshold_curve


def random_evaluation(seed: int = 0, count: int = 500) -> Evaluation:
    random = np.random.default_rng(seed)
    probabilities = softmax(random.normal(size=(count, 10)) * 2, axis=1)
    return Evaluation(random.integers(0, 10, count), probabilities.astype(np.float32))


def sure(confidences: list[float], right: list[bool]) -> Evaluation:
    """Images read as a 1 with such a confidence, the rest of it on the 2."""
    rows = np.zeros((len(confidences), 10), np.float32)
    rows[:, 1] = confidences
    rows[:, 2] = 1 - rows[:, 1]
    return Evaluation(np.where(right, 1, 2), rows)


@given(st.integers(0, 1000), st.integers(1, 400))
def test_the_curve_is_scikit_learns(seed: int, count: int) -> None:
    found = random_evaluation(seed, count)
    curve = reliability_curve(found)
    right = found.predicted == found.labels
    accuracy, confidence = calibration_curve(right, found.confidence.astype(float), n_bins=CALIBRATION_BINS)
    filled = curve.counts > 0
    np.testing.assert_allclose(curve.accuracy[filled], accuracy)
    np.testing.assert_allclose(curve.confidence[filled], confidence, rtol=1e-6)
    assert np.isnan(curve.accuracy[~filled]).all()
    assert curve.counts.sum() == count
    assert curve.right.sum() == right.sum()


def test_the_calibration_error_is_the_curves_mean_distance() -> None:
    found = random_evaluation()
    curve = reliability_curve(found)
    gaps = np.abs(curve.accuracy - curve.confidence)
    assert found.calibration_error == pytest.approx(np.nansum(gaps * curve.counts) / 500)


def test_full_certainty_is_in_the_last_bin() -> None:
    assert reliability_curve(sure([1.0, 1.0], [True, False])).counts.tolist() == [0] * 14 + [2]


def test_thresholds_by_hand() -> None:
    found = sure([0.6, 0.7, 0.7, 0.9], [False, True, False, True])
    answers = threshold_curve(found, np.array([0.0, 0.65, 0.8, 0.95]))
    assert [(one.answered, one.wrong) for one in answers] == [(4, 2), (3, 1), (1, 0), (0, 0)]
    assert [one.refused for one in answers] == [0, 1, 3, 4]
    assert [one.accuracy for one in answers] == [0.5, pytest.approx(2 / 3), 1.0, None]


@given(st.integers(0, 1000), st.integers(1, 60), st.floats(0, 1))
def test_thresholds_agree_with_counting(seed: int, count: int, threshold: float) -> None:
    found = random_evaluation(seed, count)
    (answer,) = threshold_curve(found, np.array([threshold]))
    answered = found.confidence.astype(float) >= threshold
    assert answer.answered == answered.sum()
    assert answer.wrong == (answered & (found.predicted != found.labels)).sum()


@given(st.integers(0, 1000), st.integers(1, 60), st.floats(0, 1))
def test_no_more_is_refused_than_allowed_and_only_the_least_sure(seed: int, count: int, share: float) -> None:
    found = random_evaluation(seed, count)
    answer = refusing(found, share)
    assert answer.refused <= share * count + 1e-6
    assert answer.answered >= 1
    refused = np.argsort(found.confidence)[: answer.refused]
    assert (found.confidence[refused] < answer.threshold).all()
    assert answer.refused == min(count - 1, int(share * count + 1e-9))  # no two are equally sure here


def test_images_that_it_is_equally_sure_of_are_treated_alike() -> None:
    found = sure([0.6, 0.6, 0.6, 0.9], [False, True, True, True])
    assert refusing(found, 0.5).refused == 0
    assert refusing(found, 0.75).refused == 3


def test_a_temperature_divides_the_logits() -> None:
    logits = np.random.default_rng(1).normal(size=(50, 10)) * 3
    labels = np.zeros(50, np.int64)
    warm = at_temperature(Evaluation(labels, softmax(logits, axis=1).astype(np.float32)), 0.4)
    np.testing.assert_allclose(warm.probabilities, softmax(logits / 0.4, axis=1), rtol=1e-4, atol=1e-8)
    np.testing.assert_array_equal(warm.predicted, logits.argmax(axis=1))


def test_probabilities_of_nothing_stay_nothing() -> None:
    certain = Evaluation(np.array([3]), np.eye(10, dtype=np.float32)[[7]])
    np.testing.assert_array_equal(at_temperature(certain, 0.5).probabilities, certain.probabilities)
