"""Why a drawing is misread: people say what they meant, and see what would make it right."""

from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import messages, services, words
from mnist_core.ui.components.strip import Picture, strip
from mnist_core.ui.pictures import data_url, grey

if TYPE_CHECKING:
    from mnist_core.digits.ink import Digit
    from mnist_core.evidence.causes import Cause
    from mnist_core.evidence.diagnosis import Diagnosis, Fix

_LIKELY_FROM = 0.1
"""How likely a cause beside the first must be to be worth a beginner's time."""


def ask(drawing: object, digit: "Digit | None", model: str) -> None:
    """Ask which digit was meant, and say why it is not what the model reads; nothing before there is a digit.

    Args:
        drawing: What the pad sent. Another drawing is another question: the last answer is forgotten.
        digit: What the network sees of it.
        model: Which model is asked.
    """
    if digit is None or digit.blank:
        return
    st.markdown("##### Not what you meant?")
    label = st.segmented_control(
        "The digit that I meant",
        list(range(10)),
        key=f"meant_{hash(repr(drawing))}",
        help="The drawing is then put right in some sixty ways (moved, turned, thickened, mirrored ...). What makes "
        "the answer right, and the digit look like one of MNIST's, tells what was wrong.",
    )
    if label is not None:
        with messages.explained():
            _show(services.diagnosis(drawing, label, model), digit)


def _show(found: "Diagnosis", digit: "Digit") -> None:
    if found.correct:
        st.success(f"It reads the {found.label} that you meant.", icon=":material/check:")
    elif found.fix is None:
        st.warning(
            f"None of {found.tried} corrections makes it read a {found.label}: it is the model, not your drawing.",
            icon=":material/model_training:",
        )
    else:
        st.info(f"It reads a {found.label} after this: {', then '.join(found.fix.words)}.", icon=":material/healing:")
        _show_before_and_after(found.fix, digit)
    for place, cause in enumerate(found.causes):
        if place == 0 or cause.score >= _LIKELY_FROM:
            _show_cause(cause)


def _show_before_and_after(fix: "Fix", digit: "Digit") -> None:
    after = f"Reads a {fix.reading.digit}, {words.percent(fix.reading.confidence)} sure"
    pictures = [
        Picture(data_url(grey(digit.pixels)), "Before", "Before", "What the network sees", pixels=True),
        Picture(data_url(grey(fix.digit.pixels)), f"After: {after}", "After", after, pixels=True, framed=True),
    ]
    strip(pictures, "Before and after the correction", key="fix", arrows=True)


def _show_cause(cause: "Cause") -> None:
    name = cause.code.replace("_", " ")
    st.progress(min(1.0, cause.score), text=f"**{name}** · {words.percent(cause.score, 0)} likely")
    st.caption(f"{cause.text} Measured: {messages.plain(cause.measured)}. Usual: {messages.plain(cause.usual)}.")
