from collections.abc import Iterator

import pytest

from mnist_core.runs import worker
from mnist_core.runs.worker import thinned
from mnist_core.training.events import Event, Failed, Step, Stopped
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
        if number % 10 == 0:
            yield epoch(number // 10)
    yield finished()


def test_fast_steps_are_thinned_and_nothing_else(clock):
    told = list(thinned(training(clock, step_s=0.002), gap_s=0.1))
    steps = [event.step for event in told if isinstance(event, Step)]
    assert 20 <= len(steps) <= 22  # two seconds
    assert (steps[0], steps[-1]) == (1, 1_000)
    assert steps == sorted(set(steps))
    others = [event for event in told if not isinstance(event, Step)]
    assert others == [event for event in training(clock, 0) if not isinstance(event, Step)]


def test_slow_steps_are_all_told(clock):
    told = list(thinned(training(clock, step_s=0.2), gap_s=0.1))
    assert told == list(training(clock, 0))


@pytest.mark.parametrize("end", [finished(), Stopped(3, 0.1), Failed("code", "message", "fix")])
def test_the_last_step_comes_before_every_end(clock, end):
    told = list(thinned(iter([started(), step(1), step(2), step(3), end]), gap_s=0.1))
    assert told == [started(), step(1), step(3), end]
