"""Whose browser this is, so that what somebody keeps is there again after a reload, and is nobody else's.

There are no accounts: the browser holds a random token in a cookie, which the server gave it with its first page
(`front_door`), and whoever has it has what was kept under it.
"""

import hashlib
import secrets

import streamlit as st

COOKIE = "digit_clinic_visitor"

_TOKEN = "visitor_token"


def visitor() -> str:
    """The visitor's token, which is secret; of a browser that takes no cookies, one for this session."""
    if _TOKEN not in st.session_state:
        brought = st.context.cookies.get(COOKIE)
        st.session_state[_TOKEN] = brought if isinstance(brought, str) and brought else secrets.token_urlsafe()
    token: str = st.session_state[_TOKEN]
    return token


def owner_name(token: str) -> str:
    """What the runs of the visitor with that token are kept under. The token does not follow from it."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]
