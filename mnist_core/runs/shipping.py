"""How the shipped models are made, so that anyone can make them again."""

import json
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.registry import SHIPPED_FOLDER
from mnist_core.training.events import Epoch, Event, Finished
from mnist_core.training.loop import train

RECIPES: dict[str, tuple[str, Recipe]] = {
    "default": (
        "Small CNN, augmented",
        Recipe(epochs=20, rotation_deg=10, shift_x=0.07, shift_y=0.07, shear_deg=10, zoom=0.12),
    ),
}
"""Of each shipped model: its title and its recipe."""


def ship(name: str, folder: Path = SHIPPED_FOLDER) -> Iterator[Event]:
    """Train a shipped model and write its weights and its card; announces the training's events.

    Raises:
        UserError: `training_failed` when the run ends any other way than finished; nothing is written.
    """
    title, recipe = RECIPES[name]
    newest: Epoch | None = None
    for event in train(recipe):
        yield event
        if isinstance(event, Epoch):
            newest = event
        if isinstance(event, Finished) and newest is not None:
            (folder / f"{name}.safetensors").write_bytes(newest.weights)
            card = _card(title, recipe, newest, event)
            (folder / f"{name}.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
            return
    raise UserError("training_failed", f"The model {name} did not finish training.", "See the last event.")


def _card(title: str, recipe: Recipe, newest: Epoch, end: Finished) -> dict[str, Any]:
    return {
        "title": title,
        "recipe": recipe.as_dict(),
        "test_accuracy": end.test_accuracy,
        "validation_accuracy": newest.validation_accuracy,
        "validation_loss": newest.validation_loss,
        "runs": 1,
        "made": datetime.now(UTC).date().isoformat(),
        "with": {"python": platform.python_version(), "torch": torch.__version__, "machine": platform.machine()},
        "known_weaknesses": "Trained on MNIST alone: slashed zeros, crossed sevens and ones with a long upstroke "
        "are rare there and often misread. Letters and scribbles are given a digit.",
    }
