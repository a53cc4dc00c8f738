"""Controls begin where the page takes them to stand, whichever of the page's runs the browser makes them of."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.training.control import Control
from tests.ui.app import open_page, run
from tests.ui.engine import EngineWithoutWorkers
from tests.ui.train.run import made_up
from tests.ui.train.run.column import a_run, a_running, finished, own_page

KINDS = ("select_slider", "slider", "number_input", "selectbox", "button_group")

Page = Callable[[EngineWithoutWorkers], AppTest]


def a_run_under_way(engine: EngineWithoutWorkers) -> AppTest:
    made = a_running(engine)
    engine.wished[made.id] = Control(learning_rate=0.1, conv_dropout=0.5, steps_per_s=3.0)
    return own_page(made)


PAGES: dict[str, Page] = {
    "a finished run": lambda _: own_page(a_run(*made_up.training(4), finished())),
    "a run under way": a_run_under_way,
    "a recipe from a link": lambda _: open_page("train", keep_4="0.05", learning_rate="0.037", schedule="step"),
    "a panel from a link": lambda _: open_page("draw", image="0", look="why"),
    "mistakes": lambda _: open_page("mistakes", against="mlp", look="versus"),
    "data": lambda _: open_page("data", look="test"),
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_control_made_of_a_later_run_of_the_page_stands_where_it_stood(
    engine: EngineWithoutWorkers, page: Page
) -> None:
    app = page(engine)
    stood = {control.proto.id: _stands_at(control) for control in _controls(app)}
    again = [control for control in _controls(run(app)) if control.proto.id in stood]
    assert again
    for control in again:
        assert _stands_at(control) == stood[control.proto.id], control.label
        assert control.proto.set_value or _begins_at(control) == _stands_at(control), control.label


def _controls(app: AppTest) -> list[Any]:
    return [control for kind in KINDS for control in app.get(kind)]


def _stands_at(control: Any) -> list[Any]:
    """Its value on the server; of options their places."""
    match control.type:
        case "button_group":
            # The browser is given an option's icon by itself.
            texts = [re.sub(r"^:material/\w+: ", "", text) for text in control.formatted_values]
            return [control.options.index(text) for text in texts]
        case "selectbox":
            return [control.index]
        case "select_slider":
            return [control.options.index(control.format_func(control.value))]
    return list(control.value) if isinstance(control.value, tuple) else [control.value]


def _begins_at(control: Any) -> list[Any]:
    """Where the browser begins it when it is not told a value."""
    default = control.proto.default
    return [default] if isinstance(default, int | float) else list(default)
