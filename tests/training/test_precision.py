"""Mixed precision: what is worked out in bfloat16, and that it learns as float32 does."""

import pytest
import torch

from mnist_core.recipe import Recipe
from mnist_core.training import precision
from mnist_core.training.events import Epoch
from mnist_core.training.learner import Learner
from mnist_core.training.lesson import lesson_of
from mnist_core.training.loop import train

CPU = torch.device("cpu")
MIXED = Recipe(model="quick", precision="mixed", train_images=2_000)


def number_format(recipe: Recipe) -> torch.dtype:
    with precision.worked_out(recipe, CPU):
        return torch.nn.Linear(3, 2)(torch.rand(4, 3)).dtype


@pytest.mark.parametrize("can", [True, False])
def test_layers_are_worked_out_as_the_recipe_says_where_the_processor_can(can: bool, monkeypatch) -> None:
    monkeypatch.setattr(precision, "has_fast_bfloat16", lambda _: can)
    assert number_format(MIXED) == (torch.bfloat16 if can else torch.float32)
    assert number_format(Recipe()) == torch.float32


@pytest.mark.parametrize(
    ("told", "fast"),
    [({"avx2": True, "avx512_bf16": False}, False), ({"avx512_bf16": True}, True), ({"bf16": True}, True), ({}, False)],
)
def test_only_instructions_for_it_make_bfloat16_fast(told: dict[str, bool], fast: bool, monkeypatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: told, raising=False)
    assert precision.has_fast_bfloat16(CPU) == fast
    assert not precision.has_fast_bfloat16(torch.device("mps"))


def test_an_old_torch_that_tells_nothing_stays_with_float32(monkeypatch) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert not precision.has_fast_bfloat16(CPU)


def test_weights_gradients_and_memory_stay_float32_and_finite(monkeypatch) -> None:
    monkeypatch.setattr(precision, "has_fast_bfloat16", lambda _: True)
    learner = Learner(MIXED, lesson_of(MIXED))
    loss, _ = learner.read(*next(learner.batches()))
    learner.move(0.01)
    kept = [number for memory in learner.optimizer.state.values() for number in memory.values()]
    for number in [*learner.model.parameters(), *(weight.grad for weight in learner.model.parameters()), *kept]:
        assert number.dtype == torch.float32
        assert number.isfinite().all()
    assert 0 < loss < 5


def test_it_learns_as_float32_does(monkeypatch) -> None:
    monkeypatch.setattr(precision, "has_fast_bfloat16", lambda _: True)
    losses = {}
    for recipe in (MIXED, MIXED.replace(precision="single")):
        (epoch,) = (event for event in train(recipe) if isinstance(event, Epoch))
        losses[recipe.precision] = epoch.training_loss
    assert losses["mixed"] != losses["single"]
    assert losses["mixed"] == pytest.approx(losses["single"], rel=0.05)
