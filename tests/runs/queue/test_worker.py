from collections.abc import Iterator
from functools import partial

import pytest

from mnist_core.runs.queue import worker
from mnist_core.runs.queue.worker import thinned
from mnist_core.training.control import Control
from mnist_core.training.events import Event, Failed, Paused, ProbeResult, Resumed, SettingChanged, Step, Stopped
from tests.runs.examples import epoch, finished, started, step


@pytest.fixture
def clock(monkeypatch):
    """Time that stands still unless a test moves it."""

    class Clock:
        now_s = 100.0

    monkeypatch.setattr(worker.time, "monotonic", lambda: Clock.now_s)
    return Clock


def training(clock, step_s: float) -> Iterator[Event]:
    yield started()
    for number in range(1, 1_001):
        clock.now_s += step_s
        yield step(number)
        if number % 250 == 0:
            yield epoch(number // 250)
    yield finished()


def test_fast_steps_are_thinned_and_nothing_else(clock):
    told = list(thinned(training(clock, step_s=0.002), gap_s=0.1))
    steps = [event.step for event in told if isinstance(event, Step)]
    assert 20 <= len(steps) <= 26  # two seconds, and one before each epoch
    assert {1, 250, 500, 750, 1_000} <= set(steps)
    assert steps == sorted(set(steps))
    others = [event for event in told if not isinstance(event, Step)]
    assert others == [event for event in training(clock, 0) if not isinstance(event, Step)]


def test_slow_steps_are_all_told(clock):
    told = list(thinned(training(clock, step_s=0.2), gap_s=0.1))
    assert told == list(training(clock, 0))


LOOK = ProbeResult(3, 0.75, {}, {}, {}, {})
ENDS = [finished(), Stopped(3, 0.1), Failed("code", "message", "fix")]


@pytest.mark.parametrize("next_event", [*ENDS, LOOK, Paused(3), SettingChanged(3, "learning_rate", 0.1, 0.2)])
def test_the_last_step_comes_before_whatever_else_happens(clock, next_event):
    told = list(thinned(iter([started(), step(1), step(2), step(3), next_event]), gap_s=0.1))
    assert told == [started(), step(1), step(3), next_event]


def test_single_steps_are_all_told_however_quickly_they_follow(clock):
    pressed = [[Resumed(number), step(number + 1), Paused(number + 1)] for number in range(20)]
    events = [started(), *(event for press in pressed for event in press)]
    assert list(thinned(iter(events), gap_s=0.1)) == events


def test_slow_motion_shows_every_step_and_a_high_limit_does_not(clock):
    for limit_per_s, told_steps in ((15, 1_000), (0, 1), (500, 1)):
        steps = [step(number) for number in range(1, 1_001)]
        control = partial(Control, steps_per_s=limit_per_s)
        assert len(list(thinned(iter(steps), gap_s=0.1, control=control))) == told_steps
