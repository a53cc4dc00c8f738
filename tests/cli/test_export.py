"""`export` as its users run it: in a process of its own."""

import csv
import json
import os

import pytest

from mnist_core.export.safetensors_file import recipe_in
from mnist_core.recipe import Recipe
from mnist_core.runs.export_facts import facts_of
from mnist_core.runs.store.store import Store
from mnist_core.training.events import Epoch, SettingChanged
from mnist_core.training.loop import train
from tests.forked import run_command, run_fresh_command

RECIPE = Recipe(model="linear", train_images=300, epochs=2, seed=3)


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('runs') / 'runs.sqlite'}"


@pytest.fixture(scope="module")
def run_id(database) -> str:
    store = Store(database)
    run = store.create(RECIPE, "mine <b>")
    for event in train(RECIPE):
        store.record(run.id, event)
        if isinstance(event, Epoch) and event.epoch == 1:
            store.record(run.id, SettingChanged(5, "learning_rate", 0.01, 0.02))
    store.close()
    return run.id


@pytest.fixture
def export(database):
    def export(*words: str) -> tuple[int, dict, str]:
        done = run_command(["export", *words, "--json"], {**os.environ, "DIGIT_CLINIC_DATABASE": database})
        assert "Traceback" not in done.stderr
        return done.returncode, json.loads(done.stdout), done.stderr

    return export


def test_a_run_is_taken_away(export, run_id, tmp_path) -> None:
    code, said, _ = export(run_id, "--format", "safetensors", str(tmp_path))
    path = tmp_path / f"digit-clinic-{run_id}.safetensors"
    assert (code, said) == (0, {"file": str(path), "format": "safetensors", "bytes": path.stat().st_size})
    assert recipe_in(path.read_bytes()) == RECIPE
    code, _, _ = export("mine <b>", "--format", "csv", str(tmp_path / "curve.csv"))
    assert code == 0
    with (tmp_path / "curve.csv").open() as file:
        epochs = [row for row in csv.DictReader(file) if row["validation_loss"]]
    assert [row["epoch"] for row in epochs] == ["1", "2"]


def test_the_facts_of_a_run_are_what_the_store_keeps(database, run_id) -> None:
    store = Store(database)
    facts = facts_of(run_id, store)
    run = store.run(run_id)
    assert (facts.recipe, facts.title, facts.test_accuracy) == (RECIPE, "mine <b>", run.test_accuracy)
    assert [epoch.epoch for epoch in facts.epochs] == [1, 2]
    assert facts.kept_epoch == 2
    assert facts.validation_accuracy == facts.epochs[1].validation_accuracy
    assert [change.value for change in facts.changes] == [0.02]
    assert facts.notes == ()
    assert facts.model().temperature != 1
    store.close()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["linear", "--format", "pickle", "x"], "format_unknown"),
        (["none-such", "--format", "script", "x"], "run_unknown"),
        (["linear", "--format", "card", "/none/such/folder/card.md"], "file_unwritable"),
        (["linear", "--format", "csv", "x.csv"], "curve_unknown"),
    ],
)
def test_what_cannot_be_exported_says_why(export, words, error) -> None:
    code, said, errors = export(*words)
    assert code == 1
    assert errors
    assert said["error"]["code"] == error
    assert said["error"]["fix"]


def test_a_shipped_models_script_needs_no_database(tmp_path) -> None:
    words = ["export", "default", "--format", "script", str(tmp_path / "my.py")]
    done = run_fresh_command(words, {**os.environ, "DIGIT_CLINIC_DATABASE": "sqlite:////none/such.sqlite"})
    assert done.returncode == 0, done.stderr
    assert "PyTorch script" in done.stdout
    compile((tmp_path / "my.py").read_text(), "my.py", "exec")
