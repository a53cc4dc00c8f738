import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from torch.nn import functional as F

from mnist_core.evaluation.calibration import COLDEST, HOTTEST, calibrate, find_temperature
from mnist_core.runs.cards import shipped
from mnist_core.runs.registry import load_model
from mnist_core.training.inference import predict_calibrated


def noisy_logits(seed: int, scale: float, spread: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits that are right more or less often, the same for the same seed."""
    dice = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 10, (400,), generator=dice)
    logits = torch.randn(400, 10, generator=dice) * spread + F.one_hot(labels, 10)
    return logits * scale, labels


def loss(logits: torch.Tensor, labels: torch.Tensor, temperature: float) -> float:
    return float(F.cross_entropy(logits.double() / temperature, labels))


@settings(max_examples=30)
@given(st.integers(0, 1000), st.floats(0.3, 10), st.floats(0.3, 2))
def test_it_is_where_scipy_finds_the_least_loss(seed: int, scale: float, spread: float) -> None:
    logits, labels = noisy_logits(seed, scale, spread)
    found = find_temperature(logits, labels)
    best = minimize_scalar(
        lambda log: loss(logits, labels, float(np.exp(log))),
        bounds=(np.log(COLDEST), np.log(HOTTEST)),
        method="bounded",
    )
    assert COLDEST <= found <= HOTTEST
    assert loss(logits, labels, found) <= best.fun + 1e-6


def test_it_is_the_best_of_a_fine_grid() -> None:
    logits, labels = noisy_logits(3, 4.0, 1.0)
    grid = np.geomspace(0.2, 10, 2000)
    best = grid[np.argmin([loss(logits, labels, t) for t in grid])]
    assert find_temperature(logits, labels) == pytest.approx(best, rel=0.003)


def test_logits_that_are_twice_as_large_want_twice_the_temperature() -> None:
    logits, labels = noisy_logits(1, 2.0, 1.0)
    assert find_temperature(logits * 2, labels) == pytest.approx(2 * find_temperature(logits, labels), rel=1e-6)


def test_who_is_always_right_may_be_as_sure_as_is_looked_for() -> None:
    labels = torch.arange(10)
    assert find_temperature(F.one_hot(labels, 10).float(), labels) == pytest.approx(COLDEST, rel=1e-6)
    assert find_temperature(-F.one_hot(labels, 10).float(), labels) == pytest.approx(HOTTEST, rel=1e-6)


@pytest.mark.parametrize("logits", [torch.zeros(0, 10), torch.full((3, 10), float("nan")), torch.full((3, 10), 1e999)])
def test_without_numbers_there_is_nothing_to_change(logits: torch.Tensor) -> None:
    assert find_temperature(logits, torch.zeros(len(logits), dtype=torch.int64)) == 1.0


def test_the_cards_say_what_is_found_and_opened_models_use_it() -> None:
    card = shipped()[0]
    model = load_model(card.name).model
    found = calibrate(model)
    assert found.images == 5000
    assert model.temperature == card.temperature == pytest.approx(found.temperature, rel=1e-3)
    assert found.error_after == pytest.approx(card.facts["calibration"]["error_after"], abs=1e-3)
    assert found.error_after < found.error_before
    image = torch.rand(1, 28, 28)
    with torch.no_grad():
        expected = (model(image.unsqueeze(1)) / card.temperature).softmax(1)
    assert torch.allclose(predict_calibrated(model, image), expected, atol=1e-6)
