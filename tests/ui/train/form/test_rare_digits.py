from tests.ui.app import address, run, texts
from tests.ui.train.form.form import expander, open_form, pills, values, widget


def test_a_digit_is_made_rare_in_one_press_and_another_takes_its_place() -> None:
    app = open_form()
    pills(app, "rare_digit").set_value(4)
    run(app)
    assert address(app) == {"keep_4": "0.05"}
    pills(app, "rare_share").set_value(0.01)
    run(app)
    assert address(app) == {"keep_4": "0.01"}
    pills(app, "rare_digit").set_value(7)
    run(app)
    assert address(app) == {"keep_7": "0.01"}
    assert values(app)["keep_7"] == 0.01
    pills(app, "rare_digit").set_value(None)
    run(app)
    assert address(app) == {}


def test_the_small_control_follows_the_ten_fields() -> None:
    app = open_form(keep_8="0.33")
    assert pills(app, "rare_digit").value == 8
    assert pills(app, "rare_share").value == 0.33
    widget(app, "keep_3").set_value(0.5)
    run(app)
    assert pills(app, "rare_digit").value is None
    assert "3s, 8s" in texts(app)
    assert expander(app, "Each digit").proto.expanded
