"""Wishes between two steps, on a stopwatch of its own."""

from collections.abc import Iterator

import pytest

from mnist_core.training import pause_control as pace_module
from mnist_core.training.control import Control, ControlSource
from mnist_core.training.events import Event, Paused, Resumed, SettingChanged
from mnist_core.training.pause_control import Pace, Stopwatch
from tests.clock import FakeTime


def saying(*wishes: Control) -> ControlSource:
    """Somebody who wishes these one after another, and the last one for ever."""
    told: Iterator[Control] = iter(wishes)
    return lambda: next(told, wishes[-1])


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    return FakeTime(monkeypatch, pace_module)


def heard(pace: Pace, step: int) -> list[Event]:
    return list(pace.before_next(step))


def test_without_wishes_nothing_happens_and_nothing_waits(time: FakeTime) -> None:
    pace = Pace()
    began_s = time.now_s
    assert all(heard(pace, step) == [] for step in range(100))
    assert time.now_s == began_s
    assert not pace.is_stopped


def test_a_pause_lasts_until_it_is_over() -> None:
    pause = Control(pause=True)
    assert heard(Pace(saying(pause, pause, Control())), 7) == [Paused(7), Resumed(7)]


def test_a_stop_ends_a_pause_without_going_on() -> None:
    pace = Pace(saying(Control(pause=True), Control(pause=True, stop=True)))
    assert heard(pace, 7) == [Paused(7)]
    assert pace.is_stopped


@pytest.mark.parametrize(("step", "waits"), [(8, False), (9, False), (10, True), (11, True)])
def test_a_pause_begins_when_so_many_steps_are_done(step, waits) -> None:
    pace = Pace(saying(Control(pause=True, until_step=10), Control()))
    assert bool(heard(pace, step)) is waits


def test_a_single_step_is_one_step() -> None:
    """Somebody who presses the button twice while the run is paused."""
    pace = Pace(
        saying(
            Control(pause=True),
            Control(pause=True, until_step=6),
            Control(pause=True, until_step=6),
            Control(pause=True, until_step=7),
            Control(),
        )
    )
    assert heard(pace, 5) == [Paused(5), Resumed(5)]
    assert heard(pace, 6) == [Paused(6), Resumed(6)]
    assert heard(pace, 7) == []


def test_the_clock_stands_still_in_a_pause_and_goes_on_before_and_after(time: FakeTime) -> None:
    stopwatch = Stopwatch(worked_s=100.0)
    pace = Pace(saying(*[Control(pause=True)] * 5, Control()), stopwatch)
    began_s = time.now_s
    time.sleep(3)
    heard(pace, 1)
    assert time.now_s > began_s + 3.2
    time.sleep(2)
    assert stopwatch.wall_s == pytest.approx(105)


def test_a_speed_limit_keeps_steps_apart_and_counts_as_work() -> None:
    stopwatch = Stopwatch()
    pace = Pace(saying(Control(steps_per_s=20)), stopwatch)
    for step in range(6):
        heard(pace, step)
    assert stopwatch.wall_s == pytest.approx(5 / 20)


def test_a_stop_and_a_faster_pace_are_heard_while_it_waits(time: FakeTime) -> None:
    for wish in (Control(stop=True), Control(), Control(steps_per_s=1000)):
        pace = Pace(saying(Control(steps_per_s=0.01), Control(steps_per_s=0.01), wish))
        heard(pace, 0)
        began_s = time.now_s
        heard(pace, 1)  # a hundred seconds, if it were not heard
        assert time.now_s < began_s + 0.3


def test_a_pause_is_heard_while_it_waits() -> None:
    slow = Control(steps_per_s=0.01)
    pace = Pace(saying(slow, slow, Control(steps_per_s=0.01, pause=True), Control()))
    heard(pace, 0)
    assert heard(pace, 1) == [Paused(1), Resumed(1)]


def test_changes_are_made_and_announced_also_in_a_pause() -> None:
    def change(step: int, wishes: Control) -> Iterator[SettingChanged]:
        if wishes.learning_rate:
            yield SettingChanged(step, "learning_rate", 0.1, wishes.learning_rate)

    pace = Pace(saying(Control(pause=True), Control(pause=True, learning_rate=0.5), Control()), change=change)
    assert heard(pace, 3) == [Paused(3), SettingChanged(3, "learning_rate", 0.1, 0.5), Resumed(3)]


@pytest.mark.parametrize(
    ("wishes", "is_watched"),
    [
        (Control(), False),
        (Control(steps_per_s=1), True),
        (Control(steps_per_s=100), False),
        (Control(pause=True, until_step=8), True),
        (Control(pause=True, until_step=20), False),  # the steps before the last one of an epoch
    ],
)
def test_it_knows_when_somebody_looks_at_single_steps(wishes, is_watched) -> None:
    pace = Pace(saying(wishes))
    if not wishes.pause or wishes.until_step > 7:
        heard(pace, 7)
    assert pace.is_watched(8) is is_watched
