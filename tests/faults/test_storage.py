"""Databases that are locked, full, read-only, damaged in a row, empty or another program's, and two apps on one."""

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.store.store import Store
from mnist_core.training.events import Stopped
from tests.forked import ROOT
from tests.runs.examples import epoch, finished, started


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "runs.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{file}")
    yield opened
    opened.close()


def said(ask) -> str:
    with pytest.raises(UserError) as raised:
        ask()
    return raised.value.code


# --- locked by another program --------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_whoever_reads_waits_for_nobody_and_whoever_writes_is_told_soon(store: Store, file: Path, lock: str) -> None:
    run = store.create(Recipe())
    store.record(run.id, started())
    store.record(run.id, epoch(1))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute(lock)
        newcomer = Store(f"sqlite:///{file}")
        for reader in (store, newcomer):
            assert [one.id for one in reader.runs()] == [run.id]
            assert reader.weights(run.id)
        assert newcomer.recover() == ()
        began_s = time.monotonic()
        assert said(lambda: newcomer.create(Recipe())) == "database_busy"
        assert said(lambda: store.record(run.id, Stopped(1, 0.5))) == "database_busy"
        assert 3 < time.monotonic() - began_s < 15  # two each, on a machine that has time
        newcomer.close()


def test_a_run_to_recover_does_not_keep_readers_waiting(file: Path) -> None:
    with closing(App(file)) as app:
        app.kill()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with closing(Store(f"sqlite:///{file}")) as store:
            store.recover()
            (run,) = store.runs()
            assert (run.state, run.error.code) == ("interrupted", "interrupted")
        other.execute("ROLLBACK")
    with closing(Store(f"sqlite:///{file}")) as store:
        assert store.recover() == (run.id,)


# --- two apps on one database ---------------------------------------------------------------------------

_APP = """
import sys
from mnist_core.recipe import Recipe
from mnist_core.runs.store.store import Store
from tests.runs.examples import epoch, started

store = Store(sys.argv[1])
run = store.create(Recipe(epochs=3))
store.record(run.id, started())
store.record(run.id, epoch(1, resume=b"resume"))
print(run.id, flush=True)
sys.stdin.readline()
"""


class App:
    """Another app with a run that trains."""

    def __init__(self, file: Path) -> None:
        command = [sys.executable, "-c", _APP, f"sqlite:///{file}"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.run_id = self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


def test_a_run_of_another_app_that_was_killed_is_interrupted_while_this_one_goes_on(store: Store, file: Path) -> None:
    own = store.create(Recipe())
    store.record(own.id, started())
    with closing(App(file)) as app:
        assert {run.id: run.state for run in store.runs()} == {own.id: "running", app.run_id: "running"}
        app.kill()
        assert {run.id: run.state for run in store.runs()} == {own.id: "running", app.run_id: "interrupted"}
        run = store.find(app.run_id)
        assert (run.is_active, run.epochs_done, run.error.code) == (False, 1, "interrupted")
        assert store.create_longer(app.run_id, Recipe(epochs=4)).epochs_done == 1
        store.delete(app.run_id)


# --- one damaged row ------------------------------------------------------------------------------------

_COLUMNS = [
    "name", "recipe", "state", "created_at", "started_at", "ended_at", "owner", "session", "owner_token", "steps",
    "steps_done", "parameters", "device", "epochs_done", "validation_accuracy", "test_accuracy", "wall_s",
    "error_code", "error_message", "kind", "facts",
]  # fmt: skip


@pytest.mark.parametrize("value", ["x'ff00fe'", "'no such thing'", "'{\"a\": '", "-1e300", "CAST(x'ff' AS TEXT)"])
@pytest.mark.parametrize("column", _COLUMNS)
def test_one_damaged_row_does_not_hide_the_others(store: Store, file: Path, column: str, value: str) -> None:
    for name in ("first", "damaged", "last"):
        store.record(store.create(Recipe(), name).id, finished())
    runs = store.runs()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"UPDATE runs SET {column} = {value} WHERE id = '{runs[1].id}'")
    last, damaged, first = store.runs()
    assert [last, first] == [runs[0], runs[2]]
    assert damaged.id == runs[1].id
    json.dumps(damaged.as_dict())  # every value is of its kind
    assert store.recover() == ()
    store.delete(damaged.id)
    assert store.runs() == (last, first)


@pytest.mark.parametrize("value", ["x'ff00fe'", "'no such thing'", "-1e300", "CAST(x'ff' AS TEXT)"])
def test_a_waiting_run_of_a_damaged_owner_keeps_nobody_from_opening_the_runs(store: Store, file: Path, value) -> None:
    other, damaged = store.create(Recipe(), "other"), store.create(Recipe(), "damaged")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"UPDATE runs SET owner = {value} WHERE id = '{damaged.id}'")
    assert set(store.recover()) <= {damaged.id}
    assert not store.run(damaged.id).is_active
    store.delete(damaged.id)
    assert store.runs() == (other,)


@pytest.mark.parametrize("column", ["label", "kept_at", "png"])
def test_one_damaged_digit_does_not_hide_the_others(store: Store, file: Path, column: str) -> None:
    import numpy as np

    picture = np.zeros((28, 28), np.uint8)
    for row in range(4, 8):
        picture[row : row + 16, 10:14] = 255
        store.my_digits.keep("ann", picture.copy(), 1)
    kept = store.my_digits.all("ann")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"UPDATE my_digits SET {column} = 'damaged' WHERE number = {kept[1].id}")
    assert store.my_digits.all("ann") == (kept[0], *kept[2:])


# --- another program's database, and an empty one -------------------------------------------------------

_FOREIGN = {
    "notes": "CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')",
    # of a program that tracks experiments with Alembic, too
    "runs": "CREATE TABLE runs (run_uuid TEXT); CREATE TABLE alembic_version (version_num TEXT); "
    "INSERT INTO alembic_version VALUES ('2')",
}


@pytest.mark.parametrize("tables", _FOREIGN.values(), ids=_FOREIGN.keys())
def test_the_database_of_another_program_is_refused_and_left_as_it_is(file: Path, tables: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(tables)
    content = file.read_bytes()
    with closing(Store(f"sqlite:///{file}")) as store:
        assert said(store.runs) == said(lambda: store.create(Recipe())) == "database_foreign"
    assert file.read_bytes() == content
    assert list(file.parent.iterdir()) == [file]


def test_an_empty_file_is_refused_and_left_as_it_is(file: Path) -> None:
    file.touch()
    with closing(Store(f"sqlite:///{file}")) as store:
        assert said(store.runs) == said(lambda: store.create(Recipe())) == "database_empty"
    assert file.read_bytes() == b""
    assert list(file.parent.iterdir()) == [file]


_KILLED = """
import os, signal, sys
from mnist_core.runs.store import upgrading
from mnist_core.runs.store.store import Store
upgrading.command.stamp = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
Store(sys.argv[1]).runs()
"""


def test_an_app_that_is_killed_while_it_makes_the_database_leaves_no_half_of_it(file: Path) -> None:
    assert subprocess.run([sys.executable, "-c", _KILLED, f"sqlite:///{file}"], cwd=ROOT, check=False).returncode < 0
    assert not file.exists()
    with closing(Store(f"sqlite:///{file}")) as store:
        assert store.runs() == ()


# --- a disk that is full, or read-only ------------------------------------------------------------------

_ON_A_SMALL_DISK = """
import json, subprocess, sys
from contextlib import suppress
from pathlib import Path
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.store.store import Store
from tests.runs.examples import epoch, started

def said(ask):
    try:
        return ask()
    except UserError as error:
        return error.code

disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", disk], check=True)
url = f"sqlite:///{disk}/runs.sqlite"
store = Store(url)
run = store.create(Recipe())
store.record(run.id, started())
store.record(run.id, epoch(1, weights=bytes(100_000)))

heard = {}
filler = disk / "filler"
with suppress(OSError):
    filler.write_bytes(bytes(8_000_000))
heard["full: an epoch"] = [said(lambda: store.record(run.id, epoch(2, weights=bytes(300_000)))) for _ in range(2)]
heard["full: a run"] = said(lambda: store.create(Recipe()).id)
heard["full: reading"] = len(store.weights(run.id, 1))
heard["full: a new database"] = said(Store(f"sqlite:///{disk}/new.sqlite").runs)
filler.unlink()
heard["free: an epoch"] = said(lambda: store.record(run.id, epoch(2, weights=bytes(300_000))))
heard["free: epochs"] = store.epochs_with_weights(run.id)
store.close()
subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
heard["read-only: an epoch"] = said(lambda: store.record(run.id, epoch(3)))
heard["read-only: a run"] = said(lambda: Store(url).create(Recipe()))
heard["read-only: a new database"] = said(Store(f"sqlite:///{disk}/new.sqlite").runs)
heard["read-only: a new folder"] = said(Store(f"sqlite:///{disk}/new/new.sqlite").runs)
print(json.dumps(heard))
"""


def test_a_disk_that_is_full_or_read_only_is_called_that(tmp_path: Path) -> None:
    root = ["unshare", "--map-root-user", "--mount"]  # may mount disks that nobody else sees
    if shutil.which("unshare") is None or subprocess.run([*root, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    command = [*root, sys.executable, "-c", _ON_A_SMALL_DISK, str(tmp_path)]
    heard = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    assert heard == {
        "full: an epoch": ["database_full", "database_full"],
        "full: a run": "database_full",
        "full: reading": 100_000,
        "full: a new database": "database_full",
        "free: an epoch": None,
        "free: epochs": [1, 2],
        "read-only: an epoch": "database_read_only",
        "read-only: a run": "database_read_only",
        "read-only: a new database": "database_read_only",
        "read-only: a new folder": "database_read_only",
    }
