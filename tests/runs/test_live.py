import pytest

from mnist_core.runs import live
from mnist_core.runs.live import Progress
from mnist_core.training.events import Diverged, Failed, Stopped
from tests.runs.examples import epoch, finished, started, step


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now_s = 100.0

    monkeypatch.setattr(live.time, "monotonic", lambda: Clock.now_s)
    return Clock


def test_the_time_left_is_that_of_the_steps_to_come(clock):
    progress = Progress("run", "{}")
    assert progress.live(1).elapsed_s is None
    clock.now_s += 5
    progress.begin()
    clock.now_s += 2  # the data is loaded
    progress.hear(started(steps=8))
    assert progress.live(0).remaining_s is None
    clock.now_s += 3
    progress.hear(step(2))
    now = progress.live(0)
    assert (now.elapsed_s, now.remaining_s, now.steps_done, now.steps) == (5.0, 9.0, 2, 8)
    clock.now_s += 4
    assert progress.live(0).remaining_s == 5.0
    clock.now_s += 40
    assert progress.live(0).remaining_s == 0.0


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
    progress = Progress("run", "{}")
    progress.begin()
    for each in [started(), step(1), epoch(1), event]:
        clock.now_s += 1
        progress.hear(each)
    ended = progress.live(None)
    clock.now_s += 100
    assert progress.live(None) == ended
    assert (ended.state, ended.is_active, ended.elapsed_s, ended.remaining_s) == (state, False, 4.0, None)
    assert (ended.error.code if ended.error else None) == code
    assert ended.epoch.validation_accuracy == 0.75
