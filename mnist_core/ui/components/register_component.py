"""Registers the parts that bring their own JavaScript."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent


def load(name: str, *, isolate_styles: bool = True) -> Callable[..., Any]:
    """The mounting command of the part whose `name.js` lies in this folder, and its `name.css` where it has one.

    With `isolate_styles=False` its CSS counts for the whole page.

    To be called once a part, at module level: Streamlit knows a part by its name.
    """
    style = _FOLDER / f"{name}.css"
    mount = st.components.v2.component(
        f"digit_clinic_{name}",
        css=style.read_text(encoding="utf-8") if style.exists() else None,
        js=script_of(name),
        isolate_styles=isolate_styles,
    )

    def show(*, data: Mapping[str, Any], **options: Any) -> None:
        mount(data=_plain(data), **options)

    return show


def sent(key: str, name: str) -> object:
    """What the browser said last under that name, of the part of that key; not checked. None when it said nothing."""
    state = st.session_state.get(key)
    return state.get(name) if isinstance(state, Mapping) else None


def script_of(name: str) -> str:
    """The part's whole script: what all parts have in common, and its own."""
    return "\n".join((_FOLDER / f"{file}.js").read_text(encoding="utf-8") for file in ("part", name))


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with its lists as tuples, which are the same to a browser.

    Streamlit looks whether a list is a table, for which it loads pandas and pyarrow: half a second before a page's
    first paint.
    """
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
