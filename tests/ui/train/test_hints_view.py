from streamlit.testing.v1 import AppTest

from mnist_core.recipe import Recipe
from mnist_core.training.hints import Hint
from mnist_core.ui.train.hints_view import change_words
from tests.ui.app import run, texts

RECIPE = Recipe(learning_rate=0.1, activation="sigmoid")


def hint(number: int, **change) -> Hint:
    return Hint(f"code_{number}", f"Title {number}", f"Text {number}.", change or {"epochs": 10 + number})


def page(*hints: Hint) -> AppTest:
    """Only the hints, and the recipe that a press on one of them has set."""

    def script(shown, recipe) -> None:
        from mnist_core.ui.train import hints_view

        hints_view.show(shown, recipe)

    return run(AppTest.from_function(script, args=(hints, RECIPE)))


def test_without_hints_there_is_nothing() -> None:
    assert texts(page()) == ""


def test_never_more_than_three_the_most_important_first() -> None:
    app = page(*(hint(number) for number in range(5)))
    assert [button.label for button in app.button] == [f"Try it: epochs 1 → {10 + number}" for number in range(3)]
    assert [button.proto.type for button in app.button] == ["primary", "secondary", "secondary"]
    assert "Title 0" in texts(app)
    assert "Title 3" not in texts(app)


def test_a_press_sets_the_recipe_of_the_run_with_the_change() -> None:
    app = page(hint(1, learning_rate=0.01))
    app.button[0].click()
    assert run(app).session_state["recipe"] == RECIPE.replace(learning_rate=0.01)


def test_a_change_is_said_as_people_read_it() -> None:
    change = {"learning_rate": 0.01, "activation": "relu", "batch_norm": False, "dense_dropout": 0.5, "svm_c": 2.0}
    assert change_words(RECIPE, change) == (
        "learning rate 0.1 → 0.01, activation Sigmoid → ReLU, batch normalisation on → off, "
        "dropout before the output 0 % → 50 %, C 10 → 2"
    )


def test_what_changes_nothing_or_cannot_be_has_no_button() -> None:
    app = page(hint(1, learning_rate=0.1), hint(2, learning_rate=1e9), hint(3, no_such_field=1))
    assert not app.button
    assert "Title 3" in texts(app)


def test_a_hints_words_are_no_markup() -> None:
    app = page(Hint("code", "**bold**", "![x](http://elsewhere/y.png)", {}, 33))
    assert r"\!\[x\]" in texts(app)
    assert r"\*\*bold\*\*" in texts(app)
    assert "step 33" in texts(app)


def test_hints_may_share_a_code() -> None:
    app = page(*(Hint("overfit", f"Title {number}", "Text.", {"epochs": 20 + number}) for number in range(3)))
    assert [f"Title {number}" in texts(app) for number in range(3)] == [True] * 3
    app.button[2].click()
    assert run(app).session_state["recipe"] == RECIPE.replace(epochs=22)
