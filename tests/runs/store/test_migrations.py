"""A database of the version before, with one run of every kind, opens with everything in it.

`version_1_*.sql` were dumped from databases that the program itself had filled before the tables changed.
"""

import math
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.run import Run
from mnist_core.runs.store import schema, upgrading, versions
from mnist_core.runs.store.store import Store
from mnist_core.training.events import (
    ClaimTested,
    FineTuneResult,
    PairFitted,
    Paused,
    RangeTested,
    Resumed,
    SettingChanged,
    TrialDone,
)
from tests.patience import PATIENCE_S
from tests.runs.examples import checked, epoch, finished, measured, started, step

FOLDER = Path(__file__).parent
MINE = Recipe(model="linear", epochs=2, schedule="constant", keep_3=0.25, pen_habits=0.5, left_out="3,17,59999")


def old_sqlite(folder: Path) -> str:
    with sqlite3.connect(folder / "runs.sqlite") as connection:
        connection.executescript((FOLDER / "version_1_sqlite.sql").read_text(encoding="utf-8"))
    connection.close()
    return f"sqlite:///{folder}/runs.sqlite"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server of its own, where one is installed; it refuses to be root's."""
    pytest.importorskip("psycopg")
    control = shutil.which("pg_ctl")
    if control is None:
        pytest.skip("no PostgreSQL server here")
    with tempfile.TemporaryDirectory() as folder:
        as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if as_other:
            shutil.chown(folder, "postgres")
        begin = [*as_other, control, "-D", f"{folder}/data"]
        options = ["-o", f"-c listen_addresses='' -k {folder}", "-l", f"{folder}/log"]
        subprocess.run([*begin, "init", "-o", "-A trust -U tester"], check=True, capture_output=True)
        subprocess.run([*begin, *options, "-w", "start"], check=True, stdout=subprocess.DEVNULL)
        try:
            yield f"postgresql+psycopg://tester@/postgres?host={folder}"
        finally:
            subprocess.run([*begin, "-m", "immediate", "stop"], check=True, capture_output=True)


@pytest.fixture
def new_postgresql(server: str) -> str:
    """The address of an empty database on it."""
    name = f"runs_{secrets.token_hex(4)}"
    engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path: Path) -> str:
    """The address of a database of version 1."""
    if request.param == "sqlite":
        return old_sqlite(tmp_path)
    address: str = request.getfixturevalue("new_postgresql")
    engine = sqlalchemy.create_engine(address)
    with engine.begin() as connection:
        connection.exec_driver_sql((FOLDER / "version_1_postgresql.sql").read_text(encoding="utf-8"))
    engine.dispose()
    return address


@pytest.fixture
def store(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    # The machine that the dumps were made on may be this one, which knows that those processes have ended.
    monkeypatch.setattr("mnist_core.runs.store.run_rows.is_dead", lambda *_: False)
    store = Store(url, step_gap_s=0)
    yield store
    store.close()


def named(store: Store, name: str) -> Run:
    return next(run for run in store.runs(100) if run.name == name)


def of_kind(store: Store, url: str, kind: str) -> list[Run]:
    """Runs that no list shows, in the order in which they were asked for."""
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        table = schema.runs
        ids = connection.scalars(sqlalchemy.select(table.c.id).where(table.c.kind == kind).order_by(table.c.number))
        found = list(ids)
    engine.dispose()
    return [store.run(run_id) for run_id in found]


def test_a_finished_run_has_all_that_it_had(store: Store) -> None:
    run = named(store, "café ✓ finished")
    assert (run.state, run.recipe, run.session, run.kind) == ("finished", MINE, "anna", "training")
    assert (run.steps, run.steps_done, run.parameters, run.device, run.epochs_done) == (8, 4, 7850, "cpu", 2)
    assert (run.validation_accuracy, run.test_accuracy, run.wall_s, run.error) == (0.75, 0.8125, 2.5, None)
    assert run.created_at.tzinfo is not None
    assert len(run.owner_token) > 20
    curve = store.curve(run.id)
    assert [point.step for point in curve.steps] == [1, 2, 3, 4]
    assert math.isnan(curve.steps[1].loss)
    assert [(row.epoch, row.training_loss, row.wall_s) for row in curve.epochs] == [(1, 0.9, 1.0), (2, 0.45, 2.0)]
    assert [store.weights(run.id, number) for number in (1, 2)] == [b"\1" * 20, b"\2" * 20]
    assert store.test_probabilities(run.id) == b"\x00\x3c" * 10
    assert (store.drawing(run.id) == (np.arange(784) % 256).reshape(28, 28)).all()
    seen = store.insight(run.id)
    assert seen.measured == (measured(2, b"ab"), measured(4))
    assert seen.checked == (checked(1, 2), checked(2, 4))
    assert seen.changed == (SettingChanged(1, "learning_rate", 0.01, 0.001),)
    assert (seen.paused, seen.resumed) == ((Paused(1),), (Resumed(1),))
    assert (run.continues, run.lr_range, run.fine_tuned) == (None, None, None)
    point = store.checkpoint(run.id)
    assert (point.epoch, point.step, point.weights, point.resume) == (2, 4, b"\2" * 20, b"two")
    longer = store.create_longer(run.id, MINE.replace(epochs=3))
    assert (longer.steps_done, longer.continues, store.checkpoint(longer.id)) == (4, run.id, point)


def test_a_continued_run_knows_its_parent_and_goes_on(store: Store) -> None:
    run = named(store, "café ✓ finished · longer")
    parent = named(store, "café ✓ finished")
    assert (run.state, run.continues, run.epochs_done, run.wall_s) == ("stopped", parent.id, 3, 1.5)
    assert store.drawing(run.id) is not None
    assert store.checkpoint(run.id).resume == b"three"
    store.delete(parent.id)
    assert store.run(run.id).continues == parent.id


def test_what_was_fine_tuned_and_the_digits_kept_are_their_owners(store: Store) -> None:
    done, waiting = named(store, "default · my hand (6)"), named(store, "another lesson")
    assert done.fine_tuned == FineTuneResult(6, 2, 3, 1, 0.9871)
    assert (done.kind, done.facts["parent"], done.test_accuracy) == ("fine_tuning", "default", 0.9869)
    newest = store.my_digits.newest_fine_tuning("ann's token")
    assert (newest, newest.fine_tuned) == (waiting, None)
    assert (newest.facts["parent"], newest.facts["digits"]) == (named(store, "café ✓ finished").id, 6)
    assert [digit.label for digit in store.my_digits.all("ann's token")] == [3, 7, 3]
    assert [digit.label for digit in store.my_digits.all("ben's token")] == [9]
    first = store.my_digits.all("ann's token")[0]
    store.my_digits.keep("ann's token", first.picture, 5)  # a picture that is kept already only gets the label
    assert [digit.label for digit in store.my_digits.all("ann's token")] == [5, 7, 3]
    assert store.my_digits.newest_fine_tuning("ann's token") is not None


def test_hidden_runs_stay_hidden_and_keep_what_they_found(store: Store, url: str) -> None:
    listed = {run.id for run in store.runs(100)}
    done, running = of_kind(store, url, "lr_finder")
    assert done.lr_range == RangeTested(0.02, 0.1, 3.5)
    assert (done.name, done.state, done.wall_s) == ("range test · cnn", "finished", 3.5)
    assert (running.lr_range, running.state) == (None, "running")
    tested, queued = of_kind(store, url, "claim_test")
    trials = store.trials_of(tested.id)
    assert [(trial.step, trial.seed, trial.values["test_accuracy"]) for trial in trials] == [
        (1, 0, 0.9), (2, 0, 0.91), (3, 1, 0.92), (4, 1, 0.93),
    ]  # fmt: skip
    assert all(math.isnan(trial.values["lost"]) for trial in trials)
    assert (tested.facts["claim"], queued.state) == (trials[0].claim, "queued")
    assert tested.facts["experiment"] == queued.facts["experiment"]
    assert not listed & {run.id for run in (done, running, tested, queued)}
    store.record(queued.id, TrialDone(1, trials[0].claim, trials[0].arm, 0, {"test_accuracy": 0.5}))
    store.record(queued.id, ClaimTested(1, 2.0))
    assert store.run(queued.id).state == "finished"


def test_all_other_ends_are_as_they_were(store: Store) -> None:
    svm = named(store, "svm · images 1000")
    assert store.insight(svm.id).fitted == (PairFitted(1, 45, [0, 1]), PairFitted(2, 45, [0, 2]))
    diverged = named(store, "cnn · lr 1 · patience 2")
    assert (diverged.state, diverged.error.code, diverged.steps_done, store.kept_epoch(diverged.id)) == (
        "diverged", "diverged", 3, 1,
    )  # fmt: skip
    failed = named(store, "failed ünicode")
    assert (failed.error.code, failed.error.fix) == (
        "worker_lost",
        "Start it again; its finished epochs are kept.",
    )
    assert named(store, "interrupted").error.code == "interrupted"
    assert (named(store, "waits").state, named(store, "waits").session) == ("queued", "eve")
    assert len(store.runs(100)) == 10
    newest = store.create(Recipe(), "new")
    for event in [started(), step(1), epoch(1, resume=b"r"), finished()]:
        store.record(newest.id, event)
    assert [run.id for run in store.runs(1)] == [newest.id]


def test_nothing_is_left_of_the_old_tables_and_it_is_migrated_once(store: Store, url: str) -> None:
    store.runs()
    store.close()
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        assert versions.version_of(connection) == schema.VERSION
        left = {"schema_version", schema.VERSION_TABLE}
        names = set(inspect(engine).get_table_names())
        assert {name for name in names if not name.endswith("_version_1")} == set(schema.metadata.tables) | left
        options = {"include_name": lambda name, kind, _: kind != "table" or name in schema.metadata.tables}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()
    again = Store(url)
    assert len(again.runs(100)) == 10
    again.close()


def test_a_copy_of_the_old_database_is_kept(store: Store, url: str, tmp_path: Path) -> None:
    store.runs()
    if url.startswith("sqlite"):
        (copy,) = tmp_path.glob("runs.version-1.*.sqlite")
        url, suffix = f"sqlite:///{copy}", ""
    else:
        suffix = "_version_1"
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"SELECT version FROM schema_version{suffix}").scalar() == 1
        assert connection.exec_driver_sql(f"SELECT count(*) FROM teachings{suffix}").scalar() == 2
        assert connection.exec_driver_sql(f"SELECT count(*) FROM runs{suffix}").scalar() > 10
        assert "kind" not in {column["name"] for column in inspect(engine).get_columns(f"runs{suffix}")}
    engine.dispose()


def test_the_newest_script_is_the_version_of_the_tables() -> None:
    scripts = ScriptDirectory(str(upgrading.SCRIPTS))
    assert scripts.get_current_head() == schema.VERSION
    assert scripts.get_base() == "2"  # which version 1 comes from


def test_a_database_of_version_2_from_before_alembic_is_taken_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/runs.sqlite"
    store = Store(url)
    run = store.create(Recipe())
    store.close()
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        connection.executescript(
            f"DROP TABLE {schema.VERSION_TABLE}; CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY); "
            "INSERT INTO schema_version VALUES (2)"
        )
    connection.close()
    again = Store(url)
    assert [one.id for one in again.runs()] == [run.id]
    again.close()
    assert [file.name for file in tmp_path.iterdir()] == ["runs.sqlite"]  # nothing changed, and so no copy


_OPEN = """
import sys
from mnist_core.runs.store import database
from mnist_core.runs.store.store import Store
database.WAIT_S = 300.0
store = Store(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(len(store.runs(100)))
"""


def test_two_processes_that_open_it_at_once_migrate_it_once(url: str) -> None:
    command = [sys.executable, "-c", _OPEN, url]
    openers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for opener in openers:
        assert opener.stdout.readline() == "ready\n"
    for opener in openers:
        opener.stdin.write("go\n")
        opener.stdin.flush()
    assert [opener.communicate(timeout=PATIENCE_S)[0] for opener in openers] == ["10\n"] * 3


def test_a_migration_that_breaks_leaves_the_old_database(tmp_path: Path, monkeypatch) -> None:
    url = old_sqlite(tmp_path)

    def refuse(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("alembic.op.drop_table", refuse)
        with pytest.raises(KeyboardInterrupt):
            Store(url).runs()
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        assert connection.execute("SELECT version FROM schema_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM teachings").fetchone() == (2,)
        assert "blobs" not in {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()
    store = Store(url)
    assert len(store.runs(100)) == 10
    store.close()


def test_a_new_postgresql_database_is_filled_like_any_other(new_postgresql: str) -> None:
    store = Store(new_postgresql, step_gap_s=0)
    run = store.create(Recipe(epochs=2), "a\0b", session="\ud800", drawing=np.zeros((28, 28), np.uint8))
    for event in [
        started(),
        step(1, math.nan),
        measured(1, b"ab"),
        checked(1, 1),
        epoch(1, resume=b"r"),
        finished(),
    ]:
        store.record(run.id, event)
    assert store.insight(run.id).measured == (measured(1, b"ab"),)
    longer = store.create_longer(run.id, Recipe(epochs=3))
    assert (store.checkpoint(longer.id).resume, longer.continues) == (b"r", run.id)
    assert (store.drawing(longer.id) == 0).all()
    store.delete(run.id)
    assert [each.id for each in store.runs()] == [longer.id]
    store.close()


def test_a_postgresql_database_of_another_program_is_left_as_it_is(new_postgresql: str) -> None:
    engine = sqlalchemy.create_engine(new_postgresql)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (content TEXT)")
    store = Store(new_postgresql)
    with pytest.raises(UserError) as raised:
        store.create(Recipe())
    assert raised.value.code == "database_foreign"
    assert inspect(engine).get_table_names() == ["notes"]
    store.close()
    engine.dispose()


def test_postgresql_is_called_busy_read_only_or_unreachable_as_it_is(new_postgresql: str, monkeypatch) -> None:
    monkeypatch.setattr("mnist_core.runs.store.database.WAIT_S", 0.5)

    def said(ask) -> str:
        with pytest.raises(UserError) as raised:
            ask()
        return raised.value.code

    store = Store(new_postgresql)
    run = store.create(Recipe())
    engine = sqlalchemy.create_engine(new_postgresql)
    with engine.connect() as other, other.begin():
        other.exec_driver_sql("LOCK TABLE runs IN EXCLUSIVE MODE")  # as a program that writes
        assert store.runs() == (run,)
        assert said(lambda: store.create(Recipe())) == "database_busy"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only = on")
    engine.dispose()
    store.close()
    assert store.runs() == (run,)
    assert said(lambda: store.create(Recipe())) == "database_read_only"
    store.close()
    assert said(Store(new_postgresql.replace("/runs_", "/none_")).runs) == "database_unreachable"
    assert said(Store("postgresql+psycopg://tester@127.0.0.1:9/none").runs) == "database_unreachable"
