"""One digit on the page: what the model answers, what it gets, and how that came about."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from mnist_core.ui.common import words
from mnist_core.ui.common.pictures import BLANK, data_url, grey, thumbnail
from mnist_core.ui.common.section import section
from mnist_core.ui.components.answer import Answer, Row, answer
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.components.steps import StepPicture
from mnist_core.ui.components.steps import steps as step_row
from mnist_core.ui.draw import steps_choice

if TYPE_CHECKING:
    from mnist_core.preprocessing.pipeline import Preprocessed, Stage
    from mnist_core.ui.draw.current_digit import CurrentDigit

_SMALL_PX = 40  # pictures up to this size are shown with their pixels as squares


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand on the page; the keyboard comes to them in this order.

    Attributes:
        inlet: Where pictures are handed in.
        source: The digit as it came, or the pad.
        answer: What the model answers.
        sight: What the model gets.
        model: Which model it is.
    """

    inlet: DeltaGenerator
    source: DeltaGenerator
    answer: DeltaGenerator
    sight: DeltaGenerator
    model: DeltaGenerator


def places(source: str) -> Places:
    """One row for all of it: the digit, the answer, and what the model gets with the choice of the model below.

    The room for a digit that comes from that source is kept while the page loads (`page.css`).
    """
    inlet = st.container()
    with st.container(key=f"from_{source}"):
        left, middle, right = st.columns([0.34, 0.38, 0.28], gap="medium")
    return Places(inlet, left, middle, right.container(), right.container())


@section("The answer")
def show_answer(
    subject: "CurrentDigit | None", otherwise: Answer = words.NOTHING_FOUND, row: Row | None = None
) -> None:
    """The model's answer, or `otherwise` when there was nothing to ask it; `row` are all digits that stand beside."""
    shown = words.answer_of(subject.reading) if subject else otherwise
    if subject and row:
        detail = f"Digit {row.place + 1} of {len(row.digits)}: {shown.headline}. {shown.detail}".rstrip()
        shown = replace(shown, digit=row.number, headline=f"Reads {row.number}", detail=detail)
    answer(shown, key="answer", row=row)


@section("Model input (28 × 28)")
def show_sight(subject: "CurrentDigit | None") -> None:
    """The 28 × 28 pixels that go into the model, large."""
    image = BLANK if subject is None else grey(subject.digit.pixels)
    _show_picture(image, "Model input (28 × 28)", "all that the model gets", key="sight", important=True)


@section("The picture")
def show_source(digit: "Preprocessed | None") -> None:
    """The picture as it came, large."""
    if digit is None:
        st.empty()  # a fragment can later write only where it wrote when the page was made
        return
    picture = digit.picture
    note = f"{picture.shape[1]} × {picture.shape[0]} pixels"
    _show_picture(thumbnail(picture), "Your picture", note, key="upload")


def _show_picture(image: NDArray[np.uint8], title: str, note: str, key: str, *, important: bool = False) -> None:
    small = max(image.shape) <= _SMALL_PX
    strip([Picture(data_url(image), title, title, note, pixels=small, large=True, framed=important)], title, key)


@section("The preparation")
def show_stages(digit: "Preprocessed | None") -> None:
    """How the digit became what the model gets, with a switch at each step; of none, that it will be seen here."""
    title = "##### What happens to your drawing"
    if digit is None or digit.blank:
        st.markdown(title)
        st.caption("Each step from your drawing to the 28 × 28 pixels that the model gets appears here, with a switch.")
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(title, width="content")
        steps_choice.show_presets(digit.steps)
    pictures = [_stage(stage) for stage in digit.stages]
    step_row(pictures, "The steps, in order", key="stages", on_switch=steps_choice.switch)


def _stage(stage: "Stage") -> StepPicture:
    from mnist_core.preprocessing.steps import STEPS

    step = next((step for step in STEPS if step.name == stage.step), None)
    return StepPicture(
        name=stage.step if step else "",
        src=data_url(stage.image),
        title=stage.title,
        note=f"{stage.note}." if stage.on else f"Skipped: {stage.note}.",
        help=f"{step.help} {'Without it' if step.by_mnist else 'But'}: {step.without}" if step else "",
        pixels=max(stage.image.shape) <= _SMALL_PX,
        on=stage.on,
    )
