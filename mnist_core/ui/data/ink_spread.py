"""How size, place, pen and slant of a digit's training images are distributed, beside all of them."""

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.recipe import Recipe
from mnist_core.ui.common.section import section
from mnist_core.ui.components.distribution_plots import Legend, distribution_plots
from mnist_core.ui.data.dataset_view import spreads

if TYPE_CHECKING:
    from mnist_core.diagnosis.finding import Finding


@section("Ink")
def show(part: Recipe) -> None:
    """The distributions of a chosen digit.

    Raises:
        UserError: As `dataset_view`.
    """
    from mnist_core.evaluation.class_statistics import MOST_MEASURED

    digit = st.segmented_control(
        "Labelled as", range(10), default=0, required=True, key="data_ink_digit", persist_state="session"
    )
    with st.spinner("Measuring …", show_time=False):
        found = spreads(part, digit)
    if not found:
        st.caption(f"No training image is labelled {digit}.")
        return
    st.caption(
        f"Size, place, pen and slant of the images labelled {digit} in this data set; measured on at most "
        f"{MOST_MEASURED:,} of them and {MOST_MEASURED:,} of all, evenly spaced."
    )
    legend = Legend(
        filled=f"labelled {digit}",
        outlined="all training images",
        usual=f"95 % of the {digit}s",
        value=f"median {digit}",
    )
    distribution_plots([_median(one) for one in found], legend, f"The ink of the {digit}s", key="data_ink")


def _median(finding: "Finding") -> "Finding":
    from mnist_core.diagnosis.finding import share_in_words

    below = finding.ranks.below_all if finding.ranks else 0.0
    return replace(
        finding,
        words=f"median {finding.words}",
        sentence=f"{share_in_words(below)} of all training images have less.".capitalize(),
        unusual=False,
    )
