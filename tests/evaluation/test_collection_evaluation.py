import numpy as np
import pytest
import torch
from scipy import stats

from mnist_core.evaluation.collection_evaluation import evaluate_own, mcnemar_exact, wilson_interval
from mnist_core.recipe import Recipe
from mnist_core.training.models import build


def test_the_evaluation_names_the_wrong_ones_as_the_network_itself_answers():
    torch.manual_seed(0)
    model = build(Recipe(model="linear")).eval()
    pixels = np.random.default_rng(0).random((12, 28, 28), np.float32)
    with torch.inference_mode():
        answers = model(torch.from_numpy(pixels).unsqueeze(1)).argmax(dim=1).tolist()
    labels = [*answers[:9], *((answer + 1) % 10 for answer in answers[9:])]
    evaluation = evaluate_own(model, pixels, labels)
    assert evaluation.accuracy == 0.75
    assert sorted(evaluation.mistakes()) == [9, 10, 11]
    assert evaluation.predicted.tolist() == answers


def test_no_digits_are_no_test_set():
    with pytest.raises(ValueError, match="no digits"):
        evaluate_own(build(Recipe(model="linear")), np.zeros((0, 28, 28), np.float32), [])


@pytest.mark.parametrize(("right", "count"), [(0, 5), (5, 5), (14, 20), (1, 500), (250, 500)])
def test_the_likely_range_is_wilsons(right, count):
    expected = stats.binomtest(right, count).proportion_ci(0.95, method="wilson")
    assert wilson_interval(right, count) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_of_nothing_nothing_is_known():
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (1, 0), (5, 1), (3, 3), (0, 12), (200, 150)])
def test_luck_is_the_exact_sign_test(gained, lost):
    expected = stats.binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    assert mcnemar_exact(gained, lost) == pytest.approx(expected)
