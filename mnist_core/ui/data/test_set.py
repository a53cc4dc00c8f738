"""MNIST's test labels that may be wrong: to be looked at, never to be left out."""

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
        help="On the mean of probabilities of the most accurate models that ship: how far they prefer another digit.",
    )
    st.caption(
        f"{_voters()} have learned from training images only, so what they say of a test image is out of sample. "
        "None of these can be left out: a test set from which people take what they find wrong measures nothing any "
        f"more. {_KNOWN} marks the labels that most of five people rejected when researchers asked them (Northcutt, "
        f"Athalye, Mueller, 2021): {known} of those {len(REJECTED)} are among these {SHOWN}. "
        "*Label → what the models read*, and the label's probability."
    )
    tiles = [_tile(found, index, index in REJECTED) for index in near]
    images = services.test_images()[near]
    gallery(images, tiles, "Test images with contradicted labels", on_pick=_pick, key="data_test_gallery")
    _show_picked(found)


@st.cache_resource(show_spinner="Reading the test images …")
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
    label, read = int(found.label[index]), int(found.read_as[index])
    given = words.percent(float(found.given[index]), 0)
    known = "; people rejected this label" if is_known else ""
    sentence = f"Test image {index}: labelled {label} ({given}), read as {words.article(read)} {read}{known}"
    return Tile(index, f"{label} → {read}", f"{_KNOWN} {given}" if is_known else given, sentence)


def _show_picked(found: "TestSuspicion") -> None:
    index = st.session_state.pop(_PICKED, None)
    if index is not None and 0 <= index < len(found.label):
        st.dialog(f"Test image {index:,}: labelled {found.label[index]}", width="medium")(_show_close_up)(index, found)


def _show_close_up(index: int, found: "TestSuspicion") -> None:
    label, read = int(found.label[index]), int(found.read_as[index])
    left, right = st.columns([0.4, 0.6], gap="medium")
    with left:
        image = services.test_images()[index]
        shown = Picture(data_url(image), f"Test image {index}", f"Test image {index:,}", pixels=True, large=True)
        strip([shown], "The image", key="data_test_close_up")
        navigation.link("draw", "Open in Draw", {"image": str(index)}, icon=":material/draw:")
    with right:
        given, other = (words.percent(float(shares[index])) for shares in (found.given, found.other))
        st.markdown(
            f"On average, the models give its label, {label}, **{given}** and {words.article(read)} {read} **{other}**."
        )
        for one in services.shipped_choices()[:_VOTERS]:
            evaluation = services.evaluation(one.name)
            digit, sure = int(evaluation.predicted[index]), float(evaluation.confidence[index])
            st.markdown(f"- {one.title}: {words.article(digit)} **{digit}**, {words.percent(sure)} sure")
        place = int(np.flatnonzero(found.order == index)[0]) + 1
        st.caption(f"Place {place:,} of {len(found.label):,} in the order of contradiction.")
