"""The theme, as every answer to a browser begins with it: put together once."""

from functools import cache

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session


def keep() -> None:
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
