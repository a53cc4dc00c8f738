"""Augmentation: a random affine warp for every image of a batch, in one call."""

import math
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from mnist_core.recipe import Recipe

_PADDING = {"constant": "zeros", "nearest": "border"}


@dataclass(frozen=True, slots=True)
class Warps:
    """One affine warp an image; every field is a float tensor (N,).

    The image is scaled, then slanted, then turned about its centre, then moved: the order and the signs of
    `torchvision.transforms.functional.affine`.

    Attributes:
        rotation_deg: Clockwise turn.
        shift_x: Move to the right, as a share of the width.
        shift_y: Move down, as a share of the height.
        shear_deg: Slant along the x axis.
        scale: 1 keeps the size, 2 doubles it.
    """

    rotation_deg: Tensor
    shift_x: Tensor
    shift_y: Tensor
    shear_deg: Tensor
    scale: Tensor

    @classmethod
    def sample(cls, count: int, recipe: Recipe, generator: Generator) -> "Warps":
        """`count` warps, each part drawn evenly from minus to plus the recipe's range."""
        ranges = [recipe.rotation_deg, recipe.shift_x, recipe.shift_y, recipe.shear_deg, recipe.zoom]
        spread = torch.rand(len(ranges), count, generator=generator) * 2 - 1
        rotation, shift_x, shift_y, shear, zoom = spread * torch.tensor(ranges).unsqueeze(1)
        return cls(rotation, shift_x, shift_y, shear, 1 + zoom)

    def sampling_matrices(self) -> Tensor:
        """For each image the matrix (2, 3) from a place in the result to the place it is read from.

        Places run from -1 to 1 over the image, as `torch.nn.functional.affine_grid` has them.
        """
        turn = self.rotation_deg * (math.pi / 180)
        slant = torch.tan(self.shear_deg * (math.pi / 180))
        cos, sin = torch.cos(turn), torch.sin(turn)
        # The inverse of turn · slant · scale; its determinant without the scale is 1.
        rows = torch.stack(
            [
                torch.stack([cos - sin * slant, cos * slant + sin], dim=-1),
                torch.stack([-sin, cos], dim=-1),
            ],
            dim=-2,
        ) / self.scale.view(-1, 1, 1)
        move = 2 * torch.stack([self.shift_x, self.shift_y], dim=-1).unsqueeze(-1)
        return torch.cat([rows, -rows @ move], dim=-1)


def augment(images: Tensor, recipe: Recipe, generator: Generator) -> Tensor:
    """Each image (N, 28, 28), float32, warped by chance within the recipe's ranges.

    A recipe without augmentation returns the images as they are and draws no random numbers.
    """
    if not is_augmented(recipe):
        return images
    return warp(images, Warps.sample(len(images), recipe, generator), recipe.fill)


def is_augmented(recipe: Recipe) -> bool:
    """Whether any range of the recipe's augmentation is open."""
    return any((recipe.rotation_deg, recipe.shift_x, recipe.shift_y, recipe.shear_deg, recipe.zoom))


def warp(images: Tensor, warps: Warps, fill: str = "constant") -> Tensor:
    """The images (N, H, W), float32, each under its own warp, bilinearly sampled.

    Args:
        images: What is warped.
        warps: One an image.
        fill: `constant` leaves what comes from outside black, `nearest` repeats the edge.
    """
    batch = images.unsqueeze(1)
    grid = F.affine_grid(warps.sampling_matrices().to(images.device), list(batch.shape), align_corners=False)
    return F.grid_sample(batch, grid, mode="bilinear", padding_mode=_PADDING[fill], align_corners=False).squeeze(1)
