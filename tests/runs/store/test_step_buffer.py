from mnist_core.runs.store import step_buffer
from mnist_core.runs.store.step_buffer import PendingSteps
from tests.runs.examples import step


class Clock:
    def __init__(self, monkeypatch) -> None:
        self.now_s = 100.0
        monkeypatch.setattr(step_buffer.time, "monotonic", lambda: self.now_s)


def test_steps_are_thinned_and_the_last_is_kept(monkeypatch):
    clock = Clock(monkeypatch)
    pending = PendingSteps(gap_s=0.05)
    for number in range(1, 100):
        pending.add("run", step(number))
        clock.now_s += 0.01
    taken = [each.step for each in pending.take("run")]
    assert taken[0] == 1
    assert taken[-1] == 99
    assert 15 <= len(taken) <= 25
    assert taken == sorted(set(taken))
    assert pending.take("run") == []


def test_steps_are_due_after_a_second_or_a_hundred(monkeypatch):
    clock = Clock(monkeypatch)
    pending = PendingSteps(gap_s=0)
    assert not pending.add("slow", step(1))
    clock.now_s += 0.5
    assert [pending.add("fast", step(number)) for number in range(1, 101)] == [False] * 99 + [True]
    assert pending.due() == ["fast"]
    clock.now_s += 0.6
    assert set(pending.due()) == {"slow", "fast"}
    pending.take("fast")
    assert pending.waiting() == ["slow"]
