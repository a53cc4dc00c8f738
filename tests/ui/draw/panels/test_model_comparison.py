"""The panel on a small page of its own; the models are the shipped ones."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.data.mnist_files import load_mnist
from mnist_core.recipe import Recipe
from mnist_core.runs.cards import SHIPPED_FOLDER, shipped
from mnist_core.training.events import Epoch, Finished, Started
from mnist_core.ui import services
from tests.patience import PATIENCE_S
from tests.ui.app import run, texts


def page(label: int | None, asked: str = "default") -> None:
    """The panel for the first test image, a seven."""
    from mnist_core.data.mnist_files import load_mnist
    from mnist_core.diagnosis.prediction import predict
    from mnist_core.preprocessing.pipeline import preprocess
    from mnist_core.preprocessing.steps import RAW
    from mnist_core.ui import services
    from mnist_core.ui.draw.current_digit import CurrentDigit
    from mnist_core.ui.draw.panels import model_comparison

    picture = load_mnist().test_images[0].numpy()
    digit = preprocess(picture, RAW)
    reading = predict(services.model("default").model, digit)
    model_comparison.show(CurrentDigit(digit, reading, asked, label))


def opened(**arguments: Any) -> AppTest:
    return run(AppTest.from_function(page, default_timeout=PATIENCE_S, kwargs={"label": 7, **arguments}))


LINEAR = (SHIPPED_FOLDER / "linear.safetensors").read_bytes()


def finished_run(name: str = "mine", weights: bytes = LINEAR) -> str:
    """A run of people's own, by default with the shipped linear model's weights."""
    kept = services.store().create(Recipe(model="linear"), name)
    probabilities = np.full((len(load_mnist().test_labels), 10), 0.1, "<f2").tobytes()
    for event in (
        Started(kept.recipe.as_dict(), 1, 1, "cpu"),
        Epoch(1, 0.1, 0.9, 0.1, 0.9, 1.0, weights),
        Finished(0.92, 1, 1.0, probabilities),
    ):
        services.store().record(kept.id, event)
    return kept.id


def rows(app: AppTest) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = app.dataframe[0].value.to_dict("records")
    return found


def test_every_shipped_model_reads_the_digit() -> None:
    app = opened()
    shown = rows(app)
    first, *others = shipped()
    assert [row["model"] for row in shown] == [f"▸ {first.title}", *(card.title for card in others)]
    assert [row["digit"] for row in shown] == ["7"] * len(shown)
    assert all(row["correct"] == "✓" for row in shown)
    assert "All eight models read a 7." in texts(app)
    assert all(sum(row["probabilities"]) == pytest.approx(1, abs=1e-4) for row in shown)
    assert all(max(row["probabilities"]) * 100 == pytest.approx(row["confidence"]) for row in shown)
    assert [row["about"] for row in shown] == [f"{card.about} {card.weaknesses}" for card in shipped()]


def test_with_another_meaning_all_are_wrong_and_the_drawing_is_to_blame() -> None:
    app = opened(label=3)
    assert all(row["correct"] == "✗" for row in rows(app))
    assert "None reads the 3 that was meant" in texts(app)


def test_without_a_meaning_nothing_is_right_or_wrong() -> None:
    app = opened(label=None)
    assert all("correct" not in row for row in rows(app))
    assert "meant" not in texts(app)


def test_own_runs_are_asked_too_and_can_be_left_out() -> None:
    run_id = finished_run()
    app = opened()
    assert rows(app)[-1]["model"] == "mine"
    assert rows(app)[-1]["accuracy"] == "92.00 % on the test set"
    assert 0.3 < services.model(run_id).model.temperature != 1.0  # found on the validation images
    app.multiselect(key="compared_runs").set_value([])
    run(app)
    assert len(rows(app)) == len(shipped())


def test_the_run_that_the_page_asks_is_there_though_nobody_chose_it() -> None:
    oldest = finished_run("oldest")
    for number in range(4):
        finished_run(f"run {number}")
    app = opened(asked=oldest)
    assert [row["model"] for row in rows(app) if row["model"].startswith("▸")] == ["▸ oldest"]
    assert [row["model"] for row in rows(app)][len(shipped()) :] == ["run 3", "run 2", "run 1", "▸ oldest"]


def test_a_model_that_cannot_be_opened_is_said_and_the_others_answer() -> None:
    finished_run("broken", weights=b"nothing")
    app = opened()
    assert len(rows(app)) == len(shipped())
    assert "not a safetensors file" in texts(app)
