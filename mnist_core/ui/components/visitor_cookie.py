"""Whose browser this is, so that what somebody keeps is there again after a reload, and is nobody else's.

There are no accounts: the browser holds a random token in a cookie, and whoever has it has what was kept under it.
"""

import secrets
from collections.abc import Callable

import streamlit as st

from mnist_core.ui.components.register_component import load, sent

_COOKIE = "digit_clinic_visitor"
_TOKEN = "visitor_token"
_KEY = "visitor"

_mount = load("visitor_cookie")


def visitor() -> str:
    """The visitor's token: the one that the browser brought, or a new one."""
    if _TOKEN not in st.session_state:
        brought = st.context.cookies.get(_COOKIE)
        st.session_state[_TOKEN] = brought if isinstance(brought, str) and brought else secrets.token_urlsafe()
    token: str = st.session_state[_TOKEN]
    return token


def remember(hand_over: Callable[[str, str], None]) -> None:
    """Let the browser remember the visitor; to be called where something is kept.

    Args:
        hand_over: Given this session's token and the one to use from now on, when the browser has got another one
            meanwhile (from a second tab).
    """

    def learned() -> None:
        known = sent(_KEY, "token")
        if isinstance(known, str) and known and known != visitor():
            hand_over(visitor(), known)
            st.session_state[_TOKEN] = known

    _mount(key=_KEY, data={"name": _COOKIE, "token": visitor()}, on_token_change=learned, height=1)
