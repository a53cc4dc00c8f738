"""The one digit that a page is about, whatever it came from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

if TYPE_CHECKING:
    from mnist_core.diagnosis.prediction import Prediction
    from mnist_core.preprocessing.pipeline import Digit

_STANDING = "standing_subject"


@dataclass(frozen=True, slots=True, eq=False)
class CurrentDigit:
    """A digit that holds ink, with what was asked of it.

    Attributes:
        picture: As it came, grey, uint8 (H, W): what `digitize` makes the digit from.
        digit: What the network sees.
        reading: What the chosen model answers.
        steps: The steps of `preprocessing.steps` that are switched on.
        model: The chosen model's name (`services.model(name)` opens it).
        label: The digit that was meant, or a test image's label; None when nobody said.
        key: A short name of the picture, the same for the same pixels: for widget keys and caches.
    """

    picture: NDArray[np.uint8]
    digit: "Digit"
    reading: "Prediction"
    steps: frozenset[str]
    model: str
    label: int | None
    key: str

    @property
    def is_mnist(self) -> bool:
        """Whether it is of MNIST's own size, and so was prepared already."""
        return self.picture.shape == (28, 28)


def key_of(picture: NDArray[np.uint8]) -> str:
    """A short name of a picture (H, W), the same for the same pixels."""
    from mnist_core.preprocessing.digit_collection import fingerprint

    return fingerprint(picture)


def set_current(subject: CurrentDigit | None) -> None:
    """Note which digit stands on the Draw page, so that other pages can ask for it."""
    st.session_state[_STANDING] = subject


def current() -> CurrentDigit | None:
    """The digit that stands on the Draw page, or stood there last; None when there is none."""
    found: CurrentDigit | None = st.session_state.get(_STANDING)
    return found
