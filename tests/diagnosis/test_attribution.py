"""Attribution held against hand counts, against completeness, and against doing it by hand."""

import numpy as np
import pytest
import torch
from torch import nn

from mnist_core.data.mnist_files import load_mnist
from mnist_core.diagnosis.attribution import METHODS, PATCH_PX, STRIDE_PX, attribute
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.registry import load_model
from mnist_core.training.inference import predict_logits
from mnist_core.training.models import Classifier, build
from mnist_core.training.pixels import PIXEL_STD

EMPTY = np.zeros((28, 28), np.float32)


@pytest.fixture(scope="module")
def cnn() -> Classifier:
    return load_model().model


def digit(index: int) -> np.ndarray:
    return (load_mnist().test_images[index].float() / 255).numpy()


def score(model: Classifier, pixels: np.ndarray, asked: int, other: int | None = None) -> float:
    logits = predict_logits(model, torch.from_numpy(pixels)[None])[0]
    return float(logits[asked] if other is None else logits[asked] - logits[other])


@pytest.mark.parametrize("index", range(4))
def test_the_gradients_sum_to_the_change_from_empty_paper(cnn, index: int) -> None:
    for asked, other in ((7, None), (1, 7)):
        change = score(cnn, digit(index), asked, other) - score(cnn, EMPTY, asked, other)
        heat = attribute(cnn, digit(index), asked, other)
        assert heat.sum() == pytest.approx(change, abs=0.25)


@pytest.mark.parametrize("kind", ["linear", "mlp", "net"])
def test_every_network_can_be_asked(kind: str) -> None:
    torch.manual_seed(0)
    model = build(Recipe(model=kind)).eval()
    for method in METHODS:
        heat = attribute(model, digit(0), 3, method=method.name)
        assert heat.shape == (28, 28)
        assert heat.dtype == np.float32
        assert np.abs(heat).max() > 0


def test_of_a_linear_model_each_pixel_counts_its_weight() -> None:
    torch.manual_seed(0)
    model = build(Recipe(model="linear")).eval()
    weight = model.layers[1].weight.detach().reshape(10, 28, 28).numpy()
    expected = weight[5] * digit(0) / PIXEL_STD
    np.testing.assert_allclose(attribute(model, digit(0), 5), expected, atol=1e-5)
    contrast = (weight[5] - weight[2]) * digit(0) / PIXEL_STD
    np.testing.assert_allclose(attribute(model, digit(0), 5, 2), contrast, atol=1e-5)


@pytest.mark.parametrize(("method", "level"), [("cover", 0.0), ("ink", 1.0)])
def test_a_patch_is_slid_over_by_hand(cnn, method: str, level: float) -> None:
    picture, before = digit(2), score(cnn, digit(2), 1)
    total, times = np.zeros((28, 28)), np.zeros((28, 28))
    for top in range(0, 28 - PATCH_PX + 1, STRIDE_PX):
        for left in range(0, 28 - PATCH_PX + 1, STRIDE_PX):
            patch = np.s_[top : top + PATCH_PX, left : left + PATCH_PX]
            covered = picture.copy()
            covered[patch] = level
            total[patch] += before - score(cnn, covered, 1)
            times[patch] += 1
    np.testing.assert_allclose(attribute(cnn, picture, 1, method=method), total / times, atol=1e-3)


def test_this_rather_than_that_is_the_opposite_of_that_rather_than_this(cnn) -> None:
    for method in METHODS:
        one, other = attribute(cnn, digit(0), 7, 1, method.name), attribute(cnn, digit(0), 1, 7, method.name)
        np.testing.assert_allclose(one, -other, atol=1e-3)


def test_empty_paper_says_nothing_by_itself(cnn) -> None:
    assert not attribute(cnn, EMPTY, 1).any()
    assert np.abs(attribute(cnn, EMPTY, 1, method="cover")).max() < 1e-5
    assert np.abs(attribute(cnn, EMPTY, 1, method="ink")).max() > 0.1


class Votes(nn.Module):
    """Ten scores that jump, as those of a support vector machine do: how many of some pixels are dark."""

    def __init__(self, *, differentiable: bool) -> None:
        super().__init__()
        self.differentiable = differentiable
        self.register_buffer("rows", torch.arange(10))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        votes = (pixels.reshape(-1, 28, 28)[:, 8:18] > 1).float().sum(dim=2)
        return votes + (0.001 * pixels.sum() if self.differentiable else 0)


@pytest.mark.parametrize("differentiable", [True, False])
def test_a_score_that_jumps_is_not_credited_to_pixels(differentiable: bool) -> None:
    model = Classifier(nn.Sequential(Votes(differentiable=differentiable))).eval()
    with pytest.raises(UserError) as raised:
        attribute(model, digit(0), 4)
    assert raised.value.code == "no_gradients"
    assert attribute(model, digit(0), 4, method="cover").any()


def test_numbers_that_are_none_and_methods_that_are_none() -> None:
    model = build(Recipe(model="linear"))
    with torch.no_grad():
        model.layers[1].weight.fill_(float("nan"))
    with pytest.raises(UserError) as raised:
        attribute(model, digit(0), 4)
    assert raised.value.code == "answer_not_finite"
    with pytest.raises(ValueError, match="unknown method"):
        attribute(model, digit(0), 4, method="guess")


def test_the_model_is_asked_in_evaluation_mode_and_left_as_it_was(cnn) -> None:
    model = build(Recipe(dense_dropout=0.9)).train()
    assert np.array_equal(attribute(model, digit(0), 4), attribute(model, digit(0), 4))
    assert model.training
    assert all(parameter.grad is None for parameter in model.parameters())


def test_the_model_is_asked_a_few_hundred_pictures_at_most(cnn) -> None:
    asked = 0

    def count(_, pictures: tuple[torch.Tensor, ...]) -> None:
        nonlocal asked
        asked += len(pictures[0])

    hook = cnn.register_forward_pre_hook(count)
    for method in METHODS:
        asked = 0
        attribute(cnn, digit(0), 7, method=method.name)
        assert 0 < asked < 300, method.name
    hook.remove()
