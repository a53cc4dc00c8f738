"""The training loop: a generator of events over one tensor in memory."""

import math
from collections.abc import Callable, Generator, Iterator
from functools import wraps
from typing import ParamSpec

import numpy as np
import numpy.typing as npt
import torch

from mnist_core.data.dataset import build_dataset
from mnist_core.data.splits import DataSplits
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training import events
from mnist_core.training.checkpoint import NO_SUMS, Checkpoint, to_resume
from mnist_core.training.control import ControlSource, no_control
from mnist_core.training.early_stopping import EarlyStopping
from mnist_core.training.inference import predict_logits, predict_probabilities
from mnist_core.training.learner import Learner
from mnist_core.training.pause_control import Pace, Stopwatch
from mnist_core.training.probes import TrainingProbe, check, gradient_norms, probe_steps
from mnist_core.training.scoring import finish, score
from mnist_core.training.weights import to_bytes

_TEST_PART = 1000

P = ParamSpec("P")


def with_failures(announce: Callable[P, Iterator[events.Event]]) -> Callable[P, Iterator[events.Event]]:
    """Lets what announces events raise nothing: what goes wrong is a `Failed`, the last event."""

    @wraps(announce)
    def announced(*args: P.args, **named: P.kwargs) -> Iterator[events.Event]:
        try:
            yield from announce(*args, **named)
        except UserError as error:
            yield events.Failed(error.code, error.message, error.fix)
        except (MemoryError, RuntimeError) as error:
            if not _is_out_of_memory(error):
                raise
            yield events.Failed(
                "out_of_memory",
                "The machine ran out of memory while training.",
                "Choose a smaller batch size or a smaller model.",
            )

    return announced


@with_failures
def train(
    recipe: Recipe,
    control: ControlSource = no_control,
    *,
    start: Checkpoint | None = None,
    drawing: npt.NDArray[np.float32] | None = None,
) -> Iterator[events.Event]:
    """Train the recipe's model and announce what happens.

    `Started` comes first, then a `Step` for each step, after some of them a `ProbeResult`, and after each epoch an
    `EpochCheck` and an `Epoch`; between two steps there may be a `SettingChanged`, `Paused` or `Resumed`. The last
    event, and only the last, is one of `events.LAST_EVENTS`, or `Suspended` where the control says so. Nothing is
    raised: what goes wrong is a `Failed`.
    Torch's global random numbers are seeded by the recipe, so one process should train one run at a time.
    A support vector machine is fitted in one go: it has one `Epoch` and no `Step`; see `training.svm`.

    Args:
        recipe: What to train; with a `start`, the recipe of the run that is gone on with, and more epochs.
        control: Asked before each step, and while the run waits.
        start: Where an earlier run has got to, or this one when it was suspended; None begins with fresh weights.
            Steps and epochs are counted on.
        drawing: A picture (28, 28), 0 paper to 1 ink, whose probabilities are followed.
    """
    data = build_dataset(recipe)
    if recipe.model == "svm" and (start is None or start.is_suspended):
        from mnist_core.training.svm import train_svm

        yield from train_svm(recipe, data, control, start.resume if start else b"")
    else:
        yield from _Training(recipe, data, control, start, drawing).run()


class _Training:
    """One training of a network, from its first event to its last."""

    def __init__(
        self,
        recipe: Recipe,
        data: DataSplits,
        control: ControlSource,
        start: Checkpoint | None,
        drawing: npt.NDArray[np.float32] | None,
    ) -> None:
        self.recipe = recipe
        self.data = data
        self.stopwatch = Stopwatch()
        self.learner = Learner(recipe, data)
        self.early_stopping = EarlyStopping(recipe.early_stopping)
        self.sums = dict(NO_SUMS)  # of the epoch's batches so far
        self.step = self.epochs_done = 0
        self.steps_an_epoch = self.learner.batch_count
        self.steps = self.steps_an_epoch * recipe.epochs
        self.is_resumed = start is not None and start.is_suspended
        if start is not None:
            numbers = start.restore(self.learner, self.early_stopping)
            self.stopwatch = Stopwatch(numbers["worked_s"])
            self.step, self.epochs_done = start.step, start.epoch
            if start.is_suspended:
                self.sums = {name: numbers[name] for name in NO_SUMS}
        self.control = control
        self.pace = Pace(control, self.stopwatch, self.learner.change)
        self.probe = TrainingProbe(self.learner.model, data, drawing)
        self.probe_steps = probe_steps(self.steps, self.steps_an_epoch, recipe.batch_size)

    def run(self) -> Iterator[events.Event]:
        yield events.Started(
            self.recipe.as_dict(), self.steps, self.learner.model.parameter_count, self.learner.model.device.type
        )
        if self.is_resumed:
            yield events.Resumed(self.step)
        while self.epochs_done < self.recipe.epochs and not self.early_stopping.is_over(self.epochs_done):
            ended = (yield from self._learn()) or (yield from self._validate())
            if ended:
                yield ended
                return
        yield self._evaluate_test()

    def _learn(self) -> Generator[events.Event, None, events.Diverged | events.Stopped | events.Suspended | None]:
        """One pass over the training images; how it ended when it did not get to their end."""
        for images, labels in self.learner.train_batches(self.step - self.epochs_done * self.steps_an_epoch):
            yield from self.pace.before_next(self.step)
            if self.pace.is_suspended:
                wall_s = self.stopwatch.wall_s
                resume = to_resume(self.learner, self.early_stopping, wall_s, self.sums)
                return events.Suspended(self.epochs_done, self.step, wall_s, to_bytes(self.learner.model), resume)
            if self.pace.is_stopped:
                return events.Stopped(self.step, self.stopwatch.wall_s)
            rate = self.learner.schedule.rate(self.step / self.steps)
            loss, correct = self.learner.forward_backward(images, labels)
            self.step += 1
            if not math.isfinite(loss):
                return events.Diverged(self.step, self.stopwatch.wall_s)
            self.sums["epoch.loss"] += loss * len(labels)
            self.sums["epoch.correct"] += correct
            self.sums["epoch.images"] += len(labels)
            yield from self._move(loss, rate)
        return None

    def _move(self, loss: float, rate: float) -> Iterator[events.Event]:
        """Take the step, and look inside where it is time to."""
        epoch = self.step / self.steps_an_epoch
        is_probed = self.step in self.probe_steps or self.pace.is_watched(self.step)
        gradients = gradient_norms(self.learner.model) if is_probed else {}  # before they are clipped
        self.learner.optimizer_step(rate)
        yield events.Step(self.step, epoch, loss, rate)
        measured = self.probe.probe(self.step, epoch, gradients) if is_probed else None
        if measured is not None:
            yield measured

    def _validate(self) -> Generator[events.Event, None, events.Diverged | None]:
        """Look at the validation images at the end of an epoch."""
        model, sums = self.learner.model, self.sums
        self.sums = dict(NO_SUMS)
        logits = predict_logits(model, self.data.validation_images)
        loss, accuracy = score(logits, self.data.validation_labels)
        if not math.isfinite(loss):
            return events.Diverged(self.step, self.stopwatch.wall_s)
        self.epochs_done += 1
        self.learner.schedule.update(loss)
        self.early_stopping.update(self.epochs_done, loss, model)
        yield check(model, self.data, logits, self.epochs_done, self.step)
        yield events.Epoch(
            epoch=self.epochs_done,
            training_loss=sums["epoch.loss"] / sums["epoch.images"],
            training_accuracy=sums["epoch.correct"] / sums["epoch.images"],
            validation_loss=loss,
            validation_accuracy=accuracy,
            wall_s=self.stopwatch.wall_s,
            weights=to_bytes(model),
            resume=to_resume(self.learner, self.early_stopping, self.stopwatch.wall_s),
        )
        return None

    def _evaluate_test(self) -> events.Finished | events.Stopped:
        """The one evaluation on the test set, a part at a time, so that it can be stopped."""
        self.early_stopping.restore_best(self.learner.model)
        parts = []
        for images in torch.split(self.data.test_images, _TEST_PART):
            if self.control().stop:
                return events.Stopped(self.step, self.stopwatch.wall_s)
            parts.append(predict_probabilities(self.learner.model, images))
        started = self.stopwatch.started
        return finish(torch.cat(parts), self.data, started, self.epochs_done, self.early_stopping.epoch)


def _is_out_of_memory(error: Exception) -> bool:
    # The CPU allocator raises a plain RuntimeError; only its text says so.
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "can't allocate memory" in str(error)
