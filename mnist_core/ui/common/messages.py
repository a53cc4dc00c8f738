"""How pages say that something went wrong: in plain words, with what to do, never with a traceback."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import streamlit as st

from mnist_core.errors import UserError

_log = logging.getLogger(__name__)

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=/@])")


def plain(text: str) -> str:
    """The text as Markdown that shows it letter by letter: names and file names are never markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def show_error(error: UserError, about: str = "") -> None:
    """Say what is wrong and what to do; `about` names the thing it is about."""
    subject = f"{plain(about)}: " if about else ""
    st.error(f"**{subject}{plain(error.message)}** {plain(error.fix)}", icon=":material/error:")


def show_failure(part: str) -> None:
    """Say that a part of the page could not be shown; the log gets the exception that is being handled.

    Never what the exception says: that is for whoever reads the log.
    """
    _log.exception("%s could not be shown", part)
    st.error(
        f"**{plain(part)} could not be shown.** Everything else works. Reload the page; if it happens again, tell "
        "whoever runs Digit Clinic: the log says why.",
        icon=":material/error:",
    )


@contextmanager
def explained(about: str = "", *, part: str = "This part of the page") -> Iterator[None]:
    """Show an error of the block as a message, and let the rest of the page go on.

    What Streamlit itself raises to stop a script or to run it again is no `Exception`, and passes through.

    Args:
        about: What a `UserError` is about.
        part: What the block shows, for the message that it could not be shown.
    """
    try:
        yield
    except UserError as error:
        show_error(error, about)
    except Exception:
        show_failure(part)


@contextmanager
def explained_or_stop(*, part: str = "This page") -> Iterator[None]:
    """Show an error of the block as a message, and end the page there: the rest needs what failed."""
    failed = True
    with explained(part=part):
        yield
        failed = False
    if failed:
        st.stop()


@contextmanager
def refusal_kept(key: str) -> Iterator[None]:
    """Keep a `UserError` of the block for `show_refusal`: what a callback shows would stand above the page."""
    try:
        yield
    except UserError as error:
        st.session_state[key] = error


def show_refusal(key: str) -> None:
    """Say why what was asked for last could not be done, once."""
    error = st.session_state.pop(key, None)
    if error is not None:
        show_error(error)


def show_notices(notices: Iterable[str]) -> None:
    """Say what of a link could not be taken."""
    lines = [plain(notice) for notice in notices]
    if lines:
        st.warning("  \n".join(lines), icon=":material/link_off:")
