from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.ui import services
from mnist_core.ui.common.background_task import BackgroundTask
from tests.patience import PATIENCE_S
from tests.ui.app import parts, run, texts


@pytest.fixture(scope="module")
def few() -> object:
    """Neighbours among every fiftieth training image: made in a second."""
    from mnist_core.diagnosis.neighbors import build
    from mnist_core.runs.registry import load_model

    return build(load_model().model, every=50)


@pytest.fixture(autouse=True)
def _few_neighbors(few: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(services, "neighbors", lambda name: BackgroundTask(lambda progress: few))
    return


def page(index: int, label: int | None, turned: bool) -> None:

    from mnist_core.data.mnist_files import load_mnist
    from mnist_core.diagnosis.prediction import predict
    from mnist_core.preprocessing.pipeline import preprocess
    from mnist_core.preprocessing.steps import RAW
    from mnist_core.ui import services
    from mnist_core.ui.draw.current_digit import CurrentDigit
    from mnist_core.ui.draw.panels import measurements

    picture = load_mnist().test_images[index].numpy()
    picture = 255 - picture if turned else picture
    digit = preprocess(picture, RAW)
    reading = predict(services.model("default").model, digit)
    measurements.show(CurrentDigit(digit, reading, "default", label))


def shown(index: int, label: int | None = None, turned: bool = False) -> AppTest:
    return run(AppTest.from_function(page, default_timeout=PATIENCE_S, args=(index, label, turned)))


def test_a_test_image_is_held_against_the_class_that_is_read() -> None:
    app = shown(0)
    plots, far = parts(app, "distribution_plots")
    assert len(plots["plots"]) == 12
    assert plots["legend"]["filled"] == "MNIST's 7s"
    assert plots["legend"]["before"] == ""
    assert "the model reads one" in texts(app)
    (distance,) = far["plots"]
    assert distance["name"] == "distance"


def test_the_five_nearest_are_shown_with_their_labels() -> None:
    app = shown(0)
    (pictures,) = [part["pictures"] for part in parts(app, "image_strip")]
    assert [picture["title"] for picture in pictures] == ["7"] * 5
    assert "**5 of the 5 nearest** of 1,100 training digits are 7s." in texts(app)
    away = [float(picture["note"].split()[-1]) for picture in pictures]
    assert away == sorted(away)


def test_what_was_meant_decides_what_it_is_held_against() -> None:
    app = shown(0, label=8)
    assert parts(app, "distribution_plots")[0]["legend"]["filled"] == "MNIST's 8s"
    assert "you meant one" in texts(app)
    (pictures,) = [part["pictures"] for part in parts(app, "image_strip")]
    assert pictures[0]["title"] == "7, not 8"
    assert "**0 of the 5 nearest**" in texts(app)


def test_what_is_unusual_is_named_first_and_marked() -> None:
    app = shown(0, label=7, turned=True)
    first = parts(app, "distribution_plots")[0]["plots"][0]
    assert (first["name"], first["unusual"]) == ("polarity", True)
    assert "Unusual for a 7: ink and paper" in texts(app)
