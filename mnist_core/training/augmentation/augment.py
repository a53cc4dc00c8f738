"""Augmentation: every image of a batch is changed randomly, the whole batch at once."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from mnist_core.recipe import FIELDS, Recipe
from mnist_core.training.augmentation.affine import warp_randomly
from mnist_core.training.augmentation.pen_variants import add_pen_variants
from mnist_core.training.augmentation.stroke_width import vary_thickness


@dataclass(frozen=True, slots=True)
class Augmentation:
    """One kind of augmentation: what it does, and which fields of the recipe it takes.

    Attributes:
        apply: Changes images (N, 28, 28), float32, 0 to 1. It takes them, their labels (N,) if it needs them, the
            values of `fields` and then of `details`, and a generator; it draws random numbers from nowhere else.
            Scripts have it as it stands, so it knows no recipe.
        fields: The ranges that it is about; while all of them are at their defaults it is left out.
        details: Further fields, which say how it is done.
        needs_labels: Whether what is done depends on which digit an image shows.
    """

    apply: Callable[..., Tensor]
    fields: tuple[str, ...]
    details: tuple[str, ...] = ()
    needs_labels: bool = False

    def is_on(self, recipe: Recipe) -> bool:
        """Whether the recipe asks for it."""
        return any(getattr(recipe, name) != FIELDS[name].default for name in self.fields)


def mirror_half(images: Tensor, flip: str, generator: Generator) -> Tensor:
    """Each image mirrored with a chance of one half; of `both` ways, each by itself."""
    for side in {"horizontal": (-1,), "vertical": (-2,), "both": (-1, -2)}[flip]:
        is_mirrored = torch.rand(len(images), 1, 1, generator=generator) < 0.5
        images = torch.where(is_mirrored.to(images.device), images.flip(side), images)
    return images


def add_noise(images: Tensor, deviation: float, generator: Generator) -> Tensor:
    """The images with normal noise of that standard deviation in every pixel."""
    noise = torch.randn(images.shape, generator=generator)
    return (images + noise.to(images.device) * deviation).clamp(0, 1)


AUGMENTATIONS = (
    Augmentation(add_pen_variants, ("pen_habits",), needs_labels=True),
    Augmentation(mirror_half, ("flip",)),
    Augmentation(vary_thickness, ("thickness_px",)),
    Augmentation(
        warp_randomly, ("rotation_deg", "shift_x", "shift_y", "shear_deg", "zoom", "elastic_px"), details=("fill",)
    ),
    Augmentation(add_noise, ("pixel_noise",)),
)
"""All kinds, in the order in which they are applied."""


def augment(images: Tensor, labels: Tensor | None, recipe: Recipe, generator: Generator) -> Tensor:
    """Each image (N, 28, 28), float32, 0 to 1, changed randomly within the recipe's ranges.

    A kind that the recipe leaves out draws no random numbers, so a recipe without augmentation returns the images as
    they are.

    Args:
        images: As MNIST frames them.
        labels: Which digits they are, (N,). None: they get nothing that depends on it.
        recipe: Which ranges.
        generator: Where the random numbers come from.
    """
    for each in AUGMENTATIONS:
        if each.is_on(recipe) and not (each.needs_labels and labels is None):
            about = (labels,) if each.needs_labels else ()
            values = [getattr(recipe, name) for name in (*each.fields, *each.details)]
            images = each.apply(images, *about, *values, generator)
    return images


def is_augmented(recipe: Recipe) -> bool:
    """Whether any range of the recipe's augmentation is open."""
    return any(each.is_on(recipe) for each in AUGMENTATIONS)
