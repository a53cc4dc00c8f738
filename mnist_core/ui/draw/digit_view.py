"""One digit on the page: what the network answers, what it sees, and how that came about."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from mnist_core.ui.common import words
from mnist_core.ui.common.pictures import BLANK, data_url, grey, thumbnail
from mnist_core.ui.common.section import section
from mnist_core.ui.components.answer import Answer, answer
from mnist_core.ui.components.gallery import Tile, gallery
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.draw import steps_choice

if TYPE_CHECKING:
    from mnist_core.diagnosis.prediction import Prediction
    from mnist_core.preprocessing.pipeline import Preprocessed, Stage
    from mnist_core.ui.draw.current_digit import CurrentDigit

_SMALL_PX = 40  # pictures up to this size are shown with their pixels as squares


def columns() -> list[DeltaGenerator]:
    """Side by side: the digit as it came, the answer, what the network sees."""
    return list(st.columns([0.34, 0.38, 0.28], gap="medium"))


@section("The answer")
def show_answer(subject: "CurrentDigit | None", otherwise: Answer = words.NOTHING_FOUND) -> None:
    """The network's answer, or `otherwise` when there was nothing to ask it."""
    answer(words.answer_of(subject.reading) if subject else otherwise, key="answer")


@section("What the network sees")
def show_sight(subject: "CurrentDigit | None") -> None:
    """The 28 × 28 pixels that go into the network, large."""
    show_picture(
        BLANK if subject is None else grey(subject.digit.pixels),
        title="What the network sees",
        note="28 × 28 pixels, nothing else",
        key="sight",
        important=True,
    )


@section("The picture")
def show_source(digit: "Preprocessed | None") -> None:
    """The picture as it came, large."""
    if digit is not None:
        picture = digit.picture
        note = f"{picture.shape[1]} × {picture.shape[0]} pixels"
        show_picture(thumbnail(picture), title="As it came", note=note, key="upload")


def show_picture(image: NDArray[np.uint8], title: str, note: str, key: str, *, important: bool = False) -> None:
    """One large picture with its title; `important` frames it."""
    small = max(image.shape) <= _SMALL_PX
    strip([Picture(data_url(image), title, title, note, pixels=small, large=True, framed=important)], title, key)


@section("The preparation")
def show_stages(digit: "Preprocessed | None", steps: frozenset[str]) -> None:
    """How the digit became what the network sees, with a switch at each step; nothing before there is a digit."""
    if digit is None or digit.blank:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.markdown("##### How it got there")
        steps_choice.show_presets(steps)
    strip(
        [_stage(stage) for stage in digit.stages],
        label="The steps, in order",
        key="stages",
        arrows=True,
        on_switch=steps_choice.switch,
    )


def choose_one(
    names: Mapping[str, str], digits: "Mapping[str, Preprocessed]", readings: "Mapping[str, Prediction]", key: str
) -> str | None:
    """The id of the digit to look at closely. Of several, a grid of small answers lets people choose.

    Args:
        names: What each digit is called, by its id.
        digits: By the same ids, at least one for a choice.
        readings: By the same ids.
        key: The grid's name on the page.
    """
    ids = list(digits)
    if len(ids) > 1:
        tiles = [_tile(place, names[one], readings[one]) for place, one in enumerate(ids)]
        images = [grey(digits[one].pixels) for one in ids]
        st.caption("Press one to look at it closely.")
        gallery(
            images, tiles, "Answers", on_pick=lambda place: st.session_state.update({f"{key}_one": ids[place]}), key=key
        )
    kept = st.session_state.get(f"{key}_one")
    return kept if kept in digits else next(iter(ids), None)


def _stage(stage: "Stage") -> Picture:
    from mnist_core.preprocessing.steps import STEPS

    small = max(stage.image.shape) <= _SMALL_PX
    step = next((step for step in STEPS if step.name == stage.step), None)
    return Picture(
        src=data_url(stage.image),
        alt=f"After: {stage.title}",
        title=stage.title,
        note=stage.note if stage.on else f"Skipped. {stage.note}",
        pixels=small,
        off=not stage.on,
        switch=stage.step if step else "",
        help=f"{step.help} {'Without it' if step.by_mnist else 'But'}: {step.without}" if step else "",
    )


def _tile(place: int, name: str, reading: "Prediction") -> Tile:
    shown = words.answer_of(reading)
    sure = words.percent(reading.confidence) if reading.digit is not None else "empty"
    top = f"{shown.digit} ?" if reading.verdict == "unsure" else shown.digit
    return Tile(place, top, sure, f"{name}: {shown.headline}")
