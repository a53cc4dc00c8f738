"""Training images in the order of how suspect they are, to be looked at and ticked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.recipe import Recipe
from mnist_core.ui import navigation
from mnist_core.ui.common import waiting, words
from mnist_core.ui.common.section import section
from mnist_core.ui.components.gallery import Ticks, Tile, gallery
from mnist_core.ui.data import excluded_images, ranking_score
from mnist_core.ui.data.dataset_view import DatasetView, lesson, ranking

if TYPE_CHECKING:
    from mnist_core.data.label_errors import Ranking

PAGE_SIZE = 60
WRONG_LABELS, OUTLIERS = "Wrong labels", "Outliers"

_FEWEST_FIRST = 20  # where hardly any is suspected, there are still some to look at
_HELP = (
    "Three quick models judge each image, none of which has learned from it (five-fold cross-validation). Wrong "
    "labels: by how much they prefer another digit to the label. Outliers: how little the picture is like all others."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """What is looked for: places in the order of suspicion, what is true (injected faults), how many are expected."""

    noun: str
    order: NDArray[np.int64]
    truth: NDArray[np.bool_]
    found: int


@section("Suspects")
def show(part: Recipe, recipe: Recipe) -> None:
    """The ranking, its score where faults were put in, and what can be ticked.

    Args:
        part: What decides about the images.
        recipe: The whole recipe, to train without the ticked ones.

    Raises:
        UserError: As `lesson`.
    """
    shown = lesson(part)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            "Look for", [WRONG_LABELS, OUTLIERS], default=WRONG_LABELS, required=True, key="data_suspects_kind",
            help=_HELP, persist_state="session",
        )  # fmt: skip
    said = "Quick models judge all images, each by models that never learned from it …"
    found = waiting.wait_for(ranking(part), said)
    kind = _kind_of(chosen, found, shown)
    injected = int(kind.truth.sum())
    first = _choose_first(kind, injected, chosen)
    tell_truth = False
    if injected:
        tell_truth = ranking_score.show(kind.order, kind.truth, first, kind.noun)
    else:
        st.caption(
            f"No {kind.noun} were put in, so nobody knows the truth: cleaning would take {kind.found:,} for "
            f"{kind.noun}. Look at the first ones and judge for yourself. To see how well this works, add some."
        )
    _show_ticking(shown.indexes[kind.order[:first]].tolist(), recipe)
    _show_tiles(shown, found, kind, chosen, tell_truth)


def _kind_of(chosen: str, found: "Ranking", shown: DatasetView) -> _Kind:
    if chosen == OUTLIERS:
        return _Kind("outliers", found.strangest(), shown.outlier, found.found_strange)
    return _Kind("wrong labels", found.most_contradicted(), shown.wrong_label, found.found_wrong)


def _choose_first(kind: _Kind, injected: int, chosen: str) -> int:
    """How many of the first are meant: as many as were put in, or as cleaning would leave out."""
    usual = injected or max(kind.found, _FEWEST_FIRST)
    most = min(len(kind.order), max(2 * usual, 100))
    return st.slider(
        "How many of the first", 1, most, min(usual, most), key=f"data_first_{chosen}_{usual}_{most}",
        help="k: so many of the most suspect images are meant below.",
    )  # fmt: skip


def _show_ticking(first: Sequence[int], recipe: Recipe) -> None:
    room = min(len(first), excluded_images.MOST)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Tick the first {room:,}", key="data_tick_first", icon=":material/check_box:",
            on_click=excluded_images.add, args=(first,),
            help=f"At most {excluded_images.MOST} images can be left out by hand.",
        )  # fmt: skip
        st.button(
            "Tick none", key="data_tick_none", icon=":material/check_box_outline_blank:",
            on_click=excluded_images.clear, disabled=not excluded_images.ticked(),
        )  # fmt: skip
        count = len(excluded_images.ticked())
        full = (
            ", which is the most: to leave out more, train with “Remove suspected label errors”"
            if count >= excluded_images.MOST
            else ""
        )
        st.markdown(f"**{count}** ticked to be left out{full}", width="content")
        if count:
            navigation.link(
                "train", "Train without them", excluded_images.without_ticked(recipe).to_query(),
                icon=":material/model_training:",
            )  # fmt: skip


def _show_tiles(shown: DatasetView, found: "Ranking", kind: _Kind, chosen: str, tell_truth: bool) -> None:
    st.caption(
        "The most suspect first: *label → what the models read*, and how strong the evidence is (0 and less: none). "
        "Press an image to tick it; ticked, it is left out."
    )
    pages = min(-(-len(kind.order) // PAGE_SIZE), 50)
    page = st.session_state.get(f"data_page_{chosen}", 1) if pages > 1 else 1
    places = kind.order[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    evidence = found.strangeness if chosen == OUTLIERS else found.contradiction
    tiles = [
        _tile(
            shown, found, int(place), float(evidence[place]), kind.noun if tell_truth else "", bool(kind.truth[place])
        )
        for place in places
    ]
    ticks = Ticks(
        excluded_images.ticked(), excluded_images.change, full=len(excluded_images.ticked()) >= excluded_images.MOST
    )
    gallery(shown.images[places], tiles, f"Suspected {kind.noun}", key="data_suspects", ticks=ticks)
    if pages > 1:
        st.pagination(pages, key=f"data_page_{chosen}")


def _tile(shown: DatasetView, found: "Ranking", place: int, evidence: float, noun: str, is_true: bool) -> Tile:
    """The image's words; with a noun, whether it is indeed one."""
    label, read, index = int(shown.labels[place]), int(found.read_as[place]), int(shown.indexes[place])
    told = _truth(noun, is_true, int(shown.digits[place]))
    sentence = (
        f"Training image {index}, labelled {label}, read as {words.article(read)} {read}, evidence {evidence:.2f}"
    )
    return Tile(index, f"{label} → {read}", told or f"{evidence:.2f}", sentence + (f": {told}" if told else ""))


def _truth(noun: str, is_true: bool, digit: int) -> str:
    if not noun:
        return ""
    if noun == "outliers":
        return "✗ outlier" if is_true else "✓ a digit"
    return f"✗ is {words.article(digit)} {digit}" if is_true else "✓ right"
