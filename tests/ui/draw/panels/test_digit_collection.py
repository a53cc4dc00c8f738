"""The panel on a page of its own, with the store of each test and an engine that trains nothing."""

import io
import zipfile

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.errors import UserError
from mnist_core.preprocessing.digit_collection import MyDigit, from_zip, to_png, to_zip
from mnist_core.training.events import Epoch, FineTuneResult, Finished
from mnist_core.training.weights import to_bytes
from mnist_core.ui import services
from mnist_core.ui.draw.panels import digit_collection
from tests.patience import PATIENCE_S
from tests.ui.app import parts, run, texts

ME = "a token"


def page() -> None:
    import streamlit as st

    from mnist_core.preprocessing.pipeline import preprocess
    from mnist_core.ui import navigation, services
    from mnist_core.ui.draw.current_digit import CurrentDigit
    from mnist_core.ui.draw.panels import digit_collection
    from tests.preprocessing.examples import SEVEN

    navigation.link = lambda page, label, query, icon: st.caption(f"{label} → {page} {query}")
    picture = SEVEN.render()
    digit = preprocess(picture)
    label = st.session_state.get("label")
    digit_collection.show(CurrentDigit(digit, services.predict_one(digit, "default"), "default", label))


@pytest.fixture(autouse=True)
def _links_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digit_collection.navigation, "link", digit_collection.navigation.link)


def open_panel(label: int | None = None) -> AppTest:
    app = AppTest.from_function(page, default_timeout=PATIENCE_S)
    app.session_state["visitor_token"] = ME
    app.session_state["label"] = label
    return run(app)


def shelf():
    return services.store().my_digits


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return run(app)


def mnist_digits(count: int) -> list[MyDigit]:
    from mnist_core.data.mnist_files import load_mnist

    mnist = load_mnist()
    return [MyDigit(mnist.test_images[at].numpy(), int(mnist.test_labels[at])) for at in range(count)]


def tiles(app: AppTest) -> list[tuple[str, str]]:
    (shown,) = parts(app, "gallery")
    return [(tile["top"], tile["bottom"]) for tile in shown["tiles"]]


def test_before_anything_is_kept_it_says_what_it_is_for() -> None:
    app = open_panel()
    assert "No digit is saved yet" in texts(app)
    assert not parts(app, "gallery")
    assert next(button for button in app.button if button.label == "Teach it my handwriting").disabled
    assert not app.get("download_button")


def test_a_drawing_is_kept_as_what_the_model_reads() -> None:
    app = press(open_panel(), "Save as a 7")
    assert tiles(app) == [("7", "✓ correct")]
    assert app.metric[0].value == "1 of 1"
    assert "Saved as a 7" in texts(app)
    assert not [button for button in app.button if button.label.startswith("Save")]
    assert [one.label for one in shelf().all(ME)] == [7]


def test_what_was_meant_goes_before_what_is_read() -> None:
    app = press(open_panel(label=1), "Save as a 1")
    assert tiles(app) == [("1", "✗ read as 7")]
    assert app.metric[0].value == "0 of 1"
    app.session_state["label"] = 7  # now they say so
    app = press(run(app), "Change label from 1 to 7")
    assert tiles(app) == [("7", "✓ correct")]


def test_it_is_read_as_an_independent_reader_of_the_model_says() -> None:
    digits = mnist_digits(30)
    wrong = [MyDigit(digits[0].picture, 3), *digits[1:]]
    shelf().add(ME, wrong)
    app = open_panel()
    assert app.metric[0].value == "29 of 30"
    assert tiles(app)[-1] == ("3", "✗ read as 7")
    assert sum(bottom == "✓ correct" for _, bottom in tiles(app)) == 29
    assert "83 % to 99 %" in texts(app)
    next(one for one in app.segmented_control if one.label == "Which").set_value("wrong")
    assert tiles(run(app)) == [("3", "✗ read as 7")]


def test_a_pressed_one_can_be_relabelled_and_removed() -> None:
    shelf().add(ME, [MyDigit(mnist_digits(1)[0].picture, 3)])
    (one,) = shelf().all(ME)
    app = open_panel()
    app.session_state["my_digits_picked"] = one.id
    run(app)
    assert "A 3, read as a 7" in texts(app)
    next(control for control in app.segmented_control if control.label == "Label").set_value(7)
    run(app)
    assert [kept.label for kept in shelf().all(ME)] == [7]
    app = press(app, "Remove")
    assert shelf().all(ME) == ()


def test_another_visitor_sees_nothing_of_it() -> None:
    shelf().add("somebody else", mnist_digits(3))
    assert "No digit is saved yet" in texts(open_panel())


def test_a_zip_is_taken_in_and_what_could_not_be_is_named() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("labels.csv", "file,label\nok.png,7\n[x](y).png,99\n")
        archive.writestr("ok.png", to_png(mnist_digits(1)[0].picture))
        archive.writestr("[x](y).png", b"no picture")
    app = open_panel()
    app.file_uploader[0].upload("mine.zip", file.getvalue(), "application/zip")
    run(app)
    assert "1 digit added." in app.success[0].value
    assert r"\[x\]\(y\)\.png" in app.success[0].value
    assert [one.label for one in shelf().all(ME)] == [7]
    app.file_uploader[0].upload("no.zip", b"no zip", "application/zip")
    run(app)
    assert "not a zip" in app.error[0].value
    assert len(shelf().all(ME)) == 1


def test_the_export_holds_the_set() -> None:
    digits = mnist_digits(4)
    shelf().add(ME, digits)
    unpacked = from_zip(digit_collection.zip_of(shelf().all(ME)))
    assert [one.label for one in unpacked.digits] == [one.label for one in digits]
    np.testing.assert_array_equal(unpacked.digits[2].picture, digits[2].picture)
    assert to_zip(unpacked.digits) == digit_collection.zip_of(shelf().all(ME))


def test_teaching_puts_a_lesson_in_line_and_says_what_came_of_it() -> None:
    shelf().add(ME, mnist_digits(30))
    app = press(open_panel(), "Teach it my handwriting")
    taught = shelf().newest_fine_tuning(ME)
    assert (taught.facts["parent"], taught.facts["digits"], taught.state) == ("default", 30, "queued")
    assert "Teach it my handwriting" not in [button.label for button in app.button]  # one at a time
    run_of_it = services.store().run(taught.id)
    assert run_of_it.name.endswith("· my hand (30)")

    weights = to_bytes(services.model("default").model)
    store = services.store()
    store.record(taught.id, Epoch(1, 0.1, 0.9, 0.1, 0.98, 3.0, weights))
    store.record(taught.id, FineTuneResult(30, right_before=20, gained=8, lost=1, test_accuracy_before=0.9950))
    store.record(taught.id, Finished(0.9940, 1, 8.0, b"\0" * 20))
    shown = texts(run(app))
    assert "It reads 7 more of your 30 digits correctly: significant (p = " in shown
    assert "On MNIST's test set, 10 fewer are correct." in shown
    assert [(one.value, one.delta) for one in app.metric[-2:]] == [
        ("27 of 30", "20 before"),
        ("99.40 %", "99.50 % before"),
    ]
    assert "Draw with the new model" in shown
    assert taught.id in shown


@pytest.mark.parametrize(
    ("gained", "lost", "said"),
    [
        (0, 0, "as many"),
        (2, 2, "as many"),
        (2, 0, "not significant (p = 0.5)"),
        (6, 0, "significant (p = 0.031)"),
        (0, 1, "1 fewer"),
    ],
)
def test_a_gain_is_called_one_only_when_it_is_significant(gained: int, lost: int, said: str) -> None:
    assert said in digit_collection.gain_words(FineTuneResult(20, 5, gained, lost, 0.99))


def test_a_refusal_of_the_engine_is_said(engine) -> None:
    shelf().add(ME, mnist_digits(6))
    engine.refusal = UserError("queue_full", "20 runs are waiting already.", "Try again.")
    app = press(open_panel(), "Teach it my handwriting")
    assert "20 runs are waiting" in app.error[0].value
    assert shelf().newest_fine_tuning(ME) is None


def test_missing_digits_are_named() -> None:
    digits = [one for one in mnist_digits(40) if one.label not in (3, 8)]
    shelf().add(ME, digits)
    assert "You have no 3, 8 yet" in texts(open_panel())
