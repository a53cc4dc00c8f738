import pytest
import torch
from torch import nn, optim

from mnist_core.recipe import Recipe
from mnist_core.training.optimizers import learning_rate_at, make_optimizer

STEPS = 300


def ours(schedule: str) -> list[float]:
    recipe = Recipe(schedule=schedule, learning_rate=0.1)
    return [learning_rate_at(recipe, step / STEPS) for step in range(STEPS)]


def torchs(make_scheduler) -> list[float]:
    optimizer = optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.1)
    scheduler = make_scheduler(optimizer)
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


@pytest.mark.parametrize(
    ("schedule", "scheduler"),
    [
        ("constant", lambda o: optim.lr_scheduler.ConstantLR(o, factor=1)),
        ("step", lambda o: optim.lr_scheduler.StepLR(o, STEPS // 3, gamma=0.1)),
        ("cosine", lambda o: optim.lr_scheduler.CosineAnnealingLR(o, STEPS)),
    ],
)
def test_schedules_are_torchs(schedule: str, scheduler) -> None:
    assert ours(schedule) == pytest.approx(torchs(scheduler), rel=1e-5)


def test_one_cycle_climbs_for_a_quarter_and_comes_down() -> None:
    rates = ours("one_cycle")
    top = rates.index(max(rates))
    assert top == STEPS // 4
    assert rates[top] == pytest.approx(0.1)
    assert rates[0] == pytest.approx(0.1 / 25)
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] < 0.1 / 1000


def test_each_optimizer_is_torchs_with_the_recipes_settings() -> None:
    model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    for name, kind in (
        ("sgd", optim.SGD),
        ("momentum", optim.SGD),
        ("nesterov", optim.SGD),
        ("rmsprop", optim.RMSprop),
        ("adam", optim.Adam),
        ("adamw", optim.AdamW),
    ):
        optimizer = make_optimizer(model, Recipe(optimizer=name, learning_rate=0.3, weight_decay=0.02, momentum=0.5))
        assert type(optimizer) is kind
        assert all(group["lr"] == 0.3 for group in optimizer.param_groups)
        group = optimizer.param_groups[0]
        assert group.get("momentum", 0.0) == (0.5 if name in ("momentum", "nesterov") else 0.0)
        assert bool(group.get("nesterov")) == (name == "nesterov")


def test_weight_decay_pulls_weights_and_leaves_biases() -> None:
    model = nn.Linear(3, 2)
    before = {name: value.clone() for name, value in model.named_parameters()}
    optimizer = make_optimizer(model, Recipe(optimizer="sgd", momentum=0, learning_rate=0.1, weight_decay=0.5))
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    assert torch.allclose(model.weight, before["weight"] * (1 - 0.1 * 0.5))
    assert torch.equal(model.bias, before["bias"])
