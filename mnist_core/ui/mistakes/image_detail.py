"""One test image close up: as it is, what the network makes of it, and whether its label can be right."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import navigation, services
from mnist_core.ui.common import messages, query_params, words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.answer import answer
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.draw import correction, digit_panels
from mnist_core.ui.draw.panels import attribution, diagnosis, measurements, model_comparison, neighbors
from mnist_core.ui.mistakes import suspect_label
from mnist_core.ui.mistakes.comparison_state import Comparison

if TYPE_CHECKING:
    from mnist_core.ui.draw.current_digit import CurrentDigit

_PARAMETER = "image"
_OPEN = "mistakes_image"


@dataclass(frozen=True, slots=True)
class _Part:
    title: str
    show: "Callable[[CurrentDigit], None]"


_PARTS = {
    "why": _Part("Why?", attribution.show),
    "neighbors": _Part("Nearest training digits", lambda subject: neighbors.show(subject, key="close_up_near")),
    "models": _Part("Other models", model_comparison.show),
    "measures": _Part("Measurements", measurements.show),
    "causes": _Part("What is wrong?", diagnosis.show),
}


def open_image(index: int) -> None:
    """Show this test image from the next rerun on: for callbacks. The address names it."""
    st.session_state[_OPEN] = index
    query_params.put({_PARAMETER: str(index)})


def show(looked: Comparison) -> None:
    """The open image in a dialog, if one is open; a link can open one."""
    _take_address(len(looked.evaluation.labels))
    index = st.session_state.get(_OPEN)
    if index is None:
        return
    true, read = int(looked.evaluation.labels[index]), int(looked.evaluation.predicted[index])
    title = f"A {true}, read as {read}" if true != read else f"A {true}, read right"
    st.dialog(title, width="large", on_dismiss=close)(_show_image)(looked, index)


def close() -> None:
    """Close it: for callbacks."""
    st.session_state.pop(_OPEN, None)
    query_params.put({_PARAMETER: None})


def _take_address(count: int) -> None:
    asked = query_params.new_param(_PARAMETER)
    if asked is None:
        return
    if asked.isascii() and asked.isdecimal() and len(asked) < 10 and int(asked) < count:
        open_image(int(asked))
        return
    close()
    messages.show_notices([f"There is no test image “{asked[:20]}”: they are numbered from 0 to {count - 1}."])


@section("The image")
def _show_image(looked: Comparison, index: int) -> None:
    label = int(looked.evaluation.labels[index])
    left, right = st.columns([0.34, 0.66], gap="medium")
    with left:
        image = services.test_images()[index]
        picture = Picture(
            data_url(image),
            f"Test image {index}",
            f"Test image {index:,}",
            f"labelled {label}",
            pixels=True,
            large=True,
        )
        strip([picture], "The image", key="close_up_image")
        navigation.link("draw", "Open in Draw", {"image": str(index), "run": looked.model.name}, icon=":material/draw:")
    with right:
        answer(words.answer_of_probabilities(looked.evaluation.probabilities[index].tolist()), key="close_up_answer")
        with messages.explained():
            suspect_label.show(index, label)
    _show_part(looked, index, label)


@section("The closer look")
def _show_part(looked: Comparison, index: int, label: int) -> None:
    chosen = st.segmented_control(
        "Look closer",
        list(_PARTS),
        format_func=lambda name: _PARTS[name].title,
        key="close_up_part",
        persist_state="session",
        wrap=True,
    )
    if chosen is None:
        st.caption("Choose what to look at: each takes a moment when it is first opened.")
        return
    with messages.explained():
        subject = digit_panels.read_mnist(services.test_images()[index], label, looked.model.name)
        if subject is None:
            st.info("There is no ink in this image.", icon=":material/ink_eraser:")
        else:
            correction.show_undo(subject)
            _PARTS[chosen].show(subject)
