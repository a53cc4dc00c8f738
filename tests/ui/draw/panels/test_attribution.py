import base64

import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.ui import services
from mnist_core.ui.common import words
from tests.patience import PATIENCE_S
from tests.ui.app import parts, run, texts

NO_OTHER = -1


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


def compare(app: AppTest, digit: int, other: int) -> AppTest:
    app.selectbox[0].set_value(digit)
    run(app)
    app.selectbox[1].set_value(other)
    return run(app)


def heat(app: AppTest) -> dict:
    return parts(app, "image_strip")[0]["pictures"][0]


def test_the_prediction_is_compared_with_the_runner_up() -> None:
    app = opened()
    probabilities = services.evaluation("default").probabilities[0]
    first, second = (int(digit) for digit in probabilities.argsort()[[-1, -2]])
    assert [one.value for one in app.selectbox] == [first, second]
    assert [one.label for one in app.selectbox] == ["Compare", "with"]
    assert heat(app)["title"] == f"Why {words.named(first)} and not {words.named(second)}?"
    assert "Orange with +" in heat(app)["note"]
    assert base64.b64decode(heat(app)["src"].split(",")[1]).startswith(b"<svg")
    assert f"times** as likely relative to {words.named(second)}" in texts(app)


def test_a_digit_can_be_compared_with_none_and_the_ink_adds_up_to_its_score() -> None:
    app = compare(opened(), 7, NO_OTHER)
    assert heat(app)["title"] == "Why a 7?"
    assert "this ink changes the score of a 7 by **+" in texts(app)


def test_the_digit_meant_can_be_held_against_the_digit_read() -> None:
    app = compare(opened(label=2), 2, 7)
    assert heat(app)["title"] == "Why a 2 and not a 7?"
    assert "times** as likely relative to a 2" in texts(app)


def test_a_digit_is_not_compared_with_itself() -> None:
    app = opened()
    for digit in (8, app.selectbox[1].value):
        app.selectbox[0].set_value(digit)
        run(app)
        assert app.selectbox[1].value != digit
        assert not any(option.startswith(str(digit)) for option in app.selectbox[1].options)


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
    assert heat(app)["title"].startswith("Why a 2 and not")
    unlabelled = AppTest.from_function(page, default_timeout=PATIENCE_S)
    for one in app.selectbox:
        unlabelled.session_state[one.key] = one.value
    assert heat(run(unlabelled))["title"].startswith("Why a 7 and not")
