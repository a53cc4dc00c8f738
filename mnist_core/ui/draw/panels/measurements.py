"""Measurements of the drawing, each beside those of MNIST's own digits."""

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import words
from mnist_core.ui.common.section import section
from mnist_core.ui.components.distribution_plots import Legend, distribution_plots, moved
from mnist_core.ui.draw.current_digit import CurrentDigit
from mnist_core.ui.draw.panels import neighbors


@section("Measurements")
def show(subject: CurrentDigit) -> None:
    """The measures, the unusual ones first; under them the training digits that look most like it to the model."""
    digit = neighbors.class_of(subject)
    findings = services.measurements(subject.digit, digit)
    unusual = [one.title.lower() for one in findings if one.unusual]
    listed = " and ".join(filter(None, (", ".join(unusual[:-1]), *unusual[-1:])))
    named = words.named(digit)
    st.markdown(f"**Unusual for {named}: {listed}.**" if unusual else f"**All as usual for {named}.**")
    st.caption(
        f"Each plot shows the distribution over MNIST's 55,000 training digits. Yours is compared with the {digit}s "
        f"because {'you meant one' if subject.label is not None else 'the model reads one'}."
    )
    legend = Legend(
        filled=f"MNIST's {digit}s",
        outlined="all its digits",
        usual=f"95 % of the {digit}s",
        value="this digit (28 × 28)",
        before="before the steps (‹ › outside the plot)" if any(map(moved, findings)) else "",
    )
    distribution_plots(findings, legend, "What was measured, and what is usual in MNIST", key="xray")
    neighbors.show(subject, key="xray_neighbors")
