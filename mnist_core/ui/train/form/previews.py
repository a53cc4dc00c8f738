"""What a recipe will do, seen before anything is trained: its images, the model's size, the schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core import setting_words
from mnist_core.fields import indexes_in
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.curves import chart_spec, named_axis
from mnist_core.ui.components.digit_bars import bars_spec
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.train.form.rare_digits import rare_digits

if TYPE_CHECKING:
    from torch import Tensor

_SAMPLES = 8
_OF_EACH_FAULT = 3  # at most so many of the samples
_LOOKED_AMONG = 1_000  # training images: enough to find examples of a fault of 1 %
_CLASSES_PX, _SCHEDULE_PX = 190, 150  # the heights of the charts
_SEED = 3  # of the augmented samples
_SCHEDULE_POINTS = 120
_PLATEAU = "It stays there while the validation loss falls; after two epochs without improvement it is divided by ten."


@dataclass(frozen=True, slots=True)
class Sample:
    """A training image as the model will get it.

    Attributes:
        image: uint8 (28, 28).
        label: The label that it is given.
        digit: What it is, or was before it became an outlier.
        is_outlier: Whether it was replaced by an outlier.
    """

    image: NDArray[np.uint8]
    label: int
    digit: int
    is_outlier: bool

    @property
    def note(self) -> str:
        """What is wrong with it, in a few words; empty when nothing is."""
        wrong = f"is a {self.digit}" if self.label != self.digit else ""
        return "outlier" if self.is_outlier else wrong


@section("The training images as they are")
def show_samples(recipe: Recipe) -> None:
    """Eight training images, and eight test images when those are moved.

    Raises:
        UserError: `no_training_images`, or when MNIST cannot be loaded.
    """
    changed = [
        f"{setting_words.value_text(FIELDS[name], getattr(recipe, name))} {word}"
        for name, word in (("label_noise", "have a wrong label"), ("outliers", "are outliers"))
        if getattr(recipe, name)
    ]
    changed += [f"each is moved by {recipe.train_offset_px} pixels"] if recipe.train_offset_px else []
    said = f"with their labels. Of all, {'; '.join(changed)}" if changed else "unchanged"
    cleaned = " Suspected label errors are removed before training." if recipe.cleaning else ""
    st.caption(f"Eight training images{',' if not changed else ''} {said}.{cleaned}")
    pictures = [
        Picture(
            data_url(sample.image),
            f"A training image labelled {sample.label}" + (f": {sample.note}" if sample.note else ""),
            title=f"“{sample.label}”",
            note=sample.note,
            pixels=True,
            framed=bool(sample.note),
        )
        for sample in samples(data_part(recipe))
    ]
    strip(pictures, label="Training images", key="data_samples", small=True)
    if recipe.test_offset_px:
        st.caption(f"Eight test images, each moved by {recipe.test_offset_px} pixels. Validation images are not.")
        from mnist_core.data.mnist_files import load_mnist

        images = moved(load_mnist().test_images[:_SAMPLES], recipe.test_offset_px)
        pictures = [Picture(data_url(image), "A moved test image", pixels=True) for image in images]
        strip(pictures, label="Moved test images", key="test_samples", small=True)


@section("The augmented images")
def show_augmented(recipe: Recipe) -> None:
    """Eight training images as the model may get to see them.

    Raises:
        UserError: When MNIST cannot be loaded.
    """
    names = [name for name, field in FIELDS.items() if field.group == "augmentation"]
    part = Recipe().replace(**{name: getattr(recipe, name) for name in names})
    pictures = [Picture(data_url(one), "An augmented training image", pixels=True) for one in augmented(part)]
    strip(pictures, label="Augmented training images", key="augmented", small=True)


@lru_cache(maxsize=64)
def augmented(part: Recipe) -> NDArray[np.uint8]:
    """Eight training digits as such a recipe's augmentation may turn them out, uint8 (8, 28, 28).

    The random numbers are the same for every recipe, so that moving a slider moves the same pictures further.

    Raises:
        UserError: `mnist_missing` or `mnist_damaged`.
    """
    import torch

    from mnist_core.data.mnist_files import load_mnist
    from mnist_core.training.augmentation.augment import augment

    mnist = load_mnist()
    images, labels = mnist.train_images[:_SAMPLES].float() / 255, mnist.train_labels[:_SAMPLES]
    changed = augment(images, labels, part, torch.Generator().manual_seed(_SEED))
    pixels: NDArray[np.uint8] = (changed.clamp(0, 1) * 255).round().byte().numpy()
    return pixels


@section("The training set by digit")
def show_classes(recipe: Recipe) -> None:
    """How many training images each digit has, when that is no longer about the same for all.

    Raises:
        UserError: As `show_samples`.
    """
    if not rare_digits(recipe) and recipe.balance == "none":
        return
    counts = class_counts(counted_part(recipe))
    alt = "Training images of each digit: " + ", ".join(
        f"{count:,} of the {digit}s" for digit, count in enumerate(counts)
    )
    st.caption("Training images of each digit")
    st.echarts_chart(classes_spec(counts, recipe.balance), height=_CLASSES_PX, key="class_chart", alt=alt)
    if recipe.balance == "loss_weights":
        st.caption(weights_words(counts))


def data_part(recipe: Recipe) -> Recipe:
    """The recipe without what changes no picture, so that two of the same part look the same."""
    kept = {name: getattr(recipe, name) for name, field in FIELDS.items() if field.group == "data"}
    images = min(recipe.images_used, _LOOKED_AMONG)
    rest = {"seed": recipe.seed, "train_images": images, "cleaning": False, "balance": "none", "test_offset_px": 0}
    return Recipe().replace(**{**kept, **rest, "scaling": "standardised"})


def counted_part(recipe: Recipe) -> Recipe:
    """The recipe with only what decides how many images each digit has."""
    keeps = {f"keep_{digit}": getattr(recipe, f"keep_{digit}") for digit in range(10)}
    return Recipe().replace(**keeps, left_out=recipe.left_out, seed=recipe.seed, train_images=recipe.images_used)


@lru_cache(maxsize=64)
def samples(part: Recipe) -> tuple[Sample, ...]:
    """Eight training images of such a part of a recipe; of its faults, some of each kind are among them.

    Raises:
        UserError: As `show_samples`.
    """
    from mnist_core.data.dataset import build_dataset, corruption_masks

    still = part.replace(train_offset_px=0)  # moving all images takes long, and only eight are shown
    dataset, faults = build_dataset(still), corruption_masks(still)
    digits = build_dataset(still.replace(label_noise=0.0, outliers=0.0)).train_labels
    chosen = _chosen(len(digits), faults.wrong_label, faults.outlier)
    images = moved(dataset.train_images[chosen], part.train_offset_px)
    return tuple(
        Sample(image, int(dataset.train_labels[place]), int(digits[place]), bool(faults.outlier[place]))
        for image, place in zip(images, chosen, strict=True)
    )


@lru_cache(maxsize=64)
def class_counts(part: Recipe) -> tuple[int, ...]:
    """How many training images each digit has; counted by the labels alone, for the dataset has 43 MB of images.

    Raises:
        UserError: As `show_samples`.
    """
    import torch

    from mnist_core.data.imbalance import subsample_classes
    from mnist_core.data.mnist_files import load_mnist
    from mnist_core.data.splits import split_indexes

    all_labels = load_mnist().train_labels
    train = split_indexes(all_labels, part.train_images)[0]
    kept = train[
        subsample_classes(all_labels[train], [getattr(part, f"keep_{digit}") for digit in range(10)], part.seed)
    ]
    seen = kept[~torch.isin(kept, torch.tensor(indexes_in(part.left_out)))]
    return tuple(all_labels[seen].bincount(minlength=10).tolist())


def moved(images: "Tensor", distance_px: int) -> NDArray[np.uint8]:
    """The images uint8 (N, 28, 28), each moved by that distance in a direction of its own."""
    from mnist_core.data.offset import offset_images
    from mnist_core.data.rng import rng_for

    places = offset_images(images, distance_px, rng_for(0, "test_offset")) if distance_px else images
    pixels: NDArray[np.uint8] = places.numpy()
    return pixels


def classes_spec(counts: Sequence[int], balance: str) -> dict[str, Any]:
    """The bars of ten digits as an ECharts option object."""
    shown = {"Images": counts}
    if balance == "resample":
        places = sum(counts) / sum(count > 0 for count in counts)
        shown["Places in an epoch"] = [round(places) if count else 0 for count in counts]
    return bars_spec(shown)


def weights_words(counts: Sequence[int]) -> str:
    """How differently errors count when they are weighed so that all digits count alike."""
    present = [(count, digit) for digit, count in enumerate(counts) if count]
    (fewest, rare), (most, common) = min(present), max(present)
    return f"An error on a {rare} counts {setting_words.number_text(most / fewest)} times as much as one on a {common}."


@section("The model's size")
def show_size(recipe: Recipe) -> None:
    """How many numbers the model learns, and how much work an image is."""
    most = "at most " if recipe.model == "svm" else ""
    parameters, multiply_adds = _size_of(recipe)
    st.markdown(
        f"{most}**{parameters:,}** parameters · {most}**{setting_words.large_number(multiply_adds)}** multiply-adds "
        "per image",
        help="Parameters are the numbers that the model learns. A multiply-add is one multiplication with the addition "
        "that follows; how many an image takes determines how long training and prediction take.",
    )


@lru_cache(maxsize=256)
def _size_of(recipe: Recipe) -> tuple[int, int]:
    """How many numbers the recipe's model learns, and how many multiply-adds it takes for one image."""
    from mnist_core.training.models import count_multiply_adds, count_parameters

    return count_parameters(recipe), count_multiply_adds(recipe)


@section("The schedule")
def show_schedule(recipe: Recipe) -> None:
    """The recipe's schedule as a small chart; nothing for a support vector machine, which has none."""
    if recipe.model == "svm":
        return
    st.caption("The learning rate over the epochs")
    st.echarts_chart(schedule_spec(recipe), height=_SCHEDULE_PX, key="schedule_chart", alt=_schedule_words(recipe))
    if recipe.schedule == "plateau":
        st.caption(_PLATEAU)


def schedule_spec(recipe: Recipe) -> dict[str, Any]:
    """The chart as an ECharts option object."""
    line = {"name": "Learning rate", "type": "line", "showSymbol": False, "data": _schedule_points(recipe)}
    epochs = recipe.epochs_used
    x_axis = named_axis("epochs", min=0, max=epochs, minInterval=1 if epochs > 3 else 0)
    return chart_spec([line], x_axis, {"type": "value", "min": 0, "splitNumber": 3}, top_px=10, number="%.2g")


def _schedule_words(recipe: Recipe) -> str:
    """The chart in a sentence, for those who do not see it."""
    rates = [rate for _, rate in _schedule_points(recipe)]
    first, highest, last = (f"{rate:.2g}" for rate in (rates[0], max(rates), rates[-1]))
    return f"Learning rate by epoch: it begins at {first}, is at most {highest}, and ends at {last}."


@lru_cache(maxsize=64)
def _schedule_points(recipe: Recipe) -> list[tuple[float, float]]:
    from mnist_core.training.optimizers import learning_rate_at

    shares = [place / _SCHEDULE_POINTS for place in range(_SCHEDULE_POINTS)]
    rates = [(share, learning_rate_at(recipe, share)) for share in (*shares, 1 - 1e-9)]
    return [(round(share * recipe.epochs_used, 4), float(f"{rate:.4g}")) for share, rate in rates]


def _chosen(count: int, wrong_label: "Tensor", outlier: "Tensor") -> list[int]:
    """Places of the samples: some of each fault, filled up with the first of those without."""
    faulty = [
        place
        for which in (wrong_label & ~outlier, outlier)
        for place in which.nonzero().flatten().tolist()[:_OF_EACH_FAULT]
    ]
    whole = (~(wrong_label | outlier)).nonzero().flatten().tolist()
    return sorted((faulty + whole[:: max(1, len(whole) // _SAMPLES)])[: min(_SAMPLES, count)])
