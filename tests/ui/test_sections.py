"""When a section of a page fails, it says so in plain words, and every other section of that page is still there."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from streamlit.errors import StreamlitDuplicateElementKey
from streamlit.testing.v1 import AppTest

from mnist_core import ui
from mnist_core.claims import outcome as outcomes
from mnist_core.evaluation import error_analysis
from mnist_core.recipe import Recipe
from mnist_core.training.events import Started
from mnist_core.ui import services
from mnist_core.ui.claims import claim_results
from mnist_core.ui.common.messages import plain
from mnist_core.ui.common.section import SECTIONS
from mnist_core.ui.mistakes import robustness
from tests.claims.made_up import CLAIM, outcome
from tests.patience import PATIENCE_S
from tests.ui.app import SEVEN, open_page, run, texts
from tests.ui.engine import EngineWithoutWorkers
from tests.ui.train.run import made_up
from tests.ui.train.run.column import a_run, a_running, finished, opened_at, own_page, tick

pytestmark = pytest.mark.usefixtures("lasting_caches")

for module in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
    importlib.import_module(module.name)

FEW = {"train_images": "200"}
PREVIEWS = {
    "The levers", "The changed settings", "All settings", "A section of the recipe", "The presets",
    "The augmented images", "The training images as they are", "The training set by digit", "The model's size",
    "The schedule", "The search for a learning rate",
}  # fmt: skip


def draw(look: str = "diagnosis") -> AppTest:
    app = open_page("draw", run="linear", look=look)
    app.session_state["pad"] = {"drawing": SEVEN}
    return run(app)


def choose(app: AppTest, key: str, value: str) -> AppTest:
    next(one for one in app.get("button_group") if one.key == key).set_value(value)
    return run(app)


def mistakes(look: str, **more: str) -> AppTest:
    if "image" in more:
        services.neighbors("linear").wait(PATIENCE_S)
    return open_page("mistakes", run="linear", look=look, **more)


def data(look: str) -> AppTest:
    return open_page("data", look=look, **FEW)


def trained(engine: EngineWithoutWorkers, tab: str) -> AppTest:
    del engine
    return opened_at(a_run(*made_up.training(4), finished()), tab)


def fitted(engine: EngineWithoutWorkers) -> AppTest:
    del engine
    recipe = Recipe(model="svm", train_images=1_000)
    last = replace(made_up.checked(1), kernel_median=0.5)
    return own_page(a_run(Started({}, 0, 1, "cpu"), last, made_up.epoch(1), recipe=recipe))


def compared(engine: EngineWithoutWorkers) -> AppTest:
    del engine
    for _ in range(2):
        a_run(*made_up.training(2), finished(2, 2))
    return tick(open_page("train"), 0, 1)


def draw_uploaded(engine: EngineWithoutWorkers) -> AppTest:
    del engine
    return choose(open_page("draw", run="linear"), "source", "upload")


SHOWN: dict[Callable[[EngineWithoutWorkers], AppTest], set[str]] = {
    lambda _: draw(): {"The answer", "Model input (28 × 28)", "The preparation", "The correction", "What is wrong?"},
    lambda _: draw("xray"): {"Measurements", "The nearest training digits"},
    lambda _: draw("why"): {"Attribution"},
    lambda _: draw("models"): {"Compare models"},
    lambda _: draw("stress"): {"Sensitivity"},
    lambda _: draw("code"): {"Pipeline bugs"},
    lambda _: draw("mine"): {"Saving this digit", "My digits", "Fine-tuning"},
    lambda _: open_page("draw", run="linear", image="3"): {"The true label"},
    draw_uploaded: {"The picture"},
    lambda _: open_page("train", drawer=True): {
        "Start training", "The drawing to track", "The empty chart", "Recent runs", *PREVIEWS,
    },
    lambda _: open_page("train", run=a_run(*made_up.training(4), finished()).id): {"The run's own recipe"},
    lambda engine: own_page(a_running(engine)): {
        "The progress of the run", "The controls of the run", "The charts of the run", "The hints", "Loss & accuracy",
    },
    lambda engine: trained(engine, "Learning rate"): {
        "Learning rate", "The result of the run", "The epochs of the run",
    },
    lambda engine: trained(engine, "Gradients"): {"Gradients"},
    lambda engine: trained(engine, "Units"): {"Units"},
    lambda engine: trained(engine, "Weights"): {"Weights"},
    lambda engine: trained(engine, "Filters"): {"Filters"},
    lambda engine: trained(engine, "My drawing"): {"My drawing"},
    fitted: {"The accuracy of the run"},
    compared: {"The comparison"},
    lambda _: mistakes("matrix"): {"The headline", "Confusion matrix", "The images"},
    lambda _: mistakes("causes"): {"Error analysis"},
    lambda _: mistakes("figures"): {"Metrics"},
    lambda _: mistakes("map"): {"Map"},
    lambda _: mistakes("robustness"): {"Robustness"},
    lambda _: mistakes("versus", against="mlp"): {"Wins and losses"},
    lambda _: mistakes("matrix", image="3"): {
        "The image", "The evidence", "The three nearest", "The label", "The analysis",
    },
    lambda _: data("classes"): {"The panels", "Digits"},
    lambda _: data("ink"): {"Ink"},
    lambda _: data("suspects"): {"Suspects"},
    lambda _: data("test"): {"Test labels"},
    lambda _: open_page("claims"): {"A claim"},
    lambda _: open_page("claims", claim=CLAIM.id): {
        "The ways to other claims", "The figure", "The links", "The comparisons", "The protocol", "How it was tested",
        "The quick test",
    },
}  # fmt: skip
"""Pages as they can be opened, and of each the sections that are made to fail there."""

FULL = [opens for opens, titles in SHOWN.items() if len(titles) >= 5]


@pytest.fixture(autouse=True)
def _one_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_results, "CLAIMS", {CLAIM.id: CLAIM})
    monkeypatch.setattr(outcomes, "shipped", lambda _: outcome())


@pytest.fixture(autouse=True)
def _few_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the panels say of them is tested elsewhere; 300 mistakes take as long as all other sections together."""
    monkeypatch.setattr(error_analysis, "MOST", 3)
    monkeypatch.setattr(robustness, "FEWER_FOR", {"linear": 20})


def test_every_section_is_made_to_fail_somewhere() -> None:
    assert set.union(*SHOWN.values()) == set(SECTIONS)


@pytest.mark.parametrize("opens", SHOWN, ids=lambda opens: min(SHOWN[opens]))
def test_a_section_that_fails_takes_no_other_down(engine, failures, opens) -> None:
    app = opens(engine)
    with recorded() as usual:
        run(app)
    assert not failures
    for title in SHOWN[opens]:
        assert title in usual
        others = {name for name, around in usual.items() if title not in around}
        with recorded(title) as inside:
            run(app)  # an exception on the page would fail here
        assert others <= set(inside), title
        assert f"**{plain(title)} could not be shown" in texts(app)
        assert "StreamlitDuplicateElementKey" not in texts(app)
        assert all(told.startswith(f"{title} could not be shown") for told in failures)
        failures.clear()


@pytest.mark.parametrize("opens", FULL, ids=lambda opens: min(SHOWN[opens]))
def test_a_section_is_there_when_all_others_fail(engine, failures, opens) -> None:
    app = opens(engine)
    title = min(SHOWN[opens])
    with recorded() as inside:
        run(app)
    failing = {name for name, around in inside.items() if name not in inside[title] and title not in around}
    failures.clear()

    with recorded(*failing) as inside:
        run(app)
    assert title in inside
    assert f"**{plain(title)} could not be shown" not in texts(app)
    assert texts(app).count("could not be shown") >= len(failing & set(inside))
    failures.clear()


@contextmanager
def recorded(*failing: str) -> Iterator[dict[str, set[str]]]:
    """Which sections are shown, each with itself and those that it stands in; some of them can be made to fail."""
    seen: dict[str, set[str]] = {}
    open_now: list[str] = []

    def record(title: str, render: Callable[..., None]) -> Callable[..., None]:
        def show(*args: Any, **kwargs: Any) -> None:
            open_now.append(title)
            seen[title] = seen.get(title, set(open_now)) & set(open_now)
            try:
                render(*args, **kwargs)
                if title in failing:
                    raise StreamlitDuplicateElementKey("a key that is there twice")
            finally:
                open_now.pop()

        return show

    with patch.dict(SECTIONS, {title: record(title, render) for title, render in SECTIONS.items()}):
        yield seen


def test_what_stops_a_page_or_runs_it_again_is_no_failure() -> None:
    def page() -> None:
        import streamlit as st

        from mnist_core.ui.common import messages

        with messages.explained():
            if st.session_state.setdefault("times", 0) == 0:
                st.session_state["times"] = 1
                st.rerun()
        with messages.explained():
            st.write("shown")
            st.stop()
        st.write("never")

    assert texts(run(AppTest.from_function(page))) == "shown"


def test_where_the_rest_needs_it_a_failure_ends_the_page(failures) -> None:
    def page() -> None:
        import streamlit as st

        from mnist_core.ui.common import messages

        with messages.explained_or_stop(part="The *models*"):
            raise KeyError("secret")
        st.write("never")

    shown = texts(run(AppTest.from_function(page)))
    assert shown.startswith(r"**The \*models\* could not be shown")
    assert "secret" not in shown
    assert "never" not in shown
    assert failures == ["The *models* could not be shown: KeyError('secret')"]
    failures.clear()
