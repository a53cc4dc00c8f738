"""What the owner of a run does to it while it goes on, and what others can."""

import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.queue.live import Waiting
from mnist_core.training.control import Control
from mnist_core.training.events import PairFitted, Paused, SettingChanged, Started
from mnist_core.ui import services
from tests.ui.app import open_page, run, texts
from tests.ui.train.run import made_up
from tests.ui.train.run.column import MY_SESSION, a_run, a_running, charts, fresh, labels, own_page, press


@pytest.mark.parametrize(
    ("label", "wished"),
    [
        ("Pause", Control(pause=True, until_step=0)),
        ("One step", Control(pause=True, until_step=121)),
        ("One epoch", Control(pause=True, until_step=200)),
    ],
)
def test_a_press_of_the_owner_becomes_a_wish(engine, label: str, wished: Control) -> None:
    made = a_running(engine)
    press(own_page(made), label)
    assert engine.wished[made.id] == wished


ACCURACY = " · 95.00 % on validation"


def test_each_press_counts_however_fast_they_come(engine) -> None:
    made = a_running(engine)
    app = own_page(made)
    for _ in range(3):
        press(app, "One step")
    assert engine.wished[made.id].until_step == 123
    press(app, "One epoch")
    press(app, "One epoch")
    assert engine.wished[made.id].until_step == 300


def test_a_paused_run_says_so_keeps_its_progress_and_goes_on(engine) -> None:
    made = a_running(engine, *made_up.training(4, 120), Paused(120))
    engine.wished[made.id] = Control(pause=True, until_step=120, learning_rate=0.1)
    app = own_page(made)
    assert "Paused" in texts(app)
    assert f"Paused after step 120 of 400 · epoch 2 of 4{ACCURACY}" in [bar.proto.text for bar in app.get("progress")]
    press(app, "Resume")
    assert engine.wished[made.id] == Control(learning_rate=0.1)


def test_buttons_have_keys_on_the_keyboard(engine) -> None:
    app = own_page(a_running(engine))
    shortcuts = {button.label: button.proto.shortcut for button in app.button}
    assert (shortcuts["Pause"], shortcuts["One step"], shortcuts["One epoch"]) == ("p", "s", "e")
    assert not shortcuts["Stop"]  # not by a slip of a finger
    # Streamlit makes a button with help twice, and one press of its key would count twice.
    assert not [button.label for button in app.button if button.proto.shortcut and button.proto.help]


def test_somebody_else_watches_and_cannot_steer(engine) -> None:
    app = open_page("train", run=a_running(engine).id)
    assert not {"Pause", "One step", "One epoch", "Stop"} & set(labels(app))
    assert "You can watch this run" in texts(app)
    assert [bar.proto.text for bar in app.get("progress")] == [f"Step 120 of 400 · epoch 2 of 4{ACCURACY}"]


def test_settings_are_changed_on_the_way_and_said_to_be_sent_then_to_count(engine) -> None:
    made = a_running(engine)
    app = own_page(made)
    app.select_slider(key=f"live_learning_rate_{made.id}").set_value(0.1)
    run(app)
    assert engine.wished[made.id] == Control(learning_rate=0.1)
    assert "Learning rate 0.1: sent" in texts(app)
    app.slider(key=f"live_dense_dropout_{made.id}").set_value(0.5)
    run(app)
    assert engine.wished[made.id] == Control(learning_rate=0.1, dense_dropout=0.5)
    services.store().record(made.id, SettingChanged(123, "learning_rate", 0.01, 0.1))
    services.store().record(made.id, SettingChanged(124, "dense_dropout", 0.0, 0.5))
    app = fresh(app)
    assert "Learning rate 0.1: counts from step 124" in texts(app)
    assert "Dropout before the output 0.5: counts from step 125" in texts(app)


def test_the_recipe_of_the_next_run_is_another_matter(engine) -> None:
    made = a_running(engine)
    app = own_page(made)
    app.select_slider(key=f"live_learning_rate_{made.id}").set_value(0.1)
    run(app)
    assert app.select_slider(key="learning_rate").value == 0.01


def test_speed_is_limited_for_watching(engine) -> None:
    made = a_running(engine)
    app = own_page(made)
    app.selectbox(key=f"speed_{made.id}").set_value(3.0)
    run(app)
    assert engine.wished[made.id] == Control(steps_per_s=3.0)


def test_only_settings_that_the_model_has_can_be_changed(engine) -> None:
    made = a_run(Started({}, 400, 7_850, "cpu"), recipe=Recipe(model="linear"))
    engine.shown[made.id] = {"steps": 400, "steps_done": 1, "position": 0}
    keys = {slider.key for slider in [*own_page(made).slider, *own_page(made).select_slider]}
    assert f"live_learning_rate_{made.id}" in keys
    assert not {f"live_conv_dropout_{made.id}", f"live_dense_dropout_{made.id}"} & keys


def test_a_refused_wish_is_said_once(engine) -> None:
    made = a_running(engine)
    app = own_page(made)
    engine.refusal = UserError("run_elsewhere", "Another process trains this run.", "Stop it there.")
    assert "Another process" in press(app, "Pause").error[0].value
    assert not run(app).error


def test_before_a_worker_has_it_a_run_can_only_be_stopped(engine) -> None:
    made = services.store().create(made_up.RECIPE, session=MY_SESSION)
    engine.shown[made.id] = {"position": 2, "waiting": Waiting(2, 40.0)}
    app = own_page(made)
    assert "Stop" in labels(app)
    assert "Pause" not in labels(app)
    said = "Waiting: 2 runs ahead of yours · starts in about 40 s"
    assert [bar.proto.text for bar in app.get("progress")] == [said]


def test_a_run_that_gave_its_worker_back_goes_on_and_says_what_it_waits_for(engine) -> None:
    made = a_running(engine, *made_up.training(4, 120), Paused(120), position=None)
    engine.wished[made.id] = Control(pause=True)
    app = own_page(made)
    assert f"Paused after step 120 of 400 · epoch 2 of 4{ACCURACY}" in [bar.proto.text for bar in app.get("progress")]
    press(app, "One step")
    assert engine.wished[made.id] == Control(pause=True, until_step=121)
    services.store().wait(made.id, "queued")
    engine.shown[made.id] |= {"position": 1, "waiting": Waiting(1)}
    app = fresh(app)
    assert "Waiting" in texts(app)
    assert [bar.proto.text for bar in app.get("progress")] == [f"Waiting: 1 run ahead of yours{ACCURACY}"]


def test_a_run_that_cannot_be_paused_can_only_be_stopped(engine) -> None:
    app = own_page(a_running(engine, can_pause=False))
    assert "Stop" in labels(app)
    assert not {"Pause", "One step", "One epoch"} & set(labels(app))
    assert not [box for box in app.selectbox if box.key.startswith("speed_")]


def test_a_support_vector_machine_counts_its_borders_and_has_no_steps(engine) -> None:
    recipe = Recipe(model="svm", train_images=1_000)
    made = a_run(Started({}, 0, 1, "cpu"), PairFitted(17, 45, [3, 8]), recipe=recipe)
    engine.shown[made.id] = {"steps": 0, "position": 0, "fitted": PairFitted(17, 45, [3, 8])}
    app = own_page(made)
    assert app.get("progress")[0].proto.text.startswith("Fitted 17 of 45 SVMs")
    assert "One epoch" not in labels(app)
    assert not [said for said in charts(app) if "Loss" in said]
    press(app, "One pair")
    assert engine.wished[made.id] == Control(pause=True, until_step=18)
