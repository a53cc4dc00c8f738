import pytest

from mnist_core.recipe import Recipe
from mnist_core.training.events import SettingChanged
from mnist_core.ui.train.run.controls import change_words

RECIPE = Recipe(learning_rate=0.01)


@pytest.mark.parametrize(
    ("sent", "changed", "said"),
    [
        (0.1, (), "Learning rate 0.1: sent"),
        (0.1, (SettingChanged(120, "learning_rate", 0.01, 0.1),), "Learning rate 0.1: counts from step 121"),
        (0.2, (SettingChanged(120, "learning_rate", 0.01, 0.1),), "Learning rate 0.2: sent"),
        (0.1, (SettingChanged(120, "dense_dropout", 0.0, 0.1),), "Learning rate 0.1: sent"),
        (0.01, (), ""),  # back where it was before anybody heard of it
        (
            0.01,
            (SettingChanged(10, "learning_rate", 0.01, 0.1), SettingChanged(1_500, "learning_rate", 0.1, 0.01)),
            "Learning rate 0.01: counts from step 1,501",
        ),
    ],
)
def test_what_became_of_a_change_is_said(sent: float, changed: tuple, said: str) -> None:
    assert change_words("learning_rate", sent, changed, RECIPE) == said


def test_a_paused_run_hears_a_change_before_its_next_step_whether_it_has_a_worker_or_not() -> None:
    assert (
        change_words("learning_rate", 0.1, (), RECIPE, next_step=1_235) == "Learning rate 0.1: counts from step 1,235"
    )
    assert change_words("learning_rate", 0.01, (), RECIPE, next_step=1_235) == ""
