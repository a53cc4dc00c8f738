import pytest

from mnist_core import setting_words
from mnist_core.claims.setting_effects import setting_effect
from mnist_core.recipe import FIELDS
from mnist_core.ui.train.form.controls import notches
from tests.ui.app import address, run, texts
from tests.ui.train.form.form import labels, open_form, press, values, widget

NOTCHED = ["train_images", "learning_rate", "weight_decay", "l1", "gradient_clip", "batch_size", "epochs", "width",
           "early_stopping", "svm_c", "svm_gamma"]  # fmt: skip


@pytest.mark.parametrize("name", NOTCHED)
def test_notches_rise_stay_inside_the_bounds_and_hold_both_ends_and_the_default(name: str) -> None:
    field = FIELDS[name]
    positions = notches(field, field.default)
    assert positions == sorted(set(positions))
    assert (positions[0], positions[-1]) == (field.low, field.high)
    assert field.default in positions
    assert [field.read(position) for position in positions] == positions


@pytest.mark.parametrize(("name", "extra"), [("learning_rate", 0.0073), ("epochs", 37), ("batch_size", 100)])
def test_a_value_between_two_notches_becomes_one(name: str, extra: float) -> None:
    assert extra in notches(FIELDS[name], extra)


def test_two_positions_never_read_the_same() -> None:
    field = FIELDS["learning_rate"]
    shown = setting_words.position_texts(field, notches(field, 0.010001))
    assert len(set(shown.values())) == len(shown)
    assert values(open_form(learning_rate="0.010001"))["learning_rate"] == 0.010001


def test_images_left_out_by_hand_come_with_the_address_and_can_be_taken_back() -> None:
    app = open_form(left_out="503,12,503", label_noise="0.1")
    assert "**2 training images** manually excluded" in texts(app)
    assert address(app) == {"left_out": "12,503", "label_noise": "0.1"}
    press(app, "Undo all")
    assert values(app)["left_out"] == ""
    assert address(app) == {"label_noise": "0.1"}
    assert "manually excluded" not in texts(app)
    assert "Undo all" not in labels(app)


def test_nobody_is_asked_about_images_left_out_by_hand_when_there_are_none() -> None:
    app = run(open_form())
    assert "manually excluded" not in texts(app).lower()
    assert "Undo all" not in labels(app)


def test_the_help_of_a_setting_quotes_what_a_claim_measured_and_links_to_it() -> None:
    control = widget(open_form(), "rotation_deg")
    effect = setting_effect("rotation_deg")
    assert effect is not None
    assert f"([{effect.title}](claims?claim={effect.claim})): {effect.text}." in control.help
