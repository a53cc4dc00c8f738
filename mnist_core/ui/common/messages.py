"""How pages say that something went wrong: in plain words, with what to do, never with a traceback."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import streamlit as st

from mnist_core.errors import UserError

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=/@])")


def plain(text: str) -> str:
    """The text as Markdown that shows it letter by letter: names and file names are never markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def show_error(error: UserError, about: str = "") -> None:
    """Say what is wrong and what to do; `about` names the thing it is about."""
    subject = f"{plain(about)}: " if about else ""
    st.error(f"**{subject}{plain(error.message)}** {plain(error.fix)}", icon=":material/error:")


@contextmanager
def explained(about: str = "") -> Iterator[None]:
    """Show a `UserError` of the block as a message, about that thing, and let the rest of the page go on."""
    try:
        yield
    except UserError as error:
        show_error(error, about)


@contextmanager
def explained_or_stop() -> Iterator[None]:
    """Show a `UserError` of the block as a message, and end the page there: the rest needs what failed."""
    try:
        yield
    except UserError as error:
        show_error(error)
        st.stop()


def show_notices(notices: Iterable[str]) -> None:
    """Say what of a link could not be taken."""
    lines = [plain(notice) for notice in notices]
    if lines:
        st.warning("  \n".join(lines), icon=":material/link_off:")
