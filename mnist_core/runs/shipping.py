"""How the shipped models are made, so that anyone can make them again."""

import json
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from mnist_core.errors import UserError
from mnist_core.evidence.calibration import calibrate
from mnist_core.recipe import Recipe
from mnist_core.runs.cards import SHIPPED_FOLDER
from mnist_core.training.events import Epoch, Event, Finished
from mnist_core.training.loop import train
from mnist_core.training.models import Classifier
from mnist_core.training.weights import from_bytes

_HANDWRITING = (
    "Trained on MNIST alone: slashed zeros, crossed sevens and ones with a long upstroke are rare there and often "
    "misread. Letters and scribbles are given a digit."
)
_UPRIGHT = "It has only seen digits that are upright and in the middle, so tilted and shifted ones are often misread."


@dataclass(frozen=True, slots=True)
class Plan:
    """A model that ships.

    Attributes:
        title: What people see.
        about: What it is, in a sentence for a beginner.
        weaknesses: What is known to go wrong with it, in plain words.
    """

    title: str
    about: str
    weaknesses: str
    recipe: Recipe


RECIPES: dict[str, Plan] = {
    "default": Plan(
        "Small CNN, augmented",
        "A small convolutional network; its training images were turned, moved, slanted and resized at random.",
        _HANDWRITING,
        Recipe(epochs=20, rotation_deg=10, shift_x=0.07, shift_y=0.07, shear_deg=10, zoom=0.12),
    ),
    "cnn_plain": Plan(
        "Small CNN, plain",
        "The same small convolutional network, trained on MNIST's images as they are.",
        f"{_UPRIGHT} {_HANDWRITING}",
        Recipe(epochs=8),
    ),
    "cnn_noisy": Plan(
        "Small CNN, wrong labels",
        "The same small convolutional network, taught with labels of which 30 in 100 were wrong.",
        "It errs more than twice as often as its twin with true labels and, before calibration, is far less sure than "
        f"it might be. {_UPRIGHT} {_HANDWRITING}",
        Recipe(epochs=8, label_noise=0.3),
    ),
    "net": Plan(
        "Usual CNN",
        "The convolutional network of most tutorials, with twenty times as many numbers as the small one.",
        f"{_UPRIGHT} {_HANDWRITING}",
        Recipe(model="net", epochs=2, conv_dropout=0.25, dense_dropout=0.5),
    ),
    "mlp": Plan(
        "Two-layer network",
        "A network without convolutions: to it, a digit moved by a pixel is another picture.",
        f"{_UPRIGHT} {_HANDWRITING}",
        Recipe(model="mlp", epochs=6, dense_dropout=0.2),
    ),
    "svm": Plan(
        "Support vector machine",
        "No network: it compares a digit with stored training images (scikit-learn's SVC, learned from 10,000).",
        "How sure it is, is rough: it comes from votes between pairs of digits, and no temperature makes it fit well. "
        f"{_UPRIGHT} {_HANDWRITING}",
        Recipe(model="svm", train_images=10_000),
    ),
    "linear": Plan(
        "Linear",
        "The simplest model: one weight for each pixel and digit, added up.",
        f"It misreads even about 8 in 100 of MNIST's own test digits. {_UPRIGHT} {_HANDWRITING}",
        Recipe(model="linear", epochs=5),
    ),
}
"""The shipped models by name, in the order in which people see them."""


def ship(name: str, folder: Path = SHIPPED_FOLDER) -> Iterator[Event]:
    """Train a shipped model and write its weights and its card; announces the training's events.

    Raises:
        UserError: `model_unknown` for a name that is not in `RECIPES`; `training_failed` when the run ends any
            other way than finished. Nothing is written then.
    """
    plan = _plan(name)
    newest: Epoch | None = None
    for event in train(plan.recipe):
        yield event
        if isinstance(event, Epoch):
            newest = event
        if isinstance(event, Finished) and newest is not None:
            model = from_bytes(plan.recipe, newest.weights)
            (folder / f"{name}.safetensors").write_bytes(newest.weights)
            _write_card(folder / f"{name}.json", _card(plan, model, newest, event))
            return
    raise UserError("training_failed", f"The model {name} did not finish training.", "See the last event.")


def describe_again(name: str, folder: Path = SHIPPED_FOLDER) -> None:
    """Bring the words and the calibration in a model's card up to date, without training it again.

    Raises:
        UserError: `model_unknown`, or what is wrong with the weights.
    """
    plan = _plan(name)
    path = folder / f"{name}.json"
    measured = json.loads(path.read_text(encoding="utf-8"))
    recipe = Recipe.from_json(json.dumps(measured["recipe"]))
    model = from_bytes(recipe, (folder / f"{name}.safetensors").read_bytes())
    words = _words(plan)
    _write_card(path, words | measured | words | {"recipe": recipe.as_dict()} | _looked_at(model))


def _plan(name: str) -> Plan:
    if name in RECIPES:
        return RECIPES[name]
    raise UserError(
        "model_unknown", f"No shipped model is called “{name[:40]}”.", "There are: " + ", ".join(RECIPES) + "."
    )


def _card(plan: Plan, model: Classifier, newest: Epoch, end: Finished) -> dict[str, Any]:
    return {
        **_words(plan),
        "recipe": plan.recipe.as_dict(),
        "test_accuracy": end.test_accuracy,
        "validation_accuracy": newest.validation_accuracy,
        "validation_loss": newest.validation_loss,
        "runs": 1,
        "made": datetime.now(UTC).date().isoformat(),
        "with": {"python": platform.python_version(), "torch": torch.__version__, "machine": platform.machine()},
        **_looked_at(model),
    }


def _words(plan: Plan) -> dict[str, str]:
    return {"title": plan.title, "about": plan.about, "known_weaknesses": plan.weaknesses}


def _looked_at(model: Classifier) -> dict[str, Any]:
    """What can be found out about a trained model at any time."""
    found = calibrate(model)
    return {
        "parameters": model.parameter_count,
        "temperature": found.temperature,
        "calibration": {
            "validation_images": found.images,
            "error_before": found.error_before,
            "error_after": found.error_after,
        },
    }


def _write_card(path: Path, card: dict[str, Any]) -> None:
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
