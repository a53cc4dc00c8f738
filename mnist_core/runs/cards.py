"""The shipped models as they are known before any is opened: read without torch, so that they can be listed at once."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mnist_core import checkpoints
from mnist_core.recipe import Recipe

SHIPPED_FOLDER = Path(checkpoints.__file__).parent
DEFAULT_MODEL = "default"


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a shipped model before its weights are read.

    Attributes:
        name: What it is called on the command line and in a URL.
        title: What people see.
        recipe: How it was trained.
        facts: The whole card as JSON values: accuracies, when and on what it was made.
    """

    name: str
    title: str
    recipe: Recipe
    facts: dict[str, Any]

    @property
    def test_accuracy(self) -> float:
        """Share of MNIST's test images read right, measured when it was made."""
        return float(self.facts["test_accuracy"])

    @property
    def about(self) -> str:
        """What it is, in a sentence for a beginner."""
        return str(self.facts["about"])

    @property
    def weaknesses(self) -> str:
        """What is known to go wrong with it."""
        return str(self.facts["known_weaknesses"])

    @property
    def temperature(self) -> float:
        """What its logits are divided by, found on the validation images when it was made."""
        return float(self.facts["temperature"])


def shipped() -> tuple[Card, ...]:
    """The cards of all shipped models, the default one first, then the more accurate ones first."""
    facts = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED_FOLDER.glob("*.json"))}
    cards = [
        Card(name, card["title"], Recipe.from_json(json.dumps(card["recipe"])), card)
        for name, card in facts.items()
        if "recipe" in card  # detectors have none
    ]
    return tuple(sorted(cards, key=lambda card: (card.name != DEFAULT_MODEL, -card.test_accuracy)))


def shipped_card(name: str) -> Card | None:
    """The card of the shipped model of that name; None when none is called so."""
    return next((card for card in shipped() if card.name == name), None)


def weights_of(card: Card) -> bytes:
    """The model's weights as safetensors."""
    return (SHIPPED_FOLDER / f"{card.name}.safetensors").read_bytes()
