"""What is known of a run: the values that the store answers with."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training.events import Epoch, EpochCheck, PairFitted, Paused, ProbeResult, Resumed, SettingChanged, Step

State = Literal["queued", "running", "paused", "finished", "stopped", "diverged", "failed", "interrupted"]

ACTIVE: tuple[State, ...] = ("queued", "running", "paused")
"""The states of a run that has not ended."""


@dataclass(frozen=True, slots=True)
class Run:
    """One training, as it stood when it was read.

    Attributes:
        id: Eight hexadecimal digits.
        name: At most 80 printable characters on one line; text of a person, never markup.
        state: `queued` (it waits for a worker), `running`, `paused`, or how it ended.
        created_at, started_at, ended_at: Aware times in UTC; None when it has not come to that.
        session: Who asked for it, as the caller named them; may be empty.
        owner_token: Whoever shows it may stop the run; not for others' eyes.
        steps: How many steps the whole run takes; None before it starts.
        epochs_done, validation_accuracy: Of the last finished epoch; 0 and None before the first.
        test_accuracy: Share of the test images read right; only of a finished run.
        wall_s: Seconds the training took; None while it goes on.
        error: Why it failed or was interrupted, in words; None otherwise.
        recipe_json: The recipe as it was written; `recipe` reads it.
    """

    id: str
    name: str
    state: State
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    session: str = field(repr=False)
    owner_token: str = field(repr=False)
    steps: int | None
    steps_done: int
    parameters: int | None
    device: str | None
    epochs_done: int
    validation_accuracy: float | None
    test_accuracy: float | None
    wall_s: float | None
    error: UserError | None
    recipe_json: str = field(repr=False)

    @property
    def is_active(self) -> bool:
        """Whether it has not ended."""
        return self.state in ACTIVE

    @property
    def recipe(self) -> Recipe:
        """What was trained.

        Raises:
            UserError: `recipe_unreadable` or `recipe_invalid` when another version wrote it.
        """
        return Recipe.from_json(self.recipe_json)

    def as_dict(self) -> dict[str, Any]:
        """All that anybody may see, as JSON values; times in ISO 8601.

        Raises:
            UserError: As `recipe`.
        """
        hidden = {"session", "owner_token", "recipe_json"}
        values = {name: getattr(self, name) for name in self.__slots__ if name not in hidden}
        times = {name: value.isoformat() for name, value in values.items() if isinstance(value, datetime)}
        error = self.error.as_dict() if self.error else None
        return {**values, **times, "error": error, "recipe": self.recipe.as_dict()}


@dataclass(frozen=True, slots=True)
class EpochRow:
    """A finished epoch without its weights; the fields mean what they mean in `events.Epoch`."""

    epoch: int
    training_loss: float
    training_accuracy: float
    validation_loss: float
    validation_accuracy: float
    wall_s: float

    @classmethod
    def of(cls, epoch: Epoch) -> "EpochRow":
        """What is shown of an epoch that was announced."""
        return cls(**{name: getattr(epoch, name) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Curve:
    """What is drawn of a run: some of its steps, all of its epochs, both in order."""

    steps: tuple[Step, ...]
    epochs: tuple[EpochRow, ...]


@dataclass(frozen=True, slots=True)
class Insight:
    """What was seen inside a run and done to it while it went on, each in order.

    Attributes:
        measured: Some of the looks inside, evenly chosen, the first and the newest among them. Only some two dozen of
            a run's looks keep the first layer's filters; the others have none (`filters` and `filters_shape` empty).
        checked: One for each epoch.
        changed: What was set anew while it went on.
        paused, resumed: When it waited; the last pause may have no end.
        fitted: The borders that a support vector machine has found.
    """

    measured: tuple[ProbeResult, ...] = ()
    checked: tuple[EpochCheck, ...] = ()
    changed: tuple[SettingChanged, ...] = ()
    paused: tuple[Paused, ...] = ()
    resumed: tuple[Resumed, ...] = ()
    fitted: tuple[PairFitted, ...] = ()
