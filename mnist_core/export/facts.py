"""All that is known of a trained model, for whoever takes it away."""

from collections.abc import Callable
from dataclasses import dataclass, field

from mnist_core.recipe import FIELDS, Recipe
from mnist_core.training.events import Epoch, SettingChanged, Step
from mnist_core.training.models import Classifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A run, or a shipped model, as it is taken away.

    Attributes:
        name: A shipped model's name or a run's id; safe in a file's name.
        title: What people call it: their own words, never markup.
        recipe: How it was trained.
        model: Opens the model, in evaluation mode, with its temperature set. It raises `UserError` when there is none.
        epochs: The finished epochs, without their weights; empty for a shipped model.
        steps: Some of the steps; empty for a shipped model.
        changes: What somebody changed while it was trained.
        kept_epoch: The epoch whose weights the model has; 0 when it is not known.
        validation_accuracy: Share of the validation images that the model reads right, 0 to 1; None without an epoch.
        test_accuracy: Share of the test images; None when training was not finished.
        notes: What else is to be known of how it was trained, a sentence each.
        weaknesses: What is known to go wrong with it; empty takes what the recipe says.
    """

    name: str
    title: str
    recipe: Recipe
    model: Callable[[], Classifier] = field(repr=False)
    epochs: tuple[Epoch, ...] = ()
    steps: tuple[Step, ...] = ()
    changes: tuple[SettingChanged, ...] = ()
    kept_epoch: int = 0
    validation_accuracy: float | None = None
    test_accuracy: float | None = None
    notes: tuple[str, ...] = ()
    weaknesses: str = ""

    @property
    def change_words(self) -> tuple[str, ...]:
        """What somebody changed while it was trained, a sentence each."""
        return tuple(
            f"After step {change.step:,}: {FIELDS[change.name].label.lower()} {change.before:g} to {change.value:g}."
            for change in self.changes
        )
