import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.store import schema
from mnist_core.runs.store.database import default_url
from mnist_core.runs.store.store import Store
from tests.patience import PATIENCE_S
from tests.runs.examples import checked, epoch, finished, measured, started, step


def test_the_environment_names_the_database(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGIT_CLINIC_DATABASE", f"sqlite:///{tmp_path}/deep/er/here.sqlite")
    store = Store()
    store.create(Recipe())
    store.close()
    assert (tmp_path / "deep/er/here.sqlite").is_file()


def test_without_a_word_it_is_a_file_of_the_user(monkeypatch):
    monkeypatch.delenv("DIGIT_CLINIC_DATABASE", raising=False)
    url = default_url()
    assert url.startswith("sqlite:///")
    assert "digit-clinic" in url


def test_the_database_is_set_up_for_several_processes(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite")
    with store._database.reading() as connection:
        ask = connection.exec_driver_sql
        settings = [ask(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys", "busy_timeout")]
    store.close()
    assert settings == ["wal", 1, 2_000]


def _damage(file: Path, how: str) -> None:
    content = file.read_bytes()
    file.write_bytes(
        {
            "no database": b"this is a text, and not a short one " * 1_000,
            "overwritten pages": content[:100] + os.urandom(len(content) - 100),
            "cut": content[: len(content) // 2],
        }[how]
    )


@pytest.mark.parametrize("how", ["no database", "overwritten pages", "cut"])
def test_a_damaged_database_is_a_plain_error(tmp_path, how):
    file = tmp_path / "runs.sqlite"
    store = Store(f"sqlite:///{file}")
    run = store.create(Recipe())
    store.record(run.id, started())
    store.record(run.id, epoch(1, weights=os.urandom(100_000)))
    store.close()
    _damage(file, how)
    with pytest.raises(UserError) as raised:
        Store(f"sqlite:///{file}").weights(run.id)
    assert raised.value.code == "database_damaged"


@pytest.mark.parametrize(
    "url", ["sqlite:////proc/nowhere/runs.sqlite", "sqlite:////", "sqlite:////dev/null/x", "sqlite:////" + "x" * 5_000]
)
def test_a_database_that_cannot_be_opened_is_a_plain_error(url):
    with pytest.raises(UserError) as raised:
        Store(url).runs()
    assert raised.value.code == "database_unreachable"


@pytest.mark.parametrize("url", ["nonsense", "nosuch://host/name", "sqlite+nodriver:///x"])
def test_an_address_that_is_none_is_a_plain_error(url):
    with pytest.raises(UserError) as raised:
        Store(url)
    assert raised.value.code == "database_url"


def test_a_database_of_another_version_is_refused(tmp_path):
    file = tmp_path / "runs.sqlite"
    store = Store(f"sqlite:///{file}")
    store.runs()
    store.close()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE digit_clinic_version SET version_num = '99'")
    connection.close()
    with pytest.raises(UserError) as raised:
        Store(f"sqlite:///{file}").runs()
    assert raised.value.code == "database_version"


def test_a_locked_database_is_busy(tmp_path, monkeypatch):
    monkeypatch.setattr("mnist_core.runs.store.database.WAIT_S", 0.1)
    file = tmp_path / "runs.sqlite"
    store = Store(f"sqlite:///{file}")
    store.runs()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UserError) as raised:
        store.create(Recipe())
    assert raised.value.code == "database_busy"
    assert store.runs() == ()  # reading goes on
    other.execute("ROLLBACK")
    other.close()
    store.create(Recipe())
    store.close()


_AS_IT_WAS = """
CREATE TABLE schema_version ( version INTEGER NOT NULL, PRIMARY KEY (version) );
CREATE TABLE runs ( number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, id VARCHAR(32) NOT NULL, name VARCHAR(80) NOT
    NULL, recipe TEXT NOT NULL, state VARCHAR(16) NOT NULL, created_at DATETIME NOT NULL, started_at DATETIME,
    ended_at DATETIME, owner TEXT NOT NULL, session TEXT NOT NULL, owner_token VARCHAR(64) NOT NULL, steps BIGINT,
    steps_done BIGINT NOT NULL, parameters BIGINT, device VARCHAR(16), epochs_done INTEGER NOT NULL,
    validation_accuracy FLOAT, test_accuracy FLOAT, wall_s FLOAT, error_code TEXT, error_message TEXT, error_fix
    TEXT, UNIQUE (id) );
CREATE INDEX runs_by_state ON runs (state);
CREATE INDEX runs_by_name ON runs (name);
CREATE TABLE epochs ( run INTEGER NOT NULL, epoch INTEGER NOT NULL, training_loss FLOAT, training_accuracy FLOAT,
    validation_loss FLOAT, validation_accuracy FLOAT, wall_s FLOAT NOT NULL, weights BLOB NOT NULL, PRIMARY KEY
    (run, epoch), FOREIGN KEY(run) REFERENCES runs (number) ON DELETE CASCADE );
CREATE TABLE steps ( run INTEGER NOT NULL, step BIGINT NOT NULL, epoch FLOAT NOT NULL, loss FLOAT, learning_rate
    FLOAT NOT NULL, PRIMARY KEY (run, step), FOREIGN KEY(run) REFERENCES runs (number) ON DELETE CASCADE );
CREATE TABLE evaluations ( run INTEGER NOT NULL, test_probabilities BLOB NOT NULL, PRIMARY KEY (run), FOREIGN
    KEY(run) REFERENCES runs (number) ON DELETE CASCADE );
INSERT INTO schema_version VALUES (1);
INSERT INTO runs VALUES (1, '0badcafe', 'old', '{"model": "linear", "epochs": 2}', 'finished',
    '2026-01-02 03:04:05.000006', NULL, NULL, 'host|1|2.00', '', 'token', 8, 8, 7850, 'cpu', 2,
    0.75, 0.8125, 2.5, NULL, NULL, NULL);
INSERT INTO epochs VALUES (1, 1, 0.9, 0.7, 0.8, 0.75, 1.0, x'01'), (1, 2, 0.5, 0.7, 0.4, 0.75, 2.0, x'02');
INSERT INTO steps VALUES (1, 1, 0.25, 0.5, 0.01);
"""


def test_a_database_from_before_the_laboratory_opens_and_gains_the_new_tables(tmp_path):
    file = tmp_path / "runs.sqlite"
    with sqlite3.connect(file) as connection:
        connection.executescript(_AS_IT_WAS)
    connection.close()
    store = Store(f"sqlite:///{file}")
    [old] = store.runs()
    assert (old.name, old.recipe, old.state) == ("old", Recipe(model="linear", epochs=2), "finished")
    assert (store.weights(old.id), store.kept_epoch(old.id), store.epochs_with_weights(old.id)) == (b"\2", 2, (1, 2))
    assert [len(part) for part in (store.curve(old.id).epochs, store.insight(old.id).measured)] == [2, 0]
    assert (store.run(old.id).continues, store.drawing(old.id), store.run(old.id).lr_range) == (None, None, None)
    with pytest.raises(UserError) as raised:
        store.checkpoint(old.id)
    assert raised.value.code == "not_resumable"

    new = store.create(Recipe(epochs=2))
    for event in [started(), step(1), measured(1), checked(1, 1), epoch(1, resume=b"resume"), finished()]:
        store.record(new.id, event)
    assert store.create_longer(new.id, Recipe(epochs=3)).epochs_done == 1
    assert len(store.insight(new.id).measured) == 1
    store.delete(old.id)
    assert len(store.runs()) == 2
    store.close()


_WRITE = """
import sys
from mnist_core.recipe import Recipe
from mnist_core.runs.store.store import Store
from tests.runs.examples import epoch, finished, started, step

store = Store(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(5):
    run = store.create(Recipe())
    store.record(run.id, started())
    for number in range(1, 6):
        store.record(run.id, step(number))
        store.record(run.id, epoch(number))
    store.record(run.id, finished())
store.close()
"""


def test_two_processes_open_and_fill_one_new_database(tmp_path):
    url = f"sqlite:///{tmp_path}/runs.sqlite"
    command = [sys.executable, "-c", _WRITE, url]
    writers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=PATIENCE_S)
        assert writer.returncode == 0
    store = Store(url)
    runs = store.runs()
    assert [run.state for run in runs] == ["finished"] * 10
    assert all(len(store.curve(run.id).epochs) == 5 for run in runs)
    assert store.recover() == ()
    store.close()


def test_the_tables_can_be_made_on_postgresql():
    made = "".join(
        str(CreateTable(table).compile(dialect=postgresql.dialect())) for table in schema.metadata.sorted_tables
    )
    assert "BYTEA" in made
    assert "BIGSERIAL" in made
