"""What a browser is told of the theme is what Streamlit itself would tell it."""

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.runtime import app_session

from mnist_core.ui import serving


def told() -> NewSession:
    """A message's theme, filled as an `AppSession` does."""
    message = NewSession()
    theme = message.custom_theme
    for part, section in (
        (theme, "theme"), (theme.light, "theme.light"), (theme.dark, "theme.dark"), (theme.sidebar, "theme.sidebar"),
        (theme.light.sidebar, "theme.light.sidebar"), (theme.dark.sidebar, "theme.dark.sidebar"),
    ):  # fmt: skip
        app_session._populate_theme_msg(part, section)
    return message


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which sections the settings are asked for."""
    sections: list[str] = []
    look_up = config.get_options_for_section
    monkeypatch.setattr(config, "get_options_for_section", lambda name: sections.append(name) or look_up(name))
    monkeypatch.setattr(app_session, "_populate_theme_msg", app_session._populate_theme_msg)  # as it was, at the end
    return sections


def test_the_message_is_the_same_and_made_once(asked: list[str]) -> None:
    usual = told()
    assert usual.custom_theme.light.primary_color.startswith("#")  # as .streamlit/config.toml says
    serving.keep_theme()
    asked.clear()
    assert told() == usual
    assert told() == usual
    assert len(asked) == len(set(asked)) == 6


def test_a_streamlit_without_that_function_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(app_session, "_populate_theme_msg")
    serving.keep_theme()
    assert not hasattr(app_session, "_populate_theme_msg")
