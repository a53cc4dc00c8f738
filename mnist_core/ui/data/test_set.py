"""Test labels that may be wrong: to be looked at, never to be excluded."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from mnist_core.ui import navigation, services
from mnist_core.ui.common import test_badge, words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.gallery import Tile, gallery
from mnist_core.ui.components.image_strip import Picture, strip

if TYPE_CHECKING:
    from mnist_core.evaluation.test_label_errors import TestSuspicion

SHOWN = 100

_VOTERS = 4  # the most accurate of the shipped models
_PICKED = "data_test_picked"
_KNOWN = "⚑"


@section("Test labels")
def show() -> None:
    """The test images whose labels the models contradict most, the most contradicted first.

    Raises:
        UserError: When a model or MNIST cannot be opened.
    """
    from mnist_core.evaluation.test_label_errors import REJECTED

    found = _suspicion()
    count = len(found.label)
    test_badge.show(count)
    near = [int(index) for index in found.order[:SHOWN]]
    known = len(set(near) & set(REJECTED))
    st.markdown(
        f"##### The {SHOWN} most contradicted of {count:,} test labels",
        help="How far the most accurate shipped models, on average, prefer another digit to the label.",
    )
    st.caption(
        f"{_voters()} were trained on training images only, so their predictions on test images are out of sample. "
        "None of these can be excluded: a test set from which people remove what they think is wrong measures nothing "
        f"any more. {_KNOWN} marks the labels that most of five people rejected in a study (Northcutt, Athalye, "
        f"Mueller, 2021): {known} of those {len(REJECTED)} are among these {SHOWN}. *Label → prediction*, and the "
        "label's probability."
    )
    tiles = [_tile(found, index, index in REJECTED) for index in near]
    images = services.test_images()[near]
    gallery(images, tiles, "Test images with contradicted labels", on_pick=_pick, key="data_test_gallery")
    _show_picked(found)


@st.cache_resource(show_spinner="Comparing the models' predictions …")
def _suspicion() -> "TestSuspicion":
    from mnist_core.evaluation.test_label_errors import suspicion

    evaluations = [services.evaluation(one.name) for one in services.shipped_choices()[:_VOTERS]]
    return suspicion([one.probabilities for one in evaluations], evaluations[0].labels)


def _voters() -> str:
    *others, last = [f"“{one.title}”" for one in services.shipped_choices()[:_VOTERS]]
    return f"{', '.join(others)} and {last}"


def _pick(index: int) -> None:
    st.session_state[_PICKED] = index


def _tile(found: "TestSuspicion", index: int, is_known: bool) -> Tile:
    top = f"{int(found.label[index])} → {int(found.read_as[index])}"
    given = words.percent(float(found.given[index]), 0)
    known = f"{_KNOWN} " if is_known else ""
    about = f"Test image {index}: {top} {known}{given} for the label" + ("; people rejected it" if is_known else "")
    return Tile(index, top, f"{known}{given}", about)


def _show_picked(found: "TestSuspicion") -> None:
    index = st.session_state.pop(_PICKED, None)
    if index is not None and 0 <= index < len(found.label):
        st.dialog(f"Test image {index:,}: labelled {found.label[index]}", width="medium")(_show_image)(index, found)


def _show_image(index: int, found: "TestSuspicion") -> None:
    label, predicted = int(found.label[index]), int(found.read_as[index])
    left, right = st.columns([0.4, 0.6], gap="medium")
    with left:
        image = services.test_images()[index]
        shown = Picture(data_url(image), f"Test image {index}", f"Test image {index:,}", pixels=True, large=True)
        strip([shown], "The image", key="data_test_close_up")
        navigation.link("draw", "Open in Draw", {"image": str(index)}, icon=":material/draw:")
    with right:
        given, other = (words.percent(float(shares[index])) for shares in (found.given, found.other))
        st.markdown(f"Mean probability of the label, {label}: **{given}**. Of {predicted}: **{other}**.")
        for one in services.shipped_choices()[:_VOTERS]:
            evaluation = services.evaluation(one.name)
            digit, confidence = int(evaluation.predicted[index]), float(evaluation.confidence[index])
            st.markdown(f"- {one.title}: **{digit}** ({words.percent(confidence)})")
        place = int(np.flatnonzero(found.order == index)[0]) + 1
        st.caption(f"Rank {place:,} of {len(found.label):,} by contradiction.")
