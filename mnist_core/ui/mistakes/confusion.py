"""The confusion matrix, and the images behind the cell, row or column that is selected in it."""

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui.common import query_params, words
from mnist_core.ui.common.choice import choose
from mnist_core.ui.common.section import section
from mnist_core.ui.components.matrix import Picked, Shows, matrix
from mnist_core.ui.mistakes import gallery_view, image_detail
from mnist_core.ui.mistakes.comparison_state import Comparison

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mnist_core.evaluation.evaluation import Evaluation

_HELP = (
    "Each row is a true digit, each column a predicted one. The diagonal is correct; every other cell is a kind of "
    "mistake, and the stronger its colour, the more of them there are. Press a cell to see its images, or the digit "
    "before a row or above a column to see all its mistakes.\n\n"
    "- **Counts**: how many images.\n- **Row %**: of all images of a digit (recall on the diagonal).\n"
    "- **Column %**: of all images predicted as a digit (precision on the diagonal).\n"
    "- **Difference**: how many images more (+, orange) or fewer (−, blue) than with the other model."
)
_TITLES: dict[Shows, str] = {"counts": "Counts", "rows": "Row %", "columns": "Column %", "difference": "Difference"}


@section("Confusion matrix")
def show(comparison: Comparison) -> None:
    """The matrix on the left, the images or the open one on the right; on a phone, an open one comes first."""
    image_detail.show_beside(
        comparison, partial(_show_matrix, comparison), partial(_show_images, comparison), [0.48, 0.52]
    )


def _show_images(comparison: Comparison) -> None:
    picked = selected()
    indices = source_indices(comparison.evaluation, picked)
    place = st.container()
    gallery_view.show(comparison, indices, title_of(picked, len(indices)), key="cell")
    if picked and not image_detail.is_open(comparison):
        place.button("All mistakes", icon=":material/close:", on_click=select, args=(None,))


def _show_matrix(comparison: Comparison) -> None:
    with st.container(key="matrix_stays"):
        titles = {one: title for one, title in _TITLES.items() if one != "difference" or comparison.other}
        with st.container(horizontal=True, vertical_alignment="bottom", key="matrix_choices"):
            key = f"matrix_shows_{len(titles)}"
            shows = choose("Confusion matrix", titles, key, help=_HELP, persist_state="session")
            errors_only = st.toggle(
                "Mistakes only",
                key="matrix_errors_only",
                persist_state="session",
                help="Leaves the diagonal empty; percentages are then of the mistakes.",
            )
        matrix(
            comparison.evaluation.confusion,
            shows=shows,
            other=comparison.other_evaluation.confusion if comparison.other_evaluation else None,
            errors_only=errors_only,
            selected=selected(),
            on_pick=select,
            key="matrix",
        )
        if shows == "difference" and comparison.other:
            st.caption("+ (orange): A makes more of these mistakes than B. − (blue): fewer.")


def selected() -> Picked | None:
    """What is selected, as the address has it: `true` and `read`, one of them alone for a row or a column."""
    texts = [query_params.get(name) for name in ("true", "read")]
    if texts == [None, None] or not all(text is None or (len(text) == 1 and text in "0123456789") for text in texts):
        return None
    true, predicted = (None if text is None else int(text) for text in texts)
    return true, predicted


def select(picked: Picked | None) -> None:
    """Put it into the address, which closes an image that is open: for a callback."""
    true, predicted = (None if digit is None else str(digit) for digit in picked or (None, None))
    query_params.put({"true": true, "read": predicted, image_detail.PARAMETER: None})


def source_indices(evaluation: "Evaluation", picked: Picked | None) -> "NDArray[np.int64]":
    """The images that belong to it: all of a cell, the mistakes of a row or a column; without one, all mistakes."""
    true, predicted = picked or (None, None)
    if true is not None and predicted is not None:
        return evaluation.cell(true, predicted)
    return evaluation.mistakes(true, predicted)


def title_of(picked: Picked | None, count: int) -> str:
    """What the images are, and how many."""
    images = words.counted(count, "images")
    match picked:
        case None:
            return f"{images} misclassified"
        case (int(true), None):
            return f"True {true}, misclassified: {images}"
        case (None, predicted):
            return f"Wrongly predicted {predicted}: {images}"
        case (true, predicted) if true == predicted:
            return f"True {true}, correct: {images}"
        case (true, predicted):
            return f"True {true}, predicted {predicted}: {images}"
