from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.errors import UserError
from mnist_core.runs.line import MAX_WAITING, Line


def test_first_come_first_served():
    line = Line(workers=2)
    for run_id in "abcd":
        line.check("")
        line.add(run_id, "")
    assert [line.position(run_id) for run_id in "abcd"] == [1, 2, 3, 4]
    assert [line.take(), line.take(), line.take()] == ["a", "b", None]
    assert [line.position(run_id) for run_id in "abcdx"] == [0, 0, 1, 2, None]
    line.leave("c")
    line.leave("a")
    assert line.take() == "d"
    assert line.take() is None


def test_one_session_does_not_take_two_workers():
    line = Line(workers=2)
    for run_id, session in [("a", "anna"), ("b", "anna"), ("c", "ben")]:
        line.check(session)
        line.add(run_id, session)
    with pytest.raises(UserError) as raised:
        line.check("anna")
    assert raised.value.code == "session_busy"
    assert [line.take(), line.take()] == ["a", "c"]
    line.leave("a")
    line.check("anna")
    assert line.take() == "b"


def test_the_line_is_bounded():
    line = Line(workers=3)
    for number in range(3 + MAX_WAITING):
        line.check("")
        line.add(str(number), "")
    with pytest.raises(UserError) as raised:
        line.check("")
    assert raised.value.code == "queue_full"
    line.leave("0")
    line.check("")


@given(st.lists(st.tuples(st.sampled_from(["add", "take", "leave"]), st.integers(0, 30), st.sampled_from("abc"))))
def test_the_bounds_hold_whatever_happens(moves):
    line, sessions, with_worker = Line(workers=2), {}, set()
    for move, number, session in moves:
        run_id = f"run {number}"
        if move == "add" and run_id not in sessions:
            try:
                line.check(session)
            except UserError:
                continue
            line.add(run_id, session)
            sessions[run_id] = session
        elif move == "take":
            taken = line.take()
            assert taken is None or taken in set(sessions) - with_worker
            with_worker |= {taken} - {None}
        elif move == "leave":
            line.leave(run_id)
            sessions.pop(run_id, None)
            with_worker.discard(run_id)
        assert len(with_worker) <= 2
        assert max(Counter(sessions.values()).values(), default=0) <= 2
        assert len({sessions[taken] for taken in with_worker}) == len(with_worker)
        waiting = [line.position(run_id) for run_id in sessions if run_id not in with_worker]
        assert sorted(waiting) == list(range(1, len(waiting) + 1))
