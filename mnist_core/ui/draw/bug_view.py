"""A bug in the code around a model on the page: its code, its signs, and what it hands to the network."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from mnist_core.code_bugs.catalog import Bug
from mnist_core.ui import services
from mnist_core.ui.common import words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.draw.current_digit import CurrentDigit

if TYPE_CHECKING:  # this room loads torch, which must not hold up a page's first paint
    from mnist_core.code_bugs.symptoms import Symptoms

_KEPT = 100
_LEVELS_FROM = 10  # numbers as large as this are grey levels of 0 to 255
_SIGNS = {
    "accuracy": ("Accuracy", "On 1,000 validation images."),
    "confidence": ("Mean confidence", "Over all answers."),
    "confidence_when_wrong": ("Confidence when wrong", "The mean confidence of the wrong answers only."),
    "changing": (
        "Unstable answers",
        "Of 100 pictures, the share whose answer moves by more than a point when they are asked once more, "
        "together with other pictures.",
    ),
}
"""Of each share that is measured from outside: its name and what it is."""
_FAVORITE = "The digit that is answered most often, and its share of all answers."


@services.kept_by_model(_KEPT, "Asking about 1,000 validation images …")
def symptoms(name: str, code: str | None) -> "Symptoms":
    """How the bug (None: the right code) shows on the validation sample, with the model of that name.

    Raises:
        UserError: As `services.model`, or when MNIST cannot be loaded.
    """
    from mnist_core.code_bugs.symptoms import sample, symptoms

    return symptoms(code, services.model(name).model, *sample())


def answer_with(code: str | None, subject: CurrentDigit, name: str, times: int = 0) -> tuple[float, ...]:
    """The ten probabilities of this digit, asked alone; `times` says how often it was asked before.

    Raises:
        UserError: `one_in_a_batch`, or as `services.model`.
    """
    from mnist_core.code_bugs.simulation import answer_with, handed_picture

    inputs = handed_picture(code, subject.digit)[None]
    return tuple(answer_with(code, services.model(name).model, inputs, seed=times)[0].tolist())


def show_bug(bug: Bug) -> None:
    """The wrong lines beside the right ones, how the bug shows, and how to find it in one's own code."""
    wrong, right = st.columns(2, gap="medium")
    wrong.markdown(":material/close: **Wrong**")
    wrong.code(bug.wrong, language="python", wrap_lines=True)
    right.markdown(":material/check: **Right**")
    right.code(bug.right, language="python", wrap_lines=True)
    shows, find = st.columns(2, gap="medium")
    shows.markdown(f"**How it shows.** {bug.shows}")
    find.markdown(f"**How to find it.** {bug.find}")


def show_model_input(code: str | None, subject: CurrentDigit, key: str) -> None:
    """What code with that bug hands to the model of this digit, as a picture and as a range of numbers."""
    from mnist_core.code_bugs.simulation import handed_picture

    inputs = handed_picture(code, subject.digit).numpy()
    numbers = f"{_number(inputs.min())} to {_number(inputs.max())}, mean {_number(inputs.mean())}"
    scale = 1 if inputs.max(initial=0) >= _LEVELS_FROM else 255
    image = (inputs * scale).clip(0, 255).round().astype(np.uint8)
    title = "Model input"
    strip([Picture(data_url(image), f"{title}: {numbers}", title, numbers, pixels=True, large=True)], title, key)


def show_signs(seen: "Symptoms", whole: "Symptoms") -> None:
    """What can be measured from outside, beside what the right code gives."""
    signs = [
        (label, percent_or_dash(getattr(seen, name)), percent_or_dash(getattr(whole, name)), about)
        for name, (label, about) in _SIGNS.items()
    ]
    answered, usual = (f"{digit}: {words.percent(share, 0)}" for digit, share in (seen.favorite, whole.favorite))
    signs.append(("Most frequent answer", answered, usual, _FAVORITE))
    with st.container(horizontal=True, gap="xsmall"):
        for label, value, right, about in signs:
            beside = f"right code: {right}"
            st.metric(label, value, beside, help=about, border=True, delta_color="off", delta_arrow="off", width=208)


def percent_or_dash(share: float | None) -> str:
    """The share as people read it; a dash where there is none."""
    return "–" if share is None else words.percent(share)


def _number(value: np.floating) -> str:
    shown = f"{value:.0f}" if abs(value) >= _LEVELS_FROM else f"{value:.2f}".rstrip("0").rstrip(".")
    return shown.replace("-", "−")
