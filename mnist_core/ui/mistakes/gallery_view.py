"""Test images as tiles: sorted, filtered, page by page."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui import services
from mnist_core.ui.common import background_task, messages, words
from mnist_core.ui.common.choice import choose, select
from mnist_core.ui.common.section import section
from mnist_core.ui.components.gallery import Tile, gallery
from mnist_core.ui.mistakes import image_detail
from mnist_core.ui.mistakes.comparison_state import Comparison

if TYPE_CHECKING:
    from mnist_core.evaluation.evaluation import Evaluation

PAGE_SIZE = 120

Indices = NDArray[np.int64]


def _by_neighbors(comparison: Comparison, indices: Indices) -> "NDArray[np.float64]":
    bank = background_task.wait_for(services.neighbors(comparison.model.name), background_task.NEIGHBORS)
    labels = comparison.evaluation.labels[indices]
    return -bank.disagreement(services.test_images()[indices], labels)


# Of each order its title, and the number that comes first when it is low.
_ORDERS: "dict[str, tuple[str, Callable[[Comparison, Indices], NDArray[np.floating[Any]]]]]" = {
    "confident": ("Most confident first", lambda shown, at: -shown.evaluation.confidence[at]),
    "unsure": ("Smallest margin first", lambda shown, at: shown.evaluation.margin[at]),
    "loss": ("Highest loss first", lambda shown, at: -shown.evaluation.loss[at]),
    "neighbors": ("Nearest training digits disagree first", _by_neighbors),
    "order": ("As in the test set", lambda _, at: at.astype(float)),
}
_FIRST_ORDER = next(iter(_ORDERS))
_ALL = (0, 100)  # per cent
_HELP = (
    "- **Most confident first**: wrong with high confidence; these are worth a look.\n"
    "- **Smallest margin first**: the two most probable digits are closest.\n"
    "- **Highest loss first**: the true digit got the lowest probability.\n"
    "- **Nearest training digits disagree first**: of the ten training digits most like it to this network, the most "
    "have another label. Either the image is odd, or its label is wrong."
)
_OTHER = {"any": "Right or wrong", "right": "Right", "wrong": "Wrong"}


@section("The images")
def show(comparison: Comparison, indices: Indices | Sequence[int], title: str, key: str, *, without: str = "") -> None:
    """A heading and the images, to be sorted and filtered; pressing one opens it, in their place.

    Args:
        comparison: Whose predictions are shown.
        indices: Of the test images, in any order.
        title: What they are.
        key: The part's name on the page.
        without: What is said instead of all that when there are none.
    """
    asked = np.asarray(indices, dtype=np.int64)
    if image_detail.is_open(comparison):
        order: str = st.session_state.get(f"{key}_order", _FIRST_ORDER)
        image_detail.show(comparison, _sorted(comparison, asked[_passing(comparison, asked, key)], order))
        return
    if not len(asked):
        st.markdown(without or f"##### {title}")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.markdown(f"##### {title}", width="content")
        with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
            titles = {name: order[0] for name, order in _ORDERS.items()}
            order = select("Sort", titles, f"{key}_order", help=_HELP, width=250, persist_state="session")
            with st.popover("Filter", icon=":material/filter_alt:"):
                _choose_filter(comparison, key)
    kept = asked[_passing(comparison, asked, key)]
    if not len(kept):
        st.caption("No image passes the filter.")
        return
    if len(kept) < len(asked):
        st.caption(f"{len(kept):,} of {len(asked):,} pass the filter.")
    _show_page(comparison, _sorted(comparison, kept, order), key)


def _sorted(comparison: Comparison, indices: Indices, order: str) -> Indices:
    return indices[np.argsort(_ORDERS[order][1](comparison, indices), kind="stable")] if len(indices) else indices


def _choose_filter(comparison: Comparison, key: str) -> None:
    """By the model's confidence, and by the other model's prediction; kept while an image is open instead."""
    st.slider("Confidence", 0, 100, _ALL, format="%d %%", key=f"{key}_confidence", persist_state="page")
    if comparison.other:
        choose("Model B", _OTHER, f"{key}_other", help=messages.plain(comparison.other.title), persist_state="page")


def _passing(comparison: Comparison, indices: Indices, key: str) -> "NDArray[np.bool_]":
    """Which of the images pass the filter."""
    low, high = st.session_state.get(f"{key}_confidence", _ALL)
    confidence = comparison.evaluation.confidence[indices] * 100
    passes: NDArray[np.bool_] = (confidence >= low) & (confidence <= high)
    wanted = st.session_state.get(f"{key}_other", "any")
    if comparison.other_evaluation and wanted != "any":
        passes &= comparison.other_evaluation.is_right[indices] == (wanted == "right")
    return passes


def _show_page(comparison: Comparison, indices: Indices, key: str) -> None:
    """The page of them that is chosen; after an image was open, the one that holds it."""
    pages = -(-len(indices) // PAGE_SIZE)
    asked = st.session_state.get(_control(key), st.session_state.get(f"{key}_page", 1))
    page = min(asked, pages)
    left = image_detail.left()
    if left is not None and left in indices:
        page = int(np.flatnonzero(indices == left)[0]) // PAGE_SIZE + 1
    if page != asked:
        turn_to(page, key)
    here = [int(index) for index in indices[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]]
    st.caption("*True digit → predicted digit*, and the confidence. Press an image to examine it.")
    gallery(
        services.test_images()[here],
        [_tile(comparison.evaluation, index) for index in here],
        "Images",
        on_pick=image_detail.open_image,
        key=f"{key}_gallery",
        focus=left,
    )
    if pages > 1:
        st.pagination(pages, default=page, key=_control(key))


def turn_to(page: int, key: str) -> None:
    """Show that page of the images of that key from now on."""
    st.session_state[f"{key}_page"] = page
    st.session_state[f"{key}_turned"] = st.session_state.get(f"{key}_turned", 0) + 1


def _control(key: str) -> str:
    """The key of the choice of a page: a new one each time the page is turned by something else.

    Streamlit's control always has a default, and warns where its value is set through the session, too.
    """
    return f"{key}_page_{st.session_state.get(f'{key}_turned', 0)}"


def _tile(evaluation: "Evaluation", index: int) -> Tile:
    true, predicted = int(evaluation.labels[index]), int(evaluation.predicted[index])
    confidence = words.percent(float(evaluation.confidence[index]))
    top = f"{true} → {predicted}"
    return Tile(index, top, confidence, f"Test image {index}: {top} {confidence} confidence")
