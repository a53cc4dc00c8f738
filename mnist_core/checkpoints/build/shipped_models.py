"""How the shipped models are made, so that anyone can make them again."""

import json
import platform
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from mnist_core.errors import UserError
from mnist_core.evaluation.calibration import calibrate
from mnist_core.evaluation.handwriting import count_misread, read_pen_digits
from mnist_core.presets import PRESETS
from mnist_core.recipe import Recipe
from mnist_core.runs.cards import SHIPPED_FOLDER
from mnist_core.training.events import Epoch, Event, Finished
from mnist_core.training.loop import train
from mnist_core.training.models import Classifier
from mnist_core.training.weights import from_bytes

_HANDWRITING = (
    "Trained on MNIST only: slashed zeros, crossed sevens and ones with a long upstroke are rare there and often "
    "misread. Letters and scribbles are classified as digits."
)
_VARIANTS = (
    "Trained on MNIST only: ways to write a digit that are rare in MNIST and not among the pen variants are often "
    "misread. Letters and scribbles are classified as digits."
)
_UPRIGHT = "It has only seen upright, centred digits, so rotated and shifted ones are often misread."


@dataclass(frozen=True, slots=True)
class Plan:
    """A model that ships.

    Attributes:
        title: What people see.
        about: What it is, in a sentence for a beginner.
        weaknesses: What is known to go wrong with it, in plain words.
        recipe: How it is trained.
        seeds: With how many seeds, from 0 on; the one whose validation loss is lowest ships.
    """

    title: str
    about: str
    weaknesses: str
    recipe: Recipe
    seeds: int = 1


@dataclass(frozen=True, slots=True)
class Trial:
    """One seed's training: its recipe, its newest epoch and its end."""

    recipe: Recipe
    epoch: Epoch
    end: Finished


RECIPES: dict[str, Plan] = {
    "default": Plan(
        "Deep CNN, narrow",
        "Six convolutions with few channels, trained with random rotation, shift, slant, zoom, pen widths and pen "
        "variants.",
        _VARIANTS,
        PRESETS["best"].recipe.replace(width=0.5, pen_habits=0.2),
        seeds=3,
    ),
    "best": Plan(
        "Deep CNN",
        "The default model with twice the channels: the most accurate one, for four times the computation.",
        _VARIANTS,
        PRESETS["best"].recipe,
        seeds=3,
    ),
    "cnn_plain": Plan(
        "Small CNN, plain",
        "A small convolutional network, trained on MNIST's images as they are.",
        f"{_UPRIGHT} {_HANDWRITING}",
        Recipe(epochs=8),
    ),
    "cnn_noisy": Plan(
        "Small CNN, wrong labels",
        "The small convolutional network, trained with 30 % wrong labels.",
        "It errs more than twice as often as the same network with correct labels and, before calibration, is "
        f"strongly under-confident. {_UPRIGHT} {_HANDWRITING}",
        Recipe(epochs=8, label_noise=0.3),
    ),
    "net": Plan(
        "Usual CNN",
        "The convolutional network of most tutorials, with twenty times the parameters of the small one.",
        f"{_UPRIGHT} {_HANDWRITING}",
        Recipe(model="net", epochs=2, conv_dropout=0.25, dense_dropout=0.5),
    ),
    "mlp": Plan(
        "Two-layer network",
        "A network without convolutions: to it, a digit moved by one pixel is a different picture.",
        f"{_UPRIGHT} {_HANDWRITING}",
        Recipe(model="mlp", epochs=6, dense_dropout=0.2),
    ),
    "svm": Plan(
        "Support vector machine",
        "Not a network: it compares a digit with stored training images (scikit-learn's SVC, trained on 10,000).",
        "Its confidence is rough: it comes from votes between pairs of digits, and no temperature calibrates it well. "
        f"{_UPRIGHT} {_HANDWRITING}",
        Recipe(model="svm", train_images=10_000),
    ),
    "linear": Plan(
        "Linear",
        "The simplest model: a weighted sum of the pixels for each digit.",
        f"It misreads about 8 in 100 of MNIST's own test digits. {_UPRIGHT} {_HANDWRITING}",
        Recipe(model="linear", epochs=5),
    ),
}
"""The shipped models by name, in the order in which people see them."""


def ship(name: str, folder: Path = SHIPPED_FOLDER, strokes: Path | None = None) -> Iterator[Event]:
    """Train a shipped model and write its weights and its card; announces the trainings' events.

    Args:
        name: Which of `RECIPES`.
        folder: Where to.
        strokes: A stroke file, for the card to say how often other people's digits are misread.

    Raises:
        UserError: `model_unknown` for a name that is not in `RECIPES`; `training_failed` when a run ends any
            other way than finished. Nothing is written then.
    """
    plan = _plan(name)
    trials = []
    for seed in range(plan.seeds):
        trial = yield from _try(name, plan.recipe.replace(seed=seed))
        trials.append(trial)
    best = min(trials, key=lambda trial: trial.epoch.validation_loss)
    (folder / f"{name}.safetensors").write_bytes(best.epoch.weights)
    found = {
        "recipe": best.recipe.as_dict(),
        "test_accuracy": best.end.test_accuracy,
        "validation_accuracy": best.epoch.validation_accuracy,
        "validation_loss": best.epoch.validation_loss,
        "runs": len(trials),
        "test_accuracies": [trial.end.test_accuracy for trial in trials],
        **made_now(),
    }
    model = from_bytes(best.recipe, best.epoch.weights)
    write_card(folder / f"{name}.json", _words(plan), found, _looked_at(model) | _on_pen_digits(model, strokes))


def _try(name: str, recipe: Recipe) -> Generator[Event, None, Trial]:
    newest: Epoch | None = None
    for event in train(recipe):
        yield event
        if isinstance(event, Epoch):
            newest = event
        if isinstance(event, Finished) and newest is not None:
            return Trial(recipe, newest, event)
    raise UserError("training_failed", f"The model {name} did not finish training.", "See the last event.")


def describe_again(name: str, folder: Path = SHIPPED_FOLDER, strokes: Path | None = None) -> None:
    """Bring the words and the calibration in a model's card up to date, without training it again.

    With a stroke file also how often other people's digits are misread.

    Raises:
        UserError: `model_unknown`, or what is wrong with the weights.
    """
    plan = _plan(name)
    measured = read_card(folder / f"{name}.json")
    recipe = Recipe.from_json(json.dumps(measured["recipe"]))
    model = from_bytes(recipe, (folder / f"{name}.safetensors").read_bytes())
    found = {"recipe": recipe.as_dict()} | _looked_at(model) | _on_pen_digits(model, strokes)
    write_card(folder / f"{name}.json", _words(plan), measured, found)


def _plan(name: str) -> Plan:
    if name in RECIPES:
        return RECIPES[name]
    raise UserError(
        "model_unknown", f"No shipped model is called “{name[:40]}”.", "There are: " + ", ".join(RECIPES) + "."
    )


def _words(plan: Plan) -> dict[str, Any]:
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


def _on_pen_digits(model: Classifier, strokes: Path | None) -> dict[str, Any]:
    """How often the model misreads the digits of a stroke file, as `predict --strokes` reads them."""
    if strokes is None:
        return {}
    shares = {}
    for drawn, small in (("middle", False), ("small", True)):
        images, labels = read_pen_digits(strokes, small=small)
        shares[f"misread_{drawn}"] = count_misread(model, images, labels) / len(labels)
    return {"pen_digits": {"digits": len(labels), **shares}}


def made_now() -> dict[str, Any]:
    """What every card says of when and with what its file was made."""
    versions = {"python": platform.python_version(), "torch": torch.__version__, "machine": platform.machine()}
    return {"made": datetime.now(UTC).date().isoformat(), "with": versions}


def read_card(path: Path) -> dict[str, Any]:
    """What a card says."""
    card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return card


def write_card(path: Path, words: dict[str, Any], measured: dict[str, Any], found: dict[str, Any]) -> None:
    """Write a card as JSON for people and programs: the words first, what was measured, and what is found now."""
    card = words | measured | words | found
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
