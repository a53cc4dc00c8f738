"""What is seen of a run, tab by tab."""

import numpy as np
import pytest

from mnist_core.recipe import Recipe
from mnist_core.training.events import Diverged, SettingChanged, Started
from tests.ui.app import run
from tests.ui.train.run import made_up
from tests.ui.train.run.column import (
    a_run,
    a_running,
    filter_pictures,
    finished,
    marks_of,
    opened_at,
    own_page,
    run_charts,
)

ALL_TABS = ["Loss & accuracy", "Learning rate", "Gradients", "Units", "Weights", "Filters", "My drawing"]


def test_only_the_open_tab_is_made(engine) -> None:
    app = own_page(a_running(engine))
    assert [tab.label for tab in app.tabs if tab.label in ALL_TABS] == ALL_TABS
    assert [alt.split(" by ")[0] for alt in run_charts(app)] == ["Loss", "Accuracy"]


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("Learning rate", "Learning rate by epoch. It is at"),
        ("Gradients", "conv 1: "),
        ("Units", "Dead: "),
        ("Weights", "Weights reach to ±"),
        ("My drawing", "it predicts a"),
    ],
)
def test_each_tab_shows_its_chart(engine, tab: str, said: str) -> None:
    made = a_run(*made_up.training(4, 220), drawing=np.zeros((28, 28), np.uint8))
    engine.shown[made.id] = {"steps": made_up.STEPS, "steps_done": 220, "position": 0}
    app = opened_at(made, tab)
    (chart,) = run_charts(app)
    assert said in chart


def test_filters_grow_and_can_be_looked_back_on_afterwards(engine) -> None:
    made = a_run(*made_up.training(1), Diverged(101, 3.0))
    app = opened_at(made, "Filters")
    slider = app.select_slider(key=f"filters_at_{made.id}")
    newest = filter_pictures(app)
    assert len(newest) == 16
    slider.set_value(1)
    assert filter_pictures(run(app)) != newest


def test_marks_say_what_was_changed_and_where_a_run_diverged(engine) -> None:
    made = a_run(*made_up.training(4, 120), SettingChanged(120, "learning_rate", 0.01, 1.0), Diverged(121, 3.0))
    marks = marks_of(own_page(made))
    assert ("Learning rate 0.01 → 1", 1.2) in marks
    assert ("Diverged", 1.21) in marks


def test_early_stopping_marks_the_epoch_that_was_kept(engine) -> None:
    made = a_run(
        *made_up.training(4, recipe=made_up.RECIPE.replace(early_stopping=2)),
        finished(kept=3),
        recipe=made_up.RECIPE.replace(early_stopping=2),
    )
    assert marks_of(own_page(made)) == [("Kept: epoch 3", 3)]


def test_a_linear_model_has_no_units_to_die(engine) -> None:
    made = a_run(Started({}, 400, 7_850, "cpu"), recipe=Recipe(model="linear"))
    assert "Units" not in [tab.label for tab in own_page(made).tabs]
