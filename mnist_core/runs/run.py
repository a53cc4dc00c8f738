"""What is known of a run: the values that the store answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training import events

State = Literal["queued", "running", "paused", "finished", "stopped", "diverged", "failed", "interrupted"]

ACTIVE: tuple[State, ...] = ("queued", "running", "paused")
"""The states of a run that has not ended."""


INTERRUPTED = UserError(
    "interrupted",
    "Interrupted: the app was closed during this run.",
    "Its finished epochs are kept; train longer to continue.",
)


@dataclass(frozen=True, slots=True)
class Run:
    """One training, as it stood when it was read.

    Attributes:
        id: Eight hexadecimal digits.
        name: At most 80 printable characters on one line; text of a person, never markup.
        kind: What is done in it, as `kinds.RunKind.name`.
        state: `queued` (it waits for a worker), `running`, `paused`, or how it ended.
        created_at, started_at, ended_at: Aware times in UTC; None when it has not come to that.
        session: Who asked for it, as the caller named them; may be empty.
        owner_token: Whoever shows it may stop the run; not for others' eyes.
        steps: How many steps the whole run takes; None before it starts.
        epochs_done, validation_accuracy: Of the last finished epoch; 0 and None before the first.
        test_accuracy: Share of the test images classified correctly; only of a finished run.
        wall_s: Seconds the training took; None while it goes on.
        error: Why it failed or was interrupted, in words; None otherwise.
        recipe_json: The recipe as it was written; `recipe` reads it.
        facts: What only some runs have, as JSON values. Of a run that continues another one: `continues`, that one's
            id. Of a `fine_tuning`: `owner`, `parent` and `digits` as in `kinds.FineTuneJob`, then the fields of
            `events.FineTuneResult`. Of an `lr_finder`: the fields of `events.RangeTested`. Of a `claim_test`: `claim`
            and `experiment`, as in `claims.claim.Claim`.
    """

    id: str
    name: str
    kind: str
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
    facts: Mapping[str, Any] = field(repr=False)

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

    @property
    def continues(self) -> str | None:
        """The id of the run that this one continues, a run that may be gone; None for most."""
        return self.facts.get("continues")

    @property
    def lr_range(self) -> events.RangeTested | None:
        """What a learning-rate range test has found; None of other runs, and of one that has not ended as it should."""
        return events.RangeTested(**self.facts) if self.kind == "lr_finder" and self.facts else None

    @property
    def fine_tuned(self) -> events.FineTuneResult | None:
        """What a fine-tuning changed; None of other runs, and until that is known."""
        names = [field.name for field in fields(events.FineTuneResult)]
        is_known = all(name in self.facts for name in names)
        return events.FineTuneResult(**{name: self.facts[name] for name in names}) if is_known else None

    def as_dict(self) -> dict[str, Any]:
        """All that anybody may see, as JSON values; times in ISO 8601, and no recipe when it cannot be read."""
        hidden = {"kind", "session", "owner_token", "recipe_json", "facts"}
        values = {name: getattr(self, name) for name in self.__slots__ if name not in hidden}
        times = {name: value.isoformat() for name, value in values.items() if isinstance(value, datetime)}
        error, recipe = self.error, None
        try:
            recipe = self.recipe.as_dict()
        except UserError as unreadable:
            error = error or unreadable
        return {**values, **times, "error": error.as_dict() if error else None, "recipe": recipe}


def end_of(event: events.Event) -> tuple[State, UserError | None]:
    """The state that one of `events.LAST_EVENTS` leaves a run in, and why in words when there is something to say."""
    match event:
        case events.Stopped():
            return "stopped", None
        case events.Diverged():
            return "diverged", UserError(
                "diverged",
                f"The loss became NaN (not a number) at step {event.step}.",
                "Choose a lower learning rate, or switch on batch normalisation.",
            )
        case events.Failed():
            return "failed", UserError(event.code, event.message, event.fix)
    return "finished", None


@dataclass(frozen=True, slots=True)
class Curve:
    """What is drawn of a run: some of its steps, all of its epochs without their weights, both in order."""

    steps: tuple[events.Step, ...]
    epochs: tuple[events.Epoch, ...]


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

    measured: tuple[events.ProbeResult, ...] = ()
    checked: tuple[events.EpochCheck, ...] = ()
    changed: tuple[events.SettingChanged, ...] = ()
    paused: tuple[events.Paused, ...] = ()
    resumed: tuple[events.Resumed, ...] = ()
    fitted: tuple[events.PairFitted, ...] = ()
