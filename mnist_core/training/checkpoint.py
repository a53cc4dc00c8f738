"""Where a training has got to: everything it takes to go on as if it had never ended.

Beside the weights these are the optimizer's memory, both generators of random numbers, the schedule's state, the epoch
that early stopping keeps, and what was changed in the settings on the way. They are written as safetensors: plain
numbers, checked on the way in, never pickle. On the CPU, going on with a constant schedule is bit for bit the longer
run; on a graphics card dropout draws from a generator that is not kept.
"""

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, optim

from mnist_core.errors import UserError
from mnist_core.training.early_stopping import Keeper
from mnist_core.training.learner import LIVE, Learner
from mnist_core.training.optimizers import make_optimizer
from mnist_core.training.weights import from_bytes

T = TypeVar("T")

_MAY_BE_INFINITE = "schedule.lowest_loss"  # before anything was heard


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end of an epoch, to go on from.

    Attributes:
        epoch, step: How many were done.
        weights: The model, as safetensors bytes; see `weights`.
        resume: All the rest, as `to_resume` writes it.
    """

    epoch: int
    step: int
    weights: bytes = field(repr=False)
    resume: bytes = field(repr=False)

    def restore(self, learner: Learner, keeper: Keeper) -> float:
        """Let a learner and a keeper that have not begun go on from here; returns the seconds worked until here.

        Raises:
            UserError: `checkpoint_unreadable` when the bytes are no safetensors file, `checkpoint_mismatch` when
                they are of a training with another recipe, `checkpoint_not_finite` when a number is infinite or
                none, `checkpoint_damaged` when nothing can go on from a number.
        """
        if self.epoch >= learner.recipe.epochs or self.step != self.epoch * learner.batch_count:
            raise _mismatch()
        tensors = _load(self.resume)
        numbers = _take_numbers(tensors, _numbers(learner, keeper, 0.0))
        _check(tensors, _expected(learner))
        learner.model.load_state_dict(from_bytes(learner.recipe, self.weights).state_dict())
        _settle(learner, numbers)
        learner.schedule.load(_named_after("schedule.", numbers))
        _restore_optimizer(learner, tensors)
        kept = _named_after("kept.weights.", tensors)
        keeper.take_up(int(numbers["kept.epoch"]), numbers["kept.loss"], kept, self.epoch)
        _restore_random(learner, tensors)
        return numbers["worked_s"]


def to_resume(learner: Learner, keeper: Keeper, worked_s: float) -> bytes:
    """All that goes on from the end of an epoch, but the weights, as safetensors bytes."""
    tensors = {
        **_random(learner),
        **_optimizer_memory(learner.optimizer),
        **{f"kept.weights.{name}": tensor for name, tensor in keeper.weights.items()},
    }
    numbers = _numbers(learner, keeper, worked_s)
    return save(
        {
            **{name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()},
            **{name: torch.tensor(number, dtype=torch.float64) for name, number in numbers.items()},
        }
    )


def _random(learner: Learner) -> dict[str, Tensor]:
    return {"random.torch": torch.get_rng_state(), "random.dice": learner.dice.get_state()}


def _settle(learner: Learner, numbers: Mapping[str, float]) -> None:
    try:
        learner.settle(**{name: numbers[name] for name in LIVE})
    except UserError:  # a value that no recipe takes
        raise _damaged() from None


def _restore_random(learner: Learner, tensors: Mapping[str, Tensor]) -> None:
    try:
        torch.set_rng_state(tensors["random.torch"])
        learner.dice.set_state(tensors["random.dice"])
    except RuntimeError:
        raise _damaged() from None


def _numbers(learner: Learner, keeper: Keeper, worked_s: float) -> dict[str, float]:
    return {
        **{name: float(getattr(learner.recipe, name)) for name in LIVE},
        **{f"schedule.{name}": number for name, number in learner.schedule.state().items()},
        "kept.epoch": float(keeper.epoch),
        "kept.loss": keeper.loss,
        "worked_s": worked_s,
    }


def _optimizer_memory(optimizer: optim.Optimizer) -> dict[str, Tensor]:
    """What the optimizer remembers, by the place of the weight and its own name for it: `optimizer.3.exp_avg`."""
    return {
        f"optimizer.{place}.{name}": value
        for place, memory in optimizer.state_dict()["state"].items()
        for name, value in memory.items()
        if value is not None
    }


def _usual_memory(learner: Learner) -> optim.Optimizer:
    """An optimizer as the learner's, with a memory of the shapes that it has after a step."""
    model = copy.deepcopy(learner.model)
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer = make_optimizer(model, learner.recipe)
    optimizer.step()
    return optimizer


def _restore_optimizer(learner: Learner, tensors: Mapping[str, Tensor]) -> None:
    usual = _usual_memory(learner)
    for name, value in _optimizer_memory(usual).items():
        # Copied into its place, and not put there: fused steps want it laid out in memory as the weight is.
        value.copy_(tensors[name])
    learner.optimizer.load_state_dict(usual.state_dict())


def _expected(learner: Learner) -> dict[str, Tensor]:
    kept = learner.model.state_dict() if learner.recipe.early_stopping else {}
    return {
        **_random(learner),
        **_optimizer_memory(_usual_memory(learner)),
        **{f"kept.weights.{name}": tensor for name, tensor in kept.items()},
    }


def _named_after(prefix: str, values: Mapping[str, T]) -> dict[str, T]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}


def _load(content: bytes) -> dict[str, Tensor]:
    try:
        return load(content)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            "checkpoint_unreadable",
            f"Where the run has got to is not a safetensors file ({type(error).__name__}).",
            _START_AGAIN,
        ) from None


def _take_numbers(tensors: dict[str, Tensor], expected: Mapping[str, float]) -> dict[str, float]:
    """The single numbers, taken out of the tensors."""
    taken = {name: tensors.pop(name, torch.empty(0)) for name in expected}
    if any(number.shape != () or number.dtype != torch.float64 for number in taken.values()):
        raise _mismatch()
    numbers = {name: float(number) for name, number in taken.items()}
    for name, number in numbers.items():
        if math.isnan(number) or (math.isinf(number) and name != _MAY_BE_INFINITE):
            raise _not_finite(name)
    if any(number < 0 for number in numbers.values()) or not numbers["kept.epoch"].is_integer():
        raise _damaged()
    return numbers


def _check(tensors: Mapping[str, Tensor], expected: Mapping[str, Tensor]) -> None:
    shapes = {name: (tensor.shape, tensor.dtype) for name, tensor in tensors.items()}
    if shapes != {name: (tensor.shape, tensor.dtype) for name, tensor in expected.items()}:
        raise _mismatch()
    for name, tensor in tensors.items():
        if not torch.isfinite(tensor).all():
            raise _not_finite(name)


def _mismatch() -> UserError:
    return UserError(
        "checkpoint_mismatch",
        "The run that is to go on had another recipe, or no epoch is left to train.",
        "Ask for more epochs of the same recipe, or train it from the start.",
    )


def _not_finite(name: str) -> UserError:
    return UserError(
        "checkpoint_not_finite", f"Where the run has got to is damaged: {name} is no number.", _START_AGAIN
    )


def _damaged() -> UserError:
    return UserError("checkpoint_damaged", "Where the run has got to is damaged.", _START_AGAIN)


_START_AGAIN = "Train it from the start."
