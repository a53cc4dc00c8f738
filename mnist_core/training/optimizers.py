"""The rules that turn gradients into steps, and how the learning rate moves while they do."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from torch import nn, optim

from mnist_core.recipe import Recipe

_WARM_UP = 0.25  # share of a one-cycle run in which the rate climbs
_ONE_CYCLE_START = 1 / 25  # of the highest rate, as in torch.optim.lr_scheduler.OneCycleLR
_ONE_CYCLE_END = 1e-4
_PLATEAU_EPOCHS = 2  # in a row without gain, after which the rate goes down
_PLATEAU_FACTOR = 0.1


def make_optimizer(model: nn.Module, recipe: Recipe) -> optim.Optimizer:
    """The recipe's optimizer over the model's weights; see `parameter_groups`."""
    kind, options = optimizer_of(recipe)
    groups = parameter_groups(model, recipe.weight_decay)
    return kind(groups, lr=recipe.learning_rate, **options)  # type: ignore[call-arg]


def parameter_groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """The model's parameters, of which only the weights of layers decay.

    Biases and batch normalisation are left free, as is usual: pulling them to zero costs accuracy and prevents no
    overfitting.
    """
    parameters = list(model.parameters())
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]


def optimizer_of(recipe: Recipe) -> tuple[type[optim.Optimizer], dict[str, Any]]:
    """The class of the recipe's optimizer, and what it takes beside parameters, learning rate and weight decay."""
    kind, options = _OPTIMIZERS[recipe.optimizer]
    # Without momentum, plain SGD is meant; PyTorch refuses to look ahead along none.
    has_momentum = recipe.optimizer in ("momentum", "nesterov") and recipe.momentum > 0
    momentum = {"momentum": recipe.momentum} if has_momentum else {}
    ahead = {"nesterov": True} if has_momentum and recipe.optimizer == "nesterov" else {}
    return kind, {**momentum, **ahead, **options}


_OPTIMIZERS: dict[str, tuple[type[optim.Optimizer], dict[str, Any]]] = {
    "sgd": (optim.SGD, {"fused": True}),
    "momentum": (optim.SGD, {"fused": True}),
    "nesterov": (optim.SGD, {"fused": True}),
    "rmsprop": (optim.RMSprop, {}),
    "adam": (optim.Adam, {"fused": True}),
    "adamw": (optim.AdamW, {"fused": True}),
}


def learning_rate_at(recipe: Recipe, progress: float) -> float:
    """The learning rate at a share of the run's steps (0 the first, 1 the end).

    Of `plateau`, which follows the validation loss, this is the rate as long as that improves; see `Schedule`.
    """
    return recipe.learning_rate * SCHEDULES[recipe.schedule](progress)


class Schedule:
    """The learning rate of a run that goes on: it knows what the validation loss has done.

    Only `plateau` uses it: it takes a tenth of the rate each time that the loss has not been lower than its lowest
    for two epochs in a row, as `torch.optim.lr_scheduler.ReduceLROnPlateau(factor=0.1, patience=1, threshold=0)` does.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self.lowest_loss = math.inf
        self.epochs_without_gain = 0.0
        self.factor = 1.0

    def rate(self, progress: float) -> float:
        """The learning rate of the next step, at a share of the run's steps (0 the first, 1 the end)."""
        return learning_rate_at(self._recipe, progress) * self.factor

    def update(self, validation_loss: float) -> None:
        """Take in the validation loss of an epoch."""
        if self._recipe.schedule != "plateau":
            return
        if validation_loss < self.lowest_loss:
            self.lowest_loss, self.epochs_without_gain = validation_loss, 0
            return
        self.epochs_without_gain += 1
        if self.epochs_without_gain == _PLATEAU_EPOCHS:
            self.factor, self.epochs_without_gain = self.factor * _PLATEAU_FACTOR, 0

    def state(self) -> dict[str, float]:
        """All that `load` needs to go on; the lowest loss is infinite before the first epoch."""
        return {name: float(getattr(self, name)) for name in _STATE}

    def load(self, state: Mapping[str, float]) -> None:
        """Go on from what `state` returned.

        Raises:
            KeyError: When it is not what `state` returned.
        """
        for name in _STATE:
            setattr(self, name, state[name])


_STATE = ("lowest_loss", "epochs_without_gain", "factor")


def constant(_: float) -> float:
    """All of the rate, all the time."""
    return 1.0


def thirds(progress: float) -> float:
    """A tenth after each third of the run, of which a share is done."""
    return 0.1 ** min(2, math.floor(progress * 3))


def cosine(progress: float) -> float:
    """Half a cosine wave from 1 to 0 (Loshchilov and Hutter, SGDR, 2017, without restarts)."""
    return (1 + math.cos(math.pi * progress)) / 2


def one_cycle(progress: float) -> float:
    """Up for a quarter of the run, then down in half a wave (Smith, Super-Convergence, 2018)."""
    if progress < _WARM_UP:
        return _ONE_CYCLE_START + (1 - _ONE_CYCLE_START) * progress / _WARM_UP
    return _ONE_CYCLE_END + (1 - _ONE_CYCLE_END) * cosine((progress - _WARM_UP) / (1 - _WARM_UP))


SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": constant,
    "step": thirds,
    "cosine": cosine,
    "one_cycle": one_cycle,
    "plateau": constant,
}
