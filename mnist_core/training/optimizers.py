"""The rules that turn gradients into steps, and how the learning rate moves while they do."""

import math
from collections.abc import Callable

from torch import nn, optim

from mnist_core.recipe import Recipe

_WARM_UP = 0.25  # share of a one-cycle run in which the rate climbs
_ONE_CYCLE_START = 1 / 25  # of the highest rate, as in torch.optim.lr_scheduler.OneCycleLR
_ONE_CYCLE_END = 1e-4


def make_optimizer(model: nn.Module, recipe: Recipe) -> optim.Optimizer:
    """The recipe's optimizer over the model's weights.

    Weight decay is for the weights of layers only; biases and batch normalisation are left free, as is
    usual, because pulling them to zero costs accuracy and prevents no overfitting.
    """
    parameters = list(model.parameters())
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": recipe.weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    if recipe.optimizer == "sgd":
        return optim.SGD(groups, lr=recipe.learning_rate, momentum=recipe.momentum, fused=True)
    adaptive = optim.Adam if recipe.optimizer == "adam" else optim.AdamW
    return adaptive(groups, lr=recipe.learning_rate, fused=True)


def learning_rate_at(recipe: Recipe, progress: float) -> float:
    """The learning rate at a share of the run's steps (0 the first, 1 the end)."""
    return recipe.learning_rate * _SCHEDULES[recipe.schedule](progress)


def _constant(_: float) -> float:
    return 1.0


def _step(progress: float) -> float:
    """A tenth after each third of the run."""
    return 0.1 ** min(2, math.floor(progress * 3))


def _cosine(progress: float) -> float:
    """Half a cosine wave from 1 to 0 (Loshchilov and Hutter, SGDR, 2017, without restarts)."""
    return (1 + math.cos(math.pi * progress)) / 2


def _one_cycle(progress: float) -> float:
    """Up for a quarter of the run, then down in half a wave (Smith, Super-Convergence, 2018)."""
    if progress < _WARM_UP:
        return _ONE_CYCLE_START + (1 - _ONE_CYCLE_START) * progress / _WARM_UP
    return _ONE_CYCLE_END + (1 - _ONE_CYCLE_END) * _cosine((progress - _WARM_UP) / (1 - _WARM_UP))


_SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": _constant,
    "step": _step,
    "cosine": _cosine,
    "one_cycle": _one_cycle,
}
