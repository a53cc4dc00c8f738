import base64
import json
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.data.mnist_files import load_mnist
from mnist_core.evaluation import embedding
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.ui import services
from mnist_core.ui.mistakes import map
from mnist_core.ui.mistakes.selection_code import encode
from tests.patience import PATIENCE_S
from tests.ui.app import ROOT, address, parts, run, texts

FEW = 240


@pytest.fixture(autouse=True)
def few_images(monkeypatch: pytest.MonkeyPatch) -> Evaluation:
    """A small test set, of which the first five and one more are misclassified."""
    labels = load_mnist().test_labels.numpy()[:FEW]
    read = labels.copy()
    read[[0, 1, 2, 3, 4, 77]] = (labels[[0, 1, 2, 3, 4, 77]] + 1) % 10
    made = Evaluation(labels, np.eye(10, dtype=np.float32)[read])
    images = load_mnist().test_images.numpy()[:FEW]
    monkeypatch.setattr(services, "test_images", lambda: images)
    monkeypatch.setattr(services, "evaluation", lambda name: made)
    return made


def open_map(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "tests" / "ui" / "mistakes" / "map_page.py"), default_timeout=PATIENCE_S)
    for name, value in parameters.items():
        app.query_params[name] = value
    return run(app)


def chart(app: AppTest) -> Any:
    """The chart on the page, with its key."""
    (element,) = app.get("plotly_chart")
    return element.proto


def traces(app: AppTest) -> list[dict[str, Any]]:
    drawn: list[dict[str, Any]] = json.loads(chart(app).spec)["data"]
    return drawn


def numbers(values: Any) -> list[int]:
    """As Plotly sends them: an array's bytes, or a list."""
    if isinstance(values, dict):
        values = np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).tolist()
    return list(values)


def ids(app: AppTest) -> list[int]:
    return sorted(one for trace in traces(app) for one in numbers(trace["customdata"]))


def standing_out(app: AppTest) -> list[int]:
    """What the chart was made with as selected."""
    found = [(numbers(trace["customdata"]), numbers(trace.get("selectedpoints", []))) for trace in traces(app)]
    return sorted(of_trace[at] for of_trace, places in found for at in places)


def select(app: AppTest, *chosen: int) -> AppTest:
    """The page after these were selected, and looked at in the other colours."""
    app.query_params["selected"] = encode(chosen)
    return choose(app, "map_colours", "right")


def choose(app: AppTest, key: str, value: str) -> AppTest:
    app.segmented_control(key=key).set_value(value)
    return run(app)


def test_all_images_stand_on_the_map() -> None:
    app = open_map()
    assert ids(app) == list(range(FEW))
    assert len({trace["marker"]["color"] for trace in traces(app)}) == 10
    assert f"All {FEW} test images, 6 of them misclassified" in texts(app)
    assert "of the variance in all 784 numbers" in texts(app)
    assert not parts(app, "gallery")


def test_the_neighbours_layout_shows_a_part_with_all_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = embedding.sample
    monkeypatch.setattr(embedding, "sample", lambda labels, wrong: everything(labels, wrong, 100))
    app = choose(open_map(), "map_layout", "neighbors")
    assert {0, 1, 2, 3, 4, 77} <= set(ids(app))
    assert len(ids(app)) == 100
    assert f"100 of {FEW} test images: all 6 mistakes, and 94 of the others" in texts(app)
    elsewhere = next(one for one in range(FEW) if one not in ids(app))
    shown = texts(select(app, 0, elsewhere))
    assert "1 of 2 misclassified" in shown
    assert "Of the selected images, 1 of 2 are on this map." in shown


def test_colours_can_stand_for_right_and_wrong_and_the_points_stay() -> None:
    app = choose(open_map(), "map_colours", "right")
    assert len({trace["marker"]["color"] for trace in traces(app)}) == 2
    assert ids(app) == list(range(FEW))


def test_some_digits_can_be_shown_alone(few_images: Evaluation) -> None:
    app = open_map()
    app.pills(key="map_digits").set_value([4, 9])
    assert ids(run(app)) == np.flatnonzero(np.isin(few_images.labels, [4, 9])).tolist()


def lasso(app: AppTest, *chosen: int) -> AppTest:
    """The page after the browser has drawn a lasso around these on the chart that is there."""
    with patch.object(map, "scatter_map", side_effect=lambda *_, on_select, **__: on_select(list(chosen), True)):
        run(app)
    return run(app)


def test_the_chart_stays_the_same_while_it_selects() -> None:
    """Another one would begin without the lasso, and unmagnified."""
    app = open_map()
    before = chart(app).id
    assert chart(lasso(app, 3, 4)).id == before
    assert address(app)["selected"] == encode([3, 4])
    assert "2 images selected" in texts(app)


def test_a_selection_that_the_address_takes_back_is_another_chart() -> None:
    app = lasso(open_map(), 3, 4)
    before = chart(app).id
    app.query_params["selected"] = encode([9])
    assert standing_out(run(app)) == [9]
    assert chart(app).id != before


def test_a_link_restores_what_was_selected() -> None:
    app = open_map(selected=encode([3, 4, 9, 200]))
    assert standing_out(app) == [3, 4, 9, 200]
    assert {tile["id"] for tile in parts(app, "gallery")[0]["tiles"]} == {3, 4, 9, 200}
    assert not app.warning


@pytest.mark.parametrize("text", ["x", "", "ä", "A" * 5_000, encode([FEW]), encode([3])[:-1]])
def test_a_link_with_no_selection_is_one_notice(text: str) -> None:
    app = open_map(selected=text)
    assert standing_out(app) == []
    assert [one.value[:35] for one in app.warning] == (["The link's selection cannot be read"] if text else [])
    assert "selected" not in address(app)
    assert not run(app).warning


def test_the_pictures_are_sent_once() -> None:
    app = open_map()
    (sent,) = parts(app, "scatter_map")
    assert sent["sheet"]["src"].startswith("data:image/png")
    app.session_state["map_points"] = {"holds": sent["sheet"]["version"]}
    (again,) = parts(run(app), "scatter_map")
    assert again["sheet"] == {**sent["sheet"], "src": None}
    app.session_state["map_points"] = {"holds": "another"}
    assert parts(run(app), "scatter_map")[0]["sheet"]["src"]


def test_what_is_selected_is_shown_and_counted_and_cleared() -> None:
    app = select(open_map(), 3, 4, 9, 200)
    assert standing_out(app) == [3, 4, 9, 200]
    assert "2 of 4 misclassified" in texts(app)
    assert "4 images selected" in texts(app)
    assert {tile["id"] for tile in parts(app, "gallery")[0]["tiles"]} == {3, 4, 9, 200}
    app.button(key="map_clear").click()
    before = chart(app).id
    app = run(app)
    assert chart(app).id != before  # a chart without a lasso
    assert standing_out(app) == []
    assert not parts(app, "gallery")


def test_what_is_selected_stays_so_in_the_other_layout() -> None:
    app = choose(select(open_map(), 3, 9), "map_layout", "neighbors")
    assert standing_out(app) == [3, 9]
    assert "2 images selected" in texts(app)


def test_a_model_that_sees_no_difference_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "test_images", lambda: np.zeros((FEW, 28, 28), np.uint8))
    app = open_map()
    assert len(app.error) == 1
    assert "the same output for all images" in app.error[0].value
    assert not app.get("plotly_chart")
