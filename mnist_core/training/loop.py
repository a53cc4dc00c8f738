"""The training loop: a generator of events over one tensor in memory."""

import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from mnist_core.data.splits import Split
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training.augment import augment
from mnist_core.training.events import Diverged, Epoch, Event, Failed, Finished, Started, Step, Stopped
from mnist_core.training.inference import as_input, predict_logits, predict_probabilities
from mnist_core.training.lesson import lesson_of
from mnist_core.training.models import Classifier, build
from mnist_core.training.optimizers import learning_rate_at, make_optimizer
from mnist_core.training.weights import to_bytes

DEVICE_VARIABLE = "DIGIT_CLINIC_DEVICE"


def never() -> bool:
    """The answer of somebody who lets a run go on."""
    return False


def train(recipe: Recipe, should_stop: Callable[[], bool] = never) -> Iterator[Event]:
    """Train the recipe's model and announce what happens.

    `Started` comes first, then a `Step` for each step and an `Epoch` after each epoch; the last event, and
    only the last, is one of `events.LAST_EVENTS`. Nothing is raised: what goes wrong is a `Failed`.
    Torch's global random numbers are seeded by the recipe, so one process should train one run at a time.
    A support vector machine is fitted in one go: it has one `Epoch` and no `Step`; see `training.svm`.

    Args:
        recipe: What to train.
        should_stop: Asked after each step.
    """
    try:
        data = lesson_of(recipe)
        if recipe.model == "svm":
            from mnist_core.training.svm import train_svm  # it reports with this module's functions

            yield from train_svm(recipe, data, should_stop)
        else:
            yield from _train(recipe, data, should_stop)
    except UserError as error:
        yield Failed(error.code, error.message, error.fix)
    except (MemoryError, RuntimeError) as error:
        if not _is_out_of_memory(error):
            raise
        yield Failed(
            "out_of_memory",
            "The machine ran out of memory while training.",
            "Choose a smaller batch size or a smaller model.",
        )


def pick_device() -> torch.device:
    """CUDA or MPS where there is one, else the CPU; `DIGIT_CLINIC_DEVICE` (auto, cpu, cuda, mps) decides."""
    wanted = os.environ.get(DEVICE_VARIABLE, "auto")
    if wanted != "auto":
        return torch.device(wanted)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


@dataclass(slots=True)
class _EpochSum:
    """The training figures of an epoch, summed over its batches."""

    loss: float = 0.0
    correct: int = 0
    images: int = 0

    def add(self, loss: float, logits: Tensor, labels: Tensor) -> None:
        self.loss += loss * len(labels)
        self.correct += int((logits.argmax(dim=1) == labels).sum())
        self.images += len(labels)


def _train(recipe: Recipe, data: Split, should_stop: Callable[[], bool]) -> Iterator[Event]:
    started = time.perf_counter()
    device = pick_device()
    torch.manual_seed(recipe.seed)
    order = Generator().manual_seed(recipe.seed)
    model = build(recipe).to(device).to(memory_format=torch.channels_last)
    optimizer = make_optimizer(model, recipe)
    steps_an_epoch = math.ceil(len(data.train_images) / recipe.batch_size)
    steps = steps_an_epoch * recipe.epochs
    yield Started(recipe.as_dict(), steps, model.parameter_count, device.type)

    step = 0
    for epoch in range(1, recipe.epochs + 1):
        total = _EpochSum()
        for images, labels in _batches(data, steps_an_epoch, recipe, order):
            rate = learning_rate_at(recipe, step / steps)
            step += 1
            loss = _take_step(model, optimizer, rate, images.to(device), labels.to(device), recipe, total)
            if not math.isfinite(loss):
                yield Diverged(step, time.perf_counter() - started)
                return
            yield Step(step, step / steps_an_epoch, loss, rate)
            if should_stop():
                yield Stopped(step, time.perf_counter() - started)
                return
        validation_loss, validation_accuracy = validate(model, data)
        if not math.isfinite(validation_loss):
            yield Diverged(step, time.perf_counter() - started)
            return
        yield Epoch(
            epoch=epoch,
            training_loss=total.loss / total.images,
            training_accuracy=total.correct / total.images,
            validation_loss=validation_loss,
            validation_accuracy=validation_accuracy,
            wall_s=time.perf_counter() - started,
            weights=to_bytes(model),
        )
    yield finish(model, data, recipe.epochs, started)


def _batches(data: Split, count: int, recipe: Recipe, order: Generator) -> Iterator[tuple[Tensor, Tensor]]:
    """One epoch: every training image once, in `count` batches, augmented, float32 (B, 28, 28)."""
    shuffled = torch.randperm(len(data.train_images), generator=order)
    # Even batches: a left-over batch of one image would break batch normalisation.
    for chosen in shuffled.tensor_split(count):
        images = data.train_images[chosen].float().div_(255)
        yield augment(images, recipe, order), data.train_labels[chosen]


def _take_step(
    model: Classifier,
    optimizer: torch.optim.Optimizer,
    rate: float,
    images: Tensor,
    labels: Tensor,
    recipe: Recipe,
    total: _EpochSum,
) -> float:
    """One step of the optimizer; the batch's loss without label smoothing, before the step."""
    model.train()
    for group in optimizer.param_groups:
        group["lr"] = rate
    logits = model(as_input(images))
    objective = F.cross_entropy(logits, labels, label_smoothing=recipe.label_smoothing)
    optimizer.zero_grad(set_to_none=True)
    objective.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    with torch.no_grad():
        loss = float(F.cross_entropy(logits, labels))
    total.add(loss, logits, labels)
    return loss


def validate(model: Classifier, data: Split) -> tuple[float, float]:
    """Mean cross-entropy and accuracy on the validation images."""
    logits = predict_logits(model, data.validation_images)
    loss = F.cross_entropy(logits, data.validation_labels)
    correct = logits.argmax(dim=1) == data.validation_labels
    return float(loss), float(correct.float().mean())


def finish(model: Classifier, data: Split, epochs: int, started: float) -> Finished:
    """The one look at the test set."""
    probabilities = predict_probabilities(model, data.test_images)
    correct = probabilities.argmax(dim=1) == data.test_labels
    return Finished(
        test_accuracy=float(correct.double().mean()),
        epochs=epochs,
        wall_s=time.perf_counter() - started,
        test_probabilities=probabilities.numpy().astype("<f2").tobytes(),
    )


def _is_out_of_memory(error: Exception) -> bool:
    # The CPU allocator raises a plain RuntimeError; only its text tells it apart.
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "can't allocate memory" in str(error)
