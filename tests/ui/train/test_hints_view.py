from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.recipe import Recipe
from mnist_core.runs.queue.live import Live
from mnist_core.runs.run import Curve, Insight, State
from mnist_core.training.hints import RULES, Hint, RunHistory
from mnist_core.ui import services
from mnist_core.ui.common.messages import plain
from mnist_core.ui.train import run_view
from mnist_core.ui.train.hints_view import MOST, change_words
from mnist_core.ui.train.run.snapshot import Record
from tests.patience import PATIENCE_S
from tests.training.histories import HISTORIES
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


# --- all of them ----------------------------------------------------------------------------------------

FOUND = {name: RULES[name][0](recipe, history) for name, (recipe, history) in HISTORIES.items()}


def test_every_rule_has_a_history_in_which_it_finds_something() -> None:
    assert HISTORIES.keys() == RULES.keys()
    assert all(FOUND.values())


def shown_in_turn(page: Callable[[], None]) -> Callable[[object], AppTest]:
    """One page that is run again for each thing that it shows: a hundred of its own would take a minute."""
    app = AppTest.from_function(page, default_timeout=PATIENCE_S)

    def show(shown: object) -> AppTest:
        app.session_state["shown"] = shown
        return run(app)

    return show


def test_any_two_hints_are_shown_side_by_side() -> None:
    def page() -> None:
        import streamlit as st

        from mnist_core.ui.train import hints_view

        hints_view.show(*st.session_state["shown"])

    show = shown_in_turn(page)
    for first, second in combinations(FOUND, 2):
        recipe = HISTORIES[first][0]
        app = show(([FOUND[first], FOUND[second]], recipe))
        texts_shown = texts(app)
        for hint in (FOUND[first], FOUND[second]):
            assert plain(hint.title) in texts_shown, (first, second)
        tried = [hint for hint in (FOUND[first], FOUND[second]) if recipe.replace(**hint.change) != recipe]
        assert len(app.button) == len(tried) >= 1, (first, second)


@pytest.mark.parametrize("state", get_args(State))
def test_every_hint_is_shown_of_a_run_in_every_state(state: State) -> None:
    """From the record of a run, as the page has it."""

    def page() -> None:
        import streamlit as st

        from mnist_core.ui.train import hints_view

        record = st.session_state["shown"]
        hints_view.show(record.hints(), record.run.recipe)

    show = shown_in_turn(page)
    for name, (recipe, history) in HISTORIES.items():
        record = record_with(recipe, history, state)
        found = [hint.code for hint in record.hints()]
        assert (FOUND[name].code in found) == (name != "diverged" or state == "diverged") or "diverged" in found
        app = show(record)
        for hint in record.hints()[:MOST]:
            assert plain(hint.title) in texts(app), (name, state)


def record_with(recipe: Recipe, history: RunHistory, state: State) -> Record:
    made = services.store().create(recipe)
    steps = history.diverged_at or 0
    made = replace(made, state=state, steps=400, steps_done=steps, test_accuracy=history.test_accuracy)
    live = Live(made.id, state, steps=400, steps_done=steps)
    insight = Insight(measured=tuple(history.measured), checked=tuple(history.checked))
    return Record(made, live, Curve(tuple(history.steps), tuple(history.epochs)), insight, len(history.epochs))


@pytest.mark.parametrize("state", get_args(State))
def test_a_run_with_hints_is_shown_whole_in_every_state(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe, history = HISTORIES["overfit"]
    record = record_with(recipe, replace(history, steps=HISTORIES["learning_rate_too_high"][1].steps), state)
    monkeypatch.setattr(run_view, "record_of", lambda _: record)

    def page() -> None:
        from mnist_core.ui.train import run_view

        run_view.show("whatever")

    shown = texts(run(AppTest.from_function(page, default_timeout=PATIENCE_S)))
    assert "could not be shown" not in shown
    assert sum(plain(hint.title) in shown for hint in record.hints()) >= 1
