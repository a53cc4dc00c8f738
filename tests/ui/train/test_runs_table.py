"""The table of the newest runs: what it says of them, and what is done to those that are ticked."""

import pytest
import sqlalchemy
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.run import Run
from mnist_core.ui import services
from mnist_core.ui.train import run_control
from tests.ui.app import address, open_page, run, texts
from tests.ui.engine import EngineWithoutWorkers
from tests.ui.train.run import made_up
from tests.ui.train.run.column import ME, a_run, a_running, charts, finished, labels, press, tick


def table(app: AppTest):
    """What the table shows, a column for each name."""
    return app.dataframe[0].value


def ended(recipe: Recipe = made_up.RECIPE) -> Run:
    return a_run(*made_up.training(2), finished(2, 2), recipe=recipe)


def own(**more: str) -> AppTest:
    return open_page("train", visitor=ME, **more)


def test_runs_are_listed_newest_first_with_what_was_changed_and_what_came_of_it() -> None:
    first = ended(Recipe(epochs=2, activation="tanh"))
    services.store().create(Recipe(), name="waits")
    shown = table(own(run=first.id))
    assert list(shown["Run"]) == ["waits", first.name]
    assert list(shown["Open"]) == ["Open", "Shown"]
    assert list(shown["State"]) == ["Waiting", "Finished"]
    assert list(shown["Changed settings"]) == ["all defaults", "Activation: tanh · Epochs 2"]
    assert shown["Test accuracy"][1] == first.test_accuracy * 100
    assert shown["Started"][1] == first.created_at


def test_without_runs_there_is_no_table() -> None:
    app = own()
    assert not app.dataframe
    assert "None yet" in texts(app)


def test_the_table_follows_a_run(engine: EngineWithoutWorkers) -> None:
    made = a_running(engine)
    app = own()
    assert list(table(app)["State"]) == ["Training"]
    services.store().record(made.id, finished())
    assert list(table(run(app))["State"]) == ["Finished"]


def test_a_ticked_run_is_opened() -> None:
    made = ended()
    app = press(tick(own(), 0), "Open it")
    assert address(app)["run"] == made.id


def test_a_run_is_renamed_and_an_empty_name_gives_back_the_first() -> None:
    made = ended()
    app = tick(own(), 0)
    app.text_input(key=f"name_of_{made.id}").set_value("  my *best* one ")
    press(app, "Save")
    assert list(table(app)["Run"]) == ["my *best* one"]
    app.text_input(key=f"name_of_{made.id}").set_value("")
    press(app, "Save")
    assert list(table(app)["Run"]) == [made.name]


def test_runs_are_deleted_also_the_one_that_is_shown() -> None:
    kept, shown, other = ended(), ended(), ended()
    app = press(tick(own(run=shown.id), 0, 1), "Delete for good")
    assert [one.id for one in services.store().runs()] == [kept.id]
    assert "run" not in address(app)
    assert not app.error
    with pytest.raises(UserError, match=other.id):
        services.store().run(other.id)


def test_a_run_that_goes_on_cannot_be_deleted(engine: EngineWithoutWorkers) -> None:
    a_running(engine)
    app = tick(own(), 0)
    assert "Save" in labels(app)
    assert "Delete for good" not in labels(app)


def test_other_peoples_runs_are_neither_renamed_nor_deleted() -> None:
    ended()
    app = tick(open_page("train", visitor="somebody else"), 0)
    assert not {"Save", "Delete for good"} & {*labels(app)}
    assert "Open it" in labels(app)
    assert "other browsers" in texts(app)


def test_whoever_asks_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ended()
    monkeypatch.setattr(run_control, "visitor", lambda: "somebody else")
    for ask in (lambda: run_control.rename(made.id, "theirs"), lambda: run_control.delete([made.id])):
        ask()
        assert services.store().run(made.id).name == made.name


def test_ticked_runs_are_compared_by_their_curves_and_by_what_differs() -> None:
    ended(Recipe(epochs=2, learning_rate=0.1))
    ended(Recipe(epochs=2))
    app = tick(own(), 0, 1)
    assert [alt for alt in charts(app) if alt.startswith("Training loss by epoch. A is at")]
    assert [alt for alt in charts(app) if alt.startswith("Validation accuracy by epoch. A is at")]
    shown = app.table[0].value
    assert list(shown["Compared"]) == ["Name", "Accuracy", "Learning rate"]
    assert [shown[letter][2] for letter in "AB"] == ["0.01", "0.1"]


def test_of_five_ticked_runs_four_are_compared() -> None:
    for seed in range(5):
        ended(Recipe(seed=seed))
    app = tick(own(), 0, 1, 2, 3, 4)
    assert list(app.table[0].value) == ["Compared", "A", "B", "C", "D"]
    assert "The first 4" in texts(app)


def test_the_ticks_stay_with_their_runs_when_another_one_comes() -> None:
    first = ended(Recipe(epochs=2, activation="tanh"))
    app = tick(own(), 0)
    services.store().create(Recipe())
    app = press(run(app), "Open it")
    assert address(app)["run"] == first.id


def test_the_list_takes_one_query_however_many_runs_there_are() -> None:
    for seed in range(20):
        ended(Recipe(seed=seed))
    app = own()
    asked: list[str] = []

    def remember(*facts: object) -> None:
        asked.append(str(facts[2]))

    event.listen(sqlalchemy.Engine, "before_cursor_execute", remember)
    try:
        run(app)
    finally:
        event.remove(sqlalchemy.Engine, "before_cursor_execute", remember)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1
