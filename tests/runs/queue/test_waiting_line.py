from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.errors import UserError
from mnist_core.runs.queue.waiting_line import MAX_WAITING, Queue


def test_first_come_first_served():
    line = Queue(workers=2)
    for run_id in "abcd":
        line.check("")
        line.add(run_id, "")
    assert [line.position(run_id) for run_id in "abcd"] == [1, 2, 3, 4]
    assert [line.next(), line.next(), line.next()] == ["a", "b", None]
    assert [line.position(run_id) for run_id in "abcdx"] == [0, 0, 1, 2, None]
    line.remove("c")
    line.remove("a")
    assert line.next() == "d"
    assert line.next() is None


def test_one_session_does_not_take_two_workers():
    line = Queue(workers=2)
    for run_id, session in [("a", "anna"), ("b", "anna"), ("c", "ben")]:
        line.check(session)
        line.add(run_id, session)
    with pytest.raises(UserError) as raised:
        line.check("anna")
    assert raised.value.code == "session_busy"
    assert [line.next(), line.next()] == ["a", "c"]
    line.remove("a")
    line.check("anna")
    assert line.next() == "b"


def test_the_line_is_bounded():
    line = Queue(workers=3)
    for number in range(3 + MAX_WAITING):
        line.check("")
        line.add(str(number), "")
    with pytest.raises(UserError) as raised:
        line.check("")
    assert raised.value.code == "queue_full"
    line.remove("0")
    line.check("")


def test_a_parked_run_takes_no_place_but_one_of_its_session():
    line = Queue(workers=1)
    for run_id, session in [("a", "anna"), ("b", "ben"), ("c", "anna")]:
        line.add(run_id, session)
    assert line.next() == "a"
    assert line.before("c") == (["a"], ["b"])
    assert (line.waits_for_own("c"), line.waits_for_own("b")) == ("a", None)
    line.park("a")
    line.park("b")
    assert [line.position(run_id) for run_id in "abc"] == [None, None, 1]
    assert line.is_parked("a")
    assert line.next() == "c"
    with pytest.raises(UserError):
        line.check("anna")
    for number in range(MAX_WAITING):
        line.add(str(number), "")
    line.unpark("a")  # also when the line is full
    assert line.position("a") == MAX_WAITING + 1
    assert line.waits_for_own("a") == "c"
    line.remove_all_but_parked()
    assert not line.has_waiting()
    assert (line.is_parked("b"), line.position("a"), line.next()) == (True, None, None)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["add", "take", "leave", "park", "unpark"]), st.integers(0, 30), st.sampled_from("abc")
        )
    )
)
def test_the_bounds_hold_whatever_happens(moves):
    line, sessions, with_worker = Queue(workers=2), {}, set()
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
            taken = line.next()
            assert taken is None or taken in set(sessions) - with_worker
            with_worker |= {taken} - {None}
        elif move == "leave":
            line.remove(run_id)
            sessions.pop(run_id, None)
            with_worker.discard(run_id)
        elif move == "park" and line.position(run_id) is not None:
            line.park(run_id)
            with_worker.discard(run_id)
        elif move == "unpark" and line.is_parked(run_id):
            line.unpark(run_id)
        assert len(with_worker) <= 2
        assert max(Counter(sessions.values()).values(), default=0) <= 2
        assert len({sessions[taken] for taken in with_worker}) == len(with_worker)
        parked = {run_id for run_id in sessions if line.is_parked(run_id)}
        waiting = [line.position(run_id) for run_id in sessions if run_id not in with_worker | parked]
        assert sorted(waiting) == list(range(1, len(waiting) + 1))
