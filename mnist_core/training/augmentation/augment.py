"""Augmentation: chance changes every image of a batch in its own way, the whole batch at once."""

import torch
from torch import Generator, Tensor

from mnist_core.recipe import Recipe
from mnist_core.training.augmentation.affine import Warps as Warps
from mnist_core.training.augmentation.affine import warp as warp
from mnist_core.training.augmentation.elastic import sample_bends
from mnist_core.training.augmentation.pen_variants import add_pen_variants
from mnist_core.training.augmentation.stroke_width import change_thickness

_MIRRORED = {"none": (), "horizontal": (-1,), "vertical": (-2,), "both": (-1, -2)}


def augment(images: Tensor, labels: Tensor | None, recipe: Recipe, generator: Generator) -> Tensor:
    """Each image (N, 28, 28), float32, 0 to 1, changed by chance within the recipe's ranges.

    In this order: a habit of the pen, mirrored, drawn with another pen, warped, grained. A kind that the recipe leaves
    out draws no random numbers, so a recipe without augmentation returns the images as they are.

    Args:
        images: As MNIST frames them.
        labels: Which digits they are, (N,): habits are a digit's own. None: nobody has any.
        recipe: Which ranges.
        generator: Where the random numbers come from.
    """
    if recipe.pen_habits and labels is not None:
        images = add_pen_variants(images, labels, recipe.pen_habits, generator)
    for side in _MIRRORED[recipe.flip]:
        images = _mirror_half(images, side, generator)
    if recipe.thickness_px:
        change_px = recipe.thickness_px * _either_way(len(images), generator)
        images = change_thickness(images, change_px.to(images.device))
    if _moves(recipe):
        images = _move(images, recipe, generator)
    if recipe.pixel_noise:
        images = _grain(images, recipe.pixel_noise, generator)
    return images


def is_augmented(recipe: Recipe) -> bool:
    """Whether any range of the recipe's augmentation is open."""
    others = (recipe.pen_habits, recipe.thickness_px, recipe.pixel_noise, recipe.flip != "none")
    return _moves(recipe) or any(others)


def _moves(recipe: Recipe) -> bool:
    """Whether pixels change their places, mirrors aside."""
    moves = (recipe.rotation_deg, recipe.shift_x, recipe.shift_y, recipe.shear_deg, recipe.zoom, recipe.elastic_px)
    return any(moves)


def _move(images: Tensor, recipe: Recipe, generator: Generator) -> Tensor:
    warps = Warps.sample(len(images), recipe, generator)
    if not recipe.elastic_px:
        return warp(images, warps, recipe.fill)
    bends = sample_bends(len(images), images.shape[-1], recipe.elastic_px, generator)
    return warp(images, warps, recipe.fill, bends)


def _mirror_half(images: Tensor, side: int, generator: Generator) -> Tensor:
    """Each image mirrored along this dimension with a chance of one half."""
    mirrored = torch.rand(len(images), 1, 1, generator=generator) < 0.5
    return torch.where(mirrored.to(images.device), images.flip(side), images)


def _grain(images: Tensor, deviation: float, generator: Generator) -> Tensor:
    noise = torch.randn(images.shape, generator=generator)
    return (images + noise.to(images.device) * deviation).clamp(0, 1)


def _either_way(count: int, generator: Generator) -> Tensor:
    """Numbers drawn evenly from -1 to 1, (N,)."""
    return torch.rand(count, generator=generator) * 2 - 1
