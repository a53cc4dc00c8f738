"""The page's address (the URL's parameters): what a link can bring, and what the page writes.

A parameter counts once, when it is new in the address; after that the page's own state counts, and the address
follows it. So a parameter that the browser has not caught up with yet never undoes what was just chosen.
"""

import time
from collections.abc import Collection, Mapping

import streamlit as st

_SEEN = "address_seen"  # the parameters that the page has written or dealt with, each with all its values
_PAGE = "address_page"
_WRITTEN_S = "address_written_s"  # when the page changed the address last
_CATCH_UP_S = 1.5  # in which a browser hears of it


def enter(page: str) -> None:
    """Note which page is shown: on another page, everything in the address is new."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        st.session_state[_SEEN] = {}


def new_param(name: str) -> str | None:
    """The parameter's value when it is new in the address, otherwise None."""
    value = st.query_params.get(name)
    return None if value is None or [value] == _seen().get(name) else value


def is_unknown(name: str) -> bool:
    """Whether the page has neither written nor read the parameter yet since somebody came to it."""
    return name not in _seen()


def changed_here(name: str) -> bool:
    """Whether the parameter is another one than a moment ago on this very page, without having come or gone with it."""
    before, values = _seen().get(name), st.query_params.get_all(name)
    _seen()[name] = values
    return before is not None and before != values


def arrived_beside(names: Collection[str]) -> dict[str, list[str]]:
    """All parameters but these, with all their values, when one of them is new; otherwise nothing."""
    here = {name: st.query_params.get_all(name) for name in st.query_params if name not in names}
    return here if any(values != _seen().get(name) for name, values in here.items()) else {}


def put(values: Mapping[str, str | None]) -> None:
    """Write these parameters and leave the others as they are; None takes one out."""
    # What the page wrote a moment ago may be missing from the address that a quick browser has just sent. What is
    # missing later was taken out by the browser's Back.
    is_just_written = time.monotonic() - st.session_state.get(_WRITTEN_S, -_CATCH_UP_S) < _CATCH_UP_S
    written = {name: texts[-1] for name, texts in _seen().items() if texts} if is_just_written else {}
    wanted = {**written, **st.query_params.to_dict(), **values}
    seen = _seen() | {name: [] if value is None else [value] for name, value in values.items()}
    put_all({name: value for name, value in wanted.items() if value is not None})
    st.session_state[_SEEN] = seen


def put_all(values: Mapping[str, str]) -> None:
    """Make the address say this and nothing else."""
    st.session_state[_SEEN] = {name: [value] for name, value in values.items()}
    if st.query_params.to_dict() != values:
        st.session_state[_WRITTEN_S] = time.monotonic()
        st.query_params.from_dict(values)


def _seen() -> dict[str, list[str]]:
    seen: dict[str, list[str]] = st.session_state.get(_SEEN, {})
    return seen
