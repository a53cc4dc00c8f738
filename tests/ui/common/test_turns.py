"""Turns: few threads at once, those that somebody waits for first, and nobody held up for long."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from mnist_core.ui.common.turns import Turns
from tests.forked import ROOT
from tests.patience import PATIENCE_S


class Busy:
    """A thread that takes a turn and keeps it until it is told to end."""

    def __init__(self, turns: Turns, *, is_pressing: bool = True, on_turn: Callable[[], None] = lambda: None) -> None:
        self.has_turn, self._may_end = threading.Event(), threading.Event()

        def work() -> None:
            with turns.turn(is_pressing=is_pressing):
                on_turn()
                self.has_turn.set()
                self._may_end.wait(PATIENCE_S)

        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Give the turn back, or at once when it comes."""
        self._may_end.set()
        if self.has_turn.is_set():
            self._thread.join(PATIENCE_S)


@contextmanager
def all_taken(turns: Turns, at_once: int) -> Iterator[list[Busy]]:
    with ExitStack() as stack:
        busy = [Busy(turns) for _ in range(at_once)]
        for one in busy:
            stack.callback(one.end)
            assert one.has_turn.wait(PATIENCE_S)
        yield busy


def test_no_more_than_so_many_go_on_at_once() -> None:
    turns = Turns(at_once=2, longest_s=PATIENCE_S)
    with all_taken(turns, 2) as (first, _):
        third = Busy(turns)
        assert not third.has_turn.wait(0.05)
        first.end()
        assert third.has_turn.wait(PATIENCE_S)
        third.end()


def test_what_somebody_waits_for_comes_first_and_each_kind_in_the_order_it_came() -> None:
    turns = Turns(at_once=1, longest_s=PATIENCE_S)
    order: list[str] = []
    with all_taken(turns, 1) as (first,):
        waiting = []
        for name, is_pressing in (("poll", False), ("stroke", True), ("other poll", False), ("click", True)):
            waiting.append(Busy(turns, is_pressing=is_pressing, on_turn=lambda name=name: order.append(name)))
            assert not waiting[-1].has_turn.wait(0.05)
        first.end()
        for place in (1, 3, 0, 2):
            assert waiting[place].has_turn.wait(PATIENCE_S)
            waiting[place].end()
    assert order == ["stroke", "click", "poll", "other poll"]


def test_what_takes_long_holds_up_nobody() -> None:
    turns = Turns(at_once=1, longest_s=0.05)
    with all_taken(turns, 1) as (long,):
        other = Busy(turns)
        assert other.has_turn.wait(PATIENCE_S)
        long.end()  # and it gives nothing back a second time
        third = Busy(turns)
        assert third.has_turn.wait(PATIENCE_S)
        for one in (other, third):
            one.end()


def test_in_a_turn_another_one_is_there_at_once_and_an_error_gives_it_back() -> None:
    turns = Turns(at_once=1, longest_s=PATIENCE_S)

    def fail_in_a_turn() -> None:
        with turns.turn(), turns.turn():
            other = Busy(turns)
            assert not other.has_turn.wait(0.05)
            others.append(other)
            raise ValueError("of the page")

    others: list[Busy] = []
    with pytest.raises(ValueError, match="of the page"):
        fail_in_a_turn()
    assert others[0].has_turn.wait(PATIENCE_S)
    others[0].end()


def test_every_fragment_of_the_app_takes_its_turn() -> None:
    files = [file for folder in ("pages", "mnist_core/ui") for file in (ROOT / folder).rglob("*.py")]
    by_hand = [file.name for file in files if re.search(r"\bst\.fragment\b(?!`)", file.read_text("utf-8"))]
    assert by_hand == ["turns.py"]
