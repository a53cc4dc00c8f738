"""What is wrong: the smallest change that makes the answer right, and the causes that speak for it."""

from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.pictures import data_url, grey
from mnist_core.ui.common.section import section
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.draw import correction

if TYPE_CHECKING:
    from mnist_core.diagnosis.causes import Cause
    from mnist_core.diagnosis.diagnosis import Diagnosis, Fix
    from mnist_core.ui.draw.current_digit import CurrentDigit

_LIKELY_FROM = 0.1
"""How likely a cause beside the first must be to be worth a beginner's time."""


@section("What is wrong?")
def show(subject: "CurrentDigit") -> None:
    """Say why the model does not read what was meant, or what is unusual about a digit that it reads right."""
    if subject.label is None:
        st.caption(
            "Say above which digit you meant. The drawing is then put right in some sixty ways (moved, turned, "
            "thickened, mirrored …): what makes the answer right, and the digit look like one of MNIST's, tells what "
            "was wrong."
        )
        return
    found = services.diagnosis(subject, subject.label)
    _show_verdict(found, "as its label says" if subject.is_mnist else "as you meant")
    if found.fix is not None and not found.correct:
        _show_fix(found.fix, subject)
    for place, cause in enumerate(found.causes):
        if place == 0 or cause.score >= _LIKELY_FROM:
            _show_cause(cause)


def _show_verdict(found: "Diagnosis", as_it_should: str) -> None:
    label = f"{words.article(found.label)} {found.label}"
    if found.correct:
        st.success(f"It reads {label}, {as_it_should}.", icon=":material/check:")
    elif found.fix is None:
        st.warning(
            f"None of {found.tried} corrections makes it read {label}: it is the model, not your drawing.",
            icon=":material/model_training:",
        )
    else:
        st.info(f"It reads {label} after this: {', then '.join(found.fix.words)}.", icon=":material/healing:")


def _show_fix(fix: "Fix", subject: "CurrentDigit") -> None:
    read = fix.reading.digit if fix.reading.digit is not None else 0
    after = f"Reads {words.article(read)} {read}, {words.percent(fix.reading.confidence)} sure"
    pictures = [
        Picture(data_url(grey(subject.digit.pixels)), "Before", "Before", "What the network sees", pixels=True),
        Picture(data_url(grey(fix.digit.pixels)), f"After: {after}", "After", after, pixels=True, framed=True),
    ]
    strip(pictures, "Before and after the correction", key="fix", arrows=True)
    st.button(
        "Apply",
        icon=":material/healing:",
        type="primary",
        on_click=correction.apply,
        args=(fix, subject),
        help="Go on with the corrected digit: the strip above, the answer and every panel then show it.",
    )


def _show_cause(cause: "Cause") -> None:
    st.progress(min(1.0, cause.score), text=f"**{cause.title.capitalize()}** · {words.percent(cause.score, 0)} likely")
    st.caption(f"{cause.text} Measured: {messages.plain(cause.measured)}. Usual: {messages.plain(cause.usual)}.")
