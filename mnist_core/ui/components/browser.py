"""Registers the parts that bring their own JavaScript."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_FOLDER = Path(__file__).parent


def load(name: str) -> ComponentRenderer:
    """The mounting command of the part whose `name.js` and `name.css` lie in this folder.

    To be called once a part, at module level: Streamlit knows a part by its name.
    """
    script = (_FOLDER / f"{name}.js").read_text(encoding="utf-8")
    style = (_FOLDER / f"{name}.css").read_text(encoding="utf-8")
    return st.components.v2.component(f"digit_clinic_{name}", css=style, js=script)
