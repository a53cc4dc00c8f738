"""The confusion matrix, and the images behind what is pressed in it."""

import streamlit as st

from mnist_core.ui.common.section import section
from mnist_core.ui.components.matrix import Shows, matrix
from mnist_core.ui.mistakes import gallery_view
from mnist_core.ui.mistakes.comparison_state import Comparison
from mnist_core.ui.mistakes.selection import select, selected, source_indices, title_of

_HELP = (
    "Each row is a true digit, each column what the network read. On the diagonal it was right; every other cell is a "
    "kind of mistake, the stronger its colour the more of them. Press a cell to see its images, or the digit before a "
    "row or above a column to see all its mistakes.\n\n"
    "- **Counts**: how many images.\n- **Row %**: of all images of a digit.\n- **Column %**: of all that was read as a "
    "digit.\n- **Difference**: how many images more (+, orange) or fewer (−, blue) than the model it is compared with."
)
_TITLES: dict[Shows, str] = {"counts": "Counts", "rows": "Row %", "columns": "Column %", "difference": "Difference"}


@section("Confusion matrix")
def show(looked: Comparison) -> None:
    """The matrix on the left, the images on the right."""
    left, right = st.columns([0.48, 0.52], gap="large")
    with left:
        _show_matrix(looked)
    with right:
        picked = selected()
        indexes = source_indices(looked.evaluation, picked)
        place = st.container()
        gallery_view.show(looked, indexes, title_of(picked, len(indexes)), key="cell")
        if picked:
            place.button("All mistakes", icon=":material/close:", on_click=select, args=(None,))


def _show_matrix(looked: Comparison) -> None:
    options: list[Shows] = [one for one in _TITLES if one != "difference" or looked.other]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shows: Shows = st.segmented_control(
            "Confusion matrix",
            options,
            format_func=_TITLES.__getitem__,
            default="counts",
            required=True,
            key=f"matrix_shows_{len(options)}",
            help=_HELP,
            persist_state="session",
        )
        errors_only = st.toggle(
            "Mistakes only",
            key="matrix_errors_only",
            persist_state="session",
            help="Leaves out what was read right; per cent are then of the mistakes.",
        )
    matrix(
        looked.evaluation.confusion,
        shows=shows,
        other=looked.other_evaluation.confusion if looked.other_evaluation else None,
        errors_only=errors_only,
        selected=selected(),
        on_pick=select,
        key="matrix",
    )
    if shows == "difference" and looked.other:
        st.caption("+ (orange): more of these mistakes than the other model makes. − (blue): fewer.")
