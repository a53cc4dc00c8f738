import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_core.code_bugs.symptoms import Symptoms
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.ui.draw import bug_quiz_view
from mnist_core.ui.draw.bug_quiz import QuizRound
from tests.patience import PATIENCE_S
from tests.ui.app import parts, run, texts


def page() -> None:
    import streamlit as st

    from mnist_core.preprocessing.pipeline import grey_picture, preprocess
    from mnist_core.preprocessing.strokes import drawing_from_json
    from mnist_core.ui import services
    from mnist_core.ui.draw.current_digit import CurrentDigit
    from mnist_core.ui.draw.panels import code_bugs
    from tests.ui.app import SEVEN

    if st.session_state.get("elsewhere"):
        return
    picture = grey_picture(drawing_from_json(SEVEN))
    digit = preprocess(picture)
    reading = services.predict_one(digit, "default")
    code_bugs.show(CurrentDigit(digit, reading, "default", 7))


def opened() -> AppTest:
    return run(AppTest.from_function(page, default_timeout=PATIENCE_S))


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    button.click()
    return run(app)


def hunting(monkeypatch: pytest.MonkeyPatch, *bugs: str) -> AppTest:
    """A page on which these bugs are hidden, one a round."""
    left = list(bugs)
    monkeypatch.setattr(bug_quiz_view.random, "choice", lambda among: left.pop(0) if left[0] in among else 1 / 0)
    app = opened()
    app.segmented_control(key="pipeline_mode").set_value("hunt")
    return press(run(app), "Hide a bug")


def test_a_bug_is_shown_beside_the_right_code() -> None:
    app = opened()
    before, after = parts(app, "answer")
    assert before["digit"] == after["digit"] == "7"
    assert after["probabilities"][7] > before["probabilities"][7]
    assert "Not normalised" in app.pills(key="pipeline_bug").options
    assert [block.value for block in app.code][1].endswith("[None, None])")
    assert "/ 255" in app.code[1].value
    assert "/ 255" not in app.code[0].value
    assert re.search(r"99\.\d % without the bug, 5\d\.\d % with it", texts(app))


def test_another_bug_gives_another_answer_and_none_gives_the_right_one_alone() -> None:
    app = opened()
    app.pills(key="pipeline_bug").set_value("labels_shifted")
    before, after = parts(run(app), "answer")
    assert (before["digit"], after["digit"]) == ("7", "8")
    app.pills(key="pipeline_bug").set_value(None)
    (only,) = parts(run(app), "answer")
    assert only["digit"] == "7"
    assert not app.code


def test_every_bug_can_be_shown() -> None:
    app = opened()
    for code in ("eval_mode_forgotten", "alpha_as_ink", "weights_not_loaded", "wrong_interpolation"):
        app.pills(key="pipeline_bug").set_value(code)
        _, after = parts(run(app), "answer")
        assert sum(after["probabilities"]) == pytest.approx(1, abs=1e-4)
        if code == "eval_mode_forgotten":
            press(app, "Ask again")


def test_a_hunt_is_guessed_with_a_reason_against_the_wrong_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    app = hunting(monkeypatch, "labels_shifted")
    assert parts(app, "answer")[0]["digit"] == "8"  # of the drawn seven
    ten = parts(app, "image_strip")[0]["pictures"]
    assert [one["title"] for one in ten][:2] == ["✗ 1", "✗ 2"]
    assert "worth 5 points" in texts(app)
    press(app, "Softmax twice")
    assert re.search(r"The accuracy would be 99\.\d %; here it is (under )?0\.\d %", texts(app))
    assert "worth 4 points" in texts(app)
    press(app, "Labels shifted")
    assert "Found with 2 guesses: Labels shifted" in texts(app)
    assert "4 of 5 points" in texts(app)
    assert "1234567890" in app.code[0].value


def test_the_bug_is_not_given_away_before_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    app = hunting(monkeypatch, "transposed")
    assert not app.code
    assert "Rows and columns" not in texts(app)
    assert not any(one["label"] == "Model input" for one in parts(app, "image_strip"))
    press(app, "Show the model input (−1 point)")
    assert any(one["label"] == "Model input" for one in parts(app, "image_strip"))
    assert "worth 4 points" in texts(app)


def test_giving_up_shows_it_and_the_next_round_hides_another(monkeypatch: pytest.MonkeyPatch) -> None:
    app = hunting(monkeypatch, "alpha_as_ink", "softmax_twice")
    press(app, "Give up")
    assert "It was: Alpha read as ink" in texts(app)
    assert "0 of 5 points" in texts(app)
    press(app, "Hide another bug")
    assert app.session_state["pipeline_hunt"] == QuizRound("softmax_twice", "default")
    press(app, "Softmax twice")
    assert "found 1 of 2" in texts(app)
    assert "5 of 10 points" in texts(app)


def test_asking_again_changes_nothing_without_dropout_and_no_bug_is_hidden_twice_in_a_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = hunting(monkeypatch, "normalized_twice")
    before = parts(app, "answer")
    press(app, "Ask all again")
    assert np.allclose(parts(app, "answer")[0]["probabilities"], before[0]["probabilities"])
    assert "Asked 2 times" in texts(app)
    press(app, "Give up")
    among: list[str] = []
    monkeypatch.setattr(bug_quiz_view.random, "choice", lambda codes: among.extend(codes) or codes[0])
    press(app, "Hide another bug")
    assert "normalized_twice" not in among
    assert len(among) == 8


def test_a_round_survives_another_page(monkeypatch: pytest.MonkeyPatch) -> None:
    app = hunting(monkeypatch, "transposed")
    press(app, "Softmax twice")
    app.session_state["elsewhere"] = True
    assert not parts(run(app), "answer")
    app.session_state["elsewhere"] = False
    run(app)
    assert app.session_state["pipeline_hunt"] == QuizRound("transposed", "default", ("softmax_twice",))
    assert app.segmented_control(key="pipeline_mode").value == "hunt"
    assert "Not “Softmax twice”" in texts(app)


def test_a_round_whose_model_is_gone_can_be_left(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened()
    app.session_state["pipeline_hunt"] = QuizRound("transposed", "no-such-run")
    app.segmented_control(key="pipeline_mode").set_value("hunt")
    run(app)
    assert app.error
    press(app, "Give up")
    press(app, "Hide another bug")
    assert app.session_state["pipeline_hunt"].model == "default"


def symptoms_of(answers: list[int], confidence: float, labels: list[int]) -> Symptoms:
    rows = np.full((len(answers), 10), (1 - confidence) / 9, np.float32)
    rows[np.arange(len(answers)), answers] = confidence
    return Symptoms(Evaluation(np.array(labels), rows), 0.0)


def test_what_speaks_against_a_guess_is_said_with_both_numbers() -> None:
    ten = list(range(10))
    right, unsure = symptoms_of(ten, 0.9, ten), symptoms_of(ten, 0.25, ten)
    said = bug_quiz_view.contradiction(right, unsure)
    assert said == "The mean confidence would be 90.0 %; here it is 25.0 %."
    eights, threes = symptoms_of([8] * 10, 0.9, ten), symptoms_of([3] * 10, 0.9, ten)
    said = bug_quiz_view.contradiction(eights, threes)
    assert said == "The most frequent answer would be 8, with 100.0 %; here it is 3, with 100.0 %."
    assert "nearly alike" in bug_quiz_view.contradiction(right, right)
    assert "0.0 % would be the ones" in bug_quiz_view.contradiction(
        right, symptoms_of([9, *ten[:9]], 0.9, [9, *ten[:9]])
    )
