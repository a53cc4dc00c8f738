"""A model's evaluation on the page: how right it is, the matrix, the misread images, one of them close up."""

from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import address, navigation, services, words
from mnist_core.ui.components.answer import answer
from mnist_core.ui.components.gallery import Tile, gallery
from mnist_core.ui.components.matrix import Cell, matrix
from mnist_core.ui.components.strip import Picture, strip
from mnist_core.ui.pictures import data_url

if TYPE_CHECKING:
    from mnist_core.evidence.evaluation import Evaluation

PAGE_SIZE = 120

_PICKED = "mistakes_picked"
_MATRIX_HELP = (
    "Each row is a true digit, each column what the network read. On the diagonal it was right; every other cell "
    "is a kind of mistake, the stronger its colour the more of them."
)


def show_headline(evaluation: "Evaluation") -> None:
    """The accuracy, with how many images it stands for."""
    count = len(evaluation.labels)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.metric(
            "Read right",
            words.percent(evaluation.accuracy, 2),
            words.wrong_of(evaluation.accuracy, count),
            delta_color="off",
            delta_arrow="off",
            width="content",
        )
        st.badge(
            "MNIST test set",
            icon=":material/verified:",
            color="blue",
            help=f"{count:,} images that are kept apart: no model here has learned from them.",
        )


def selected_cell() -> Cell | None:
    """The pressed cell of the matrix, as the page's address has it."""
    digits = [st.query_params.get(name, "") for name in ("true", "read")]
    if not all(digit in "0123456789" and len(digit) == 1 for digit in digits):
        return None
    true, read = (int(digit) for digit in digits)
    return true, read


def select_cell(cell: Cell | None) -> None:
    """Put the pressed cell into the page's address: for a callback."""
    true, read = (str(digit) for digit in cell) if cell else (None, None)
    address.put({"true": true, "read": read})
    st.session_state["mistakes_page"] = 1


def show_matrix(evaluation: "Evaluation") -> None:
    """The confusion matrix; pressing a cell selects it."""
    shown = st.segmented_control(
        "Confusion matrix",
        ["Counts", "Row %"],
        default="Counts",
        required=True,
        key="matrix_shows",
        help=_MATRIX_HELP,
        persist_state="session",
    )
    matrix(evaluation.confusion, shares=shown == "Row %", selected=selected_cell(), on_pick=select_cell, key="matrix")


def show_images(evaluation: "Evaluation") -> None:
    """The images of the selected cell, or all that were misread, the most confident first."""
    cell = selected_cell()
    indexes = evaluation.cell(*cell) if cell else evaluation.mistakes()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"##### {_images_title(cell, len(indexes))}", width="content")
        if cell:
            st.button("All mistakes", icon=":material/close:", on_click=select_cell, args=(None,))
    if not len(indexes):
        st.caption("No image is in this cell.")
        return
    st.caption("The most confident first: *true digit → what the network read*. Press one to look at it closely.")
    pages = -(-len(indexes) // PAGE_SIZE)
    page = st.session_state.get("mistakes_page", 1) if pages > 1 else 1
    here = [int(index) for index in indexes[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]]
    gallery(
        services.test_images()[here],
        [_tile(evaluation, index) for index in here],
        "Images",
        on_pick=lambda index: st.session_state.update({_PICKED: index}),
        key="gallery",
    )
    if pages > 1:
        st.pagination(pages, key="mistakes_page")


def show_picked(evaluation: "Evaluation", model: str) -> None:
    """The image that was pressed, close up, until the dialog is closed."""
    index = st.session_state.pop(_PICKED, None)
    if index is not None:
        true, read = int(evaluation.labels[index]), int(evaluation.predicted[index])
        title = f"A {true}, read as {read}" if true != read else f"A {true}, read right"
        st.dialog(title, width="medium")(_show_close_up)(evaluation, index, model)


def _show_close_up(evaluation: "Evaluation", index: int, model: str) -> None:
    left, right = st.columns([0.4, 0.6], gap="medium")
    with left:
        image = services.test_images()[index]
        note = f"labelled {evaluation.labels[index]}"
        strip(
            [Picture(data_url(image), f"Test image {index}", f"Test image {index:,}", note, pixels=True, large=True)],
            "The image",
            key="close_up_image",
        )
        navigation.link("draw", "Open in Draw", {"image": str(index), "run": model}, icon=":material/draw:")
    with right:
        answer(words.answer_of_probabilities(evaluation.probabilities[index].tolist()), key="close_up_answer")


def _images_title(cell: Cell | None, count: int) -> str:
    images = f"{count:,} image{'' if count == 1 else 's'}"
    if cell is None:
        return f"{images} misread"
    true, read = cell
    return f"True {true}, read right: {images}" if true == read else f"True {true}, read as {read}: {images}"


def _tile(evaluation: "Evaluation", index: int) -> Tile:
    true, read = int(evaluation.labels[index]), int(evaluation.predicted[index])
    sure = words.percent(float(evaluation.confidence[index]))
    return Tile(index, f"{true} → {read}", sure, f"Test image {index}: a {true} read as {read}, {sure} sure")
