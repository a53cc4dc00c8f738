"""Few pages are made at once, so that each is ready sooner, and the server gets to send it.

Streamlit makes each page, and each fragment of one, in a thread of its own. Twenty of them wait for the interpreter's
lock at every element, and so does the thread that sends: after thirty Starts it sent 4 messages a second, not 150.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ParamSpec

import streamlit as st

P = ParamSpec("P")


@dataclass(slots=True)
class _Waiting:
    thread: int
    is_its_turn: threading.Event = field(default_factory=threading.Event)


class Turns:
    """Lets few threads go on at once, the others one after another as they came.

    Args:
        at_once: How many.
        longest_s: A turn that takes longer counts no more: what reads all test images holds up nobody.
    """

    def __init__(self, at_once: int = 2, longest_s: float = 1.0) -> None:
        self._longest_s = longest_s
        self._lock = threading.Lock()
        self._free = at_once
        self._begun_s: dict[int, float] = {}  # of the threads that have a turn
        self._unhurried: deque[_Waiting] = deque()
        self._pressing: deque[_Waiting] = deque()

    @contextmanager
    def turn(self, *, is_pressing: bool = True) -> Iterator[None]:
        """Wait for a turn; inside one, go on at once.

        Args:
            is_pressing: Whether somebody waits for it. What only looks whether there is news comes after all that is.
        """
        me = threading.get_ident()
        if me in self._begun_s:
            yield
            return
        self._wait(_Waiting(me), self._pressing if is_pressing else self._unhurried)
        try:
            yield
        finally:
            with self._lock:
                if me in self._begun_s:
                    self._end(me)

    def _wait(self, one: _Waiting, line: deque[_Waiting]) -> None:
        with self._lock:
            line.append(one)
            self._let_in()
        while not one.is_its_turn.wait(self._longest_s):
            with self._lock:
                late_s = time.monotonic() - self._longest_s
                for thread in [thread for thread, begun_s in self._begun_s.items() if begun_s < late_s]:
                    self._end(thread)

    def _end(self, thread: int) -> None:
        del self._begun_s[thread]
        self._free += 1
        self._let_in()

    def _let_in(self) -> None:
        while self._free and (line := self._pressing or self._unhurried):
            one = line.popleft()
            self._free -= 1
            self._begun_s[one.thread] = time.monotonic()
            one.is_its_turn.set()


_TURNS = Turns()
turn = _TURNS.turn


def fragment(render: Callable[P, None], *, run_every: float | None = None) -> Callable[P, None]:
    """As `st.fragment`, in turn; one that runs by itself comes after what people wait for."""
    return st.fragment(turn(is_pressing=run_every is None)(render), run_every=run_every)
