"""What learns: a network with its optimizer, its schedule and the random numbers that its training draws."""

import math
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from itertools import islice

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from mnist_core.data.dataset import class_weights_of, order_of_epoch
from mnist_core.data.splits import DataSplits
from mnist_core.errors import UserError
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.training.augmentation.augment import augment
from mnist_core.training.control import Control
from mnist_core.training.events import SettingChanged
from mnist_core.training.hardware import keep_freed_memory, mixed_precision, pick_device
from mnist_core.training.inference import as_input
from mnist_core.training.models import Classifier, build, fit_scaling
from mnist_core.training.optimizers import Schedule, make_optimizer

LIVE = ("learning_rate", "conv_dropout", "dense_dropout")
"""The recipe's fields that can be changed while a run goes on."""

AUGMENTED_AT_ONCE = 2048
"""About how many images are augmented in one go: for one batch of 128, to call the many small operations takes as long
as what they do."""


class Learner:
    """A network in training, a batch at a time: `forward_backward`, then `optimizer_step`.

    It seeds torch's global random numbers, from which first weights and dropout are drawn; the order of the images
    and their augmentation come from `generator`.

    Args:
        recipe: How it is built and trained.
        data: What it is trained with; see `data.dataset.build_dataset`.

    Attributes:
        recipe: What counts now: the recipe it was made with, and what was changed in it since.
        model: The network, on its device.
        batch_count: How many batches an epoch has.
        order_state, group_state: The state of `generator` before the order of the newest epoch was drawn, and before
            the newest batches were augmented.

    Raises:
        UserError: `not_trainable_in_steps` for a support vector machine.
    """

    def __init__(self, recipe: Recipe, data: DataSplits) -> None:
        if recipe.model == "svm":
            raise UserError(
                "not_trainable_in_steps",
                "A support vector machine is fitted in one go: it has no steps and cannot be continued.",
                "Choose a network.",
            )
        keep_freed_memory()
        torch.manual_seed(recipe.seed)
        self.generator = Generator().manual_seed(recipe.seed)
        self.order_state = self.group_state = self.generator.get_state()
        self.recipe = self._initial = recipe
        model = build(recipe)
        fit_scaling(model, data.train_images)
        self.model = model.to(pick_device()).to(memory_format=torch.channels_last)
        self.optimizer = make_optimizer(self.model, recipe)
        self.schedule = Schedule(recipe)
        self.batch_count = math.ceil(len(data.train_images) / recipe.batch_size)
        self._data = data
        weights = class_weights_of(data.train_labels, recipe)
        self._class_weights = None if weights is None else weights.to(self.model.device)

    def train_batches(self, done: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """One epoch: `batch_count` batches of augmented images, float32 (B, 28, 28), 0 to 1, and labels (B,).

        Args:
            done: How many of them were taken before the training was suspended; it goes on after those. `generator` is
                as it was at the beginning of the epoch, and `group_state` says how it was later.
        """
        self.order_state = self.generator.get_state()
        order = order_of_epoch(self._data.train_labels, self.recipe, self.generator)
        if done:
            self.generator.set_state(self.group_state)
        size = batches_at_once(self.recipe)
        batches = order.tensor_split(self.batch_count)[done // size * size :]
        # Even batches: a left-over batch of one image would break batch normalisation.
        yield from islice(self._augmented(batches, size), done % size, None)

    def _augmented(self, batches: tuple[Tensor, ...], size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Those batches, so many of them augmented at once."""
        for first in range(0, len(batches), size):
            several = batches[first : first + size]
            self.group_state = self.generator.get_state()
            chosen = torch.cat(several)
            images = self._data.train_images[chosen].float().div_(255)
            labels = self._data.train_labels[chosen]
            sizes = [len(batch) for batch in several]
            images = augment(images, labels, self.recipe, self.generator)
            yield from zip(torch.split(images, sizes), torch.split(labels, sizes), strict=True)

    def forward_backward(self, images: Tensor, labels: Tensor) -> tuple[float, int]:
        """Predict a batch and find the gradients of the objective.

        Returns:
            The mean cross-entropy, in nats, without label smoothing, weights of classes or penalties; and how many
            images were classified correctly.
        """
        self.model.train()
        labels = labels.to(self.model.device)
        is_mixed = self.recipe.precision == "mixed"
        with mixed_precision(self.model.device) if is_mixed else nullcontext():
            logits = self.model(as_input(images.to(self.model.device)))
        logits = logits.float()
        self.optimizer.zero_grad(set_to_none=True)
        recipe = self.recipe
        loss = objective(self.model, logits, labels, recipe.label_smoothing, recipe.l1, self._class_weights)
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            return float(F.cross_entropy(logits, labels)), int((logits.argmax(dim=1) == labels).sum())

    def optimizer_step(self, rate: float) -> None:
        """Take a step with this learning rate along the gradients of the last `forward_backward`."""
        clip_gradients(self.model, self.recipe)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()

    def change(self, step: int, control: Control) -> Iterator[SettingChanged]:
        """Change the settings of `LIVE` as the control says; what no field of the recipe would take is ignored."""
        for name in LIVE:
            wanted = getattr(control, name)
            before = getattr(self.recipe, name)
            value = getattr(self._initial, name) if wanted is None else _readable(name, wanted, before)
            if value != before and self._set(name, value):
                yield SettingChanged(step, name, before, value)

    def apply_settings(self, **settings: float) -> None:
        """Go on with these settings of `LIVE`, as if the recipe had always had them.

        Raises:
            UserError: `recipe_invalid`.
        """
        self._initial = self.recipe.replace(**settings)
        for name in settings:
            self._set(name, getattr(self._initial, name))

    def _set(self, name: str, value: float) -> bool:
        """Whether the model has anything that the setting is for."""
        layers = dropouts(self.model).get(name)
        if layers == []:
            return False
        for layer in layers or ():
            layer.p = value
        self.recipe = self.recipe.replace(**{name: value})
        schedule = Schedule(self.recipe)
        schedule.load(self.schedule.state())
        self.schedule = schedule
        return True


def objective(
    model: nn.Module,
    logits: Tensor,
    labels: Tensor,
    label_smoothing: float,
    l1: float,
    class_weights: Tensor | None = None,
) -> Tensor:
    """The loss of one batch, a scalar in nats: cross-entropy and, with L1, the sizes of the weights.

    Weight decay (L2) is the optimizer's.

    Args:
        model: Whose weights L1 pulls; biases and batch normalisation are left free, as they are by weight decay.
        logits: (B, 10).
        labels: int64 (B,).
        label_smoothing: The share of each target that is spread over all ten digits.
        l1: What the sum of the weights' sizes is multiplied by.
        class_weights: float32 (10,), how much an image of each digit counts; the mean over the batch is weighted
            by them. None: all alike.
    """
    loss = F.cross_entropy(logits, labels, weight=class_weights, label_smoothing=label_smoothing)
    if not l1:
        return loss
    for weight in model.parameters():
        if weight.ndim > 1:
            loss = loss + l1 * weight.abs().sum()
    return loss


def clip_gradients(model: nn.Module, recipe: Recipe) -> None:
    """Shorten the gradient of all weights together to the recipe's `gradient_clip`, if it is longer; 0 leaves it.

    To be called between the backward pass and the step (Pascanu, Mikolov, Bengio, *On the difficulty of training
    recurrent neural networks*, 2013).
    """
    if recipe.gradient_clip:
        nn.utils.clip_grad_norm_(model.parameters(), recipe.gradient_clip)


def batches_at_once(recipe: Recipe) -> int:
    """How many batches are augmented in one go: as many as hold about `AUGMENTED_AT_ONCE` images."""
    return max(1, AUGMENTED_AT_ONCE // recipe.batch_size)


def dropouts(model: Classifier) -> dict[str, list[nn.Dropout]]:
    """The layers that each setting for dropout is for: those before the picture is laid flat, and those after."""
    found: dict[str, list[nn.Dropout]] = {"conv_dropout": [], "dense_dropout": []}
    setting = "conv_dropout"
    for layer in model.layers:
        if isinstance(layer, nn.Flatten):
            setting = "dense_dropout"
        elif isinstance(layer, nn.Dropout):
            found[setting].append(layer)
    return found


def _readable(name: str, wanted: float, otherwise: float) -> float:
    with suppress(ValueError):
        return float(FIELDS[name].read(wanted))
    return otherwise
