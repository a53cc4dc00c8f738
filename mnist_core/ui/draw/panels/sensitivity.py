"""Sensitivity: change the drawing by more and more, and see where the answer flips."""

from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import words
from mnist_core.ui.common.choice import choose
from mnist_core.ui.common.section import section
from mnist_core.ui.components.sensitivity_slider import sensitivity_slider
from mnist_core.ui.draw.current_digit import CurrentDigit

if TYPE_CHECKING:
    from mnist_core.diagnosis.sensitivity import SensitivityCurve
    from mnist_core.preprocessing.pipeline import Preprocessed

_KEPT = 200


@section("Sensitivity")
def show(subject: CurrentDigit) -> None:
    """Choose a kind of change; the slider along it moves in the browser."""
    from mnist_core.diagnosis.sensitivity import KINDS

    kinds = {kind.name: kind for kind in KINDS}
    name = choose(
        "What to change",
        {name: kind.title for name, kind in kinds.items()},
        "stress_kind",
        default="rotation",
        help="The drawing itself is changed, before preprocessing. Then the model reads it again.",
    )
    st.caption(kinds[name].help)
    found = _measured(subject.model, subject.digit, name)
    if found is None:
        st.info("There is no ink to change.", icon=":material/ink_eraser:")
        return
    st.markdown(f"**{summary(found)}**")
    sensitivity_slider(found, subject.label, key="stress_curves")


@services.kept_by_model(_KEPT, "Changing the drawing …")
def _measured(model: str, digit: "Preprocessed", kind: str) -> "SensitivityCurve | None":
    from mnist_core.diagnosis.sensitivity import sensitivity_curves

    return sensitivity_curves(services.model(model).model, digit, kind)


def summary(found: "SensitivityCurve") -> str:
    """What came of it, in a sentence or two."""
    flips = ", and it ".join(one.words for one in found.breaks)
    if found.undone_by_preprocessing:
        away = "The preprocessing undoes it: the model gets nearly the same input each time."
        return f"{away} Only when cut off at the paper's edge, it {flips}." if flips else away
    if flips:
        return f"It {flips}."
    first, last = (found.kind.words(found.kind.amounts[end]) for end in (0, -1))
    span = f"up to {last}" if found.kind.middle == 0 else f"from {first} to {last}"
    return f"It stays {words.named(int(found.answers[found.kind.middle]))}, {span}."
