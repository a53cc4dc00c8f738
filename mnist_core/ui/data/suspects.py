"""Suspects: training images ranked by how likely they have a wrong label or are outliers, to be selected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.recipe import Recipe
from mnist_core.ui import charts, navigation
from mnist_core.ui.common import background_task, words
from mnist_core.ui.common.section import section
from mnist_core.ui.components.gallery import Ticks, Tile, gallery
from mnist_core.ui.data import excluded_images
from mnist_core.ui.data.dataset_view import DatasetView, dataset_view, ranking

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from mnist_core.data.label_errors import Ranking, Score

PAGE_SIZE = 60
WRONG_LABELS, OUTLIERS = "Wrong labels", "Outliers"

_MIN_FIRST = 20  # where hardly any is suspected, there are still some to look at
_MOST_PAGES = 50
_CURVE_PX = 260
_HELP = (
    "Three quick models judge each image; none of them was trained on it (five-fold cross-validation). Wrong labels: "
    "by how much they prefer another digit to the label. Outliers: how little the image is like all others."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Suspects:
    """The images in order of suspicion.

    Attributes:
        noun: What they are suspected to be.
        order: Their places in the dataset view, the most suspicious first, int64 (N,).
        scores: How strong the evidence is, at those places; 0 and less is none, (N,).
        truth: Which were made so on purpose, at those places, bool (N,).
        found: How many of the first cleaning would remove.
    """

    noun: str
    order: NDArray[np.int64]
    scores: NDArray[np.floating]
    truth: NDArray[np.bool_]
    found: int


@section("Suspects")
def show(part: Recipe, recipe: Recipe) -> None:
    """What is suspected and can be selected, and beside it, where faults were added, how well they were found.

    Args:
        part: What decides about the images.
        recipe: The whole recipe, to train without the selected ones.

    Raises:
        UserError: As `dataset_view`.
    """
    from mnist_core.data.label_errors import score

    data = dataset_view(part)
    choices, amount = st.columns([0.3, 0.7], gap="medium")
    kind: str = choices.segmented_control(
        "Look for", [WRONG_LABELS, OUTLIERS], default=WRONG_LABELS, required=True, key="data_suspects_kind",
        help=_HELP, persist_state="session",
    )  # fmt: skip
    ranked = background_task.wait_for(
        ranking(part), "Judging each image with models that were not trained on it (once) …"
    )
    suspects = _suspects_of(kind, ranked, data)
    added = int(suspects.truth.sum())
    with amount:
        first = _choose_first(kind, suspects, added)
    ids = data.indices[suspects.order[:first]].tolist()
    if not added:
        st.caption(
            f"No {suspects.noun} were added, so nobody knows the truth: cleaning would remove {suspects.found:,} as "
            f"{suspects.noun}. Look at the first ones and judge for yourself. To see how well this works, add some."
        )
        _show_selection(ids, recipe)
        _show_tiles(kind, suspects, ranked, data, tells_truth=False)
        return
    at = score(suspects.order, suspects.truth, first)
    st.markdown(sentence(at, suspects.noun))
    _show_selection(ids, recipe)
    images, measured = st.columns([0.62, 0.38], gap="medium")
    with images:
        tells_truth = st.toggle(
            "Show the truth", key="data_truth", help="Mark each image: is it really one, or a false alarm?",
            persist_state="session",
        )  # fmt: skip
        _show_tiles(kind, suspects, ranked, data, tells_truth)
    with measured:
        _show_score(suspects, at)


def _suspects_of(kind: str, ranked: "Ranking", data: DatasetView) -> _Suspects:
    if kind == OUTLIERS:
        return _Suspects("outliers", ranked.most_unusual(), ranked.outlier_score, data.outlier, ranked.found_outliers)
    return _Suspects(
        "wrong labels", ranked.most_contradicted(), ranked.contradiction, data.wrong_label, ranked.found_wrong
    )


def _choose_first(kind: str, suspects: _Suspects, added: int) -> int:
    """How many of the first are meant: as many as were added, or as cleaning would remove."""
    usual = added or max(suspects.found, _MIN_FIRST)
    most = min(len(suspects.order), max(2 * usual, 100))
    return st.slider(
        "How many of the first (k)", 1, most, min(usual, most), key=f"data_first_{kind}_{usual}_{most}",
        help="The numbers and the button below are about the k most suspicious images.",
    )  # fmt: skip


# --- how well it works ----------------------------------------------------------------------------------


def _show_score(suspects: _Suspects, at: "Score") -> None:
    """Precision and recall of the first so many, and for each k."""
    from mnist_core.data.label_errors import curve

    noun = suspects.noun
    with st.container(horizontal=True, gap="medium"):
        help_text = f"Of the first {at.first:,} suspects, the share that really are {noun}."
        st.metric("Precision", words.percent(at.precision), width="content", help=help_text)
        help_text = f"Of all {at.wanted:,} {noun} that you added, the share among the first {at.first:,}."
        st.metric("Recall", words.percent(at.recall), width="content", help=help_text)
    figure = score_figure(curve(suspects.order, suspects.truth), at)
    alt = f"Precision and recall by the number of suspects. {sentence(at, noun)}"
    charts.show(figure, height_px=_CURVE_PX, key=f"data_curve_{noun}", alt=alt)


def sentence(at: "Score", noun: str) -> str:
    """The score in plain words."""
    what = "really are mislabelled" if noun == "wrong labels" else "really are outliers"
    missed = at.wanted - at.right
    lower = f"so {missed:,} more rank{'s' if missed == 1 else ''} lower" if missed else "and they are all here"
    return f"Of the first **{at.first:,}** suspects, **{at.right:,}** {what}. You added {at.wanted:,}, {lower}."


def score_figure(scores: "Sequence[Score]", at: "Score") -> "go.Figure":
    """Precision and recall by k, with a guide at the k that is chosen."""
    first = [one.first for one in scores]
    lines = [
        charts.line(
            first,
            values,
            style,
            name=name,
            texts=[
                f"{name} of the first {k:,}: {words.percent(value)}" for k, value in zip(first, values, strict=True)
            ],
        )
        for name, values, style in (
            ("Precision", [one.precision for one in scores], charts.STYLES[0]),
            ("Recall", [one.recall for one in scores], charts.STYLES[1]),
        )
    ]
    k = {"x": at.first, "y": 0.04, "yref": "paper", "text": f"k = {at.first:,}", "showarrow": False}
    return charts.figure(
        lines,
        legend=True,
        xaxis={"title": "suspects looked at (k)"},
        yaxis={"tickformat": ".0%", "range": [0, 1.03]},
        shapes=[charts.guide(x=at.first)],
        annotations=[{**k, "xanchor": "left", "xshift": 4}],
    )


# --- what is selected -----------------------------------------------------------------------------------


def _show_selection(first: Sequence[int], recipe: Recipe) -> None:
    """What selects the first, what clears the selection, and the way to train without the selected ones."""
    count, most = len(excluded_images.selected()), excluded_images.MOST
    with st.container(horizontal=True, vertical_alignment="center", key="data_selection"):
        st.button(
            f"Select the first {min(len(first), most):,}", key="data_tick_first", icon=":material/check_box:",
            on_click=excluded_images.add, args=(first,), help=f"At most {most} images can be excluded manually.",
        )  # fmt: skip
        st.button(
            "Clear selection", key="data_tick_none", icon=":material/check_box_outline_blank:",
            on_click=excluded_images.clear, disabled=not count,
        )  # fmt: skip
        full = ", the maximum; to exclude more, train with “Remove suspected label errors”" if count >= most else ""
        st.markdown(f"**{count}** selected to be excluded{full}", width="content")
        if count:
            query = excluded_images.without_selected(recipe).to_query()
            navigation.link("train", "Train without them", query, icon=":material/model_training:")


def _show_tiles(kind: str, suspects: _Suspects, ranked: "Ranking", data: DatasetView, tells_truth: bool) -> None:
    """A page of the images, each with its label, what the models predict, and the evidence or the truth."""
    st.caption(
        "The most suspicious first: *label → prediction*, and how strong the evidence is (0 and less: none). Press an "
        "image to select it; selected images are excluded."
    )
    pages = min(-(-len(suspects.order) // PAGE_SIZE), _MOST_PAGES)
    page = st.session_state.get(f"data_page_{kind}", 1) if pages > 1 else 1
    places = suspects.order[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    tiles = []
    for place in places:
        label, predicted, index = int(data.labels[place]), int(ranked.read_as[place]), int(data.indices[place])
        evidence = f"{float(suspects.scores[place]):.2f}"
        truth = _truth(suspects, int(place), int(data.digits[place])) if tells_truth else ""
        about = f"Training image {index}: {label} → {predicted} {truth or f'{evidence} evidence'}"
        tiles.append(Tile(index, f"{label} → {predicted}", truth or evidence, about))
    selected = excluded_images.selected()
    ticks = Ticks(selected, excluded_images.change, full=len(selected) >= excluded_images.MOST)
    gallery(data.images[places], tiles, f"Suspected {suspects.noun}", key="data_suspects", ticks=ticks)
    if pages > 1:
        st.pagination(pages, key=f"data_page_{kind}")


def _truth(suspects: _Suspects, place: int, digit: int) -> str:
    """Whether the suspicion is right: ✗ marks what is wrong with the image."""
    if suspects.noun == "outliers":
        return "✗ outlier" if suspects.truth[place] else "✓ a digit"
    return f"✗ is {words.named(digit)}" if suspects.truth[place] else "✓ correct"
