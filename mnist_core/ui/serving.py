"""What Streamlit is asked to do otherwise before it serves the app."""

from functools import cache

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.pages_manager import PagesManager


def prepare() -> None:
    """Do all of it, once, as the server starts."""
    PagesManager.uses_pages_directory = False  # else a fresh server shows a sidebar with file names for a moment
    keep_theme()


def keep_theme() -> None:
    """Have Streamlit read the theme from its settings once, not six times for every rerun of every session.

    It took 14 ms each time, a third of all that a server did for sixty sessions (Streamlit 1.67). Where a later
    Streamlit has no such function, nothing changes.
    """
    fill = getattr(app_session, "_populate_theme_msg", None)
    if fill is None:
        return

    @cache
    def made(section: str) -> CustomThemeConfig:
        theme = CustomThemeConfig()
        fill(theme, section)
        return theme

    def fill_again(msg: CustomThemeConfig, section: str = "theme") -> None:
        if made(section).ByteSize():  # taking over nothing would say that there is something
            msg.MergeFrom(made(section))

    app_session._populate_theme_msg = fill_again
