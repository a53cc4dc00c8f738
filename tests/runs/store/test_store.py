"""The store, looked at through plain sqlite3: another reader of the same file."""

import json
import math
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import event as events
from sqlalchemy import insert, select
from sqlalchemy.dialects import sqlite

from mnist_core.claims.claim import Claim
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.kinds import CLAIM_TEST, LR_FINDER
from mnist_core.runs.run import Run
from mnist_core.runs.store import owners, run_rows, schema, step_buffer
from mnist_core.runs.store.store import Store
from mnist_core.training.events import (
    ClaimTested,
    Diverged,
    Failed,
    Paused,
    RangeTested,
    Resumed,
    Stopped,
    Suspended,
    TrialDone,
)
from tests.claims.made_up import CLAIM
from tests.clock import FakeTime
from tests.runs.examples import epoch, finished, started, step, weights_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a folder" / "runs.sqlite"


@pytest.fixture
def store(file: Path):
    store = Store(f"sqlite:///{file}", step_gap_s=0)
    yield store
    store.close()


def work_of(file: Path, query: str, values: tuple) -> int:
    """How many instructions SQLite's virtual machine needs for a query, in tens, whatever the real machine."""
    tens = []
    with closing(sqlite3.connect(file)) as connection:
        connection.set_progress_handler(lambda: tens.append(10), 10)
        connection.execute(query, values).fetchall()
    return sum(tens)


def claim_test(store: Store, claim: Claim, session: str = "") -> Run:
    facts = {"claim": claim.id, "experiment": claim.experiment}
    return store.create(claim.arms_for(quick=True)[0].recipe, claim.title, session, CLAIM_TEST, facts)


def read(file: Path, query: str, *values: object) -> list[tuple]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query, values).fetchall()


def code_of(raised: pytest.ExceptionInfo) -> str:
    return raised.value.code


# --- a run's life ---------------------------------------------------------------------------------------


def test_a_new_run_is_queued_and_kept_as_asked_for(store, file):
    before = datetime.now(UTC)
    run = store.create(Recipe(activation="tanh"), name="mine", session="anna")
    assert (run.state, run.name, run.session, run.is_active) == ("queued", "mine", "anna", True)
    assert before <= run.created_at <= datetime.now(UTC)
    assert run.recipe == Recipe(activation="tanh")
    assert len(run.owner_token) >= 32
    [(recipe, created_at)] = read(file, "SELECT recipe, created_at FROM runs WHERE id = ?", run.id)
    assert json.loads(recipe) == Recipe(activation="tanh").as_dict()
    assert datetime.fromisoformat(created_at).replace(tzinfo=UTC) == run.created_at


def test_a_run_whose_id_is_taken_gets_another(store, monkeypatch):
    drawn = iter(["00c0ffee", "00c0ffee", "00c0ffee", "0000beef"])
    monkeypatch.setattr(run_rows.secrets, "token_hex", lambda _: next(drawn))
    assert [store.create(Recipe()).id for _ in range(2)] == ["00c0ffee", "0000beef"]


def test_every_event_of_a_finished_run_is_a_row(store, file):
    run = store.create(Recipe())
    for event in [started(), step(1), step(2), epoch(1), step(3), step(4), epoch(2), finished()]:
        store.record(run.id, event)

    row = "state, steps, steps_done, parameters, epochs_done, test_accuracy, wall_s, ended_at >= started_at"
    assert read(file, f"SELECT {row} FROM runs") == [("finished", 8, 4, 7_850, 2, 0.8125, 2.5, 1)]
    assert read(file, "SELECT step, epoch, loss, learning_rate FROM steps ORDER BY step") == [
        (number, number / 4, 0.5, 0.01) for number in (1, 2, 3, 4)
    ]
    kept = read(file, "SELECT epoch, training_loss, validation_accuracy, weights FROM epochs ORDER BY epoch")
    assert kept == [(1, 0.9, 0.75, weights_of(1)), (2, 0.45, 0.75, weights_of(2))]
    assert read(file, "SELECT content FROM blobs WHERE name = 'test_probabilities'") == [
        (finished().test_probabilities,)
    ]

    run = store.run(run.id)
    assert (run.state, run.test_accuracy, run.epochs_done, run.validation_accuracy) == ("finished", 0.8125, 2, 0.75)
    assert store.weights(run.id) == weights_of(2)
    assert store.weights(run.id, epoch=1) == weights_of(1)
    assert store.test_probabilities(run.id) == finished().test_probabilities
    assert json.loads(json.dumps(run.as_dict()))["state"] == "finished"


@pytest.mark.parametrize(
    ("event", "state", "code"),
    [
        (Stopped(step=3, wall_s=1.5), "stopped", None),
        (Diverged(step=3, wall_s=1.5), "diverged", "diverged"),
        (Failed("out_of_memory", "It was\0 too\ud800 much.", "Take less."), "failed", "out_of_memory"),
    ],
)
def test_other_ends_keep_what_was_finished(store, file, event, state, code):
    run = store.create(Recipe())
    for each in [started(), step(1), epoch(1), step(2), event]:
        store.record(run.id, each)
    run = store.run(run.id)
    assert (run.state, run.is_active, run.epochs_done) == (state, False, 1)
    assert (run.error.code if run.error else None) == code
    assert store.test_probabilities(run.id) is None
    assert store.weights(run.id) == weights_of(1)
    assert read(file, "SELECT count(*) FROM steps") == [(2,)]


def test_nothing_comes_after_the_end(store, file):
    run = store.create(Recipe())
    store.record(run.id, Stopped(step=0, wall_s=0.0))
    for event in [started(), step(1), epoch(1), finished()]:
        store.record(run.id, event)
    store.begin(run.id)
    store.interrupt(run.id)
    store.close()
    assert store.run(run.id).state == "stopped"
    assert read(file, "SELECT (SELECT count(*) FROM steps) + (SELECT count(*) FROM epochs)") == [(0,)]


def test_an_end_is_kept_as_a_whole_or_not_at_all(store, file, monkeypatch):
    run = store.create(Recipe())
    store.record(run.id, started())
    end = run_rows.end

    def end_and_break(*arguments, **values):
        end(*arguments, **values)
        raise KeyboardInterrupt

    monkeypatch.setattr(run_rows, "end", end_and_break)
    with pytest.raises(KeyboardInterrupt):
        store.record(run.id, finished())
    assert read(file, "SELECT state FROM runs") == [("running",)]
    assert read(file, "SELECT count(*) FROM blobs") == [(0,)]


def test_a_run_that_begins_runs(store):
    run = store.create(Recipe())
    store.begin(run.id)
    begun = store.run(run.id)
    assert begun.state == "running"
    store.record(run.id, started())
    assert store.run(run.id).started_at == begun.started_at


def test_steps_are_written_together_within_a_second(store, file, monkeypatch):
    now_s = 100.0
    monkeypatch.setattr(step_buffer.time, "monotonic", lambda: now_s)
    run = store.create(Recipe())
    store.record(run.id, started())
    store.record(run.id, step(1))
    store.record(run.id, step(2))
    store.flush()
    assert read(file, "SELECT count(*) FROM steps") == [(0,)]
    now_s += 1.05
    store.flush()
    assert read(file, "SELECT count(*), max(step) FROM steps") == [(2, 2)]
    assert store.run(run.id).steps_done == 2


# --- curves ---------------------------------------------------------------------------------------------


def test_a_curve_is_evenly_chosen_with_both_ends(store):
    run = store.create(Recipe())
    store.record(run.id, started())
    for number in range(1, 1_001):
        store.record(run.id, step(number, loss=1 / number))
    for number in range(1, 6):
        store.record(run.id, epoch(number))

    curve = store.curve(run.id, max_points=100)
    numbers = [point.step for point in curve.steps]
    assert len(numbers) <= 100
    assert (numbers[0], numbers[-1]) == (1, 1_000)
    assert {later - earlier for earlier, later in pairwise(numbers[:-1])} == {11}
    assert all(point.loss == 1 / point.step for point in curve.steps)
    assert [point.epoch for point in curve.epochs] == [1, 2, 3, 4, 5]
    assert curve.epochs[1].training_loss == 0.45


@pytest.mark.parametrize("count", [0, 1, 2, 3, 9, 10, 11, 19, 20])
def test_a_curve_never_has_too_many_points(store, count):
    run = store.create(Recipe())
    store.record(run.id, started())
    for number in range(1, count + 1):
        store.record(run.id, step(number))
    store.close()
    numbers = [point.step for point in store.curve(run.id, max_points=10).steps]
    assert len(numbers) <= 10
    assert numbers[:1] == ([1] if count else [])
    assert numbers[-1:] == ([count] if count else [])


def test_a_loss_that_is_no_number_comes_back_as_it_went(store):
    run = store.create(Recipe())
    store.record(run.id, started())
    store.record(run.id, step(1, loss=math.inf))
    store.record(run.id, step(2, loss=math.nan))
    store.record(run.id, Diverged(step=2, wall_s=0.1))
    first, second = store.curve(run.id).steps
    assert first.loss == math.inf
    assert math.isnan(second.loss)


# --- finding --------------------------------------------------------------------------------------------


def test_runs_are_found_by_id_start_of_id_and_name(store):
    run = store.create(Recipe(), name="Anna’s <b>net</b>")
    store.create(Recipe(), name="another")
    for text in (run.id, run.id[:4], run.name, f"  {run.name}\u202e"):
        assert store.find(text).id == run.id


def test_the_start_of_an_id_finds_the_run_whose_id_begins_so(store, file, monkeypatch):
    ids = ["abcd0000", "abcdffff", "abce0000", "abcc9fff"]
    left = iter(ids)
    monkeypatch.setattr("secrets.token_hex", lambda _: next(left))
    for _ in ids:
        store.create(Recipe())
    found = {text: store.find(text).id for text in ("abcdf", "abcd00", "abce", "abcc", "abcd0000", "abcdffff")}
    assert list(found.values()) == ["abcdffff", "abcd0000", "abce0000", "abcc9fff", "abcd0000", "abcdffff"]
    with pytest.raises(UserError) as raised:
        store.find("abcd")
    assert code_of(raised) == "run_ambiguous"


def test_the_newest_runs_are_read_from_the_end_of_their_table(store, file):
    store.runs()
    asked = select(schema.runs).where(run_rows.IS_LISTED).order_by(schema.runs.c.number.desc()).limit(12)
    compiled = asked.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    assert [step[-1] for step in read(file, f"EXPLAIN QUERY PLAN {compiled}")] == ["SCAN runs"]  # and no sorting


def test_the_start_of_an_id_is_looked_up_in_the_index(store, file):
    store.runs()
    asked = select(schema.runs).where(run_rows.begins_with("abcd"))
    compiled = asked.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    plan = read(file, f"EXPLAIN QUERY PLAN {compiled}")
    assert len(plan) == 1
    assert "SEARCH runs USING INDEX" in plan[0][-1]


def test_a_name_of_two_runs_is_ambiguous(store):
    store.create(Recipe())
    store.create(Recipe())
    with pytest.raises(UserError) as raised:
        store.find("Small CNN")
    assert code_of(raised) == "run_ambiguous"


@pytest.mark.parametrize("text", ["", "%", "____", "0000", "../../etc/passwd", "a\0b", "\ud800", "x" * 100_000])
def test_what_is_no_run_is_unknown(store, text):
    store.create(Recipe())
    for ask in (store.find, store.run, store.curve, store.weights, store.test_probabilities, store.delete):
        with pytest.raises(UserError) as raised:
            ask(text)
        assert code_of(raised) == "run_unknown"


def test_weights_that_are_not_there(store):
    run = store.create(Recipe())
    with pytest.raises(UserError) as raised:
        store.weights(run.id)
    assert code_of(raised) == "run_without_epochs"
    store.record(run.id, epoch(1))
    with pytest.raises(UserError) as raised:
        store.weights(run.id, epoch=7)
    assert code_of(raised) == "epoch_unknown"


def test_ten_thousand_runs_are_listed_and_searched_with_little_work(store, file):
    run = store.create(Recipe())
    with sqlalchemy.create_engine(f"sqlite:///{file}").begin() as connection:
        row = connection.execute(schema.runs.select()).mappings().one()
        many = [dict(row) | {"number": number, "id": f"{number:08x}"} for number in range(10, 10_010)]
        connection.execute(insert(schema.runs), many)
    asked = []

    def remember(_connection, _cursor, sql, values, *_):
        asked.append((sql, values))

    events.listen(sqlalchemy.Engine, "before_cursor_execute", remember)
    newest = store.runs(limit=50)
    assert store.find(run.id).id == run.id
    assert store.recover() == ()
    events.remove(sqlalchemy.Engine, "before_cursor_execute", remember)
    work = [work_of(file, *each) for each in asked]
    assert 0 < max(work[:3]) < 5_000  # the list: that of its 50 rows
    assert sum(work) < 200_000  # a name and an owner are looked for with a few instructions a run
    assert [run.id for run in newest] == [f"{number:08x}" for number in range(10_009, 9_959, -1)]


def test_range_tests_are_kept_but_not_listed(store):
    listed = store.create(Recipe())
    tests = [store.create(Recipe(), session="anna", kind=LR_FINDER) for _ in range(2)]
    assert [run.id for run in store.runs()] == [listed.id]
    tested = RangeTested(suggested=0.02, lowest=None, wall_s=1.5)
    for event in [started(100), step(1), tested]:
        store.record(tests[0].id, event)
    run = store.run(tests[0].id)
    assert (run.name, run.state, run.wall_s, run.session) == ("range test · Small CNN", "finished", 1.5, "anna")
    assert [store.run(each).lr_range for each in (tests[0].id, tests[1].id, listed.id)] == [tested, None, None]
    assert len(store.curve(run.id).steps) == 1
    assert store.find(run.id).id == run.id
    with pytest.raises(UserError) as raised:
        store.find("range test · Small CNN")
    assert code_of(raised) == "run_unknown"
    store.record(tests[1].id, Stopped(0, 0.0))
    assert store.run(tests[1].id).lr_range is None


def tried(number: int, **values: float) -> TrialDone:
    return TrialDone(number, CLAIM.id, ("without", "with")[number % 2], number // 2, values)


def test_a_claims_test_is_kept_with_its_trials_and_not_listed(store):
    listed = store.create(Recipe())
    run = claim_test(store, CLAIM, session="anna")
    store.record(run.id, started(steps=4))
    trials = (tried(1, test_accuracy=0.75), tried(2, test_accuracy=0.5, far=math.nan))
    for trial in trials:
        store.record(run.id, trial)
    kept = store.trials_of(run.id)
    assert (kept[0], kept[1].arm, kept[1].seed) == (trials[0], "without", 1)
    assert math.isnan(kept[1].values["far"])
    assert (store.run(run.id).steps_done, store.trials_of(listed.id)) == (2, ())
    store.record(run.id, ClaimTested(2, wall_s=3.5))
    store.record(run.id, tried(3))
    ended = store.run(run.id)
    assert (ended.name, ended.state, ended.wall_s, len(store.trials_of(run.id))) == (
        "claim test · Made up", "finished", 3.5, 2
    )  # fmt: skip
    assert [each.id for each in store.runs()] == [listed.id]
    store.delete(run.id)
    assert store.newest_test_of(CLAIM) is None


def test_the_newest_test_of_a_claim_is_that_of_the_same_experiment(store):
    assert store.newest_test_of(CLAIM) is None
    claim_test(store, CLAIM)
    newest = claim_test(store, CLAIM)
    other = replace(CLAIM, quick={"epochs": 2})
    claim_test(store, other)
    assert store.newest_test_of(CLAIM) == newest
    assert store.newest_test_of(replace(CLAIM, statement="Said in other words.")) == newest
    assert store.newest_test_of(replace(CLAIM, quick={"epochs": 3})) is None


def test_trials_of_a_closed_app_stay(store):
    run = claim_test(store, CLAIM)
    store.record(run.id, started(steps=4))
    store.record(run.id, tried(1, test_accuracy=0.75))
    store.interrupt(run.id)
    assert (store.run(run.id).state, len(store.trials_of(run.id))) == ("interrupted", 1)


def test_the_newest_fifty_range_tests_are_kept(store):
    first, second, third = (store.create(Recipe(), kind=LR_FINDER) for _ in range(3))
    for ended in (first, third):
        store.record(ended.id, RangeTested(0.1, 0.2, 1.0))
    listed = store.create(Recipe())
    for _ in range(49):
        store.create(Recipe(), kind=LR_FINDER)
    with pytest.raises(UserError):
        store.run(first.id)
    for kept in (second, third, listed):  # the second has not ended
        assert store.run(kept.id)


# --- changing -------------------------------------------------------------------------------------------


def test_a_run_can_be_renamed(store):
    run = store.create(Recipe(), name="before")
    assert store.rename(run.id, "after\0\u202e").name == "after"
    assert store.rename(run.id, " ").name == "Small CNN"
    assert store.run(run.id).name == "Small CNN"


def test_a_deleted_run_leaves_nothing(store, file):
    kept, run = store.create(Recipe()), store.create(Recipe())
    for each in (kept, run):
        for event in [started(), step(1), epoch(1), finished()]:
            store.record(each.id, event)
    store.delete(run.id)
    for table in ("runs", "steps", "epochs", "blobs"):
        assert read(file, f"SELECT count(*) FROM {table}") == [(1,)]
    assert store.weights(kept.id) == weights_of(1)


def test_a_run_in_work_is_not_deleted(store):
    run = store.create(Recipe())
    with pytest.raises(UserError) as raised:
        store.delete(run.id)
    assert code_of(raised) == "run_active"


# --- recovering -----------------------------------------------------------------------------------------


def test_runs_of_dead_processes_are_interrupted_and_keep_their_epochs(store, monkeypatch):
    alive = store.create(Recipe())
    host, _, started_at = owners.this_process().split("|")
    left = []
    for dead in (f"{host}|1|{started_at}", f"{host}|999999999|{started_at}"):
        monkeypatch.setattr("mnist_core.runs.store.run_rows.this_process", lambda dead=dead: dead)
        queued, running, ended = (store.create(Recipe()) for _ in range(3))
        store.record(running.id, started())
        store.record(running.id, epoch(1))
        store.record(ended.id, Stopped(step=0, wall_s=0.0))
        left += [queued.id, running.id]
    monkeypatch.setattr("mnist_core.runs.store.run_rows.this_process", lambda: f"elsewhere|1|{started_at}")
    foreign = store.create(Recipe())

    assert set(store.recover()) == set(left)
    assert store.recover() == ()
    for run_id in left:
        run = store.run(run_id)
        assert (run.state, run.error.code) == ("interrupted", "interrupted")
        assert run.ended_at - run.created_at < timedelta(minutes=1)
    assert store.weights(left[1]) == weights_of(1)
    assert store.run(alive.id).state == store.run(foreign.id).state == "queued"


def test_runs_of_a_container_that_was_started_anew_are_interrupted_when_it_has_been_silent(store, file, monkeypatch):
    monkeypatch.setattr("mnist_core.runs.store.store.HEARTBEAT_S", 0.0)
    with monkeypatch.context() as before:
        for module in ("run_rows", "owners"):
            before.setattr(f"mnist_core.runs.store.{module}.this_process", lambda: "an old container|1|1.0")
        old = Store(f"sqlite:///{file}", step_gap_s=0)
        run = old.create(Recipe())
        clock = FakeTime(monkeypatch, owners)
        assert store.recover() == ()
        clock.sleep(owners.SILENCE_S + 1)
        old.flush()  # a sign of life
        assert store.recover() == ()
        old.close()
    with pytest.raises(UserError):
        store.delete(run.id)
    clock.sleep(owners.SILENCE_S + 1)
    assert store.run(run.id).state == "interrupted"
    store.flush()  # which looks around now and then
    monkeypatch.setattr(owners, "_signs", {})  # of another process, which has not watched
    assert store.run(run.id).state == "interrupted"
    store.delete(run.id)


# --- several at once ------------------------------------------------------------------------------------


def test_many_threads_write_and_read(store, file):
    runs = [store.create(Recipe()) for _ in range(6)]
    errors = []

    def train(run_id):
        try:
            store.record(run_id, started())
            for number in range(1, 11):
                store.record(run_id, step(number))
                store.record(run_id, epoch(number))
                store.curve(run_id)
                store.runs()
            store.record(run_id, finished(10))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=train, args=(run.id,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert read(file, "SELECT count(*) FROM epochs") == [(60,)]
    assert read(file, "SELECT count(*) FROM runs WHERE state = 'finished'") == [(6,)]


def test_a_paused_run_is_kept_with_where_it_goes_on_until_it_ends(store):
    run = store.create(Recipe())
    store.begin(run.id)
    began_at = store.run(run.id).started_at
    for event in [started(), step(1), Paused(1), Suspended(0, 1, 1.5, b"weights", b"resume")]:
        store.record(run.id, event)
    assert store.run(run.id).state == "paused"
    kept = store.suspension(run.id)
    assert (kept.epoch, kept.step, kept.weights, kept.resume) == (0, 1, b"weights", b"resume")
    assert kept.is_suspended
    store.wait(run.id, "queued")
    assert store.run(run.id).state == "queued"
    store.begin(run.id)
    store.record(run.id, Resumed(1))
    store.record(run.id, Suspended(0, 2, 2.5, b"w", b"r"))
    assert (store.run(run.id).state, store.run(run.id).started_at) == ("running", began_at)
    assert store.suspension(run.id).step == 2
    store.record(run.id, finished())
    store.wait(run.id, "paused")
    assert store.run(run.id).state == "finished"
    with pytest.raises(UserError) as raised:
        store.suspension(run.id)
    assert raised.value.code == "not_resumable"
