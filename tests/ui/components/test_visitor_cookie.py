import pytest

from mnist_core.ui.components import visitor_cookie as part
from mnist_core.ui.components.visitor_cookie import remember, visitor


class Browser:
    """A visitor's browser, with the cookie that it holds."""

    def __init__(self, cookie: str | None) -> None:
        self.cookie = cookie

    def mount(self, *, key, data, on_token_change, height) -> None:
        if self.cookie in (None, data["token"]):
            self.cookie = data["token"]
        else:
            part.st.session_state[key] = {"token": self.cookie}
            on_token_change()


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict:
    state: dict = {}
    monkeypatch.setattr(part.st, "session_state", state)
    return state


def come_with(browser: Browser, monkeypatch: pytest.MonkeyPatch, brings_cookie: bool = True) -> None:
    class Context:
        cookies = {"digit_clinic_visitor": browser.cookie} if browser.cookie and brings_cookie else {}

    monkeypatch.setattr(part.st, "context", Context)
    monkeypatch.setattr(part, "_mount", browser.mount)


def test_a_new_visitor_gets_a_token_that_comes_back_after_a_reload(session, monkeypatch) -> None:
    browser = Browser(None)
    come_with(browser, monkeypatch)
    token = visitor()
    assert len(token) >= 32
    remember(lambda *_: pytest.fail("nothing to hand over"))
    session.clear()  # a reload is a new session
    come_with(browser, monkeypatch)
    assert visitor() == token


def test_two_browsers_are_two_visitors(session, monkeypatch) -> None:
    come_with(Browser(None), monkeypatch)
    first = visitor()
    session.clear()
    assert visitor() != first


def test_a_tab_that_was_opened_before_the_cookie_hands_over_what_it_kept(session, monkeypatch) -> None:
    come_with(Browser("the other tab's"), monkeypatch, brings_cookie=False)
    mine, handed_over = visitor(), []
    remember(lambda *pair: handed_over.append(pair))
    assert handed_over == [(mine, "the other tab's")]
    assert visitor() == "the other tab's"
    remember(lambda *_: pytest.fail("once is enough"))
