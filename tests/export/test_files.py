"""The formats, and the small ones among them."""

import ast
import csv
import io

import pytest
import torch
from safetensors.torch import load

from mnist_core.errors import UserError
from mnist_core.export.card import card_of
from mnist_core.export.curve_csv import COLUMNS
from mnist_core.export.files import FORMATS, format_of
from mnist_core.export.safetensors_file import metadata_in, recipe_in
from mnist_core.recipe import Recipe
from mnist_core.training.weights import from_bytes, to_bytes
from tests.export.examples import facts_for


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "onnx"])  # which has tests of its own
def test_every_format_makes_a_file(name) -> None:
    chosen, facts = format_of(name), facts_for()
    content = chosen.make(facts)
    assert isinstance(content, bytes)
    assert content
    assert chosen.file_name(facts) == f"digit-clinic-1a2b3c4d{chosen.suffix}"
    assert chosen.mime.count("/") == 1


def test_an_unknown_format_says_which_there_are() -> None:
    with pytest.raises(UserError, match="script, onnx, safetensors, card, csv") as raised:
        format_of("pickle")
    assert raised.value.code == "format_unknown"


def test_weights_come_back_with_recipe_card_and_temperature() -> None:
    recipe = Recipe(model="mlp", width=0.25, scaling="per_pixel", seed=5)
    facts = facts_for(recipe)
    content = FORMATS["safetensors"].make(facts)
    assert recipe_in(content) == recipe
    model = from_bytes(recipe_in(content), content)
    images = torch.rand(3, 1, 28, 28)
    assert torch.equal(model(images), facts.model()(images))
    assert metadata_in(content)["card"] == card_of(facts)
    assert float(metadata_in(content)["temperature"]) == 1.25
    assert load(content).keys() == model.state_dict().keys()


@pytest.mark.parametrize("content", [b"", b"\x05", b"\xff" * 40, b"\x02\0\0\0\0\0\0\0[]", b"\x04\0\0\0\0\0\0\0null"])
def test_what_is_no_safetensors_file_is_refused(content) -> None:
    with pytest.raises(UserError) as raised:
        recipe_in(content)
    assert raised.value.code == "checkpoint_unreadable"


def test_weights_without_a_recipe_say_so() -> None:
    with pytest.raises(UserError) as raised:
        recipe_in(to_bytes(facts_for().model()))
    assert raised.value.code == "recipe_unreadable"


def test_the_curve_has_steps_and_epochs_in_the_order_of_time() -> None:
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].make(facts_for()).decode())))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["epoch"], row["step"], row["validation_loss"]) for row in rows] == [
        ("0.5", "1", ""), ("1", "", "0.8"), ("1.5", "3", ""), ("2", "", "0.4"),
    ]  # fmt: skip
    assert rows[2]["learning_rate"] == "0.02"


def test_no_curve_is_said() -> None:
    with pytest.raises(UserError) as raised:
        FORMATS["csv"].make(facts_for(epochs=(), steps=()))
    assert raised.value.code == "curve_unknown"


def test_a_script_says_what_it_does_not_do_again() -> None:
    title = '"""; import os'
    script = FORMATS["script"].make(facts_for(title=title, notes=("It went on from where run 12345678 had got to.",)))
    about = ast.get_docstring(ast.parse(script)) or ""
    assert "python digit-clinic-1a2b3c4d.py --data FOLDER" in about
    assert "learning rate 0.01 to 0.02" in about
    assert "12345678" in about
    assert title not in script.decode()
