"""X-ray of the drawing: what is measured of it, each beside MNIST's own digits."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui.common.section import section
from mnist_core.ui.components.distribution_plots import Legend, spread
from mnist_core.ui.draw.finding_view import moved, plot_of
from mnist_core.ui.draw.panels import neighbors

if TYPE_CHECKING:
    from mnist_core.diagnosis.finding import Finding
    from mnist_core.ui.draw.current_digit import CurrentDigit


@section("X-ray")
def show(subject: "CurrentDigit") -> None:
    """The measures, the unusual ones first; under them the training digits that look most like it to the model."""
    from mnist_core.diagnosis.measurement_report import measurement_report

    digit = neighbors.class_of(subject)
    findings = measurement_report(subject.digit, digit)
    why = "you meant one" if subject.label is not None else "the network reads one"
    st.markdown(f"**{_summary(findings, digit)}**")
    st.caption(
        f"Each plot shows how MNIST's 55,000 training digits spread. It is held against the {digit}s because {why}."
    )
    legend = Legend(
        filled=f"MNIST's {digit}s",
        outlined="all its digits",
        usual=f"95 % of the {digit}s",
        value="this one, as the network sees it",
        before="before the steps (‹ › further out)" if any(map(moved, findings)) else "",
    )
    spread([plot_of(one) for one in findings], legend, "What was measured, and what is usual in MNIST", key="xray")
    neighbors.show(subject, key="xray_neighbors")


def _summary(findings: Sequence["Finding"], digit: int) -> str:
    names = [one.title.lower() for one in findings if one.unusual]
    if not names:
        return f"All as usual for a{'n' if digit == 8 else ''} {digit}."
    *others, last = names
    listed = f"{', '.join(others)} and {last}" if others else last
    return f"Unusual for a{'n' if digit == 8 else ''} {digit}: {listed}."
