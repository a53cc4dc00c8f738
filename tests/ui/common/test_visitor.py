import pytest
import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common.visitor import COOKIE, owner_name, visitor
from tests.ui.app import open_page


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What Streamlit keeps of a session, and nothing else of it."""
    state: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


@pytest.fixture
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    held: dict[str, str] = {}
    monkeypatch.setattr(type(st.context), "cookies", held)
    return held


def test_the_cookie_says_who_it_is_after_a_reload_too(session, cookies) -> None:
    cookies[COOKIE] = "a token"
    assert visitor() == "a token"
    session.clear()
    assert visitor() == "a token"
    assert "a token" not in owner_name(visitor())


def test_without_a_cookie_a_session_is_somebody_of_its_own(session, cookies) -> None:
    first = visitor()
    assert visitor() == first
    session.clear()
    assert visitor() != first


def test_a_reload_is_the_same_person_to_the_queue() -> None:
    for who in ("me", "me", "you"):
        app = open_page("train", visitor=who)
        next(button for button in app.button if button.label == "Start training").click().run()
    sessions = [run.session for run in services.store().runs()]
    assert len(sessions) == 3
    assert len(set(sessions)) == 2
