"""What the Data page looks at: a recipe's training images before anything is done about their faults."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.recipe import Recipe
from mnist_core.ui.common.background_task import BackgroundTask

if TYPE_CHECKING:
    from mnist_core.data.label_errors import Ranking
    from mnist_core.diagnosis.finding import Finding
    from mnist_core.evaluation.class_statistics import ClassPictures

_CAUSES = (
    *(f"keep_{digit}" for digit in range(10)),
    "label_noise", "label_noise_kind", "outliers", "outlier_kind", "seed",
)  # fmt: skip
_KEPT_DATASETS = 3  # 43 MB each
_KEPT_RANKINGS = 8  # 1 MB each
_KEPT_SPREADS = 30


@dataclass(frozen=True, slots=True, eq=False)
class DatasetView:
    """A recipe's training images, uncleaned.

    Attributes:
        images: uint8 (N, 28, 28).
        labels: What they are labelled, int64 (N,).
        digits: MNIST's own labels, also of what has become an outlier, int64 (N,).
        indices: Their places among MNIST's training images as the file holds them, int64 (N,).
        wrong_label, outlier: Which were made faulty on purpose, bool (N,).
        validation_counts, test_counts: How many images of each digit validate and test, (10,).
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    digits: NDArray[np.int64]
    indices: NDArray[np.int64]
    wrong_label: NDArray[np.bool_]
    outlier: NDArray[np.bool_]
    validation_counts: tuple[int, ...]
    test_counts: tuple[int, ...]


def part_of(recipe: Recipe) -> Recipe:
    """The recipe with only what decides about the images that this page shows."""
    causes = {name: getattr(recipe, name) for name in _CAUSES}
    return Recipe().replace(train_images=recipe.images_used, **causes)


@st.cache_resource(show_spinner=False, max_entries=_KEPT_DATASETS)
def dataset_view(part: Recipe) -> DatasetView:
    """The images of such a part of a recipe.

    Raises:
        UserError: `no_training_images`, or when MNIST cannot be loaded.
    """
    from mnist_core.data.dataset import build_dataset, corruption_masks, source_indices
    from mnist_core.data.mnist_files import load_mnist

    data, faults, indices = build_dataset(part), corruption_masks(part), source_indices(part)
    return DatasetView(
        data.train_images.numpy(),
        data.train_labels.numpy(),
        load_mnist().train_labels[indices].numpy(),
        indices.numpy(),
        faults.wrong_label.numpy(),
        faults.outlier.numpy(),
        tuple(data.validation_labels.bincount(minlength=10).tolist()),
        tuple(data.test_labels.bincount(minlength=10).tolist()),
    )


@st.cache_resource(show_spinner=False, max_entries=_KEPT_RANKINGS)
def ranking(part: Recipe) -> "BackgroundTask[Ranking]":
    """How suspicious each image is, made once for all sessions; begun by the first who asks.

    Raises:
        UserError: As `dataset_view`.
    """
    import torch

    from mnist_core.data.label_errors import rank

    shown = dataset_view(part)
    images, labels = torch.from_numpy(shown.images), torch.from_numpy(shown.labels)
    return BackgroundTask(lambda progress: rank(images, labels, progress))


@st.cache_resource(show_spinner=False, max_entries=_KEPT_SPREADS)
def class_statistics(part: Recipe) -> "ClassPictures":
    """The mean image of each digit, and how far its images differ.

    Raises:
        UserError: As `dataset_view`.
    """
    import torch

    from mnist_core.evaluation.class_statistics import class_pictures

    shown = dataset_view(part)
    return class_pictures(torch.from_numpy(shown.images), torch.from_numpy(shown.labels))


@st.cache_resource(show_spinner=False, max_entries=_KEPT_SPREADS)
def spreads(part: Recipe, digit: int) -> "tuple[Finding, ...]":
    """How the measurements of a digit's ink are distributed.

    Raises:
        UserError: As `dataset_view`.
    """
    import torch

    from mnist_core.evaluation.class_statistics import ink_spread

    shown = dataset_view(part)
    return ink_spread(torch.from_numpy(shown.images), torch.from_numpy(shown.labels), digit)
