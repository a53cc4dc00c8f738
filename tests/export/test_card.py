import json

import pytest

from mnist_core.errors import UserError
from mnist_core.export.card import card_of, limits_of, plain, said
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.runs.cards import SHIPPED_FOLDER
from mnist_core.runs.export_facts import facts_of
from tests.export.examples import facts_for


def test_it_says_how_right_the_model_is_and_on_how_many() -> None:
    card = card_of(facts_for())
    assert "| 5,000 | 75.00% |" in card
    assert "| 10,000 | 80.00% |" in card
    assert "2 of 2 epochs" in card
    assert "1.250" in card
    assert "learning rate 0.01 to 0.02" in card
    assert "7,850 parameters" in card
    assert 'InferenceSession("digit-clinic-1a2b3c4d.onnx")' in card


def test_a_run_that_was_not_tested_says_nothing_of_a_test() -> None:
    card = card_of(facts_for(test_accuracy=None, notes=("Somebody stopped it before its last epoch.",)))
    assert "Test (" not in card
    assert "- Somebody stopped it" in card
    assert "not measured" in card_of(facts_for(test_accuracy=None, validation_accuracy=None))


def test_what_differs_stands_in_words() -> None:
    recipe = Recipe(model="mlp", label_noise=0.3, keep_4=0.1, activation="tanh", batch_norm=False, test_offset_px=3)
    card = card_of(facts_for(recipe))
    for words in ("| Share of wrong labels | 30 % of the labels | 0 % of the labels |", "| Activation | tanh | ReLU |",
                  "| Batch normalisation | off | on |", "moved 3 pixels"):  # fmt: skip
        assert words in card
    assert "wrong labels: 30 % of the labels" in card
    assert "few or none of these digits: 4." in card
    assert "| Seed |" not in card


def test_the_usual_recipe_differs_in_nothing() -> None:
    assert "All settings are Digit Clinic's defaults" in card_of(facts_for(Recipe()))


def test_a_name_is_text_and_not_markup() -> None:
    card = card_of(facts_for(title="<img src=x> *me* [a](b) `c`"))
    assert card.splitlines()[0] == r"# \<img src=x\> \*me\* \[a\]\(b\) \`c\`"
    assert plain("a|b") == r"a\|b"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("rotation_deg", 10.0, "10°"),
        ("shift_x", 0.1, "10 % of the width"),
        ("train_images", 55_000, "55,000 images"),
        ("learning_rate", 0.01, "0.01"),
        ("cleaning", True, "on"),
        ("optimizer", "nesterov", "SGD with Nesterov momentum"),
    ],
)
def test_values_in_words(name, value, words) -> None:
    assert said(FIELDS[name], value) == words


def test_limits_follow_from_the_recipe() -> None:
    upright = "It has only seen upright"
    assert any(limit.startswith(upright) for limit in limits_of(Recipe()))
    assert not any(limit.startswith(upright) for limit in limits_of(Recipe(rotation_deg=10)))
    assert any("wrong labels" in limit for limit in limits_of(Recipe(label_noise=0.1)))


def test_a_shipped_model_tells_what_was_measured_of_it() -> None:
    card = card_of(facts_of("cnn_noisy"))
    measured = json.loads((SHIPPED_FOLDER / "cnn_noisy.json").read_text(encoding="utf-8"))["test_accuracy"]
    assert f"{measured * 100:.2f}%" in card
    assert "It errs more than twice as often" in card


def test_without_a_model_there_is_no_card() -> None:
    def none():
        raise UserError("run_without_epochs", "Run has no finished epoch.", "Let it finish one.")

    facts = facts_for()
    with pytest.raises(UserError, match="no finished epoch"):
        card_of(type(facts)(name="a", title="a", recipe=facts.recipe, model=none))
