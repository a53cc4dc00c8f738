"""How many images each digit has, and what they look like."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.recipe import Recipe
from mnist_core.ui.common import words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.gallery import Tile, gallery
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.data.dataset_view import DatasetView, lesson, pictures

_SAMPLES = 40
_HEIGHT_PX = 300


@section("Digits")
def show(part: Recipe) -> None:
    """The distribution, the ten averages, and samples of a digit.

    Raises:
        UserError: As `lesson`.
    """
    shown = lesson(part)
    _show_distribution(shown)
    _show_averages(part)
    _show_samples(shown)


def counts_of(shown: DatasetView) -> list[int]:
    """How many training images are labelled as each digit."""
    counts: list[int] = np.bincount(shown.labels, minlength=10).tolist()
    return counts


def _show_distribution(shown: DatasetView) -> None:
    counts = counts_of(shown)
    fewest, most = int(np.argmin(counts)), int(np.argmax(counts))
    st.markdown(f"##### {len(shown.labels):,} training images")
    st.caption(
        f"By their labels: most are {most}s ({counts[most]:,}), fewest {fewest}s ({counts[fewest]:,}). Validation and "
        "test images keep MNIST's own balance, whatever the recipe does to the training images."
    )
    left, right = st.columns([0.6, 0.4], gap="medium")
    with left:
        _chart("Training", counts, "data_training")
    with right:
        _chart("Validation", shown.validation_counts, "data_validation", "MNIST test set", shown.test_counts)


def _chart(
    name: str, counts: Sequence[int], key: str, other: str = "", other_counts: Sequence[int] = ()
) -> None:  # fmt: skip
    series = [(name, counts), *([(other, other_counts)] if other else [])]
    said = "; ".join(f"{one}: " + ", ".join(f"{d}: {n:,}" for d, n in enumerate(numbers)) for one, numbers in series)
    st.plotly_chart(_bars(series), key=key, config={"displayModeBar": False}, alt=f"Images a digit. {said}")


def _bars(series: Sequence[tuple[str, Sequence[int]]]) -> dict[str, Any]:
    """The bars as a Plotly figure."""
    bars = [
        {
            "type": "bar", "name": name, "x": list(range(10)), "y": list(counts),
            "text": [f"{count:,}" for count in counts] if len(series) == 1 else None,  # two in a place leave no room
            "textangle": 0,
            "marker": {"pattern": {"shape": pattern}},  # told apart by more than colour
            "hovertemplate": "%{y:,} images of the digit %{x}<extra>" + name + "</extra>",
        }
        for (name, counts), pattern in zip(series, ("", "/"), strict=False)
    ]  # fmt: skip
    layout = {
        "height": _HEIGHT_PX, "margin": {"l": 8, "r": 8, "t": 40, "b": 8}, "showlegend": True,
        "legend": {"orientation": "h", "y": 1.12, "x": 0}, "xaxis": {"dtick": 1, "title": {"text": "digit"}},
    }  # fmt: skip
    return {"data": bars, "layout": layout}


def _show_averages(part: Recipe) -> None:
    found = pictures(part)
    st.markdown(
        "##### The average digit, and where digits differ",
        help="Above: the mean of all images with that label. Below: the standard deviation of each pixel, bright where "
        "the images differ. Wrong labels and outliers make the mean grey and the deviation bright.",
    )
    for what, images in (("mean", found.means), ("deviation", found.deviations)):
        shown = [_average(what, digit, images[digit], int(found.counts[digit])) for digit in range(10)]
        strip(shown, f"The {what} of each digit's images", key=f"data_{what}", small=True)


def _average(what: str, digit: int, image: NDArray[np.uint8], count: int) -> Picture:
    alt = f"The {what} of the images labelled {digit}" + ("" if count else ": there are none")
    return Picture(data_url(image), alt, title=f"{digit}", note=what, pixels=True)


def _show_samples(shown: DatasetView) -> None:
    st.markdown("##### Samples of a digit")
    digit = st.segmented_control(
        "Labelled as", range(10), default=0, required=True, key="data_sample_digit", persist_state="session"
    )
    places = np.flatnonzero(shown.labels == digit)
    if not len(places):
        st.caption(f"No training image is labelled {digit}.")
        return
    # Evenly over all of them, so that what is said of all is seen in the samples.
    chosen = places[np.linspace(0, len(places) - 1, min(_SAMPLES, len(places))).astype(int)]
    st.caption(f"{len(chosen)} of the {len(places):,} images labelled {words.article(digit)} {digit}, evenly spaced.")
    tiles = [_tile(int(index), digit) for index in shown.indexes[chosen]]
    gallery(shown.images[chosen], tiles, f"Training images labelled {digit}", key="data_samples_gallery")


def _tile(index: int, label: int) -> Tile:
    return Tile(index, str(label), f"#{index:,}", f"Training image {index}, labelled {label}")
