from collections.abc import Callable
from typing import Any

import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training.events import RangeTested, Started, Step
from mnist_core.ui import services
from mnist_core.ui.train.form import lr_finder
from tests.ui.app import address, run, texts
from tests.ui.engine import EngineWithoutWorkers
from tests.ui.train.form.form import labels, open_form, press, values, widget

FOUND = RangeTested(suggested=0.01234, lowest=0.2, wall_s=1.0)


@pytest.fixture
def ranged(engine: EngineWithoutWorkers, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The engine tests ranges; calling it lets the test that is under way take some steps, or end."""
    made: list[str] = []

    def test_range(recipe: Recipe, session: str = "") -> Any:
        if engine.refusal:
            raise engine.refusal
        tested = services.store().create(recipe, "range", session)
        services.store().begin(tested.id)
        services.store().record(tested.id, Started(recipe.as_dict(), 100, 10, "cpu"))
        engine.shown[tested.id] = {"state": "running", "steps_done": 3, "steps": 100}
        made.append(tested.id)
        return tested

    def go_on(*steps: Step, found: RangeTested | None = None) -> None:
        for step in steps:
            services.store().record(made[-1], step)
        if found:
            engine.shown[made[-1]] = {"state": "finished", "range": found}

    monkeypatch.setattr(engine, "test_range", test_range, raising=False)
    return go_on


def test_a_rate_is_looked_for_found_and_used(ranged: Callable[..., None]) -> None:
    app = press(open_form(), "Learning-rate finder")
    assert "Running LR range test: step 3 of 100" in texts(app)
    assert "Use 0.012" not in labels(app)
    ranged(*(Step(step, 0.01, 2.0 / step, 1e-4 * 2**step) for step in range(1, 12)), found=FOUND)
    run(app)
    assert "fell fastest at a rate of **0.012**" in texts(app)
    press(app, "Use 0.012")
    assert address(app) == {"learning_rate": "0.012"}
    assert values(app)["learning_rate"] == 0.012
    assert next(button for button in app.button if button.label == "Use 0.012").disabled


def test_a_rate_that_was_found_for_other_settings_says_so(ranged: Callable[..., None]) -> None:
    app = press(open_form(), "Learning-rate finder")
    ranged(found=FOUND)
    widget(run(app), "epochs").set_value(3)
    assert "may have changed" not in texts(run(app))
    widget(app, "optimizer").set_value("sgd")
    assert "may have changed" in texts(run(app))


def test_a_loss_that_never_fell_suggests_nothing(ranged: Callable[..., None]) -> None:
    app = press(open_form(), "Learning-rate finder")
    ranged(found=RangeTested(None, None, 1.0))
    assert "did not fall" in texts(run(app))
    assert not [label for label in labels(app) if label.startswith("Use 0")]


def test_a_refused_range_test_is_said_once(engine: EngineWithoutWorkers, ranged: Callable[..., None]) -> None:
    engine.refusal = UserError("queue_full", "20 runs are waiting already.", "Try again later.")
    app = press(open_form(), "Learning-rate finder")
    assert "20 runs are waiting already" in app.error[0].value
    assert not run(app).error


def test_a_support_vector_machine_has_no_rate_to_find() -> None:
    app = open_form(model="svm")
    assert next(button for button in app.button if button.label == "Learning-rate finder").disabled


def test_the_range_chart_marks_what_was_found_and_stops_where_the_loss_leaves_it() -> None:
    steps = [Step(1, 0.1, 2.3, 1e-4), Step(2, 0.2, 1.0, 1e-2), Step(3, 0.3, 80.0, 1.0), Step(4, 0.4, float("nan"), 2.0)]
    smooth, raw = lr_finder.spec_of(steps, FOUND)["series"]
    assert raw["data"] == [[1e-4, 2.3], [1e-2, 1.0], [1.0, None]]
    assert smooth["markLine"]["data"] == [{"xAxis": 0.012}]
    assert "0.012" in smooth["markLine"]["label"]["formatter"]
    assert "markLine" not in lr_finder.spec_of(steps, None)["series"][0]
