"""The map: test images in the plane, those close together that are alike to the model."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui import services
from mnist_core.ui.common import waiting
from mnist_core.ui.common.background_task import Preparing
from mnist_core.ui.common.section import section
from mnist_core.ui.components.scatter_map import Colours, Points, Sheet, plane, sheet_of
from mnist_core.ui.mistakes import gallery_view, image_detail
from mnist_core.ui.mistakes.comparison_state import Comparison

if TYPE_CHECKING:
    from mnist_core.evaluation.embedding import Embedding

_KEPT = 8  # models; under 2 MB each
_LOOK_AGAIN_S = 0.2
_ENCLOSED = "map_enclosed"
_SEEING = "Looking at all test images through this model, once …"
_BENDING = "Laying out images so that neighbours stay neighbours, once; this takes some ten seconds …"

_LAYOUTS = {"pca": "Principal components", "neighbors": "Neighbours (t-SNE)"}
_COLOURS: dict[Colours, str] = {"class": "Digit", "right": "Right or wrong"}
_LAYOUT_HELP = (
    "The model's last layer decides on many numbers for each image; here they are brought down to two, so that what is "
    "alike to the model lies close together.\n\n"
    "- **Principal components** (PCA): a straight look from the side where the images differ most, like a shadow on a "
    "wall. Distances are true, but what lies behind one another falls together.\n"
    "- **Neighbours** (t-SNE): bends the picture so that each image stays beside those most like it. Who is whose "
    "neighbour can be trusted; how far apart or how large two groups are means little."
)
_COLOURS_HELP = (
    "What a colour stands for. Misread images are crosses either way, and the name of each digit stands in the middle "
    "of its images; press a digit in the list to see it alone."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """Images and their places.

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
def show(looked: Comparison) -> None:
    """The choice of layout and colours, the map, and the images that the lasso holds."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        layout: str = st.segmented_control(
            "Laid out by",
            list(_LAYOUTS),
            format_func=_LAYOUTS.__getitem__,
            default="pca",
            required=True,
            key="map_layout",
            persist_state="session",
            help=_LAYOUT_HELP,
        )
        colours: Colours = st.segmented_control(
            "Colour",
            list(_COLOURS),
            format_func=_COLOURS.__getitem__,
            default="class",
            required=True,
            key="map_colours",
            persist_state="session",
            help=_COLOURS_HELP,
        )
    seen = waiting.wait_for(_seen(looked.model.name, services.version(looked.model.name)), _SEEING)
    laid = _straight(looked, seen) if layout == "pca" else _activated(looked)
    st.caption(_about(looked, seen, laid, layout))
    _show_plane(looked, laid, colours)
    _show_enclosed(looked, laid)


def select(ids: list[int]) -> None:
    """Hold these test images, or none: for callbacks."""
    st.session_state[_ENCLOSED] = ids
    st.session_state["map_images_page"] = 1


def _show_plane(looked: Comparison, laid: _Laid, colours: Colours) -> None:
    evaluation, at = looked.evaluation, laid.indexes
    points = Points(at, laid.places, evaluation.labels[at], evaluation.predicted[at], evaluation.confidence[at])
    plane(
        points,
        _sheet(),
        f"A map of {len(at):,} test images; those close together are alike to the model",
        colours=colours,
        enclosed=_enclosed(looked),
        on_enclose=select,
        on_pick=image_detail.open_image,
        key="map_plane",
    )


def _show_enclosed(looked: Comparison, laid: _Laid) -> None:
    ids = _enclosed(looked)
    if not ids:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        wrong = int((looked.evaluation.predicted[ids] != looked.evaluation.labels[ids]).sum())
        here = int(np.isin(ids, laid.indexes).sum())
        elsewhere = "" if here == len(ids) else f" · {here:,} of them stand on this map"
        st.markdown(f"**{wrong:,} of {len(ids):,} misread**{elsewhere}", width="content")
        st.button("Let go", icon=":material/close:", on_click=select, args=([],), key="map_let_go")
    gallery_view.show(looked, ids, f"{len(ids):,} image{'' if len(ids) == 1 else 's'} enclosed", key="map_images")


def _enclosed(looked: Comparison) -> list[int]:
    """What the lasso holds; it goes on holding it when another model is looked at."""
    held: list[int] = st.session_state.get(_ENCLOSED, [])
    return [one for one in held if one < len(looked.evaluation.labels)]


def _about(looked: Comparison, seen: "Embedding", laid: _Laid, layout: str) -> str:
    """How many images are shown, and what the picture is worth, in words."""
    labels, predicted = looked.evaluation.labels, looked.evaluation.predicted
    shown, wrong = len(laid.indexes), int((predicted != labels).sum())
    if shown == len(labels):
        which = f"All {shown:,} test images, {wrong:,} of them misread."
    else:
        taken = int((predicted[laid.indexes] != labels[laid.indexes]).sum())
        misread = f"all {wrong:,} misread" if taken == wrong else f"{taken:,} of the {wrong:,} misread"
        which = (
            f"{shown:,} of {len(labels):,} test images: {misread}, and {shown - taken:,} of the others, "
            "spread evenly over the digits."
        )
    near = f"Of the ten images most like an image to the model, {laid.kept * 10:.1f} are among its ten nearest here."
    if layout == "pca":
        if shown > laid.counted:
            near += f" (Counted among {laid.counted:,} of them.)"
        share = seen.shares[:2].sum() * 100
        near += f" These two directions hold {share:.0f} % of the differences in all {seen.width:,} numbers."
    return f"{which} {near}"


# --- made once ------------------------------------------------------------------------------------------


def _straight(looked: Comparison, seen: "Embedding") -> _Laid:
    kept = _kept_straight(looked, looked.model.name, services.version(looked.model.name))
    return _Laid(np.arange(len(seen.values)), seen.coordinates, kept, len(_sample(looked)))


def _activated(looked: Comparison) -> _Laid:
    """The neighbours' layout; while it is made, people can go elsewhere."""
    made = _neighbors(looked, looked.model.name, services.version(looked.model.name))
    if not made.wait(0):
        with st.spinner(_BENDING, show_time=True):
            place = st.empty()
            while not made.wait(_LOOK_AGAIN_S):
                place.empty()  # where Streamlit looks whether something else was asked for meanwhile
    return made.result()


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def _seen(name: str, version: int) -> "Preparing[Embedding]":  # noqa: ARG001
    from mnist_core.evaluation.embedding import embed

    trained, pictures = services.model(name), services.test_images()
    return Preparing(lambda progress: embed(trained.model, pictures, progress))


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def _neighbors(_looked: Comparison, name: str, version: int) -> Preparing[_Laid]:
    from mnist_core.evaluation.embedding import neighborhood_preservation, tsne

    chosen, values = _sample(_looked), _seen(name, version).result().values

    def make(_: object) -> _Laid:
        places = tsne(values[chosen])
        return _Laid(chosen, places, neighborhood_preservation(values[chosen], places), len(chosen))

    return Preparing(make)


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def _kept_straight(_looked: Comparison, name: str, version: int) -> float:
    """Of the neighbourhoods, what the first two directions keep: asked of the same images as the other layout."""
    from mnist_core.evaluation.embedding import neighborhood_preservation

    values = _seen(name, version).result().values[_sample(_looked)]
    return neighborhood_preservation(values, values[:, :2])


@st.cache_resource(show_spinner=False, max_entries=1)
def _sheet() -> Sheet:
    return sheet_of(services.test_images())


def _sample(looked: Comparison) -> NDArray[np.int64]:
    from mnist_core.evaluation.embedding import sample

    evaluation = looked.evaluation
    return sample(evaluation.labels, evaluation.predicted != evaluation.labels)
