"""How a trained model and somebody's digits become a lesson."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.registry import LoadedModel
from mnist_core.runs.store.collection_store import FineTuneJob
from mnist_core.training.fine_tuning import LEAST_DIGITS, FineTuneSet
from mnist_core.training.weights import to_bytes

_HAND = " · my hand"
_ROOM_FOR_TITLE = 60  # of a run's 80 characters


def prepare(trained: LoadedModel, pixels: NDArray[np.float32], labels: Sequence[int], owner: str) -> FineTuneJob:
    """The lesson that teaches the model these digits (M, 28, 28), 0 to 1, of the owner.

    Raises:
        UserError: `too_few_digits`, or `not_teachable` for a model that does not learn in steps.
    """
    if not supports_fine_tuning(trained):
        raise UserError(
            "not_teachable",
            "A support vector machine is fitted in one go: it cannot be fine-tuned.",
            "Choose a network.",
        )
    if len(labels) < LEAST_DIGITS:
        raise UserError(
            "too_few_digits",
            f"There are {len(labels)} digits to learn from; it takes at least {LEAST_DIGITS}.",
            "Keep some more, and some of every digit.",
        )
    pictures = (pixels * 255).round().clip(0, 255).astype(np.uint8)
    return FineTuneJob(
        owner, trained.name, FineTuneSet(to_bytes(trained.model), pictures, np.asarray(labels, np.int64))
    )


def supports_fine_tuning(trained: LoadedModel) -> bool:
    """Whether the model learns in steps, so that it can take a few more."""
    return trained.recipe.model != "svm"


def recipe_for(trained: LoadedModel) -> Recipe:
    """What the taught run's recipe is: the model's own, but one short epoch."""
    return trained.recipe.replace(epochs=1)


def name_for(trained: LoadedModel, digits: int) -> str:
    """What the taught run is called; a model that is taught again is named once."""
    return f"{trained.title.split(_HAND)[0][:_ROOM_FOR_TITLE].rstrip()}{_HAND} ({digits})"
