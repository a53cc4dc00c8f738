"""The drawing that a run follows, and what is left of a run when it has ended."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_core.recipe import Recipe
from mnist_core.training.events import Diverged
from mnist_core.ui import services
from mnist_core.ui.draw.current_digit import CurrentDigit
from mnist_core.ui.train.run.run_summary import why_not_longer
from tests.ui.app import SEVEN, go_to, open_page, parts, run, texts
from tests.ui.train.run import made_up
from tests.ui.train.run.column import a_run, finished, marks_of, matrix_text, opened_at, own_page, press

RESUME = b"what training needs to go on"


def test_a_run_follows_a_test_image_until_something_is_drawn() -> None:
    app = press(open_page("train"), "Start training")
    assert app.toggle(key="follow_drawing").label == "Track test image 321, a 2"
    (made,) = services.store().runs()
    assert np.array_equal(services.store().drawing(made.id), services.test_picture(321)[0])


def test_a_run_follows_the_digit_on_the_draw_page() -> None:
    app = open_page("draw")
    app.session_state["pad"] = {"drawing": SEVEN}
    run(app)
    drawn: CurrentDigit = app.session_state["standing_subject"]
    go_to(app, "train")
    assert app.toggle(key="follow_drawing").label == "Track the digit on the Draw page"
    press(app, "Start training")
    (made,) = services.store().runs()
    assert np.abs(services.store().drawing(made.id) / 255 - drawn.digit.pixels).max() < 0.003


def test_a_run_follows_nothing_when_nobody_wants_it() -> None:
    app = open_page("train")
    app.toggle(key="follow_drawing").set_value(False)
    press(run(app), "Start training")
    (made,) = services.store().runs()
    assert services.store().drawing(made.id) is None
    assert "tracks no drawing" in texts(opened_at(a_run(*made_up.training(1)), "My drawing"))


def test_epochs_are_slid_through_with_figures_matrix_and_the_drawing() -> None:
    made = a_run(*made_up.training(4), finished(), drawing=services.test_picture(321)[0])
    app = own_page(made)
    assert "**Validation** 98.75 %" in texts(app)
    assert matrix_text(app, 4, 9) == "15"
    before = parts(app, "answer")[0]["probabilities"]
    app.select_slider(key=f"epoch_of_{made.id}").set_value(1)
    run(app)
    assert "**Validation** 95.00 %" in texts(app)
    assert matrix_text(app, 4, 9) == "60"
    assert parts(app, "answer")[0]["probabilities"] != before
    assert ("Epoch 1", 1) in marks_of(app)


def test_a_cell_of_the_matrix_tells_its_history() -> None:
    app = own_page(a_run(*made_up.training(4), finished()))
    app.session_state["epoch_matrix"] = {"picked": {"cell": [4, 9]}}
    made = services.store().runs()[0]
    app.session_state[f"cell_of_{made.id}"] = (4, 9)
    assert "**A 4 predicted as 9:** 15 after epoch 4. Over the epochs: 60 → 30 → 20 → 15." in texts(run(app))


def test_a_run_is_trained_longer_from_where_it_ended() -> None:
    made = a_run(made_up.started(), made_up.checked(1), made_up.epoch(1, resume=RESUME), finished(1, 1))
    app = own_page(made)
    app.number_input(key=f"more_epochs_{made.id}").set_value(5)
    press(run(app), "Train 5 more")
    longer = services.store().runs()[0]
    assert services.store().run(longer.id).continues == made.id
    assert longer.recipe == made.recipe.replace(epochs=6)


def test_what_was_stopped_early_is_asked_to_do_the_missing_epochs() -> None:
    made = a_run(made_up.started(), made_up.epoch(1, resume=RESUME), Diverged(120, 3.0))
    assert own_page(made).number_input(key=f"more_epochs_{made.id}").value == 3


@pytest.mark.parametrize(
    ("recipe", "why"),
    [(made_up.RECIPE, "was not kept"), (Recipe(model="svm", train_images=1_000), "fitted in one go")],
)
def test_a_run_that_cannot_go_on_says_why(recipe: Recipe, why: str) -> None:

    made = a_run(made_up.started(), made_up.epoch(1), finished(1, 1), recipe=recipe)
    assert why in why_not_longer(made)


def test_a_model_can_be_taken_away_in_every_format() -> None:
    from mnist_core.export.files import FORMATS

    app = own_page(a_run(*made_up.training(1), finished(1, 1)))
    shown = [button.proto.label for button in app.get("download_button")]
    assert shown == [format.label for format in FORMATS.values()]


def test_hints_are_shown_with_the_change_to_try() -> None:
    wild = replace(made_up.RECIPE, learning_rate=5.0)
    steps = [made_up.step(number, 2.3 + number / 10) for number in range(1, 60)]
    app = own_page(a_run(made_up.started(wild), *steps, Diverged(60, 3.0), recipe=wild))
    tried = next(button for button in app.button if button.label.startswith("Try it: learning rate 5 → "))
    tried.click()
    assert run(app).select_slider(key="learning_rate").value < 5
