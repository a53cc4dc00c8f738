"""Where a training has got to: everything it takes to go on as if it had never ended.

Beside the weights these are the optimizer's memory, both generators of random numbers, the schedule's state, the epoch
that early stopping keeps, and what was changed in the settings on the way; of a training that was suspended within an
epoch, also what was summed up in it, and a generator as it was at two places before. They are written as safetensors:
plain numbers, checked on the way in, never pickle. On the CPU, going on after a suspension is bit for bit the run that
never was suspended, and going on with a constant schedule the longer run; on a graphics card dropout draws from a
generator that is not kept.
"""

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import torch
from safetensors.torch import save
from torch import Tensor, optim

from mnist_core.errors import UserError
from mnist_core.training.early_stopping import EarlyStopping
from mnist_core.training.learner import LIVE, Learner
from mnist_core.training.optimizers import make_optimizer
from mnist_core.training.weights import from_bytes, read_tensors, shapes_of

T = TypeVar("T")

NO_SUMS = {"epoch.loss": 0.0, "epoch.correct": 0.0, "epoch.images": 0.0}
"""What is summed up over an epoch's batches, before the first one."""

# Before the first epoch; at the end of an epoch the last one is a number.
_MAY_BE_INFINITE = ("schedule.lowest_loss", "kept.loss")
_COUNTS = ("kept.epoch", "epoch.waits_since", "epoch.correct", "epoch.images")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The end of an epoch, or where a training was suspended, to go on from.

    Attributes:
        epoch, step: How many were done.
        weights: The model, as safetensors bytes; see `weights`.
        resume: All the rest, as `to_resume` writes it.
        is_suspended: Whether it is a training that was suspended; it may be between two epochs then, too.
    """

    epoch: int
    step: int
    weights: bytes = field(repr=False)
    resume: bytes = field(repr=False)
    is_suspended: bool = False

    def restore(self, learner: Learner, early_stopping: EarlyStopping) -> dict[str, float]:
        """Let a learner and an early stopping that have not begun go on from here.

        Returns:
            `worked_s`, the seconds worked until here; of a suspended training also `epoch.loss`, `epoch.correct` and
            `epoch.images`, as they were given to `to_resume`.

        Raises:
            UserError: `checkpoint_unreadable` when the bytes are no safetensors file, `checkpoint_mismatch` when
                they are of a training with another recipe, `checkpoint_not_finite` when a number is infinite or
                none, `checkpoint_damaged` when nothing can go on from a number.
        """
        done = self.step - self.epoch * learner.batch_count  # batches of an epoch
        if self.epoch >= learner.recipe.epochs or not 0 <= done < (learner.batch_count if self.is_suspended else 1):
            raise _mismatch()
        tensors = read_tensors(self.resume)
        sums = NO_SUMS if self.is_suspended else {}
        numbers = _take_numbers(tensors, _numbers(learner, early_stopping, 0.0, sums), self.is_suspended)
        if shapes_of(tensors) != shapes_of(self._expected(learner, has_kept=numbers["kept.epoch"] > 0)):
            raise _mismatch()
        for name, tensor in tensors.items():
            if not torch.isfinite(tensor).all():
                raise _not_finite(name)
        learner.model.load_state_dict(from_bytes(learner.recipe, self.weights).state_dict())
        try:
            learner.apply_settings(**{name: numbers[name] for name in LIVE})
        except UserError:  # a value that no recipe takes
            raise _damaged() from None
        learner.schedule.load(_named_after("schedule.", numbers))
        if self.step:
            _restore_optimizer(learner, tensors)
        kept = _named_after("kept.weights.", tensors)
        early_stopping.load_state(int(numbers["kept.epoch"]), numbers["kept.loss"], kept, self.epoch)
        if self.is_suspended:
            early_stopping.waits_since = int(numbers["epoch.waits_since"])
        _restore_random(learner, tensors)
        return numbers

    def _expected(self, learner: Learner, *, has_kept: bool) -> dict[str, Tensor]:
        kept = learner.model.state_dict() if learner.recipe.early_stopping and has_kept else {}
        return {
            **_random(learner, self.is_suspended),
            **(_optimizer_memory(_usual_memory(learner)) if self.step else {}),
            **{f"kept.weights.{name}": tensor for name, tensor in kept.items()},
        }


def to_resume(
    learner: Learner, early_stopping: EarlyStopping, worked_s: float, sums: Mapping[str, float] | None = None
) -> bytes:
    """All that goes on from the end of an epoch, but the weights, as safetensors bytes.

    Args:
        learner, early_stopping: The training.
        worked_s: The seconds worked until here.
        sums: Of a training that is suspended, after the learner's newest batch was taken and before it was read,
            what was summed up in its epoch: `epoch.loss`, `epoch.correct` and `epoch.images`.
    """
    tensors = {
        **_random(learner, sums is not None),
        **_optimizer_memory(learner.optimizer),
        **{f"kept.weights.{name}": tensor for name, tensor in early_stopping.weights.items()},
    }
    numbers = _numbers(learner, early_stopping, worked_s, sums or {})
    return save(
        {
            **{name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()},
            **{name: torch.tensor(number, dtype=torch.float64) for name, number in numbers.items()},
        }
    )


def _random(learner: Learner, is_suspended: bool) -> dict[str, Tensor]:
    if not is_suspended:
        return {"random.torch": torch.get_rng_state(), "random.dice": learner.generator.get_state()}
    states = {"random.dice": learner.order_state, "random.group": learner.group_state}
    return {"random.torch": torch.get_rng_state(), **states}


def _restore_random(learner: Learner, tensors: Mapping[str, Tensor]) -> None:
    try:
        torch.set_rng_state(tensors["random.torch"])
        if "random.group" in tensors:
            learner.generator.set_state(tensors["random.group"])
            learner.group_state = learner.generator.get_state()
        learner.generator.set_state(tensors["random.dice"])
    except RuntimeError:
        raise _damaged() from None


def _numbers(
    learner: Learner, early_stopping: EarlyStopping, worked_s: float, sums: Mapping[str, float]
) -> dict[str, float]:
    return {
        **{name: float(getattr(learner.recipe, name)) for name in LIVE},
        **{f"schedule.{name}": number for name, number in learner.schedule.state().items()},
        "kept.epoch": float(early_stopping.epoch),
        "kept.loss": early_stopping.loss,
        "worked_s": worked_s,
        **({"epoch.waits_since": float(early_stopping.waits_since), **sums} if sums else {}),
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


def _named_after(prefix: str, values: Mapping[str, T]) -> dict[str, T]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}


def _take_numbers(tensors: dict[str, Tensor], expected: Mapping[str, float], is_suspended: bool) -> dict[str, float]:
    """The single numbers, taken out of the tensors."""
    taken = {name: tensors.pop(name, torch.empty(0)) for name in expected}
    if any(number.shape != () or number.dtype != torch.float64 for number in taken.values()):
        raise _mismatch()
    numbers = {name: float(number) for name, number in taken.items()}
    for name, number in numbers.items():
        if math.isnan(number) or (math.isinf(number) and name not in _MAY_BE_INFINITE[: 1 + is_suspended]):
            raise _not_finite(name)
    counts = [number for name, number in numbers.items() if name in _COUNTS]
    if any(number < 0 for number in numbers.values()) or not all(count.is_integer() for count in counts):
        raise _damaged()
    return numbers


def _mismatch() -> UserError:
    return UserError(
        "checkpoint_mismatch",
        "The run to continue had another recipe, or no epoch is left to train.",
        "Ask for more epochs of the same recipe, or train it from the start.",
    )


def _not_finite(name: str) -> UserError:
    return UserError("checkpoint_not_finite", f"The checkpoint is damaged: {name} is not a number.", _START_AGAIN)


def _damaged() -> UserError:
    return UserError("checkpoint_damaged", "The checkpoint is damaged.", _START_AGAIN)


_START_AGAIN = "Train it from the start."
