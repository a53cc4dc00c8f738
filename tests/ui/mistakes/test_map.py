import base64
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.data.mnist_files import load_mnist
from mnist_core.evaluation import embedding
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.ui import services
from tests.patience import PATIENCE_S
from tests.ui.app import ROOT, parts, run, texts

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


def open_map() -> AppTest:
    return run(AppTest.from_file(str(ROOT / "tests" / "ui" / "mistakes" / "map_page.py"), default_timeout=PATIENCE_S))


def shown(app: AppTest) -> dict[str, Any]:
    (part,) = parts(app, "scatter_map")
    return part


def ids(app: AppTest, name: str = "ids") -> list[int]:
    found: list[int] = np.frombuffer(base64.b64decode(shown(app)[name]), "<u4").tolist()
    return found


def sent(app: AppTest, **state: object) -> AppTest:
    """The page after its browser has sent that."""
    app.session_state["map_points"] = state
    return run(app)


def select(app: AppTest, *chosen: int) -> AppTest:
    app.session_state["map_selected"] = list(chosen)
    return run(app)


def choose(app: AppTest, key: str, value: str) -> AppTest:
    app.segmented_control(key=key).set_value(value)
    return run(app)


def test_all_images_stand_on_the_map() -> None:
    app = open_map()
    assert ids(app) == list(range(FEW))
    assert shown(app)["colours"] == "class"
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
    assert "1 of 2 misclassified** · 1 of them on this map" in texts(select(app, 0, elsewhere))


def test_colours_can_stand_for_right_and_wrong_and_the_points_stay() -> None:
    app = open_map()
    before = shown(app)["version"]
    app = choose(app, "map_colours", "right")
    assert shown(app)["colours"] == "right"
    assert shown(app)["version"] == before


def test_the_pictures_are_sent_once() -> None:
    app = open_map()
    sheet = shown(app)["sheet"]
    assert sheet["src"].startswith("data:image/png")
    again = shown(sent(app, holds=sheet["version"]))["sheet"]
    assert again == {**sheet, "src": None}
    assert shown(sent(app, holds="another"))["sheet"]["src"]


def test_what_is_selected_is_shown_and_counted_and_cleared() -> None:
    app = select(open_map(), 3, 4, 9, 200)
    assert ids(app, "selected") == [3, 4, 9, 200]
    assert "2 of 4 misclassified" in texts(app)
    assert "4 images selected" in texts(app)
    assert {tile["id"] for tile in parts(app, "gallery")[0]["tiles"]} == {3, 4, 9, 200}
    app.button(key="map_clear").click()
    app = run(app)
    assert ids(app, "selected") == []
    assert not parts(app, "gallery")


def test_what_is_selected_stays_so_in_the_other_layout() -> None:
    app = choose(select(open_map(), 3, 9), "map_layout", "neighbors")
    assert ids(app, "selected") == [3, 9]
    assert "2 images selected" in texts(app)


def test_images_of_a_larger_test_set_are_not_selected() -> None:
    assert ids(select(open_map(), 3, 9_999), "selected") == [3]


def test_a_model_that_sees_no_difference_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "test_images", lambda: np.zeros((FEW, 28, 28), np.uint8))
    app = open_map()
    assert len(app.error) == 1
    assert "the same output for all images" in app.error[0].value
    assert not parts(app, "scatter_map")
