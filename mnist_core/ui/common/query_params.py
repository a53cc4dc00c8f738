"""The page's address (the URL's parameters): what a link can bring, and what the page writes.

The session has it, and the browser shows it. What a browser sends with a press, or a part with news of its own, may be
from before the page last wrote its address; it counts only where somebody came with it (see `enter`). So nothing that
was just chosen, opened or closed is ever undone by a browser that had not heard of it.

A parameter is new once, when somebody brings it; after that the page's own state counts, and the address follows it.
"""

from collections.abc import Collection, Mapping

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_ADDRESS = "address"  # the parameters as they stand, each with all its values
_SEEN = "address_seen"  # those that the page has written or dealt with
_PAGE = "address_page"


def enter(page: str) -> None:
    """Take in what the browser's address says, where somebody came with it; to come before whatever reads it.

    Somebody comes to another page, by Back or Forward, or by a link. Otherwise the address is the session's, and a
    browser that has not heard of it hears again.
    """
    brought, came = _brought(), _came()
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE], st.session_state[_SEEN] = page, {}
        st.session_state[_ADDRESS] = brought
    elif came:
        st.session_state[_ADDRESS] = brought
    if came or brought != _address():
        # After Back also what the browser brought: what the page that was left wrote last may have reached it since.
        st.query_params.from_dict(_address())


def get(name: str) -> str | None:
    """The parameter as the address has it; None when it has none."""
    values = _address().get(name)
    return values[-1] if values else None


def current() -> dict[str, str]:
    """All parameters as the address has them."""
    return {name: values[-1] for name, values in _address().items() if values}


def new_param(name: str) -> str | None:
    """The parameter's value when it is new in the address, otherwise None."""
    value = get(name)
    return None if value is None or [value] == _seen().get(name) else value


def is_unknown(name: str) -> bool:
    """Whether the page has neither written nor read the parameter yet since somebody came to it."""
    return name not in _seen()


def arrived_beside(names: Collection[str]) -> dict[str, list[str]]:
    """All parameters but these, with all their values, when one of them is new; otherwise nothing."""
    here = {name: values for name, values in _address().items() if name not in names}
    return here if any(values != _seen().get(name) for name, values in here.items()) else {}


def put(values: Mapping[str, str | None]) -> None:
    """Write these parameters and leave the others as they are; None takes one out."""
    written = {name: [] if value is None else [value] for name, value in values.items()}
    address = {name: given[-1:] for name, given in (_address() | written).items() if given}
    st.session_state[_ADDRESS] = address
    st.session_state[_SEEN] = _seen() | written
    if _brought() != address:
        st.query_params.from_dict(address)


def _came() -> bool:
    """Whether the browser sent its address as a way to go, and not only as what it shows.

    It says so of Back and Forward, and of a link to the page that is shown (see `components/history.js`). Streamlit's
    tester has no browser.
    """
    context = get_script_run_ctx()
    info = context.context_info if context else None
    return context is None or info is None or not info.url or context.is_history_navigation


def _brought() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _address() -> dict[str, list[str]]:
    address: dict[str, list[str]] = st.session_state.get(_ADDRESS, {})
    return address


def _seen() -> dict[str, list[str]]:
    seen: dict[str, list[str]] = st.session_state.get(_SEEN, {})
    return seen
