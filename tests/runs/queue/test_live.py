from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.kinds import FINE_TUNING
from mnist_core.runs.queue import live
from mnist_core.runs.queue.live import Live, QueuedRun, Waiting, live_of, waiting_of
from mnist_core.runs.store.store import Store
from mnist_core.training.control import Control
from mnist_core.training.events import (
    ClaimTested,
    Diverged,
    Failed,
    PairFitted,
    Paused,
    RangeTested,
    Resumed,
    Stopped,
    TrialDone,
)
from tests.runs.examples import epoch, finished, started, step


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now_s = 100.0

    monkeypatch.setattr(live.time, "monotonic", lambda: Clock.now_s)
    return Clock


def test_the_time_left_is_that_of_the_steps_to_come(clock):
    progress = QueuedRun(Live("run", "queued"), "{}")
    assert progress.now(1).elapsed_s is None
    clock.now_s += 5
    progress.begin()
    clock.now_s += 2  # the data is loaded
    progress.update(started(steps=8))
    assert progress.now(0).remaining_s is None
    clock.now_s += 3
    progress.update(step(2))
    now = progress.now(0)
    assert (now.elapsed_s, now.remaining_s, now.steps_done, now.steps) == (5.0, 9.0, 2, 8)
    clock.now_s += 4
    assert progress.now(0).remaining_s == 5.0
    clock.now_s += 40
    assert progress.now(0).remaining_s == 0.0


def test_a_pause_takes_no_time(clock):
    progress = QueuedRun(Live("run", "queued"), "{}")
    progress.begin()
    progress.update(started(steps=10))
    clock.now_s += 2
    for event in (step(2), Paused(2)):
        progress.update(event)
    clock.now_s += 1_000
    now = progress.now(0)
    assert (now.state, now.is_paused, now.remaining_s) == ("paused", True, 8.0)
    progress.update(Resumed(2))
    clock.now_s += 1
    progress.update(step(3))
    now = progress.now(0)
    assert (now.is_paused, now.remaining_s, now.elapsed_s) == (False, 7.0, 1_003.0)
    for event in (Paused(3), Stopped(3, 3.0)):
        progress.update(event)
    assert not progress.now(None).is_paused


def steady(step_s: float, steps: int, clock, **wanted) -> QueuedRun:
    """A run that has done one of so many steps."""
    progress = QueuedRun(Live("run", "queued"), "{}")
    progress.set_control(Control(**wanted))
    progress.begin()
    progress.update(started(steps=steps))
    clock.now_s += step_s
    progress.update(step(1))
    return progress


def test_a_run_that_waits_is_told_how_many_come_first_and_for_how_long(clock):
    fresh = QueuedRun(Live("run", "queued"), "{}")
    quick, slow = steady(1.0, 11, clock), steady(2.0, 31, clock)
    quick_left_s = 10.0 - 2.0  # the other one has taken a step in the meantime
    assert waiting_of([], [], workers=1) == Waiting(0, 0.0)
    assert waiting_of([quick], [], workers=2) == Waiting(0, 0.0)
    assert waiting_of([quick], [fresh], workers=2) == Waiting(1, quick_left_s)
    assert waiting_of([quick, slow], [], workers=2) == Waiting(1, quick_left_s)
    assert waiting_of([quick, slow], [slow], workers=2) == Waiting(2, quick_left_s + 60.0 - quick_left_s)
    assert waiting_of([quick, slow], [quick, quick], workers=2) == Waiting(3, 3 * quick_left_s)
    assert waiting_of([fresh], [], workers=1) == Waiting(1, None)
    assert waiting_of([quick], [fresh], workers=1) == Waiting(2, None)


def test_a_run_that_does_not_work_keeps_its_worker_as_long_as_nobody_minds(clock):
    paused = steady(1.0, 11, clock)
    assert paused.holds_worker_s(has_others=True) is None
    paused.set_control(Control(pause=True))
    paused.update(Paused(1))
    assert (paused.holds_worker_s(has_others=True), paused.frees_s()) == (0.0, 0.0)
    assert paused.holds_worker_s(has_others=False) == live.PAUSE_HOLDS_S
    clock.now_s += live.PAUSE_HOLDS_S
    assert paused.holds_worker_s(has_others=False) == 0.0
    paused.set_control(Control(pause=True, until_step=2))  # it was asked for a step
    assert paused.holds_worker_s(has_others=True) is None

    slow = steady(1.0, 1_001, clock, steps_per_s=1.0)
    assert slow.holds_worker_s(has_others=False) is None
    assert slow.holds_worker_s(has_others=True) == slow.frees_s() == live.SLOW_TURN_S - 1.0
    slow.update(Paused(1))
    slow.update(Resumed(1))  # no new turn
    assert slow.holds_worker_s(has_others=True) == live.SLOW_TURN_S - 1.0


def test_the_newest_wishes_are_seen_and_slow_motion_is_forecast(clock):
    progress = QueuedRun(Live("run", "queued"), "{}")
    progress.begin()
    progress.update(started(steps=100))
    clock.now_s += 1
    progress.update(step(10))
    progress.set_control(Control(steps_per_s=2.0, learning_rate=0.5))
    now = progress.now(0)
    assert (now.control, now.remaining_s) == (Control(steps_per_s=2.0, learning_rate=0.5), 45.0)
    progress.set_control(Control(stop=True))
    progress.set_control(Control())
    assert progress.now(0).control == Control(stop=True)


def test_a_support_vector_machine_says_how_many_borders_it_has(clock):
    progress = QueuedRun(Live("run", "queued"), "{}")
    progress.begin()
    progress.update(started(steps=0))
    assert (progress.now(0).fitted, progress.now(0).remaining_s) == (None, None)
    for done in range(1, 10):
        clock.now_s += 2
        progress.update(PairFitted(done, 45, [0, done]))
    now = progress.now(0)
    assert (now.fitted.done, now.remaining_s, now.steps_done) == (9, 72.0, 0)


def test_a_range_test_ends_with_what_it_found(clock):
    progress = QueuedRun(Live("run", "queued"), "{}")
    progress.begin()
    found = RangeTested(suggested=0.1, lowest=0.3, wall_s=2.0)
    for event in (started(100), step(1), found):
        progress.update(event)
    now = progress.now(None)
    assert (now.state, now.range, now.error) == ("finished", found, None)


def test_a_claims_test_counts_its_trials(clock):
    progress = QueuedRun(Live("run", "queued"), "{}")
    progress.begin()
    progress.update(started(steps=6))
    clock.now_s += 10
    trials = [TrialDone(number, "claim", "arm", number, {}) for number in (1, 2)]
    for trial in trials:
        progress.update(trial)
    now = progress.now(0)
    assert (now.state, now.steps_done, now.steps, now.trials, now.remaining_s) == (
        "running", 2, 6, tuple(trials), 20.0
    )  # fmt: skip
    progress.update(ClaimTested(2, wall_s=10.0))
    assert (progress.now(None).state, progress.now(None).trials) == ("finished", tuple(trials))


def test_a_run_that_goes_on_counts_from_where_it_starts(clock):
    progress = QueuedRun(Live("run", "queued", steps_done=400), "{}")
    progress.begin()
    progress.update(started(steps=800))
    assert progress.now(0).steps_done == 400
    clock.now_s += 5
    progress.update(step(410))
    assert progress.now(0).remaining_s == 195.0


@pytest.mark.parametrize(
    ("event", "state", "code"),
    [
        (finished(), "finished", None),
        (Stopped(2, 0.1), "stopped", None),
        (Diverged(2, 0.1), "diverged", "diverged"),
        (Failed("worker_lost", "It died.", "Again."), "failed", "worker_lost"),
    ],
)
def test_an_end_stands_still(clock, event, state, code):
    progress = QueuedRun(Live("run", "queued"), "{}")
    progress.begin()
    for each in [started(), step(1), epoch(1), event]:
        clock.now_s += 1
        progress.update(each)
    ended = progress.now(None)
    clock.now_s += 100
    assert progress.now(None) == ended
    assert (ended.state, ended.is_active, ended.elapsed_s, ended.remaining_s) == (state, False, 4.0, None)
    assert (ended.error.code if ended.error else None) == code
    assert ended.epoch.validation_accuracy == 0.75


@pytest.mark.parametrize("is_interrupted", [False, True])
def test_private_pictures_are_not_kept_for_longer_than_needed(is_interrupted):
    run = QueuedRun(Live("run", "queued"), "{}", FINE_TUNING, {"fine_tune_set": "somebody's digits"})
    run.begin()
    run.update(step(1))
    assert run.arguments
    if is_interrupted:
        run.interrupt(UserError("interrupted", "It was.", "Again."))
    else:
        run.update(finished())
    assert run.arguments == {}
    assert "digits" not in repr(run)


def test_a_run_of_another_process_took_no_less_than_no_time(tmp_path, monkeypatch):
    store = Store(f"sqlite:///{tmp_path}/runs.sqlite")
    run = store.create(Recipe())
    store.record(run.id, started())
    for set_back_s, least_s, most_s in ((3_600, 0.0, 0.0), (-3_600, 3_600.0, 7_200.0)):
        now = datetime.now(UTC) - timedelta(seconds=set_back_s)
        monkeypatch.setattr(live, "datetime", Mock(now=lambda _, now=now: now))
        assert least_s <= live_of(store.run(run.id)).elapsed_s <= most_s
    store.close()
