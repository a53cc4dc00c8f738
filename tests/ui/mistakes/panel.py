"""A panel of the Mistakes page as Streamlit's own tester runs it, alone on a page."""

import json
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.ui import services
from mnist_core.ui.mistakes.comparison_state import Comparison
from tests.patience import PATIENCE_S
from tests.ui.app import ROOT, run


def looked_at(name: str, other: str | None = None) -> Comparison:
    """The shipped models of these names and how they read the test set."""
    model, evaluation = services.model_option(name), services.evaluation(name)
    if other is None:
        return Comparison(model, evaluation)
    return Comparison(model, evaluation, services.model_option(other), services.evaluation(other))


def made_up(labels: list[int], read: list[int], sure: float = 1.0) -> Comparison:
    """The model that ships, as if it had read images of these labels as these digits."""
    rows = np.full((len(read), 10), (1 - sure) / 9, np.float32)
    rows[np.arange(len(read)), read] = sure
    return Comparison(services.model_option("default"), Evaluation(np.array(labels), rows))


def open_panel(name: str, looked: Comparison, **state: Any) -> AppTest:
    app = AppTest.from_file(str(ROOT / "tests" / "ui" / "mistakes" / "panel_page.py"), default_timeout=PATIENCE_S)
    app.session_state["panel"], app.session_state["looked"] = name, looked
    for key, value in state.items():
        app.session_state[key] = value
    return run(app)


def plots(app: AppTest) -> list[dict[str, Any]]:
    """Plotly's figures on the page, as they are sent to the browser."""
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]
