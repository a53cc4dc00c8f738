"""Presets say what they do, and do what they say."""

import ast
import re

import pytest

from mnist_core.presets import PRESETS
from mnist_core.recipe import FIELDS, Recipe

LITERATURE = [preset for preset in PRESETS.values() if preset.kind == "literature"]


@pytest.mark.parametrize("key", PRESETS)
def test_a_preset_is_a_recipe_that_differs_from_the_default(key: str) -> None:
    preset = PRESETS[key]
    assert preset.key == key
    assert preset.recipe != Recipe()
    assert preset.about.endswith(".")
    assert all(getattr(preset.recipe, name) == value for name, value in preset.changes.items())


@pytest.mark.parametrize("preset", [one for one in PRESETS.values() if one.kind == "augmentation"], ids=lambda p: p.key)
def test_an_augmentation_leaves_everything_else(preset) -> None:
    before = Recipe(model="mlp", epochs=7, label_noise=0.2, zoom=0.4, flip="both")
    after = preset.apply(before)
    for name, field in FIELDS.items():
        if field.group != "augmentation":
            assert getattr(after, name) == getattr(before, name)
        else:
            assert getattr(after, name) == preset.changes.get(name, field.default)


@pytest.mark.parametrize("preset", LITERATURE, ids=lambda p: p.key)
def test_each_mend_changes_something_and_says_why(preset) -> None:
    assert preset.source
    assert preset.wrong
    for one in preset.corrections:
        assert getattr(preset.recipe, one.name) != one.value
        assert getattr(preset.corrected, one.name) == one.value
        assert one.why.endswith(".")


def numbers_of(code: str) -> dict[str, object]:
    """The keyword arguments with plain values that stand in the code."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    words = [word for call in calls for word in call.keywords if isinstance(word.value, ast.Constant)]
    return {word.arg: word.value.value for word in words if word.arg}


def test_the_keras_example_is_what_its_code_says() -> None:
    preset, said = PRESETS["keras_augmentation"], numbers_of(PRESETS["keras_augmentation"].code)
    names = {
        "rotation_range": "rotation_deg", "width_shift_range": "shift_x", "height_shift_range": "shift_y",
        "shear_range": "shear_deg", "zoom_range": "zoom", "fill_mode": "fill", "batch_size": "batch_size",
        "epochs": "epochs", "learning_rate": "learning_rate",
    }  # fmt: skip
    assert {name: getattr(preset.recipe, field) for name, field in names.items()} == {n: said[n] for n in names}
    assert preset.recipe.scaling == "unit"


def test_the_pytorch_example_is_what_its_code_says() -> None:
    preset = PRESETS["pytorch_net"]
    said = numbers_of(preset.code)
    assert (preset.recipe.batch_size, preset.recipe.learning_rate) == (said["batch_size"], said["lr"])
    dropouts = [float(share) for share in re.findall(r"Dropout\(([\d.]+)\)", preset.code)]
    assert [preset.recipe.conv_dropout, preset.recipe.dense_dropout] == dropouts
    assert (preset.recipe.model, preset.recipe.optimizer, preset.recipe.batch_norm) == ("net", "adam", False)


def test_the_scikit_learn_example_is_what_its_code_says() -> None:
    preset = PRESETS["svm_standard_scaler"]
    said = numbers_of(preset.code)
    assert (preset.recipe.svm_c, preset.recipe.svm_gamma) == (said["C"], said["gamma"])
    assert (preset.recipe.model, preset.recipe.scaling) == ("svm", "per_pixel")
