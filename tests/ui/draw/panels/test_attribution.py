import base64

import pytest
from streamlit.testing.v1 import AppTest

from tests.patience import PATIENCE_S
from tests.ui.app import parts, run, texts


def page(model: str = "default", label: int | None = None, index: int = 0) -> None:
    from mnist_core.data.mnist_files import load_mnist
    from mnist_core.diagnosis.prediction import predict
    from mnist_core.preprocessing.pipeline import preprocess
    from mnist_core.preprocessing.steps import RAW
    from mnist_core.ui import services
    from mnist_core.ui.draw.current_digit import CurrentDigit
    from mnist_core.ui.draw.panels import attribution

    picture = load_mnist().test_images[index].numpy()
    digit = preprocess(picture, RAW)
    reading = predict(services.model(model).model, digit)
    attribution.show(CurrentDigit(digit, reading, model, label))


def opened(**options: object) -> AppTest:
    return run(AppTest.from_function(page, default_timeout=PATIENCE_S, kwargs=options))


def heat(app: AppTest) -> dict:
    return parts(app, "image_strip")[0]["pictures"][0]


def test_it_asks_about_the_digit_read_and_says_what_the_ink_adds_up_to() -> None:
    app = opened()
    assert heat(app)["title"] == "Why a 7?"
    assert "Orange with +" in heat(app)["note"]
    assert base64.b64decode(heat(app)["src"].split(",")[1]).startswith(b"<svg")
    assert "this ink changes the score of a 7 by **+" in texts(app)


def test_the_digit_meant_can_be_held_against_the_digit_read() -> None:
    app = opened(label=2)
    one, other = app.selectbox
    one.set_value(2)
    other.set_value(7)
    run(app)
    assert heat(app)["title"] == "Why a 2 and not a 7?"
    assert "times** as likely relative to a 2" in texts(app)


def test_any_other_digit_can_be_asked_about_and_itself_is_no_contrast() -> None:
    app = opened()
    one, other = app.selectbox
    one.set_value(8)
    other.set_value(8)
    run(app)
    assert heat(app)["title"] == "Why an 8?"


@pytest.mark.parametrize("method", ["cover", "ink"])
def test_the_other_ways_give_other_pictures(method: str) -> None:
    app = opened()
    before = heat(app)["src"]
    app.segmented_control(key="why_method").set_value(method)
    run(app)
    assert heat(app)["src"] != before
    assert "lowers the score by **" in texts(app)


def test_a_layer_opens_on_a_click() -> None:
    app = opened()
    assert len(parts(app, "image_strip")) == 1
    app.pills[0].set_value("After convolution 3: 32 maps of 14 × 14")
    run(app)
    assert len(parts(app, "image_strip")[1]["pictures"]) == 32


def test_a_choice_for_a_digit_that_was_meant_is_let_go_when_nobody_said_what_was_meant() -> None:
    app = opened(label=2)
    app.selectbox[0].set_value(2)
    run(app)
    assert heat(app)["title"] == "Why a 2?"
    unlabelled = AppTest.from_function(page, default_timeout=PATIENCE_S)
    unlabelled.session_state["why_digit_7_2"] = app.session_state["why_digit_7_2"]
    assert heat(run(unlabelled))["title"] == "Why a 7?"
