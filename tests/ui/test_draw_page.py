import io

import numpy as np
import pytest
from PIL import Image

from mnist_core.ui import services
from tests.photos import photo_of
from tests.ui.app import SEVEN, address, go_to, open_page, parts, run, texts

pytestmark = pytest.mark.usefixtures("lasting_caches")


def choose_source(app, source):
    app.segmented_control(key="source").set_value(source)
    return run(app)


def test_it_opens_first_and_an_empty_canvas_asks_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "model", lambda name: pytest.fail("a model was opened"))
    (shown,) = parts(open_page(), "answer")
    assert shown["digit"] == "?"
    assert shown["probabilities"] is None


def test_a_drawn_seven_is_read_with_every_stage_shown() -> None:
    app = open_page()
    app.session_state["pad"] = {"drawing": SEVEN}
    run(app)
    (shown,) = parts(app, "answer")
    assert shown["digit"] == "7"
    assert np.argmax(shown["probabilities"]) == 7
    assert sum(shown["probabilities"]) == pytest.approx(1, abs=1e-4)
    (sight,), (steps,) = parts(app, "image_strip"), parts(app, "steps")
    assert sight["pictures"][0]["title"] == "Model input (28 × 28)"
    assert len(steps["steps"]) == 11
    assert not steps["steps"][0]["name"]  # as it came: nothing to switch
    assert parts(app, "canvas")[0]["answered"] == SEVEN["seq"]


def meant(app, digit: int):
    question(app).set_value(digit)
    return run(app)


def question(app):
    (asked,) = [one for one in app.segmented_control if "which digit is it" in one.label.lower()]
    return asked


def mirrored(drawing: dict) -> dict:
    strokes = [{**stroke, "p": [[280 - x, y] for x, y in stroke["p"]]} for stroke in drawing["strokes"]]
    return {"seq": drawing["seq"] + 1, "strokes": strokes}


def test_a_mirrored_seven_is_explained_and_put_right() -> None:
    app = open_page()
    app.session_state["pad"] = {"drawing": mirrored(SEVEN)}
    run(app)
    assert parts(app, "answer")[0]["digit"] != "7"
    meant(app, 7)
    shown = texts(app)
    assert "Fix: mirror it, then it is read as a 7" in shown
    assert "mirrored: left and right are swapped" in shown
    assert [picture["title"] for picture in parts(app, "image_strip")[-1]["pictures"]] == ["Before", "After"]


def test_a_seven_that_is_read_right_needs_no_cure_and_another_drawing_is_another_question() -> None:
    app = open_page()
    app.session_state["pad"] = {"drawing": SEVEN}
    run(app)
    meant(app, 7)
    assert "it is read as a 7, as you meant" in texts(app)
    app.session_state["pad"] = {"drawing": mirrored(SEVEN)}
    run(app)
    assert "as you meant" not in texts(app)


def press(app, label: str):
    next(button for button in app.button if button.label == label).click()
    return run(app)


def small_in_the_corner(drawing: dict) -> dict:
    strokes = [
        {"w": 7, "p": [[x * 0.35 + 175, y * 0.35 + 180] for x, y in stroke["p"]]} for stroke in drawing["strokes"]
    ]
    return {"seq": drawing["seq"] + 1, "strokes": strokes}


def test_a_correction_is_applied_and_taken_back() -> None:
    app = open_page()
    app.session_state["pad"] = {"drawing": mirrored(SEVEN)}
    run(app)
    before = parts(app, "answer")[0]["digit"]
    meant(app, 7)
    press(app, "Apply")
    assert parts(app, "answer")[0]["digit"] == "7"
    assert "Corrected: mirror it" in texts(app)
    assert "it is read as a 7, as you meant" in texts(app)
    press(app, "Undo correction")
    assert parts(app, "answer")[0]["digit"] == before


def test_a_correction_that_switches_steps_on_is_taken_back_too() -> None:
    app = open_page(steps="raw")
    app.session_state["pad"] = {"drawing": small_in_the_corner(SEVEN)}
    run(app)
    before = parts(app, "answer")[0]["digit"]
    assert before != "7"
    meant(app, 7)
    press(app, "Apply")
    assert parts(app, "answer")[0]["digit"] == "7"
    assert address(app).get("steps") != "raw"
    press(app, "Undo correction")
    assert address(app)["steps"] == "raw"
    assert parts(app, "answer")[0]["digit"] == before
    assert "Corrected" not in texts(app)


def test_steps_are_switched_off_and_on_and_kept_in_the_address() -> None:
    app = open_page(steps="raw")
    app.session_state["pad"] = {"drawing": small_in_the_corner(SEVEN)}
    run(app)
    (shown,) = parts(app, "steps")
    assert [step["title"] for step in shown["steps"] if step["on"]] == ["As it came", "Scaled to 0..1"]
    raw = parts(app, "image_strip")[0]["pictures"][0]["src"]
    app.session_state["stages"] = {"switched": {"name": "center", "on": True}}
    press(app, "Prepare like MNIST")
    assert "steps" not in address(app)
    assert parts(app, "answer")[0]["digit"] == "7"
    assert parts(app, "image_strip")[0]["pictures"][0]["src"] != raw
    press(app, "Just shrink it")
    assert address(app)["steps"] == "raw"
    assert parts(app, "image_strip")[0]["pictures"][0]["src"] == raw


def test_a_link_brings_steps_and_says_which_it_does_not_know() -> None:
    app = open_page(steps="crop,magic,normalize")
    assert address(app)["steps"] == "crop,normalize"
    assert "magic" in app.warning[0].value


@pytest.mark.parametrize("look", ["xray", "why", "models", "stress", "code", "mine"])
def test_every_panel_opens_by_a_link_without_and_with_a_digit(look: str) -> None:
    app = open_page(look=look)
    app.session_state["pad"] = {"drawing": SEVEN}
    run(app)
    assert address(app)["look"] == look
    assert parts(app, "answer")[0]["digit"] == "7"
    assert not app.error


def test_a_link_to_no_panel_says_so() -> None:
    app = open_page(look="<b>")
    assert "Unknown panel" in app.warning[0].value


def test_a_test_image_is_examined_too() -> None:
    app = open_page(image="0", look="xray")
    assert "MNIST's 55,000" in texts(app)
    app = open_page(image="0")
    assert "it is read as a 7, as its label says" in texts(app)


def test_whether_it_was_read_right_is_asked_once_with_the_answer_first() -> None:
    app = open_page(look="mine")
    app.session_state["pad"] = {"drawing": SEVEN}
    run(app)
    assert question(app).options == ["Yes, a 7", *"012345689"]
    assert [one.label for one in app.segmented_control if "digit is it" in one.label or "Save" in one.label] == [
        question(app).label
    ]
    meant(app, 1)
    assert "Save as a 1" in [button.label for button in app.button]


def test_of_a_digit_that_is_read_right_no_bar_says_how_likely_anything_is_wrong() -> None:
    app = open_page()
    app.session_state["pad"] = {"drawing": small_in_the_corner(SEVEN)}
    run(app)
    meant(app, 7)
    assert "it is read as a 7, as you meant" in texts(app)
    assert not app.get("progress")


def two_digits() -> dict:
    seven = [[x * 0.4 + 10, y * 0.5 + 60] for x, y in SEVEN["strokes"][0]["p"]]
    one = [[220, 90], [215, 180]]
    return {"seq": 9, "strokes": [{"w": 12, "p": seven}, {"w": 12, "p": one}]}


def test_several_digits_in_one_drawing_are_read_as_a_number() -> None:
    app = open_page()
    app.session_state["pad"] = {"drawing": two_digits()}
    run(app)
    (shown,) = parts(app, "answer")
    assert (shown["digit"], shown["headline"]) == ("71", "Reads 71")
    assert shown["detail"].startswith("Digit 1 of 2: Looks like a 7")
    assert [digit for digit, _ in shown["row"]["digits"]] == ["7", "1"]
    assert np.argmax(shown["probabilities"]) == 7
    assert not parts(app, "gallery")


@pytest.mark.parametrize("picked", [-1, 2, "1", None, 1.0])
def test_no_other_digit_of_a_row_can_be_chosen(picked: object) -> None:
    app = open_page()
    app.session_state["pad"] = {"drawing": two_digits()}
    run(app)
    app.session_state["answer"] = {"picked": picked}
    run(app)
    assert parts(app, "answer")[0]["row"]["place"] == 0


def test_a_drawing_survives_another_page() -> None:
    app = open_page()
    app.session_state["pad"] = {"drawing": SEVEN}
    run(app)
    go_to(app, "mistakes")
    go_to(app, "draw")
    assert parts(app, "canvas")[0]["drawing"] == SEVEN
    assert parts(app, "answer")[0]["digit"] == "7"


@pytest.mark.parametrize("drawing", [{"strokes": "x"}, {"strokes": [{"w": None, "p": [[1, 2]]}]}, [1], "text"])
def test_a_drawing_that_is_none_is_an_error_in_words(drawing: object) -> None:
    app = open_page()
    app.session_state["pad"] = {"drawing": drawing}
    run(app)
    assert len(app.error) == 1
    assert parts(app, "answer")[0]["digit"] == "?"


def test_an_empty_picture_is_no_digit() -> None:
    app = choose_source(open_page(), "upload")
    file = io.BytesIO()
    Image.new("L", (200, 200), 255).save(file, "PNG")
    app.file_uploader[0].upload("white.png", file.getvalue(), "image/png")
    run(app)
    assert parts(app, "answer")[0]["headline"] == "No ink found"


def test_uploads_are_still_there_after_a_look_at_another_page() -> None:
    app = choose_source(open_page(), "upload")
    app.file_uploader[0].upload("seven.jpg", photo_of(0), "image/jpeg")
    run(app)
    go_to(app, "mistakes")
    go_to(app, "draw")
    assert parts(app, "answer")[0]["digit"] == "7"
    press(app, "Remove the pictures")
    assert parts(app, "answer")[0]["digit"] == "?"


def test_a_black_on_white_jpeg_is_read() -> None:
    app = choose_source(open_page(), "upload")
    assert parts(app, "answer")[0]["digit"] == "?"
    app.file_uploader[0].upload("seven.jpg", photo_of(0), "image/jpeg")
    run(app)
    assert parts(app, "answer")[0]["digit"] == "7"


def test_several_pictures_become_a_grid_and_a_bad_one_is_named() -> None:
    app = choose_source(open_page(), "upload")
    app.file_uploader[0].upload("a.jpg", photo_of(0), "image/jpeg")
    app.file_uploader[0].upload("[x](y).png", b"no picture", "image/png")
    app.file_uploader[0].upload("b.jpg", photo_of(1), "image/jpeg")
    run(app)
    (grid,) = parts(app, "gallery")
    assert [tile["top"] for tile in grid["tiles"]] == ["7", "2"]
    assert len(app.error) == 1
    assert r"\[x\]\(y\)\.png" in app.error[0].value


def test_a_link_opens_a_test_image_with_its_label() -> None:
    app = open_page(image="0")
    assert parts(app, "answer")[0]["digit"] == "7"
    assert app.metric[0].value == "7"
    assert "Correct" in texts(app)


def test_surprise_me_chooses_another_test_image() -> None:
    app = open_page(image="0")
    assert "Back to the mistakes" not in [link.label for link in app.get("page_link")]
    seen = set()
    for _ in range(4):
        next(button for button in app.button if button.label == "Random test image").click()
        run(app)
        seen.add(address(app)["image"])
    assert len(seen) > 1


@pytest.mark.parametrize("image", ["-1", "10000", "x", "٣", "9" * 50, "1e3", ""])
def test_a_link_to_no_test_image_says_so(image: str) -> None:
    app = open_page(image=image)
    assert len(app.warning) == 1
    assert 0 <= int(address(app)["image"]) < 10_000


@pytest.mark.parametrize("name", ["nothing", "00000000", "../../etc/passwd", "<b>", "\0", "default "])
def test_a_link_to_no_model_says_so_and_goes_on_with_the_shipped_one(name: str) -> None:
    app = open_page(run=name)
    assert len(app.error) == 1
    assert app.selectbox(key="draw_model").value == "default"
    run(app)
    assert not app.error


def test_the_shipped_model_reads_without_a_database(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.sqlite").write_bytes(b"this is no database at all, not even nearly" * 100)
    monkeypatch.setenv("DIGIT_CLINIC_DATABASE", f"sqlite:///{tmp_path / 'broken.sqlite'}")
    app = open_page()
    app.session_state["pad"] = {"drawing": SEVEN}
    run(app)
    assert parts(app, "answer")[0]["digit"] == "7"
    assert "database" in app.error[0].value
