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
        st.markdown(":material/close: **Wrong**")
        st.code(bug.wrong, language="python", wrap_lines=True)
    with right:
        st.markdown(":material/check: **Right**")
        st.code(bug.right, language="python", wrap_lines=True)


def show_advice(bug: Bug) -> None:
    """How the bug shows, and how to find it in one's own code."""
    shows, find = st.columns(2, gap="medium")
    shows.markdown(f"**How it shows.** {bug.shows}")
    find.markdown(f"**How to find it.** {bug.find}")


def show_model_input(inputs: NDArray[np.float32], key: str) -> None:
    """What is handed to the model (28, 28), as a picture and as a range of numbers."""
    numbers = f"{_number(inputs.min())} to {_number(inputs.max())}, mean {_number(inputs.mean())}"
    scale = 1 if inputs.max(initial=0) >= _LEVELS_FROM else 255
    image = (inputs * scale).clip(0, 255).round().astype(np.uint8)
    title = "Model input"
    strip([Picture(data_url(image), f"{title}: {numbers}", title, numbers, pixels=True, large=True)], title, key)


def show_signs(seen: "Symptoms", whole: "Symptoms") -> None:
    """What can be measured from outside, beside what the right code gives."""
    (digit, share), (usual, usual_share) = seen.favorite, whole.favorite
    signs = (
        ("Accuracy", seen.accuracy, whole.accuracy, "On 1,000 validation images."),
        ("Mean confidence", seen.confidence, whole.confidence, "Over all answers."),
        (
            "Confidence when wrong",
            seen.confidence_when_wrong,
            whole.confidence_when_wrong,
            "The mean confidence of the wrong answers only.",
        ),
        (
            "Unstable answers",
            seen.changing,
            whole.changing,
            "Of 100 pictures, the share whose answer moves by more than a point when they are asked once more, "
            "together with other pictures.",
        ),
    )
    with st.container(horizontal=True, gap="xsmall"):
        for label, value, right, help in signs:
            _sign(label, percent_or_dash(value), percent_or_dash(right), help)
        _sign(
            "Most frequent answer",
            f"{digit}: {words.percent(share, 0)}",
            f"{usual}: {words.percent(usual_share, 0)}",
            "The digit that is answered most often, and its share of all answers.",
        )


def _sign(label: str, value: str, usual: str, help: str) -> None:
    st.metric(
        label, value, f"right code: {usual}", help=help, border=True, delta_color="off", delta_arrow="off", width=208
    )


def percent_or_dash(share: float | None) -> str:
    """The share as people read it; a dash where there is none."""
    return "–" if share is None else words.percent(share)


def _number(value: np.floating) -> str:
    shown = f"{value:.0f}" if abs(value) >= _LEVELS_FROM else f"{value:.2f}".rstrip("0").rstrip(".")
    return shown.replace("-", "−")
