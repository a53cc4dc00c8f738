"""The shipped models are what their cards and docs/MEASUREMENTS.md say they are."""

import json
import re
from pathlib import Path

import pytest

from mnist_core.checkpoints.build import shipped_models
from mnist_core.checkpoints.build.shipped_models import RECIPES, Plan, describe_again, ship
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.cards import SHIPPED_FOLDER, shipped
from mnist_core.runs.registry import load_model
from mnist_core.training.events import Epoch, Finished
from mnist_core.training.models import count_parameters
from tests.preprocessing.test_strokes import write

MEASUREMENTS = Path(__file__).parents[3] / "docs/MEASUREMENTS.md"


def test_all_that_is_planned_ships_and_the_default_comes_first() -> None:
    cards = shipped()
    assert {card.name for card in cards} == set(RECIPES)
    assert cards[0].name == "default"
    assert len({card.title for card in cards}) == len(cards)


@pytest.mark.parametrize("name", list(RECIPES))
def test_a_card_describes_the_model_that_it_lies_beside(name: str) -> None:
    (card,) = (card for card in shipped() if card.name == name)
    trained = load_model(name)
    plan = RECIPES[name]
    assert trained.recipe == card.recipe == plan.recipe.replace(seed=card.recipe.seed)
    assert card.facts["runs"] == plan.seeds > card.recipe.seed
    assert (card.title, card.about, card.weaknesses) == (plan.title, plan.about, plan.weaknesses)
    assert card.facts["parameters"] == trained.model.parameter_count <= count_parameters(card.recipe)
    assert trained.model.temperature == card.temperature
    assert 0.5 < card.test_accuracy <= 1
    assert (SHIPPED_FOLDER / f"{name}.safetensors").stat().st_size < 12_000_000


def test_the_measurements_tell_what_the_cards_tell() -> None:
    text = MEASUREMENTS.read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\d,]+) \|.*\| ([\d.]+) % \| ([\d.]+) \|$", text, re.MULTILINE)
    told = {name: (parameters, accuracy, temperature) for name, parameters, accuracy, temperature in rows}
    known = {
        card.name: (f"{card.facts['parameters']:,}", f"{card.test_accuracy * 100:.2f}", f"{card.temperature:.2f}")
        for card in shipped()
    }
    assert told == known


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> Plan:
    plan = Plan("Tiny", "A model for a test.", "All.", Recipe(model="linear", train_images=200))
    monkeypatch.setitem(RECIPES, "tiny", plan)
    return plan


def test_shipping_writes_weights_and_a_card(tiny: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last = list(ship("tiny", tmp_path))[-1]
    assert isinstance(last, Finished)
    monkeypatch.setattr("mnist_core.runs.cards.SHIPPED_FOLDER", tmp_path)
    (card,) = shipped()
    assert card.recipe == tiny.recipe
    assert card.test_accuracy == last.test_accuracy
    assert load_model("tiny").model.temperature == card.temperature


def test_of_several_seeds_the_one_that_validates_best_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe(model="linear", train_images=100, epochs=2)
    monkeypatch.setitem(RECIPES, "tiny", Plan("Tiny", "A model for a test.", "All.", recipe, seeds=3))
    events = list(ship("tiny", tmp_path))
    ends = [event for event in events if isinstance(event, Finished)]
    losses = [event.validation_loss for event in events if isinstance(event, Epoch) and event.epoch == 2]
    best = losses.index(min(losses))
    card = json.loads((tmp_path / "tiny.json").read_text())
    assert len(set(losses)) == len(ends) == card["runs"] == 3
    assert (card["recipe"]["seed"], card["validation_loss"]) == (best, losses[best])
    assert card["test_accuracies"] == [end.test_accuracy for end in ends]
    assert card["test_accuracy"] == ends[best].test_accuracy


def test_a_card_tells_of_pen_digits_where_they_are_given(tiny: Plan, tmp_path: Path) -> None:
    strokes = write(tmp_path / "strokes.npz")
    list(ship("tiny", tmp_path, strokes))
    path = tmp_path / "tiny.json"
    told = json.loads(path.read_text())["pen_digits"]
    assert told["digits"] == 3
    assert {told["misread_middle"], told["misread_small"]} <= {0, 1 / 3, 2 / 3, 1}
    describe_again("tiny", tmp_path)
    assert json.loads(path.read_text())["pen_digits"] == told  # what was measured stays


def test_words_can_be_changed_without_training(tiny: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    list(ship("tiny", tmp_path))
    card = json.loads((tmp_path / "tiny.json").read_text())
    monkeypatch.setitem(RECIPES, "tiny", Plan("Other", tiny.about, tiny.weaknesses, tiny.recipe))
    describe_again("tiny", tmp_path)
    again = json.loads((tmp_path / "tiny.json").read_text())
    assert again == card | {"title": "Other"}
    assert list(again) == list(card)


def test_what_fails_writes_nothing(tiny: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped_models, "train", lambda recipe: iter(()))
    with pytest.raises(UserError) as error:
        list(ship("tiny", tmp_path))
    assert error.value.code == "training_failed"
    assert not list(tmp_path.iterdir())


def test_a_model_that_does_not_ship_is_named_with_those_that_do() -> None:
    for make in (lambda: list(ship("resnet")), lambda: describe_again("resnet")):
        with pytest.raises(UserError, match="resnet") as error:
            make()
        assert error.value.code == "model_unknown"
        assert "default" in error.value.fix
