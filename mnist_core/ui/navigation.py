"""Which pages there are, and how a page makes sure that the app around it is running."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from mnist_core import APP_FOLDER
from mnist_core.ui.common import messages, query_params, turns
from mnist_core.ui.components import history

_MARK = Path(__file__).with_name("mark.png")
_SHOWN = "page_shown"
_READY = "navigation_ready"


def pages() -> list[st.Page]:
    """The app's pages in the order of the menu; the first one opens."""
    return [
        st.Page(_file("draw"), title="Draw", icon=":material/draw:", default=True, url_path="start"),
        st.Page(_file("train"), title="Train", icon=":material/model_training:"),
        st.Page(_file("mistakes"), title="Mistakes", icon=":material/grid_on:"),
        st.Page(_file("data"), title="Data", icon=":material/dataset:"),
        st.Page(_file("claims"), title="Claims", icon=":material/experiment:"),
        # The first page's address is /, and people type its name all the same.
        st.Page(_file("draw"), title="Draw", url_path="draw", visibility="hidden"),
        # Its address until 2026-11: a page rather than a redirect, which would be in the way of the browser's Back.
        st.Page(_file("claims"), title="Claims", url_path="causes", visibility="hidden"),
    ]


def link(
    page: str, label: str, query: Mapping[str, str] | None = None, *, icon: str | None = None, help: str | None = None
) -> None:
    """A link to one of the pages, by its file's name, with these parameters in its address."""
    st.page_link(_file(page), label=label, icon=icon, query_params=dict(query or {}), help=help)


def _file(page: str) -> Path:
    return APP_FOLDER / "pages" / f"{page}.py"


def set_up() -> None:
    """The browser's tab and the mark in the corner.

    To come before any `st.navigation`: without a mark, the browser would fetch the page's icon from the internet.
    """
    st.set_page_config("Digit Clinic", page_icon=str(_MARK), layout="wide")
    st.logo(str(_MARK), size="large")


def run() -> None:
    """Show the menu and run the page that was asked for: all that `app.py` does."""
    st.session_state[_READY] = True
    page = st.navigation(pages(), position="top")
    st.session_state[_SHOWN] = page.url_path
    history.keep_in_order()
    st.toggle("Present", key="present", persist_state="session")  # larger type for a projector, by `page.css` alone
    with turns.turn(), messages.explained(part="This page"):
        page.run()


def guard() -> None:
    """To be the first line of every page, which takes in the address.

    Where Streamlit makes pages of the folder `pages` in its older way (its tester does, the server is told not to in
    `app.py`), a first run is the page's file alone. Declaring the navigation and running again repairs that.
    """
    if not st.session_state.get(_READY):
        st.session_state[_READY] = True
        set_up()
        st.navigation(pages(), position="top")
        st.rerun()
    query_params.enter(st.session_state.get(_SHOWN, ""))
