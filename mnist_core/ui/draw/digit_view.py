"""One digit on the page: what the model answers, what it gets, and how that came about."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from mnist_core.ui.common import words
from mnist_core.ui.common.pictures import BLANK, data_url, grey, thumbnail
from mnist_core.ui.common.section import section
from mnist_core.ui.components.answer import Answer, answer
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.draw import steps_choice

if TYPE_CHECKING:
    from mnist_core.preprocessing.pipeline import Preprocessed, Stage
    from mnist_core.ui.draw.current_digit import CurrentDigit

_SMALL_PX = 40  # pictures up to this size are shown with their pixels as squares


def columns() -> list[DeltaGenerator]:
    """Side by side: the digit as it came, the answer, what the model gets."""
    return list(st.columns([0.34, 0.38, 0.28], gap="medium"))


@section("The answer")
def show_answer(subject: "CurrentDigit | None", otherwise: Answer = words.NOTHING_FOUND, number: str = "") -> None:
    """The model's answer, or `otherwise` when there was nothing to ask it; `number` is what the whole row reads."""
    shown = words.answer_of(subject.reading) if subject else otherwise
    if subject and number:
        shown = replace(
            shown, headline=f"Reads {number}", detail=f"This digit: {shown.headline}. {shown.detail}".rstrip()
        )
    answer(shown, key="answer")


@section("Model input (28 × 28)")
def show_sight(subject: "CurrentDigit | None") -> None:
    """The 28 × 28 pixels that go into the model, large."""
    image = BLANK if subject is None else grey(subject.digit.pixels)
    _show_picture(image, "Model input (28 × 28)", "all that the model gets", key="sight", important=True)


@section("The picture")
def show_source(digit: "Preprocessed | None") -> None:
    """The picture as it came, large."""
    if digit is not None:
        picture = digit.picture
        note = f"{picture.shape[1]} × {picture.shape[0]} pixels"
        _show_picture(thumbnail(picture), "Your picture", note, key="upload")


def _show_picture(image: NDArray[np.uint8], title: str, note: str, key: str, *, important: bool = False) -> None:
    small = max(image.shape) <= _SMALL_PX
    strip([Picture(data_url(image), title, title, note, pixels=small, large=True, framed=important)], title, key)


@section("The preparation")
def show_stages(digit: "Preprocessed") -> None:
    """How the digit became what the model gets, with a switch at each step; nothing for one without ink."""
    if digit.blank:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.markdown("##### What happens to your drawing")
        steps_choice.show_presets(digit.steps)
    strip(
        [_stage(stage) for stage in digit.stages],
        label="The steps, in order",
        key="stages",
        arrows=True,
        on_switch=steps_choice.switch,
    )


def _stage(stage: "Stage") -> Picture:
    from mnist_core.preprocessing.steps import STEPS

    step = next((step for step in STEPS if step.name == stage.step), None)
    return Picture(
        src=data_url(stage.image),
        alt=f"After: {stage.title}",
        title=stage.title,
        note=stage.note if stage.on else f"Skipped. {stage.note}",
        pixels=max(stage.image.shape) <= _SMALL_PX,
        off=not stage.on,
        switch=stage.step if step else "",
        help=f"{step.help} {'Without it' if step.by_mnist else 'But'}: {step.without}" if step else "",
    )
