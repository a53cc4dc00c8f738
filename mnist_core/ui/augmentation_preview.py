"""What the augmentation does to a few training images, seen before anything is trained."""

import streamlit as st

from mnist_core.recipe import Recipe
from mnist_core.ui import services
from mnist_core.ui.components.strip import Picture, strip
from mnist_core.ui.pictures import data_url


def show(recipe: Recipe) -> None:
    """Eight training images as the model may get to see them.

    Raises:
        UserError: When MNIST cannot be loaded.
    """
    st.caption("Eight training images as the model may see them. They change as you move the sliders.")
    samples = services.augmented_samples(recipe)
    pictures = [Picture(data_url(sample), "An augmented training image", pixels=True) for sample in samples]
    strip(pictures, label="Augmented training images", key="augmented", small=True)
