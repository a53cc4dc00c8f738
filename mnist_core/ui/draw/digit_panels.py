"""What is asked about the digit on the page: how it is read, what was meant, and one panel of answers at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.preprocessing.steps import RAW
from mnist_core.ui import services
from mnist_core.ui.common import messages, panel_choice
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

_OPEN = "open_panel"


@dataclass(frozen=True, slots=True)
class Panel:
    """One thing to look at: its name on the page, and what shows it."""

    title: str
    show: Callable[[CurrentDigit], None]


def _why_this_class(subject: CurrentDigit) -> None:
    attribution.show(subject)
    neighbors.show(subject)


PANELS = {
    "diagnosis": Panel(":material/healing: What is wrong?", diagnosis.show),
    "xray": Panel(":material/straighten: X-ray", measurements.show),
    "why": Panel(":material/visibility: Why this class?", _why_this_class),
    "models": Panel(":material/compare: Is it the model?", model_comparison.show),
    "stress": Panel(":material/tune: Stress it", sensitivity.show),
    "code": Panel(":material/bug_report: Break the code", code_bugs.show),
    "mine": Panel(":material/bookmark: My digits", digit_collection.show),
}
"""By their names in the address; the first one is open at first."""


def read(digit: "Preprocessed | None", model: str) -> CurrentDigit | None:
    """The digit as the model reads it; None without one, or without ink in it.

    Once a correction was applied to it, it is the corrected picture that is read.

    Raises:
        UserError: When the model cannot be opened.
    """
    return None if digit is None else _read(digit, model, st.session_state.get(_meant_key(digit)))


def read_mnist(picture: NDArray[np.uint8], label: int, model: str) -> CurrentDigit | None:
    """One of MNIST's own images (28, 28), which is prepared already, as `read`."""
    return _read(services.with_steps(services.preprocessed(picture), RAW), model, label)


def show(digit: "Preprocessed | None", subject: CurrentDigit | None, model: str) -> None:
    """How the digit was prepared, what was meant, and the panel that is open, with the others to open."""
    set_current(subject)
    if subject is None:
        _show_without_digit(model)
        return
    correction.show_undo(subject)
    if not subject.is_mnist:
        digit_view.show_stages(subject.digit, subject.steps)
        _ask_meant(digit or subject.digit)
    with messages.explained():
        PANELS[_choose()].show(subject)


def _read(original: "Preprocessed", model: str, label: int | None) -> CurrentDigit | None:
    digit = correction.corrected(original)
    reading = services.predict_one(digit, model)
    return None if reading is None else CurrentDigit(digit, reading, model, label)


def _show_without_digit(model: str) -> None:
    """What there is before a digit is there: the kept ones, if that panel is open."""
    if _choose() == "mine":
        digit_collection.show_set(model)
    else:
        st.caption("There is no digit yet. Once there is, look here for what it is made of and why it is read so.")


def _ask_meant(digit: "Preprocessed") -> None:
    """Ask which digit was meant. Another picture is another question: the last answer is forgotten."""
    st.segmented_control(
        "Which digit did you mean?",
        list(range(10)),
        key=_meant_key(digit),
        help="Then the panels can tell what is wrong with it, and hold it against MNIST's digits of that class.",
    )


def _meant_key(digit: "Preprocessed") -> str:
    return f"meant_{digit.key}"


def _choose() -> str:
    return panel_choice.choose({name: panel.title for name, panel in PANELS.items()}, _OPEN)
