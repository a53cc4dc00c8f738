"""Which cell, row or column of the confusion matrix is pressed: kept in the page's address."""

from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui.common import query_params
from mnist_core.ui.components.matrix import Picked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mnist_core.evaluation.evaluation import Evaluation


def selected() -> Picked | None:
    """What is pressed, as the address has it: `true` and `read`, one of them alone for a row or a column."""
    texts = [st.query_params.get(name) for name in ("true", "read")]
    if texts == [None, None] or not all(text is None or (len(text) == 1 and text in "0123456789") for text in texts):
        return None
    true, read = (None if text is None else int(text) for text in texts)
    return true, read


def select(picked: Picked | None) -> None:
    """Put it into the address: for a callback."""
    true, read = (None if digit is None else str(digit) for digit in picked or (None, None))
    query_params.put({"true": true, "read": read})


def source_indices(evaluation: "Evaluation", picked: Picked | None) -> "NDArray[np.int64]":
    """The images that belong to it: all of a cell, of a row or a column the misread ones; without one, all misread."""
    true, read = picked or (None, None)
    if true is not None and read is not None:
        return evaluation.cell(true, read)
    return evaluation.mistakes(true, read)


def title_of(picked: Picked | None, count: int) -> str:
    """What the images are, and how many."""
    images = f"{count:,} image{'' if count == 1 else 's'}"
    match picked:
        case None:
            return f"{images} misread"
        case (int(true), None):
            return f"True {true}, misread: {images}"
        case (None, read):
            return f"Read as {read} by mistake: {images}"
        case (true, read):
            return f"True {true}, read right: {images}" if true == read else f"True {true}, read as {read}: {images}"
