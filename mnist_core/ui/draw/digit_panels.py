"""What is asked about the digit on the page: how it is read, what was meant, and one panel of answers at a time."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.preprocessing.steps import RAW
from mnist_core.ui import services
from mnist_core.ui.common import panel_choice
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
        label = st.session_state.get(_meant_key(digit))
    corrected = correction.corrected(digit)
    reading = services.predict_one(corrected, model)
    return None if reading is None else CurrentDigit(corrected, reading, model, label)


def read_mnist(picture: NDArray[np.uint8], label: int, model: str) -> CurrentDigit | None:
    """One of MNIST's own images (28, 28), which is prepared already, as `read`."""
    return read(services.with_steps(services.preprocessed(picture), RAW), model, label)


def ask(digit: "Preprocessed | None", subject: CurrentDigit | None) -> None:
    """The question which digit was meant, of one that came without a label. Another picture is another question."""
    if digit is not None and subject is not None and not subject.is_mnist:
        st.segmented_control(
            "Which digit did you mean?",
            list(range(10)),
            key=_meant_key(digit),
            help="Then the panels can tell what is wrong with it, and compare it with MNIST's digits of that class.",
        )


def show(subject: CurrentDigit | None, model: str) -> None:
    """How the digit was prepared, and the panel that is open, with the others to open."""
    set_current(subject)
    if subject is None:
        if panel_choice.choose(PANELS, "open_panel").name == "mine":
            digit_collection.show_set(model)
        else:
            st.caption("Draw a digit first; its analysis appears here.")
        return
    if not subject.is_mnist:
        digit_view.show_stages(subject.digit)
    correction.show_undo(subject)
    panel_choice.choose(PANELS, "open_panel").render(subject)


def _meant_key(digit: "Preprocessed") -> str:
    return f"meant_{digit.key}"
