import threading

import pytest
import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common.kept import kept
from tests.patience import PATIENCE_S


def test_what_all_sessions_share_outlives_streamlits_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    before = services.store(), services.model(services.DEFAULT_MODEL)
    st.cache_resource.clear()
    st.cache_data.clear()
    assert (services.store(), services.model(services.DEFAULT_MODEL)) == before


def test_it_is_made_once_however_many_ask_at_once_and_others_do_not_wait() -> None:
    made, may_end = [], threading.Event()

    @kept(2)
    def make(name: str) -> str:
        made.append(name)
        if name == "slow":
            may_end.wait(PATIENCE_S)
        return name * 2

    answers: list[str] = []
    asking = [threading.Thread(target=lambda: answers.append(make("slow"))) for _ in range(8)]
    for thread in asking:
        thread.start()
    assert make("quick") == "quickquick"
    may_end.set()
    for thread in asking:
        thread.join()
    assert answers == ["slowslow"] * 8
    assert sorted(made) == ["quick", "slow"]


def test_the_ones_asked_for_last_are_kept_and_errors_never() -> None:
    made: list[int] = []

    @kept(2)
    def make(number: int) -> int:
        made.append(number)
        return 10 // number

    for number in (1, 2, 1, 5, 1, 2):
        assert make(number) == 10 // number
    assert made == [1, 2, 5, 2]
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            make(0)
    assert made[4:] == [0, 0]
