"""One image of MNIST's test set: which one, how it got chosen, and whether the model's answer is right."""

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


def selected() -> int:
    """The index of the chosen test image, 0 to N-1; a random one at first. The address is brought in step.

    Raises:
        UserError: When MNIST cannot be loaded.
    """
    asked = query_params.new_param(_PARAMETER)
    last = services.test_count() - 1
    if asked is not None and asked.isascii() and asked.isdecimal() and len(asked) < 10 and int(asked) <= last:
        st.session_state[_INDEX] = int(asked)
    elif asked is not None:
        messages.show_notices([f"There is no test image “{asked[:20]}”: they are numbered from 0 to {last}."])
        choose_any()
    elif _INDEX not in st.session_state:
        choose_any()
    index: int = st.session_state[_INDEX]
    query_params.put({_PARAMETER: str(index)})
    return index


def choose_any() -> None:
    """Choose a random test image: for a button's callback, and for those who have not chosen."""
    st.session_state[_INDEX] = random.randrange(services.test_count())


def leave_address() -> None:
    """Take the test image out of the page's address, because something else is shown."""
    query_params.put({_PARAMETER: None})


@section("The true label")
def show_truth(index: int, label: int, reading: "Prediction | None") -> None:
    """The image's true label, and whether the model's answer is right."""
    with st.container(border=True):
        st.metric(
            "True label",
            label,
            help="What the people who made MNIST say it is. A few of their labels are debatable.",
        )
        if reading and reading.digit == label:
            st.badge("Correct", icon=":material/check:", color="green")
        else:
            st.badge("Wrong", icon=":material/close:", color="orange")
        st.caption(f"Image {index:,} of MNIST's test set, which no model here was trained on.")
