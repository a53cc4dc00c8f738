"""How well a ranking finds the faults that were put in."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui.common import words

if TYPE_CHECKING:
    from mnist_core.data.label_errors import Score

_HEIGHT_PX = 260


def show(order: NDArray[np.int64], truth: NDArray[np.bool_], first: int, noun: str) -> bool:
    """The score of the first so many, its curve, and whether the truth is to be told of each image."""
    from mnist_core.data.label_errors import curve, score

    at = score(order, truth, first)
    st.markdown(sentence(at, noun))
    with st.container(horizontal=True, gap="medium"):
        help_text = f"Of the first {at.first:,} suspects, the share that are {noun} indeed."
        st.metric("Precision", words.percent(at.precision), width="content", help=help_text)
        help_text = f"Of all {at.wanted:,} {noun} that were put in, the share among the first {at.first:,}."
        st.metric("Recall", words.percent(at.recall), width="content", help=help_text)
    st.plotly_chart(
        _lines(curve(order, truth), at), key=f"data_curve_{noun}", config={"displayModeBar": False},
        alt=f"Precision and recall by how many suspects are looked at. {sentence(at, noun)}",
    )  # fmt: skip
    return st.toggle(
        "Show the truth", key="data_truth", help="Mark each image: is it one, or is it suspected without reason?",
        persist_state="session",
    )  # fmt: skip


def sentence(at: "Score", noun: str) -> str:
    """The score in plain words."""
    what = "have indeed a wrong label" if noun == "wrong labels" else "are indeed outliers"
    return (
        f"Of the first **{at.first:,}** suspects, **{at.right:,}** {what}; {at.wanted:,} were put in, so "
        f"{at.wanted - at.right:,} of them are further down."
    )


def _lines(scores: Sequence["Score"], at: "Score") -> dict[str, Any]:
    """Precision and recall by k as a Plotly figure."""
    first = [one.first for one in scores]
    lines = [
        {
            "type": "scatter", "mode": "lines", "name": name, "x": first, "y": values, "line": {"dash": dash},
            "hovertemplate": "of the first %{x:,}: %{y:.1%}<extra>" + name + "</extra>",
        }
        for name, values, dash in (
            ("Precision", [one.precision for one in scores], "solid"),
            ("Recall", [one.recall for one in scores], "dash"),
        )
    ]  # fmt: skip
    layout = {
        "height": _HEIGHT_PX, "margin": {"l": 8, "r": 8, "t": 30, "b": 8},
        "legend": {"orientation": "h", "y": 1.15, "x": 0}, "xaxis": {"title": {"text": "suspects looked at"}},
        "yaxis": {"tickformat": ".0%", "range": [0, 1.03]},
        "shapes": [{"type": "line", "yref": "paper", "x0": at.first, "x1": at.first, "y0": 0, "y1": 1,
                    "line": {"dash": "dot", "width": 1}}],
        "annotations": [{"x": at.first, "y": 0.04, "yref": "paper", "text": f"first {at.first:,}", "showarrow": False,
                         "xanchor": "left", "xshift": 4}],
    }  # fmt: skip
    return {"data": lines, "layout": layout}
