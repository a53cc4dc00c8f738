"""The mark that something is of MNIST's test set."""

import streamlit as st


def show(count: int) -> None:
    """Show it, for a test set of so many images."""
    st.badge(
        "MNIST test set",
        icon=":material/verified:",
        color="blue",
        help=f"{count:,} images that are kept apart: no model here has learned from them.",
    )
