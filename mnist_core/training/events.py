"""What a training run announces while it happens.

The loop is a generator of these. The command line prints them, the engine forwards them from the worker,
the store keeps them, the page draws them: one loop, four users.
"""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Started:
    """The data is loaded and the model built; the first step comes next.

    Attributes:
        recipe: All settings, as `Recipe.to_json` orders them.
        steps: How many steps the whole run will take.
        parameters: How many numbers the model learns.
        device: `cpu`, `cuda` or `mps`.
    """

    recipe: dict[str, Any]
    steps: int
    parameters: int
    device: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the optimizer is done.

    Attributes:
        step: Number of steps done, from 1.
        epoch: Epochs done so far, as a fraction (0.5 is half way through the first).
        loss: Training loss of this batch, in nats.
        learning_rate: The rate this step was taken with.
    """

    step: int
    epoch: float
    loss: float
    learning_rate: float


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass over the training images is done, and the validation images have been looked at.

    Losses are mean cross-entropies in nats without label smoothing, accuracies shares of 1. Training
    figures are the mean over the epoch's own batches: the model while it was learning, augmented images,
    dropout and all.

    Attributes:
        epoch: Number of epochs done, from 1.
        weights: The model after this epoch, as safetensors bytes.
        wall_s: Seconds since the run started.
    """

    epoch: int
    training_loss: float
    training_accuracy: float
    validation_loss: float
    validation_accuracy: float
    wall_s: float
    weights: bytes = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class Taught:
    """Somebody's hand was taught to a model that was trained before; `training.fine_tune` says how it is measured.

    Attributes:
        digits: How many digits it was taught.
        right_before: How many of them the model read right before.
        gained: How many it read wrong before, and right by a model that was taught all but a share with this one.
        lost: How many the other way round.
        test_accuracy_before: Share of MNIST's test images that the model read right before, 0 to 1.
    """

    digits: int
    right_before: int
    gained: int
    lost: int
    test_accuracy_before: float

    @property
    def right_after(self) -> int:
        """How many are read right when they were not among those that were taught."""
        return self.right_before + self.gained - self.lost


@dataclass(frozen=True, slots=True)
class Diverged:
    """The loss stopped being a number at this step; the last finished epoch is the result."""

    step: int
    wall_s: float


@dataclass(frozen=True, slots=True)
class Stopped:
    """Somebody asked the run to stop after this step; the last finished epoch is the result."""

    step: int
    wall_s: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The last epoch is done and the test set has been looked at, once.

    Attributes:
        test_accuracy: Share of the test images read right, 0 to 1.
        epochs: Number of epochs done.
        wall_s: Seconds since the run started, the test included.
        test_probabilities: The ten probabilities of each test image, as the bytes of a little-endian
            float16 array (N, 10), in the order of the test set.
    """

    test_accuracy: float
    epochs: int
    wall_s: float
    test_probabilities: bytes = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """The run cannot go on; the fields are those of a `UserError`."""

    code: str
    message: str
    fix: str


Event = Started | Step | Epoch | Taught | Diverged | Stopped | Finished | Failed

LAST_EVENTS = (Diverged, Stopped, Finished, Failed)
"""The events that end a run: exactly one of them comes, and it comes last."""

_KINDS: dict[str, type[Event]] = {
    kind.__name__.lower(): kind for kind in (Started, Step, Epoch, Taught, Diverged, Stopped, Finished, Failed)
}


def kind_of(event: Event) -> str:
    """The event's name in JSON: `started`, `step`, `epoch`, ..."""
    return type(event).__name__.lower()


def to_message(event: Event) -> dict[str, Any]:
    """The event as plain values (bytes kept as bytes), for the way from a worker to the app."""
    return {"event": kind_of(event), **dataclasses.asdict(event)}


def from_message(message: dict[str, Any]) -> Event:
    """The event that `to_message` wrote.

    Raises:
        KeyError, TypeError: When the message is not one of ours.
    """
    values = dict(message)
    return _KINDS[values.pop("event")](**values)


def to_json(event: Event, **more: object) -> str:
    """The event as one line of JSON, without the bytes it carries, with `more` fields beside its own."""
    message = {key: value for key, value in to_message(event).items() if not isinstance(value, bytes)}
    return json.dumps({**message, **more})
