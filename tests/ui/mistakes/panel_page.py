"""A page with nothing on it but one panel of the Mistakes page, which a test names in the session's state."""

import importlib

import streamlit as st

from mnist_core.ui.common import messages

panel = importlib.import_module(f"mnist_core.ui.mistakes.{st.session_state['panel']}")
with messages.explained():
    panel.show(st.session_state["looked"])
