"""The run's column of the Train page: runs to show there, and a look at what is shown."""

import json

import numpy as np

from mnist_core.data.mnist_files import load_mnist
from mnist_core.recipe import Recipe
from mnist_core.runs.run import Run
from mnist_core.training.events import Event, Finished
from mnist_core.ui import services
from mnist_core.ui.common.visitor import owner_name
from mnist_core.ui.train.run import snapshot
from tests.ui.app import open_page, parts, run
from tests.ui.engine import EngineWithoutWorkers
from tests.ui.train.run import made_up

ME = "my browser's token"
MY_SESSION = f"{owner_name(ME)}.0"


def a_run(*events: Event, recipe: Recipe = made_up.RECIPE, drawing=None) -> Run:
    store = services.store()
    made = store.create(recipe, session=MY_SESSION, drawing=drawing)
    store.begin(made.id)
    for event in events:
        store.record(made.id, event)
    store.flush()
    return store.run(made.id)


def a_running(engine: EngineWithoutWorkers, *events: Event, **shown) -> Run:
    made = a_run(*(events or made_up.training(4, 120)))
    engine.shown[made.id] = {"steps": made_up.STEPS, "steps_done": 120, "position": 0, **shown}
    return made


def finished(epochs: int = 4, kept: int = 4) -> Finished:
    right = np.eye(10, dtype="<f2")[load_mnist().test_labels.numpy()]
    return Finished(0.98, epochs, 33.0, right.tobytes(), kept)


def own_page(made: Run, **more: str):
    return open_page("train", visitor=ME, run=made.id, **more)


def press(app, label: str):
    next(button for button in app.button if button.label == label).click()
    return run(app)


def tick(app, *rows: int):
    """Tick these rows of the table of runs, and no others."""
    app.session_state[app.dataframe[0].proto.id.rsplit("-", 1)[-1]] = {"selection": {"rows": list(rows)}}
    return run(app)


def labels(app) -> list[str]:
    return [button.label for button in app.button]


def charts(app) -> list[str]:
    """What the charts on the page say of themselves."""
    return [element.proto.alt for element in app.get("echarts_chart")]


def opened_at(made: Run, tab: str):
    app = own_page(made)
    app.session_state["looks_7"] = tab
    return run(app)


def fresh(app):
    """The page once more, after what it had fetched of the run is too old."""
    snapshot._fetched.clear()
    return run(app)


def run_charts(app) -> list[str]:
    """The charts of the run; the form on the left has some, too."""
    return [alt for alt in charts(app) if "schedule" not in alt and "begins at" not in alt]


def marks_of(app) -> list[tuple[str, float]]:
    specs = [json.loads(element.proto.spec) for element in app.get("echarts_chart")]
    loss = next(spec for spec in specs if spec.get("title", {}).get("text", "").startswith("Loss"))
    return [(mark["label"]["formatter"], mark["xAxis"]) for mark in loss["series"][-1]["markLine"]["data"]]


def filter_pictures(app) -> list[str]:
    strip = next(part for part in parts(app, "image_strip") if "filters after step" in part["label"])
    return [picture["src"] for picture in strip["pictures"]]


def matrix_text(app, true: int, read: int) -> str:
    text: str = parts(app, "matrix")[0]["cells"][true][read]["text"]
    return text
