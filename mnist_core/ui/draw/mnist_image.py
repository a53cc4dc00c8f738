"""One image of MNIST's test set: which one, how it got chosen, and whether it was read right."""

import random
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import messages, query_params
from mnist_core.ui.common.section import section

if TYPE_CHECKING:
    from mnist_core.diagnosis.prediction import Prediction

_INDEX = "test_image"
_PARAMETER = "image"


def has_arrived() -> bool:
    """Whether the page's address brings a test image: a link was opened."""
    return query_params.new_param(_PARAMETER) is not None


def chosen() -> int:
    """The index of the chosen test image, 0 to N-1; a random one at first. The address is brought in step.

    Raises:
        UserError: When MNIST cannot be loaded.
    """
    asked = query_params.new_param(_PARAMETER)
    if asked is not None:
        _take(asked)
    if _INDEX not in st.session_state:
        choose_any()
    index: int = st.session_state[_INDEX]
    query_params.put({_PARAMETER: str(index)})
    return index


def choose_any() -> None:
    """Choose a random test image: for a button's callback, and for those who have not chosen."""
    _take(str(random.randrange(services.test_count())))


def leave_address() -> None:
    """Take the test image out of the page's address, because something else is shown."""
    query_params.put({_PARAMETER: None})


@section("The true label")
def show_truth(index: int, label: int, reading: "Prediction | None") -> None:
    """The image's true label, and whether the network read it right."""
    with st.container(border=True):
        st.metric(
            "True label",
            label,
            help="What the people who made MNIST say it is. A few of their labels can be argued with.",
        )
        if reading and reading.digit == label:
            st.badge("Read right", icon=":material/check:", color="green")
        else:
            st.badge("Read wrong", icon=":material/close:", color="orange")
        st.caption(f"Image {index:,} of MNIST's test set, which no model here has learned from.")


def _take(text: str) -> None:
    last = services.test_count() - 1
    if text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= last:
        st.session_state[_INDEX] = int(text)
        return
    messages.show_notices([f"There is no test image “{text[:20]}”: they are numbered from 0 to {last}."])
    choose_any()
