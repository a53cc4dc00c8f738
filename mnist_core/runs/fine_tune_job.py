"""How a trained model and somebody's digits become a run that fine-tunes the model."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.registry import LoadedModel
from mnist_core.runs.store.collection_store import owner_key
from mnist_core.training.fine_tuning import FineTuneSet
from mnist_core.training.weights import to_bytes

_HAND = " · my hand"
_ROOM_FOR_TITLE = 60  # of a run's 80 characters


@dataclass(frozen=True, slots=True)
class FineTuneJob:
    """A model to be fine-tuned on somebody's digits.

    Attributes:
        owner: The token of whose digits these are.
        parent: The model's name: a shipped model's or a run's id.
        digits: What the worker gets.
    """

    owner: str = field(repr=False)
    parent: str
    digits: FineTuneSet

    def facts(self) -> dict[str, Any]:
        """What is kept of it with its run; the owner only by a hash."""
        return {"owner": owner_key(self.owner), "parent": self.parent, "digits": len(self.digits.labels)}


def prepare(trained: LoadedModel, pixels: NDArray[np.float32], labels: Sequence[int], owner: str) -> FineTuneJob:
    """The job that fine-tunes the model on these digits (M, 28, 28), 0 to 1, of the owner.

    Raises:
        UserError: `too_few_digits`, or `not_teachable` for a model that does not learn in steps.
    """
    if not supports_fine_tuning(trained):
        raise UserError(
            "not_teachable",
            "A support vector machine is fitted in one go: it cannot be fine-tuned.",
            "Choose a network.",
        )
    pictures = (pixels * 255).round().clip(0, 255).astype(np.uint8)
    digits = FineTuneSet(to_bytes(trained.model), pictures, np.asarray(labels, np.int64))
    return FineTuneJob(owner, trained.name, digits)


def supports_fine_tuning(trained: LoadedModel) -> bool:
    """Whether the model learns in steps, so that it can take a few more."""
    return trained.recipe.model != "svm"


def recipe_for(trained: LoadedModel) -> Recipe:
    """What the fine-tuned run's recipe is: the model's own, but one short epoch."""
    return trained.recipe.replace(epochs=1)


def name_for(trained: LoadedModel, digits: int) -> str:
    """What the fine-tuned run is called; a model that is fine-tuned again is named once."""
    return f"{trained.title.split(_HAND)[0][:_ROOM_FOR_TITLE].rstrip()}{_HAND} ({digits})"
