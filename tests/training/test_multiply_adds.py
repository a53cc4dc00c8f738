"""Multiply-adds, against torch's own counter."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from mnist_core.recipe import Recipe
from mnist_core.training.models import build, count_multiply_adds

NETWORKS = ["linear", "mlp", "quick", "cnn", "net", "deep"]


@pytest.mark.parametrize("model", NETWORKS)
@pytest.mark.parametrize("size", [{}, {"width": 0.5, "extra_layers": 2}, {"width": 2.0}], ids=str)
def test_it_is_what_torch_counts(model: str, size: dict[str, float]) -> None:
    recipe = Recipe(model=model, **size)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        build(recipe).eval()(torch.rand(1, 1, 28, 28))
    assert count_multiply_adds(recipe) == counter.get_total_flops() // 2
