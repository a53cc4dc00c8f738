"""What a training run announces while it happens.

The loop is a generator of these. The command line prints them, the engine forwards them from the worker,
the store keeps them, the page draws them: one loop, four users.
"""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, get_args


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
    """One pass over the training images is done, and the validation images were evaluated.

    Losses are mean cross-entropies in nats without label smoothing, accuracies shares of 1. Training
    figures are the mean over the epoch's own batches: the model while it was learning, augmented images,
    dropout and all.

    Attributes:
        epoch: Number of epochs done, from 1.
        weights: The model after this epoch, as safetensors bytes; empty where only the figures are told.
        wall_s: Seconds since the run started.
        resume: What training needs to go on from here as if it had never ended; see `training.checkpoint`.
            Empty for a model that cannot go on.
    """

    epoch: int
    training_loss: float
    training_accuracy: float
    validation_loss: float
    validation_accuracy: float
    wall_s: float
    weights: bytes = dataclasses.field(default=b"", repr=False)
    resume: bytes = dataclasses.field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """A look inside the network, after this step.

    Layers are named as people count them (`conv 1`, `dense 1`, ..., `output`), from the input to the output.

    Attributes:
        step, epoch: As in `Step`.
        gradient_norms: For each layer with weights, the length of its weights' gradient in this step.
        dead_units: For each activation, the share of units (of channels, in a convolution) that did nothing for any
            of the probe's images: never above 0 for the ReLU family, never away from an end for tanh and sigmoid.
        weight_limits: For each layer, the end of its histogram, which runs from minus this to plus this.
        weight_counts: For each layer, how many of its weights lie in each of the histogram's equal parts.
        filters: The first layer's filters as little-endian float16 (N, H, W), at most 32 of them.
        filters_shape: That (N, H, W).
        drawing: The ten probabilities of the drawing that is followed; empty without one.
    """

    step: int
    epoch: float
    gradient_norms: dict[str, float]
    dead_units: dict[str, float]
    weight_limits: dict[str, float]
    weight_counts: dict[str, list[int]]
    filters: bytes = dataclasses.field(default=b"", repr=False)
    filters_shape: list[int] = dataclasses.field(default_factory=list)
    drawing: list[float] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EpochCheck:
    """What the model makes of validation and training images after an epoch; comes just before its `Epoch`.

    Attributes:
        epoch, step: As in `Epoch` and `Step`.
        confusion: Of the validation images, counts by true digit (row) and predicted digit (column), 10 x 10.
        training_loss, training_accuracy: On a fixed sample of the training images (their given labels), predicted as
            the validation images are: no augmentation, no dropout. So these two compare fairly with validation.
        contradicted: Share of that sample whose given label is not what the model predicts, with a probability of more
            than half for what it does read.
        images: Size of that sample.
        kernel_median: Of a support vector machine, the median kernel value (0 to 1) of pairs of different training
            images; None for networks.
    """

    epoch: int
    step: int
    confusion: list[list[int]]
    training_loss: float
    training_accuracy: float
    contradicted: float
    images: int
    kernel_median: float | None = None


@dataclass(frozen=True, slots=True)
class SettingChanged:
    """Somebody changed a setting while the run went on; it counts from the next step on.

    Attributes:
        step: Steps done when it changed.
        name: The recipe's field: `learning_rate`, `conv_dropout` or `dense_dropout`.
        before, value: What it was and what it is now.
    """

    step: int
    name: str
    before: float
    value: float


@dataclass(frozen=True, slots=True)
class Paused:
    """The run waits after this step; nothing is lost, and it takes no processor time."""

    step: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """The run goes on after this step."""

    step: int


@dataclass(frozen=True, slots=True)
class Suspended:
    """The last event of a worker that a waiting run gives back; another worker goes on from here later.

    Attributes:
        epoch: Number of epochs done.
        step: Number of steps done; of a support vector machine, of pairs fitted.
        wall_s: Seconds that the run has worked.
        weights: The model after this step, as safetensors bytes; empty for a support vector machine.
        resume: All the rest that it takes to go on as if it had never waited; see `training.checkpoint`.
    """

    epoch: int
    step: int
    wall_s: float
    weights: bytes = dataclasses.field(repr=False)
    resume: bytes = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class PairFitted:
    """Another of a support vector machine's pairs is fitted.

    Attributes:
        done, of: How many of how many.
        pair: The two digits of the newest pair.
    """

    done: int
    of: int
    pair: list[int]


@dataclass(frozen=True, slots=True)
class RangeTested:
    """The end of a learning-rate range test: each `Step` before it was taken with a higher rate than the last.

    Attributes:
        suggested: The rate at which the smoothed loss fell fastest (Smith, *Cyclical Learning Rates*, 2017); None
            when it never fell.
        lowest: The rate at which the smoothed loss was lowest; None when it never fell.
        wall_s: Seconds it took.
    """

    suggested: float | None
    lowest: float | None
    wall_s: float


@dataclass(frozen=True, slots=True)
class TrialDone:
    """A trial of a claim is done: one arm of its experiment, trained with one seed and measured.

    Attributes:
        step: Number of trials done, from 1.
        claim, arm: Whose trial it was, by the keys of `claims.catalog`.
        seed: The recipe's seed.
        values: Each metric's value by its key; not a number where it could not be measured.
    """

    step: int
    claim: str
    arm: str
    seed: int
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class ClaimTested:
    """The end of a claim's test: each of its trials was `TrialDone` before.

    Attributes:
        step: How many trials there were.
        wall_s: Seconds they took.
    """

    step: int
    wall_s: float


@dataclass(frozen=True, slots=True)
class FineTuneResult:
    """A trained model was fine-tuned on somebody's digits; `training.fine_tuning` says how it is measured.

    Attributes:
        digits: How many digits it was fine-tuned on.
        right_before: How many of them the model classified correctly before.
        gained: How many it misclassified before, and a model fine-tuned without them classifies correctly.
        lost: How many the other way round.
        test_accuracy_before: Share of MNIST's test images that the model classified correctly before, 0 to 1.
    """

    digits: int
    right_before: int
    gained: int
    lost: int
    test_accuracy_before: float

    @property
    def right_after(self) -> int:
        """How many are classified correctly by models fine-tuned without them."""
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
    """The last epoch is done and the test set was evaluated, once.

    Attributes:
        test_accuracy: Share of the test images classified correctly, 0 to 1.
        epochs: Number of epochs done.
        kept_epoch: The epoch whose weights were tested and are the result: the last one, or with early stopping the
            one with the lowest validation loss.
        wall_s: Seconds since the run started, the test included.
        test_probabilities: The ten probabilities of each test image, as the bytes of a little-endian
            float16 array (N, 10), in the order of the test set.
    """

    test_accuracy: float
    epochs: int
    wall_s: float
    test_probabilities: bytes = dataclasses.field(repr=False)
    kept_epoch: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """The run cannot go on; the fields are those of a `UserError`."""

    code: str
    message: str
    fix: str


Event = (
    Started
    | Step
    | ProbeResult
    | EpochCheck
    | Epoch
    | SettingChanged
    | Paused
    | Resumed
    | Suspended
    | PairFitted
    | FineTuneResult
    | TrialDone
    | Diverged
    | Stopped
    | RangeTested
    | ClaimTested
    | Finished
    | Failed
)

LAST_EVENTS = (Diverged, Stopped, RangeTested, ClaimTested, Finished, Failed)
"""The events that end a run: exactly one of them comes, and it comes last.

A run that is suspended ends later: what a worker says of it ends with `Suspended`, and begins anew with `Started`.
"""

_SAVED_NAMES: dict[type[Event], str] = {
    ProbeResult: "measured",
    EpochCheck: "checked",
    SettingChanged: "changed",
    PairFitted: "fitted",
    TrialDone: "tried",
    FineTuneResult: "taught",
}
"""Older names, which JSON and databases go on using."""

_KINDS: dict[str, type[Event]] = {_SAVED_NAMES.get(kind, kind.__name__.lower()): kind for kind in get_args(Event)}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def kind_of(event: Event) -> str:
    """The event's name in JSON: `started`, `step`, `epoch`, ..."""
    return _NAMES[type(event)]


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
