"""The drawing that is tracked through training: which one, and what the model predicts for it as it learns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.training.events import ProbeResult
from mnist_core.ui import services
from mnist_core.ui.common import words
from mnist_core.ui.common.pictures import data_url, grey
from mnist_core.ui.components.curves import Axis, Line, LineChart, Mark
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.draw import current_digit

_WANTED = "follow_drawing"
_OTHERWISE = 321  # of MNIST's test images: a 2 that many models take for a 7
_NAMED_FROM = 0.1  # a digit that was never this probable is one of the faint lines
_MOST_NAMED = 6  # as many lines as the theme has colours

ABOUT = "The probabilities of the ten digits, each time the model was asked during training."


@dataclass(frozen=True, slots=True, eq=False)
class Pinned:
    """A drawing that can be tracked: `pixels` uint8 (28, 28), and what it is called."""

    pixels: NDArray[np.uint8]
    title: str


def current() -> Pinned:
    """The digit that stands on the Draw page; a test image when there is none.

    Raises:
        UserError: When MNIST cannot be loaded.
    """
    drawn = current_digit.current()
    if drawn is not None:
        return Pinned(grey(drawn.digit.pixels), "the digit on the Draw page")
    picture, label = services.test_picture(_OTHERWISE)
    return Pinned(picture, f"test image {_OTHERWISE}, {words.named(label)}")


def offer() -> None:
    """Let people choose whether the next run tracks a drawing, and show which one.

    Raises:
        UserError: When MNIST cannot be loaded.
    """
    pinned = current()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width=44):
            strip([Picture(data_url(pinned.pixels), f"To track: {pinned.title}", pixels=True)], "To track", "pinned")
        st.toggle(
            f"Track {pinned.title}",
            value=True,
            key=_WANTED,
            persist_state="session",
            width="content",
            help="During training, the model predicts this digit again and again: its ten probabilities are drawn "
            "under “My drawing”. Draw a digit on the Draw page to track your own.",
        )


def wanted() -> NDArray[np.float32] | None:
    """The drawing that the next run is to track, float32 (28, 28), 0 to 1; None when none is.

    Raises:
        UserError: When MNIST cannot be loaded.
    """
    if not st.session_state.get(_WANTED, True):
        return None
    shares: NDArray[np.float32] = current().pixels.astype(np.float32) / np.float32(255)
    return shares


@st.cache_resource(show_spinner=False, max_entries=100)
def of_run(run_id: str) -> NDArray[np.uint8] | None:
    """The drawing (28, 28) that a run tracks, or tracked; None for a run without one.

    Raises:
        UserError: When the database cannot answer.
    """
    return services.store().drawing(run_id)


def show_picture(pixels: NDArray[np.uint8], said: str) -> None:
    """The drawing, small, and what is said of it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width=72):
            strip([Picture(data_url(pixels), "The tracked drawing", pixels=True)], "Tracked", "followed")
        st.markdown(said or "There is no prediction yet.", width="content")


def chart(measured: Sequence[ProbeResult], epochs: int, marks: Sequence[Mark] = ()) -> LineChart:
    """The ten probabilities; the digits that were ever likely by name, the others faint."""
    tracked = [one for one in measured if one.drawing]
    named = _likely(tracked)
    lines = []
    # The faint ones last, so that the named ones have the theme's colours.
    for digit in sorted(range(10), key=lambda digit: digit not in named):
        points = [(round(one.epoch, 4), round(one.drawing[digit], 5)) for one in tracked]
        lines.append(Line(str(digit), points, faint=digit not in named))
    title, axis = "Predictions for my drawing over time", Axis("share", low=0, high=1, number="%.1f %%")
    alt = f"Probability of each digit by epoch. {newest_words(measured)}"
    return LineChart(title, alt, epochs, lines, axis, marks, named_ends=True)


def newest_words(measured: Sequence[ProbeResult]) -> str:
    """What the model made of the drawing when it was asked last."""
    tracked = [one for one in measured if one.drawing]
    if not tracked:
        return ""
    newest = tracked[-1]
    best = max(range(10), key=newest.drawing.__getitem__)
    return f"After step {newest.step:,} it predicts {words.named(best)} ({words.percent(newest.drawing[best])})."


def _likely(tracked: Sequence[ProbeResult]) -> set[int]:
    highest = {digit: max((one.drawing[digit] for one in tracked[1:] or tracked), default=0.0) for digit in range(10)}
    ranked = sorted(highest, key=lambda digit: -highest[digit])[:_MOST_NAMED]
    return {digit for digit in ranked if highest[digit] >= _NAMED_FROM}
