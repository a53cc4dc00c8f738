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
from mnist_core.runs import schema
from mnist_core.runs.database import default_url
from mnist_core.runs.store import Store
from tests.runs.examples import epoch, started


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
    assert settings == ["wal", 1, 15_000]


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


@pytest.mark.parametrize("url", ["sqlite:////proc/nowhere/runs.sqlite", "sqlite:////"])
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
        connection.execute("UPDATE schema_version SET version = 99")
    connection.close()
    with pytest.raises(UserError) as raised:
        Store(f"sqlite:///{file}").runs()
    assert raised.value.code == "database_version"


def test_a_locked_database_is_busy(tmp_path, monkeypatch):
    monkeypatch.setattr("mnist_core.runs.database._BUSY_S", 0.1)
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


_WRITE = """
import sys
from mnist_core.recipe import Recipe
from mnist_core.runs.store import Store
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
        writer.communicate(timeout=60)
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
