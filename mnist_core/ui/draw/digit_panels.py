"""What is asked about the digit on the page: how it is read, what was meant, and one panel of answers at a time."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.preprocessing.steps import RAW
from mnist_core.ui import services
from mnist_core.ui.common import messages, panel_choice
from mnist_core.ui.draw import correction, digit_view
from mnist_core.ui.draw.current_digit import CurrentDigit, key_of, set_current
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


def read(picture: NDArray[np.uint8] | None, model: str, steps: frozenset[str]) -> CurrentDigit | None:
    """The picture (H, W) as the model reads it; None without one, or without ink in it.

    Once a correction was applied to it, it is the corrected picture that is read.

    Raises:
        UserError: When the model cannot be opened.
    """
    if picture is None:
        return None
    return _read(picture, model, steps, st.session_state.get(_meant_key(picture)))


def read_mnist(picture: NDArray[np.uint8], label: int, model: str) -> CurrentDigit | None:
    """One of MNIST's own images (28, 28), which is prepared already, as `read`."""
    return _read(picture, model, RAW, label)


def show(picture: NDArray[np.uint8] | None, subject: CurrentDigit | None, model: str) -> None:
    """How the digit was prepared, what was meant, and the panel that is open, with the others to open."""
    set_current(subject)
    if picture is None or subject is None:
        _show_without_digit(model)
        return
    correction.show_undo(subject)
    if not subject.is_mnist:
        digit_view.show_stages(subject.digit, subject.steps)
        _ask_meant(picture)
    with messages.explained():
        PANELS[_choose()].show(subject)


def _read(original: NDArray[np.uint8], model: str, steps: frozenset[str], label: int | None) -> CurrentDigit | None:
    applied = correction.of(original)
    picture = applied.picture if applied else original
    steps = steps | applied.steps if applied else steps
    digit = services.digit_of(picture, steps)
    reading = services.predict_one(digit, model)
    return None if reading is None else CurrentDigit(picture, digit, reading, steps, model, label, key_of(picture))


def _show_without_digit(model: str) -> None:
    """What there is before a digit is there: the kept ones, if that panel is open."""
    if _choose() == "mine":
        digit_collection.show_set(model)
    else:
        st.caption("There is no digit yet. Once there is, look here for what it is made of and why it is read so.")


def _ask_meant(picture: NDArray[np.uint8]) -> None:
    """Ask which digit was meant. Another picture is another question: the last answer is forgotten."""
    st.segmented_control(
        "Which digit did you mean?",
        list(range(10)),
        key=_meant_key(picture),
        help="Then the panels can tell what is wrong with it, and hold it against MNIST's digits of that class.",
    )


def _meant_key(picture: NDArray[np.uint8]) -> str:
    return f"meant_{key_of(picture)}"


def _choose() -> str:
    return panel_choice.choose({name: panel.title for name, panel in PANELS.items()}, _OPEN)
