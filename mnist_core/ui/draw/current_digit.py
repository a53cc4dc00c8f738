"""The one digit that a page is about, whatever it came from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from mnist_core.diagnosis.prediction import Prediction
    from mnist_core.preprocessing.pipeline import Preprocessed

_STANDING = "standing_subject"


@dataclass(frozen=True, slots=True, eq=False)
class CurrentDigit:
    """A digit that holds ink, with what was asked of it.

    Attributes:
        digit: The picture, its ink, and what the network sees of it.
        reading: What the chosen model answers.
        model: The chosen model's name (`services.model(name)` opens it).
        label: The digit that was meant, or a test image's label; None when nobody said.
    """

    digit: "Preprocessed"
    reading: "Prediction"
    model: str
    label: int | None

    @property
    def is_mnist(self) -> bool:
        """Whether it is of MNIST's own size, and so was prepared already."""
        return self.digit.picture.shape == (28, 28)


def set_current(subject: CurrentDigit | None) -> None:
    """Note which digit stands on the Draw page, so that other pages can ask for it."""
    st.session_state[_STANDING] = subject


def current() -> CurrentDigit | None:
    """The digit that stands on the Draw page, or stood there last; None when there is none."""
    found: CurrentDigit | None = st.session_state.get(_STANDING)
    return found
