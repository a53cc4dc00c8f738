import sqlite3
from contextlib import closing

import numpy as np
import pytest

from mnist_core.data.mnist_files import load_mnist
from mnist_core.errors import UserError
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.training.events import Diverged, Epoch, Failed, Finished, Started, Step, Stopped
from mnist_core.training.models import build
from mnist_core.training.weights import to_bytes
from mnist_core.ui import services
from mnist_core.ui.train import run_view
from tests.ui.app import address, go_to, open_page, run, texts
from tests.ui.engine import EngineWithoutWorkers

RECIPE = Recipe(model="linear", epochs=2, train_images=500)


def a_run(*events):
    """A run in the store that has announced these events after it began."""
    store = services.store()
    made = store.create(RECIPE)
    store.begin(made.id)
    store.record(made.id, Started(RECIPE.as_dict(), 4, 7850, "cpu"))
    for event in events:
        store.record(made.id, event)
    return store.run(made.id)


def an_epoch(number=1):
    return Epoch(number, 0.5, 0.8, 0.4, 0.9, 3.0, to_bytes(build(RECIPE)))


def all_right():
    """Probabilities of a model that reads every test image right, as a run keeps them."""
    labels = load_mnist().test_labels.numpy()
    return np.eye(10, dtype="<f2")[labels].tobytes()


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    return run(app)


def labels_of_links(app):
    return [element.proto.label for element in app.get("page_link")]


def values(app):
    """What the recipe's controls show, by the field's name; of indexes, which have none, what the form knows."""
    return {**app.session_state["recipe"].as_dict(), **shown(app)}


def shown(app):
    return {widget.key: widget.value for widget in controls(app)}


def controls(app):
    widgets = [*app.slider, *app.select_slider, *app.selectbox, *app.toggle, *app.number_input]
    return [widget for widget in widgets if widget.key in FIELDS]


def test_there_is_a_control_for_every_field_at_its_default() -> None:
    app = open_page("train", drawer=True)
    assert shown(app) == {name: field.default for name, field in FIELDS.items() if field.kind != "indexes"}
    assert address(app) == {}


def test_every_control_explains_itself() -> None:
    app = open_page("train", drawer=True)
    for widget in controls(app):
        field = FIELDS[widget.key]
        assert field.help in widget.proto.help
        assert field.expect in widget.proto.help


def test_a_link_sets_the_controls_even_between_two_notches() -> None:
    link = {"learning_rate": "0.0073", "epochs": "7", "rotation_deg": "12.5", "batch_norm": "false", "model": "mlp"}
    app = open_page("train", drawer=True, **link)
    expected = Recipe(learning_rate=0.0073, epochs=7, rotation_deg=12.5, batch_norm=False, model="mlp")
    assert values(app) == expected.as_dict()
    assert not app.warning


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", "nan"), ("learning_rate", "1e400"), ("epochs", "-3"), ("epochs", "1.5"),
        ("epochs", "9" * 400), ("model", "<script>"), ("seed", "1e10"), ("colour", "red"),
        ("rotation_deg", ""), ("batch_norm", "perhaps"),
    ],
)  # fmt: skip
def test_a_link_with_nonsense_gives_the_default_and_a_notice(name: str, value: str) -> None:
    app = open_page("train", drawer=True, **{name: value})
    assert len(app.warning) == 1
    assert values(app) == Recipe().as_dict()
    assert name not in address(app)


def test_of_a_repeated_parameter_the_last_counts_and_a_notice_says_so() -> None:
    app = open_page("train", drawer=True, epochs=["2", "3"])
    assert values(app)["epochs"] == 3
    assert "2 times" in app.warning[0].value


def test_moving_a_control_writes_the_address_and_takes_the_notice_away() -> None:
    app = open_page("train", drawer=True, learning_rate="nan")
    app.select_slider(key="epochs").set_value(3)
    run(app)
    assert address(app) == {"epochs": "3"}
    assert not app.warning


def test_the_controls_survive_another_page() -> None:
    app = open_page("train")
    app.select_slider(key="learning_rate").set_value(0.1)
    app.selectbox(key="activation").set_value("tanh")
    run(app)
    go_to(app, "draw")
    go_to(app, "train")
    assert values(app) == Recipe(learning_rate=0.1, activation="tanh").as_dict()
    assert address(app) == {"activation": "tanh", "learning_rate": "0.1"}


def test_a_second_link_in_the_same_session_counts() -> None:
    app = open_page("train", epochs="3")
    go_to(app, "train", epochs="5", dense_dropout="0.5")
    assert values(app) == Recipe(epochs=5, dense_dropout=0.5).as_dict()


def test_defaults_are_one_press_away() -> None:
    app = press(open_page("train", epochs="3", model="linear"), "Defaults")
    assert values(app) == Recipe().as_dict()
    assert address(app) == {}


def test_a_setting_that_is_not_used_cannot_be_moved_and_says_why() -> None:
    app = open_page("train", drawer=True, model="linear")
    assert app.selectbox(key="activation").disabled
    assert "no hidden layers" in app.selectbox(key="activation").proto.help
    assert app.slider(key="momentum").disabled
    assert not open_page("train", drawer=True, optimizer="momentum").slider(key="momentum").disabled


def test_the_number_of_parameters_follows_the_model() -> None:
    assert "7,850" in texts(open_page("train", drawer=True, model="linear"))


def test_augmented_samples_are_shown() -> None:
    assert "As the model may see them" in texts(open_page("train", rotation_deg="30"))


def test_start_puts_the_recipe_in_line_and_the_run_in_the_address() -> None:
    app = press(open_page("train", epochs="3"), "Start training")
    (made,) = services.store().runs()
    assert made.recipe == Recipe(epochs=3)
    assert address(app) == {"run": made.id, "epochs": "3"}
    assert "Waiting" in texts(app)


def test_a_closed_tab_loses_neither_the_run_nor_the_right_to_stop_it(engine: EngineWithoutWorkers) -> None:
    first = press(open_page("train", visitor="me"), "Start training")
    reopened = open_page("train", visitor="me", **address(first))
    press(reopened, "Stop")
    (made,) = services.store().runs()
    assert engine.stopped == [(made.id, made.owner_token)]


@pytest.mark.parametrize("link", ["", "its token"])
def test_whoever_gets_the_link_can_only_watch(engine: EngineWithoutWorkers, link: str) -> None:
    owner = press(open_page("train", visitor="me"), "Start training")
    (made,) = services.store().runs()
    assert made.owner_token not in str(address(owner))
    old_link = {"owner": made.owner_token} if link else {}
    app = open_page("train", visitor="you", **address(owner), **old_link)
    assert address(app) == {"run": made.id}
    assert not app.warning
    assert "Stop" not in [button.label for button in app.button]
    assert "started in another browser" in texts(app)
    assert not engine.stopped


@pytest.mark.parametrize(("position", "every_s"), [(None, 0.5), (0, 0.5), (1, 0.5), (2, 2.0), (20, 2.0)])
def test_a_run_that_is_not_next_in_line_is_looked_at_less_often(
    engine: EngineWithoutWorkers, position: int | None, every_s: float
) -> None:
    made = services.store().create(RECIPE)
    engine.shown[made.id] = {"position": position}
    assert run_view.every_s(made.id) == every_s


def test_a_run_that_is_over_is_not_looked_at_again() -> None:
    assert run_view.every_s(a_run(Stopped(3, 1.0)).id) is None


def test_a_refusal_is_said_in_words_and_once(engine: EngineWithoutWorkers) -> None:
    engine.refusal = UserError("queue_full", "20 runs are waiting already.", "Try again later.")
    app = press(open_page("train"), "Start training")
    assert "20 runs are waiting already" in app.error[0].value
    assert not run(app).error


def test_a_finished_run_shows_its_accuracy_and_leads_to_its_mistakes() -> None:
    made = a_run(an_epoch(1), an_epoch(2), Finished(1.0, 2, 5.0, all_right()))
    app = open_page("train", run=made.id)
    assert app.metric[0].value == "100.00 %"
    assert app.metric[0].delta == "0 of 10,000 wrong"
    assert "Compared with the shipped model" in [metric.label for metric in app.metric]
    assert "See its mistakes" in labels_of_links(app)
    assert "owner" not in address(app)


def test_a_run_is_compared_with_the_one_before() -> None:
    a_run(an_epoch(), Finished(0.9, 1, 5.0, all_right()))
    made = a_run(an_epoch(), Finished(0.92, 1, 5.0, all_right()))
    metric = next(metric for metric in open_page("train", run=made.id).metric if "before" in metric.label)
    assert metric.value == "+2.00 points"


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (Diverged(7, 1.0), "Diverged"),
        (Failed("worker_lost", "The process ended.", "Start it again."), "Start it again"),
        (Stopped(3, 1.0), "Stopped"),
    ],
)
def test_a_run_that_did_not_finish_says_what_happened(end, said: str) -> None:
    made = a_run(Step(1, 0.1, float("nan"), 0.1), end)
    app = open_page("train", run=made.id)
    assert said in texts(app)
    assert "No epoch was finished" in texts(app)
    assert "See its mistakes" not in labels_of_links(app)


def test_an_interrupted_run_keeps_its_epochs() -> None:
    made = a_run(an_epoch())
    services.store().interrupt(made.id)
    app = open_page("train", run=made.id)
    assert "Interrupted" in texts(app)
    assert "The model after epoch 1 is kept" in texts(app)
    assert "See its mistakes" in labels_of_links(app)


def test_a_runs_settings_can_be_taken_over() -> None:
    made = a_run(Stopped(3, 1.0))
    app = press(open_page("train", run=made.id), "Use its settings")
    assert values(app) == RECIPE.as_dict()


@pytest.mark.parametrize("name", ["00000000", "nothing", "../x", "\0", "9" * 300])
def test_a_link_to_no_run_says_so(name: str) -> None:
    app = open_page("train", run=name)
    assert len(app.error) == 1
    assert "run" not in address(app)


def test_a_database_that_cannot_be_opened_is_one_error(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.sqlite").write_bytes(b"this is no database at all, not even nearly" * 100)
    monkeypatch.setenv("DIGIT_CLINIC_DATABASE", f"sqlite:///{tmp_path / 'broken.sqlite'}")
    app = open_page("train", run="00000000")
    assert app.error
    assert "database" in app.error[0].value


def test_while_another_program_writes_runs_are_shown_and_a_start_is_answered(tmp_path) -> None:
    made = a_run(an_epoch())
    services.store().close()
    services.store.forget()  # as an app that has just been started
    with closing(sqlite3.connect(tmp_path / "runs.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        app = open_page("train", run=made.id)
        assert not app.error
        assert made.name in list(app.dataframe[0].value["Run"])
        press(app, "Start training")
        assert any("busy" in error.value for error in app.error)


@pytest.mark.parametrize("column", ["recipe", "created_at", "facts", "steps_done", "state", "owner", "kind"])
def test_a_damaged_run_is_listed_as_one_and_takes_no_other_along(tmp_path, column: str) -> None:
    _, damaged = a_run(an_epoch()), a_run(an_epoch())
    with closing(sqlite3.connect(tmp_path / "runs.sqlite")) as connection, connection:
        connection.execute(f"UPDATE runs SET {column} = 'no such thing' WHERE id = '{damaged.id}'")
    app = open_page("train")
    assert not app.error
    assert len(app.dataframe[0].value) == 2
    app = open_page("train", run=damaged.id)
    assert "Traceback" not in texts(app)
