"""What the augmentation does to a few training images, seen before anything is trained."""

import streamlit as st

from mnist_core.recipe import FIELDS, Recipe
from mnist_core.ui import services
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.image_strip import Picture, strip

_AS_THEY_ARE = "Eight training images. They change as you move the sliders below."
_AUGMENTED = "Eight training images as the model may see them. In every epoch the dice fall anew."


@section("The augmented images")
def show(recipe: Recipe) -> None:
    """Eight training images as the model may get to see them.

    Raises:
        UserError: When MNIST cannot be loaded.
    """
    st.caption(_AUGMENTED if is_changed(recipe) else _AS_THEY_ARE)
    samples = services.augmented_samples(augmentation_part(recipe))
    pictures = [Picture(data_url(sample), "An augmented training image", pixels=True) for sample in samples]
    strip(pictures, label="Augmented training images", key="augmented", small=True)


def augmentation_part(recipe: Recipe) -> Recipe:
    """The recipe's augmentation and nothing else, so that other settings need no new pictures."""
    names = [name for name, field in FIELDS.items() if field.group == "augmentation"]
    return Recipe().replace(**{name: getattr(recipe, name) for name in names})


def is_changed(recipe: Recipe) -> bool:
    """Whether the recipe augments at all."""
    return augmentation_part(recipe) != Recipe()
