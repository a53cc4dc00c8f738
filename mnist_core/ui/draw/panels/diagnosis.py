"""What is wrong: the smallest change that makes the answer right, and the causes that speak for it."""

from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.pictures import data_url, grey
from mnist_core.ui.common.section import section
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.draw import correction
from mnist_core.ui.draw.current_digit import CurrentDigit

if TYPE_CHECKING:
    from mnist_core.diagnosis.causes import Cause
    from mnist_core.diagnosis.diagnosis import Fix

_LIKELY_FROM = 0.1
"""How likely a cause beside the first must be to be worth a beginner's time."""


@section("What is wrong?")
def show(subject: CurrentDigit) -> None:
    """Say why the model does not read what was meant, or what is unusual about a digit that it reads right."""
    if subject.label is None:
        st.caption(
            "Tell us which digit you drew. We try about 60 corrections; the smallest one that fixes the answer shows "
            "what went wrong."
        )
        return
    found = services.diagnosis(subject.model, subject.digit, subject.label)
    label = words.named(found.label)
    likely = [cause for place, cause in enumerate(found.causes) if place == 0 or cause.score >= _LIKELY_FROM]
    if found.correct:
        st.success(
            f"Correct: it is read as {label}, as {'its label says' if subject.is_mnist else 'you meant'}.",
            icon=":material/check:",
        )
        if likely:
            st.caption(f"In spite of this: {', '.join(cause.title for cause in likely)}. {_measured(likely[0])}")
        return
    if found.fix is None:
        st.warning(
            f"None of {found.tried} corrections makes the model read it as {label}: the problem is the model, not "
            f"{'the image' if subject.is_mnist else 'your drawing'}.",
            icon=":material/model_training:",
        )
    else:
        st.info(f"Fix: {', then '.join(found.fix.words)}, then it is read as {label}.", icon=":material/healing:")
        _show_fix(found.fix, subject)
    for cause in likely:
        st.progress(
            min(1.0, cause.score), text=f"**{cause.title.capitalize()}** · {words.percent(cause.score, 0)} likely"
        )
        st.caption(f"{cause.text} {_measured(cause)}")


def _measured(cause: "Cause") -> str:
    return f"Measured: {messages.plain(cause.measured)}. Usual: {messages.plain(cause.usual)}."


def _show_fix(fix: "Fix", subject: CurrentDigit) -> None:
    after = words.looks_like(fix.reading.digit or 0, fix.reading.confidence)
    pictures = [
        Picture(data_url(grey(subject.digit.pixels)), "Before", "Before", "the model input now", pixels=True),
        Picture(data_url(grey(fix.digit.pixels)), f"After: {after}", "After", after, pixels=True, framed=True),
    ]
    strip(pictures, "Before and after the correction", key="fix", arrows=True)
    st.button(
        "Apply",
        icon=":material/healing:",
        type="primary",
        on_click=correction.apply,
        args=(fix, subject),
        help="Continue with the corrected digit: the strip above, the answer and every panel then show it.",
    )
