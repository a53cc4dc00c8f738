"""What is asked about the digit on the page: how it is read, what was meant, and one panel of answers at a time."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.preprocessing.steps import RAW
from mnist_core.ui import services
from mnist_core.ui.common import panel_choice, widget_state, words
from mnist_core.ui.common.choice import choose
from mnist_core.ui.common.panel_choice import Panel
from mnist_core.ui.draw import correction, digit_view
from mnist_core.ui.draw.current_digit import CurrentDigit, set_current
from mnist_core.ui.draw.panels import (
    attribution,
    code_bugs,
    diagnosis,
    digit_collection,
    measurements,
    model_comparison,
    neighbors,
    sensitivity,
)

if TYPE_CHECKING:
    from mnist_core.preprocessing.pipeline import Preprocessed


_QUESTION = "which_digit"
_MEANT = "meant"  # the digits that people say they meant, by the picture's key


def _attribution(digit: CurrentDigit) -> None:
    attribution.show(digit)
    neighbors.show(digit)


PANELS = (
    Panel("diagnosis", "What is wrong?", "healing", diagnosis.show),
    Panel("xray", "Measurements", "straighten", measurements.show),
    Panel("why", "Attribution", "visibility", _attribution),
    Panel("models", "Compare models", "compare", model_comparison.show),
    Panel("stress", "Sensitivity", "tune", sensitivity.show),
    Panel("code", "Pipeline bugs", "bug_report", code_bugs.show),
    Panel("mine", "My digits", "bookmark", digit_collection.show),
)


def read(digit: "Preprocessed | None", model: str, label: int | None = None) -> CurrentDigit | None:
    """The digit as the model reads it; None without one, or without ink in it.

    Once a correction was applied to it, it is the corrected picture that is read.

    Args:
        digit: As it came.
        model: The model's name.
        label: Its true label; when it has none, what people say that they meant.

    Raises:
        UserError: When the model cannot be opened.
    """
    if digit is None:
        return None
    if label is None:
        label = st.session_state.get(_MEANT, {}).get(digit.key)
    corrected = correction.corrected(digit)
    reading = services.predict_one(corrected, model)
    return None if reading is None else CurrentDigit(corrected, reading, model, label)


def read_mnist(picture: NDArray[np.uint8], label: int, model: str) -> CurrentDigit | None:
    """One of MNIST's own images (28, 28), which is prepared already, as `read`."""
    return read(services.with_steps(services.preprocessed(picture), RAW), model, label)


def ask(digit: "Preprocessed | None", subject: CurrentDigit | None) -> None:
    """Ask whether it was read right, of a digit that came without a label. Another picture is another question."""
    with st.container(key="meant"):  # its room is kept while there is nothing to ask
        if digit is None or subject is None or subject.is_mnist:
            return
        answer = None if subject.reading.verdict == "not_a_digit" else subject.reading.digit
        confirmed = {} if answer is None else {answer: f"Yes, {words.named(answer)}"}
        choose(
            "Which digit is it?" if answer is None else "Right? If not, which digit is it?",
            confirmed | {other: str(other) for other in range(10) if other != answer},
            _QUESTION,
            default=widget_state.put(_QUESTION, st.session_state.get(_MEANT, {}).get(digit.key)),
            required=False,
            on_change=_note_meant,
            args=(digit.key,),
            help="Then the panels can tell what is wrong with it, and compare it with MNIST's digits of that class.",
        )


def show(subject: CurrentDigit | None, model: str) -> None:
    """How the digit was prepared, and the panel that is open, with the others to open."""
    set_current(subject)
    if subject is None or not subject.is_mnist:
        with st.container(key="preparation"):  # its room is kept while there is nothing to show
            digit_view.show_stages(None if subject is None else subject.digit)
    if subject is None:
        if panel_choice.choose(PANELS, "open_panel").name == "mine":
            digit_collection.show_set(model)
        else:
            st.caption("Draw a digit first; its analysis appears here.")
        return
    correction.show_undo(subject)
    panel_choice.choose(PANELS, "open_panel", _found(subject)).render(subject)


def _found(subject: CurrentDigit) -> dict[str, str]:
    """What there is to see in some of the panels, in two or three words, once people have said what they meant.

    It takes 0.2 s, which no stroke should wait for; and only then is it known what a digit is to be held against.
    """
    if subject.label is None or subject.is_mnist:
        return {}
    unusual = sum(one.unusual for one in services.measurements(subject.digit, subject.label))
    right, count = model_comparison.votes(subject)
    return {"xray": f"{unusual} unusual", "models": f"{right} of {count} right"}


def _note_meant(key: str) -> None:
    st.session_state[_MEANT] = st.session_state.get(_MEANT, {}) | {key: st.session_state[_QUESTION]}
