"""The training digits that look most like a digit to the model."""

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import background_task, words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.distribution_plots import Legend, distribution_plots
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.draw.current_digit import CurrentDigit

if TYPE_CHECKING:
    from mnist_core.diagnosis.neighbors import Near, Neighbors

NEAREST = 5
NEAREST_AT_ONCE = 3


@section("The nearest training digits")
def show(subject: CurrentDigit, key: str = "neighbors") -> None:
    """The five nearest training digits with their labels, and how near they are.

    Args:
        subject: The digit.
        key: The section's name on the page.
    """
    from mnist_core.diagnosis.measurement_report import nearness

    st.markdown(
        "##### Nearest training digits",
        help="Nearest in the features that the network's last layer decides on: similar to the network, not to the "
        "eye. If they are of the wrong class, the network's answer comes from them.",
    )
    bank = background_task.wait_for(services.neighbors(subject.model), background_task.NEIGHBORS)
    near = bank.nearest(subject.digit.pixels, NEAREST)
    digit = class_of(subject)
    same = int((near.labels == digit).sum())
    st.markdown(f"**{same} of the {len(near.labels)} nearest** of {len(bank):,} training digits are {digit}s.")
    pictures = _pictures(bank, near, digit)
    left, right = st.columns([0.62, 0.38], gap="medium")
    with left:
        strip(pictures, "The nearest training digits", key=f"{key}_pictures")
    legend = Legend(
        filled=f"validation {digit}s",
        outlined="all validation digits",
        usual=f"95 % of the {digit}s",
        value="this one",
    )
    with right:
        distribution_plots([nearness(bank, near, digit)], legend, "Distance to the nearest one", key=f"{key}_far")


@section("The three nearest")
def show_nearest(subject: CurrentDigit, key: str) -> None:
    """Three nearest training digits in little room.

    Args:
        subject: The digit.
        key: The section's name on the page.
    """
    bank = background_task.wait_for(services.neighbors(subject.model), background_task.NEIGHBORS)
    near = bank.nearest(subject.digit.pixels, NEAREST_AT_ONCE)
    pictures = [replace(picture, note="") for picture in _pictures(bank, near, class_of(subject))]
    strip(pictures, "The three nearest training digits", key=key, small=True)


def _pictures(bank: "Neighbors", near: "Near", digit: int) -> list[Picture]:
    """Each of the nearest, with its label, held against `digit`, and its distance."""
    images = bank.mnist.train_images.numpy()
    return [
        Picture(
            src=data_url(images[index]),
            alt=f"Training image {index}, {words.named(label)}",
            title=f"{label}" if label == digit else f"{label}, not {digit}",
            note=f"distance {distance:.1f}",
            pixels=True,
        )
        for index, label, distance in zip(near.indexes, near.labels, near.distances, strict=True)
    ]


def class_of(subject: CurrentDigit) -> int:
    """The class that a digit is compared with: what was meant or, when nobody said, what is read."""
    digit = subject.reading.digit if subject.label is None else subject.label
    return digit or 0
