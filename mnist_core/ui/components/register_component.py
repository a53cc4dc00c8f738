"""Registers the parts that bring their own JavaScript."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent


def load(name: str, *, isolate_styles: bool = True) -> Callable[..., Any]:
    """The mounting command of the part whose `name.js` and `name.css` lie in this folder.

    With `isolate_styles=False` its CSS counts for the whole page.

    To be called once a part, at module level: Streamlit knows a part by its name.

    What the part's default function returns cleans up, and has to look first whether the part is gone indeed
    (`parentElement.isConnected`): when a second answer comes before the browser has shown the first one, Streamlit
    drops the first call by having it clean up, although the part is still there. A pad that believed it lost the stroke
    that was being drawn, and the keyboard.
    """
    script = (_FOLDER / f"{name}.js").read_text(encoding="utf-8")
    style = (_FOLDER / f"{name}.css").read_text(encoding="utf-8")
    mount = st.components.v2.component(f"digit_clinic_{name}", css=style, js=script, isolate_styles=isolate_styles)

    def show(*, data: Mapping[str, Any], **options: Any) -> None:
        mount(data=_plain(data), **options)

    return show


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with its lists as tuples, which are the same to a browser.

    Streamlit looks whether a list is a table, for which it loads pandas and pyarrow: half a second before a page's
    first paint.
    """
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
