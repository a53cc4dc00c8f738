import pytest

from mnist_core.recipe import FIELDS
from mnist_core.ui.recipe_form import notches

NOTCHED = ["train_images", "learning_rate", "weight_decay", "batch_size", "epochs"]


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
