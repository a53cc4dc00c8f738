"""A bug in the code around a model on the page: its code, its signs, and what it hands to the network."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.code_bugs.catalog import Bug
from mnist_core.ui.common import words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.components.image_strip import Picture, strip

if TYPE_CHECKING:  # this room loads torch, which must not hold up a page's first paint
    from mnist_core.code_bugs.symptoms import Symptoms

_LEVELS_FROM = 10  # numbers as large as this are grey levels of 0 to 255


def show_code(bug: Bug) -> None:
    """The wrong lines beside the right ones."""
    wrong, right = st.columns(2, gap="medium")
    with wrong:
        st.markdown(":material/close: **As it was written**")
        st.code(bug.wrong, language="python", wrap_lines=True)
    with right:
        st.markdown(":material/check: **As it should be**")
        st.code(bug.right, language="python", wrap_lines=True)


def show_advice(bug: Bug) -> None:
    """How the bug shows, and how to find it in one's own code."""
    shows, find = st.columns(2, gap="medium")
    shows.markdown(f"**How it shows.** {bug.shows}")
    find.markdown(f"**How to find it.** {bug.find}")


def show_handed(inputs: NDArray[np.float32], key: str) -> None:
    """What is handed to the network (28, 28), as a picture and as a range of numbers."""
    numbers = f"{_number(inputs.min())} to {_number(inputs.max())}, mean {_number(inputs.mean())}"
    title = "What the network is handed"
    picture = Picture(data_url(_as_picture(inputs)), f"{title}: {numbers}", title, numbers, pixels=True, large=True)
    strip([picture], title, key)


def show_signs(seen: "Symptoms", whole: "Symptoms") -> None:
    """What can be measured from outside, beside what the right code gives."""
    digit, share = seen.favorite
    usual, usual_share = whole.favorite
    with st.container(horizontal=True, gap="xsmall"):
        _sign("Read right", _percent(seen.accuracy), _percent(whole.accuracy), "Of 1,000 validation images.")
        _sign("How sure", _percent(seen.confidence), _percent(whole.confidence), "The mean confidence of all answers.")
        _sign(
            "Sure when wrong",
            _percent(seen.confidence_when_wrong),
            _percent(whole.confidence_when_wrong),
            "The mean confidence of the wrong answers only.",
        )
        _sign(
            "Unsteady",
            _percent(seen.changing),
            _percent(whole.changing),
            "Of 100 pictures, the share whose answer moves by more than a point when they are asked once more, "
            "together with other pictures.",
        )
        _sign(
            "Favourite answer",
            f"{digit}: {words.percent(share, 0)}",
            f"{usual}: {words.percent(usual_share, 0)}",
            "The digit that is answered most often, and its share of all answers.",
        )


def _sign(label: str, value: str, usual: str, help: str) -> None:
    st.metric(
        label, value, f"right code: {usual}", help=help, border=True, delta_color="off", delta_arrow="off", width=178
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else words.percent(share)


def _number(value: np.floating) -> str:
    shown = f"{value:.0f}" if abs(value) >= _LEVELS_FROM else f"{value:.2f}".rstrip("0").rstrip(".")
    return shown.replace("-", "−")


def _as_picture(inputs: NDArray[np.float32]) -> NDArray[np.uint8]:
    scale = 1 if inputs.max(initial=0) >= _LEVELS_FROM else 255
    picture: NDArray[np.uint8] = (inputs * scale).clip(0, 255).round().astype(np.uint8)
    return picture
