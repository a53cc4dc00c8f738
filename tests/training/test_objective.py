"""What is minimised, against torch's own functions and sums by hand."""

import pytest
import torch
from torch.nn import functional as F

from mnist_core.recipe import Recipe
from mnist_core.training.learner import clip_gradients, objective
from mnist_core.training.models import build

LABELS = torch.tensor([1, 7, 7, 3])


def case(**settings) -> tuple:
    recipe = Recipe(model="mlp", **{"label_smoothing": 0.0, **settings})
    torch.manual_seed(0)
    model = build(recipe)
    return recipe, model, model(torch.rand(4, 1, 28, 28))


def test_smoothing_and_weights_of_classes_are_torchs() -> None:
    recipe, model, logits = case(label_smoothing=0.2)
    weights = torch.linspace(0.5, 2, 10)
    expected = F.cross_entropy(logits, LABELS, label_smoothing=0.2, weight=weights)
    assert float(
        objective(model, logits, LABELS, recipe.label_smoothing, recipe.l1, weights).detach()
    ) == pytest.approx(float(expected.detach()))


def test_l1_is_the_sum_of_the_weights_sizes_without_biases() -> None:
    recipe, model, logits = case(l1=0.001)
    sizes = sum(float(p.detach().abs().sum()) for p in model.parameters() if p.ndim > 1)
    expected = float(F.cross_entropy(logits, LABELS).detach()) + 0.001 * sizes
    assert float(objective(model, logits, LABELS, recipe.label_smoothing, recipe.l1).detach()) == pytest.approx(
        expected, rel=1e-5
    )


@pytest.mark.parametrize("limit", [0.01, 100.0])
def test_gradients_are_shortened_to_the_limit_all_together(limit: float) -> None:
    recipe, model, logits = case(gradient_clip=limit)
    objective(model, logits, LABELS, recipe.label_smoothing, recipe.l1).backward()
    before = torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])
    clip_gradients(model, recipe)
    after = torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])
    assert float(after.norm()) == pytest.approx(min(limit, float(before.norm())), rel=1e-3)
    assert float(F.cosine_similarity(before, after, dim=0)) == pytest.approx(1, abs=1e-4)


def test_no_limit_leaves_them() -> None:
    recipe, model, logits = case()
    (1e6 * objective(model, logits, LABELS, recipe.label_smoothing, recipe.l1)).backward()
    before = [p.grad.clone() for p in model.parameters()]
    clip_gradients(model, recipe)
    assert all(torch.equal(one, p.grad) for one, p in zip(before, model.parameters(), strict=True))
