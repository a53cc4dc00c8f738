"""Test images as tiles: sorted, narrowed down, page by page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui import services
from mnist_core.ui.common import waiting, words
from mnist_core.ui.common.section import section
from mnist_core.ui.components.gallery import Tile, gallery
from mnist_core.ui.mistakes import image_detail
from mnist_core.ui.mistakes.comparison_state import Comparison

if TYPE_CHECKING:
    from mnist_core.evaluation.evaluation import Evaluation

PAGE_SIZE = 120

Indexes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Order:
    """One way to sort: its title, and the number that comes first when it is low."""

    title: str
    key: "Callable[[Comparison, Indexes], NDArray[np.floating[Any]]]"


def _by_neighbors(looked: Comparison, indexes: Indexes) -> "NDArray[np.float64]":
    bank = waiting.wait_for(services.neighbors(looked.model.name), waiting.NEIGHBORS)
    labels = looked.evaluation.labels[indexes]
    return -bank.disagreement(services.test_images()[indexes], labels)


_ORDERS = {
    "confident": _Order("Most confident first", lambda looked, at: -looked.evaluation.confidence[at]),
    "unsure": _Order("Least sure of two digits first", lambda looked, at: looked.evaluation.margin[at]),
    "loss": _Order("Highest loss first", lambda looked, at: -looked.evaluation.loss[at]),
    "neighbors": _Order("Nearest training digits disagree first", _by_neighbors),
    "order": _Order("As in the test set", lambda _, at: at.astype(float)),
}
_HELP = (
    "- **Most confident first**: wrong and yet sure; these are worth a look.\n"
    "- **Least sure of two digits first**: the two best guesses are closest (the margin).\n"
    "- **Highest loss first**: the true digit was given the least probability.\n"
    "- **Nearest training digits disagree first**: of the ten training digits most like it to this network, the most "
    "have another label. Either the image is odd, or its label is."
)
_OTHER = {"any": "Whatever it reads", "right": "It reads right", "wrong": "It reads wrong"}


@section("The images")
def show(looked: Comparison, indexes: Indexes | Sequence[int], title: str, key: str) -> None:
    """A heading and the images, to be sorted and narrowed down; pressing one opens it close up.

    Args:
        looked: Whose reading of them is shown.
        indexes: Of the test images, in any order.
        title: What they are.
        key: The part's name on the page.
    """
    chosen = np.asarray(indexes, dtype=np.int64)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.markdown(f"##### {title}", width="content")
        with st.container(horizontal=True, vertical_alignment="bottom", width="content"):
            order, narrowed = _choose(looked, chosen, key)
    if not len(narrowed):
        st.caption("No image is among them." if not len(chosen) else "No image is left: widen the filter.")
        return
    if len(narrowed) < len(chosen):
        st.caption(f"{len(narrowed):,} of {len(chosen):,} are left by the filter.")
    _show_page(looked, narrowed[np.argsort(_ORDERS[order].key(looked, narrowed), kind="stable")], key)


def _choose(looked: Comparison, indexes: Indexes, key: str) -> tuple[str, Indexes]:
    """The order, and the images that the filter leaves."""
    order: str = st.selectbox(
        "Sort",
        list(_ORDERS),
        format_func=lambda name: _ORDERS[name].title,
        key=f"{key}_order",
        help=_HELP,
        width=250,
        persist_state="session",
    )
    with st.popover("Filter", icon=":material/filter_alt:"):
        low, high = st.slider("How sure the network was", 0, 100, (0, 100), format="%d %%", key=f"{key}_confidence")
        sure = looked.evaluation.confidence[indexes] * 100
        kept = (sure >= low) & (sure <= high)
        if looked.other and looked.other_evaluation:
            kept &= _kept_by_other(looked.other, looked.other_evaluation, indexes, key)
    return order, indexes[kept]


def _kept_by_other(
    other: services.ModelOption, evaluation: "Evaluation", indexes: Indexes, key: str
) -> "NDArray[np.bool_]":
    wanted: str = st.segmented_control(
        "The other model",
        list(_OTHER),
        format_func=_OTHER.__getitem__,
        default="any",
        required=True,
        key=f"{key}_other",
        help=other.title,
    )
    right = evaluation.predicted[indexes] == evaluation.labels[indexes]
    return np.ones(len(indexes), bool) if wanted == "any" else right == (wanted == "right")


def _show_page(looked: Comparison, indexes: Indexes, key: str) -> None:
    pages = -(-len(indexes) // PAGE_SIZE)
    page = min(st.session_state.get(f"{key}_page", 1), pages) if pages > 1 else 1
    here = [int(index) for index in indexes[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]]
    gallery(
        services.test_images()[here],
        [_tile(looked.evaluation, index) for index in here],
        "Images",
        on_pick=image_detail.open_image,
        key=f"{key}_gallery",
    )
    st.caption("*True digit → what the network read*, and how sure it was. Press one to look at it closely.")
    if pages > 1:
        st.session_state[f"{key}_page"] = page
        st.pagination(pages, key=f"{key}_page")


def _tile(evaluation: "Evaluation", index: int) -> Tile:
    true, read = int(evaluation.labels[index]), int(evaluation.predicted[index])
    sure = words.percent(float(evaluation.confidence[index]))
    return Tile(index, f"{true} → {read}", sure, f"Test image {index}: a {true} read as {read}, {sure} sure")
