"""How many images each digit has, and what they look like."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.recipe import Recipe
from mnist_core.ui.common import words
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.digit_bars import bars_spec
from mnist_core.ui.components.gallery import Tile, gallery
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.data.dataset_view import DatasetView, class_statistics, dataset_view

_SAMPLES = 40
_NAMES = {"mean": "Mean", "std": "Standard deviation"}
_HEIGHT_PX = 300


@section("Digits")
def show(part: Recipe) -> None:
    """The distribution, the ten averages, and samples of a digit.

    Raises:
        UserError: As `dataset_view`.
    """
    shown = dataset_view(part)
    _show_distribution(shown)
    _show_averages(part)
    _show_samples(shown)


def _show_distribution(shown: DatasetView) -> None:
    counts: list[int] = np.bincount(shown.labels, minlength=10).tolist()
    fewest, most = int(np.argmin(counts)), int(np.argmax(counts))
    st.markdown(f"##### {len(shown.labels):,} training images")
    st.caption(
        f"By label: {most}s are most frequent ({counts[most]:,}), {fewest}s least ({counts[fewest]:,}). Validation and "
        "test images keep MNIST's own balance, whatever the recipe does to the training images."
    )
    left, right = st.columns([0.6, 0.4], gap="medium")
    with left:
        _chart("data_training", {"Training images": counts})
    with right:
        _chart("data_validation", {"Validation images": shown.validation_counts, "Test images": shown.test_counts})


def _chart(key: str, kinds: dict[str, Sequence[int]]) -> None:
    """Bars for each digit: one kind with its numbers, or two beside each other, which leave no room for them."""
    said = "; ".join(
        f"{name}: " + ", ".join(f"{digit}: {count:,}" for digit, count in enumerate(counts))
        for name, counts in kinds.items()
    )
    spec = bars_spec(kinds, tells_values=len(kinds) == 1)
    st.echarts_chart(spec, height=_HEIGHT_PX, key=key, alt=f"Images of each digit. {said}")


def _show_averages(part: Recipe) -> None:
    found = class_statistics(part)
    st.markdown(
        "##### Mean and standard deviation",
        help="Above: the mean of all images with that label. Below: the standard deviation of each pixel, bright where "
        "the images differ. Wrong labels and outliers make the mean grey and the standard deviation bright.",
    )
    for what, images in (("mean", found.means), ("std", found.deviations)):
        shown = [_average(what, digit, images[digit], int(found.counts[digit])) for digit in range(10)]
        strip(shown, f"{_NAMES[what]} of each digit's images", key=f"data_{what}", small=True)


def _average(what: str, digit: int, image: NDArray[np.uint8], count: int) -> Picture:
    alt = f"{_NAMES[what]} of the images labelled {digit}" + ("" if count else ": there are none")
    return Picture(data_url(image), alt, title=f"{digit}", note=what, pixels=True)


def _show_samples(shown: DatasetView) -> None:
    st.markdown("##### Samples")
    digit = st.segmented_control(
        "Labelled as", range(10), default=0, required=True, key="data_sample_digit", persist_state="session"
    )
    places = np.flatnonzero(shown.labels == digit)
    if not len(places):
        st.caption(f"No training image is labelled {digit}.")
        return
    # Evenly over all of them, so that what is said of all is seen in the samples.
    chosen = places[np.linspace(0, len(places) - 1, min(_SAMPLES, len(places))).astype(int)]
    st.caption(f"{len(chosen)} of the {len(places):,} images labelled {words.named(digit)}, evenly spaced.")
    tiles = [
        Tile(index, str(digit), f"#{index:,}", f"Training image {index}, labelled {digit}")
        for index in shown.indices[chosen].tolist()
    ]
    gallery(shown.images[chosen], tiles, f"Training images labelled {digit}", key="data_samples_gallery")
