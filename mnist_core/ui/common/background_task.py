"""Something that takes seconds to make, made once for all sessions, and a page that waits for it with a bar."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Generic, TypeVar

import streamlit as st

Made = TypeVar("Made")

NEIGHBORS = "Computing embeddings (once) …"
"""What is said while a model's features of the training digits are computed."""

_LOOK_AGAIN_S = 0.2


class BackgroundTask(Generic[Made]):
    """Made in a thread of its own: whoever needs it waits, or looks again later. A page that is left stops nothing.

    Attributes:
        share: How much of it is done, 0 to 1.
    """

    def __init__(self, make: Callable[[Callable[[float], None]], Made]) -> None:
        """Begin: `make` is given what to tell its progress to, 0 to 1."""
        self.share = 0.0
        self._made: Future[Made] = Future()
        threading.Thread(target=self._run, args=(make,), name="preparing", daemon=True).start()

    def wait(self, timeout_s: float) -> bool:
        """Whether it is ready, or failed, before that time has passed."""
        return bool(wait([self._made], timeout_s).done)

    def result(self) -> Made:
        """What was made, once it is ready.

        Raises:
            UserError: As whatever makes it.
        """
        return self._made.result()

    def _run(self, make: Callable[[Callable[[float], None]], Made]) -> None:
        try:
            self._made.set_result(make(self._progress))
        except Exception as error:  # told to whoever waits, instead of leaving them waiting
            self._made.set_exception(error)

    def _progress(self, share: float) -> None:
        self.share = min(1.0, max(0.0, share))


def wait_for(made: BackgroundTask[Made], words: str) -> Made:
    """What is being made, once it is ready; until then its progress is shown.

    Raises:
        UserError: As whatever makes it.
    """
    if not made.wait(0):
        bar = st.progress(made.share, words)
        while not made.wait(_LOOK_AGAIN_S):
            bar.progress(made.share, words)
        bar.empty()
    return made.result()
