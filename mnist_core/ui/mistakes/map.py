"""The map: test images in two dimensions, those close together that are alike to the model."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui import services
from mnist_core.ui.common import background_task, messages, query_params, words
from mnist_core.ui.common.background_task import BackgroundTask
from mnist_core.ui.common.choice import choose
from mnist_core.ui.common.section import section
from mnist_core.ui.components.scatter_map import Colours, Points, scatter_map, sheet_of
from mnist_core.ui.mistakes import gallery_view, image_detail
from mnist_core.ui.mistakes.comparison_state import Comparison
from mnist_core.ui.mistakes.selection_code import decode, encode

if TYPE_CHECKING:
    from mnist_core.evaluation.embedding import Embedding

_KEPT = 8  # models; under 2 MB each
_LOOK_AGAIN_S = 0.2
PARAMETER = "selected"
"""What is selected, in the page's address."""

_IMAGES = "map_images"  # beside the map
_LAST = "map_last_selection"  # as the address had it
_CHART = "map_shown"  # the chart that is shown: of what, its number, what stood out when it was made, and does now
_NO_CHART: tuple[object, int, list[int], list[int]] = (None, 0, [], [])
_EMBEDDING = "Computing embeddings (once) …"
_PROJECTING = {
    "pca": "Counting neighbours (once) …",
    "neighbors": "Computing the t-SNE projection (once); this takes about ten seconds …",
}

_LAYOUTS = {"pca": "PCA", "neighbors": "t-SNE"}
_COLOURS: dict[Colours, str] = {"class": "Digit", "right": "Correct or wrong"}
_LAYOUT_HELP = (
    "The model's last layer decides on many numbers for each image (its embedding); here they are projected to two, so "
    "that images that are alike to the model lie close together.\n\n"
    "- **PCA** (principal components): a linear view along the two directions in which the images differ most. "
    "Distances are true, but what differs in other directions falls together.\n"
    "- **t-SNE**: a non-linear layout that keeps each image beside those most like it. Neighbours can be trusted; "
    "distances between groups and their sizes mean little."
)
_HOW_TO = (
    "Circles are correct, crosses are misclassified. Draw a loop around points to see their images (with Shift, around "
    "more of them); press a point to open it. The buttons above the map magnify and move it."
)
_NONE_SELECTED = "No images selected. Draw a loop around points of the map: their images appear here."
_COLOURS_HELP = (
    "What a colour stands for. Misclassified images are crosses either way, and the name of each digit stands in the "
    "middle of its images."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Projection:
    """Images and their places on the map.

    Attributes:
        indexes: Which of the test images, int64 (N,).
        places: float32 (N, 2).
        kept: Of the neighbourhoods, the share that the places keep, 0 to 1.
        counted: Among how many of the images that was counted.
    """

    indexes: NDArray[np.int64]
    places: NDArray[np.float32]
    kept: float
    counted: int


@section("Map")
def show(comparison: Comparison) -> None:
    """The map with its choices, and beside it the images that the lasso selected."""
    ids = _selected(comparison)
    left, right = st.columns([0.6, 0.4], gap="large")
    with right:
        _show_selected(comparison, ids)
    with left, st.container(key="map_stays"):
        _show_map(comparison, ids)


def select(ids: list[int], stands_out: bool = False) -> None:
    """Select these test images, or none: for callbacks. Unless they stand out already, a new chart shows them."""
    text = encode(ids) if ids else None
    st.session_state[_LAST] = text
    query_params.put({PARAMETER: text, image_detail.PARAMETER: None})
    gallery_view.turn_to(1, _IMAGES)
    if stands_out:
        *chart, _ = st.session_state.get(_CHART, _NO_CHART)
        st.session_state[_CHART] = (*chart, ids)


def _selected(comparison: Comparison) -> list[int]:
    """What is selected, as the address has it; a visit that brings no selection begins with the last one.

    It stays selected when another model is looked at, and on its map.
    """
    if query_params.is_unknown(PARAMETER):
        query_params.put({PARAMETER: query_params.get(PARAMETER) or st.session_state.get(_LAST)})
    text = query_params.get(PARAMETER)
    if text is None:
        return []
    ids = decode(text, len(comparison.evaluation.labels))
    if ids is None:
        st.session_state[_LAST] = None
        query_params.put({PARAMETER: None})
        messages.show_notices(["The link's selection cannot be read: nothing is selected on the map."])
    return ids or []


def _show_map(comparison: Comparison, ids: list[int]) -> None:
    """The map in the projection that is chosen, and what it shows in words."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="map_choices"):
        layout = choose("Projection", _LAYOUTS, "map_layout", persist_state="session", help=_LAYOUT_HELP)
        colours = choose("Colour", _COLOURS, "map_colours", persist_state="session", help=_COLOURS_HELP)
        digits: list[int] = st.pills(
            "Show only",
            range(10),
            selection_mode="multi",
            key="map_digits",
            persist_state="session",
            help="Press the digits that you want to see; with none pressed, all are shown.",
        )
    with st.container(key="map_chart"):
        embedding = background_task.wait_for(_embedding(comparison.model.name), _EMBEDDING)
        projection = _wait_for(_projecting(comparison.model.name, layout), layout)
        _show_chart(comparison, projection, layout, colours, digits, ids)
    here = int(np.isin(ids, projection.indexes).sum())
    elsewhere = "" if here == len(ids) else f" Of the selected images, {here:,} of {len(ids):,} are on this map."
    st.caption(f"{_about(comparison, embedding, projection, layout)}{elsewhere} {_HOW_TO}")


def _show_chart(
    comparison: Comparison,
    projection: _Projection,
    layout: str,
    colours: Colours,
    digits: list[int],
    ids: list[int],
) -> None:
    """The chart; a new one when it is of something else, or when something else is selected than stands out in it."""
    evaluation, name = comparison.evaluation, comparison.model.name
    of = (name, services.version(name), layout, colours, *digits)
    shown, number, at_first, now = st.session_state.get(_CHART, _NO_CHART)
    if (shown, now) != (of, ids):
        number, at_first = number + 1, ids
        st.session_state[_CHART] = (of, number, at_first, ids)
    is_asked = np.isin(evaluation.labels[projection.indexes], digits or range(10))
    at, places = projection.indexes[is_asked], projection.places[is_asked]
    scatter_map(
        Points(at, places, evaluation.labels[at], evaluation.predicted[at], evaluation.confidence[at]),
        _sheet(),
        colours=colours,
        selected=at_first,
        number=number,
        on_select=select,
        on_pick=image_detail.open_image,
        key="map_points",
    )


def _show_selected(comparison: Comparison, ids: list[int]) -> None:
    if ids and not image_detail.is_open(comparison):
        with st.container(horizontal=True, vertical_alignment="center"):
            wrong = int((~comparison.evaluation.is_right[ids]).sum())
            st.markdown(f"**{wrong:,} of {len(ids):,} misclassified**", width="content")
            st.button("Clear selection", icon=":material/close:", on_click=select, args=([],), key="map_clear")
    title = f"{words.counted(len(ids), 'images')} selected"
    gallery_view.show(comparison, ids, title, key=_IMAGES, without=_NONE_SELECTED)


def _about(comparison: Comparison, embedding: "Embedding", projection: _Projection, layout: str) -> str:
    """How many images are shown, and what the picture is worth, in words."""
    is_wrong = ~comparison.evaluation.is_right
    shown, wrong = len(projection.indexes), int(is_wrong.sum())
    if shown == len(is_wrong):
        which = f"All {shown:,} test images, {wrong:,} of them misclassified."
    else:
        taken = int(is_wrong[projection.indexes].sum())
        mistakes = f"all {wrong:,} mistakes" if taken == wrong else f"{taken:,} of the {wrong:,} mistakes"
        which = (
            f"{shown:,} of {len(is_wrong):,} test images: {mistakes}, and {shown - taken:,} of the others, "
            "spread evenly over the digits."
        )
    near = f"This flat map keeps only {projection.kept * 10:.1f} of each image's 10 nearest neighbours."
    if layout == "pca":
        if shown > projection.counted:
            near += f" (Counted on {projection.counted:,} of them.)"
        share = embedding.shares[:2].sum() * 100
        near += f" These two directions explain {share:.0f} % of the variance in all {embedding.width:,} numbers."
    return f"{which} {near}"


# --- made once ------------------------------------------------------------------------------------------


@services.kept_by_model(_KEPT)
def _embedding(name: str) -> "BackgroundTask[Embedding]":
    from mnist_core.evaluation.embedding import embed

    trained, images = services.model(name), services.test_images()
    return BackgroundTask(lambda progress: embed(trained.model, images, progress))


@services.kept_by_model(2 * _KEPT)
def _projecting(name: str, layout: str) -> BackgroundTask[_Projection]:
    """The neighbourhoods that either projection keeps are counted on the same images."""
    from mnist_core.evaluation.embedding import neighborhood_preservation, sample, tsne

    evaluation, embedding = services.evaluation(name), _embedding(name).result()
    chosen = sample(evaluation.labels, ~evaluation.is_right)
    values = embedding.values[chosen]

    def make(_: object) -> _Projection:
        places = values[:, :2] if layout == "pca" else tsne(values)
        kept = neighborhood_preservation(values, places)
        if layout == "pca":
            return _Projection(np.arange(len(embedding.values)), embedding.coordinates, kept, len(chosen))
        return _Projection(chosen, places, kept, len(chosen))

    return BackgroundTask(make)


def _wait_for(made: BackgroundTask[_Projection], layout: str) -> _Projection:
    """The projection; while it is made, people can go elsewhere."""
    if not made.wait(0):
        with st.spinner(_PROJECTING[layout], show_time=True):
            place = st.empty()
            while not made.wait(_LOOK_AGAIN_S):
                place.empty()  # where Streamlit looks whether something else was asked for meanwhile
    return made.result()


@st.cache_resource(show_spinner=False, max_entries=1)
def _sheet() -> str:
    return sheet_of(services.test_images())
