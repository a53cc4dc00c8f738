import pytest

from mnist_core.recipe import FIELDS, Recipe
from mnist_core.ui.recipe_form import _UNUSED, notches

NOTCHED = ["train_images", "learning_rate", "weight_decay", "batch_size", "epochs", "svm_c", "svm_gamma"]


@pytest.mark.parametrize("name", NOTCHED)
def test_notches_rise_stay_inside_the_bounds_and_hold_both_ends_and_the_default(name: str) -> None:
    field = FIELDS[name]
    positions = notches(field, field.default)
    assert positions == sorted(set(positions))
    assert (positions[0], positions[-1]) == (field.low, field.high)
    assert field.default in positions
    assert [field.read(position) for position in positions] == positions


@pytest.mark.parametrize(("name", "extra"), [("learning_rate", 0.0073), ("epochs", 37), ("batch_size", 100)])
def test_a_value_between_two_notches_becomes_one(name: str, extra: float) -> None:
    assert extra in notches(FIELDS[name], extra)


@pytest.mark.parametrize("model", list(FIELDS["model"].choices))
def test_of_every_model_what_it_does_not_use_is_known(model: str) -> None:
    unused = {name for name, reasons in _UNUSED.items() if any(is_so(Recipe(model=model)) for _, is_so in reasons)}
    assert unused <= set(FIELDS)
    assert ("learning_rate" in unused) == (model == "svm")
    assert ("svm_c" in unused) == (model != "svm")
    assert ("activation" in unused) == (model in ("linear", "svm"))
