"""Images rotated, shifted, sheared, scaled and elastically distorted, all in one sampling."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from mnist_core.training.augmentation.elastic import sample_displacements

_PADDING = {"constant": "zeros", "nearest": "border", "reflect": "reflection"}


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
    def sample(cls, count: int, most: Sequence[float], generator: Generator) -> "Warps":
        """`count` warps, each of their five parts drawn evenly from minus to plus the most; of the scale, around 1."""
        spread = torch.rand(len(most), count, generator=generator) * 2 - 1
        rotation, shift_x, shift_y, shear, zoom = spread * torch.tensor(most).unsqueeze(1)
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


def warp_randomly(
    images: Tensor,
    rotation_deg: float,
    shift_x: float,
    shift_y: float,
    shear_deg: float,
    zoom: float,
    elastic_px: float,
    fill: str,
    generator: Generator,
) -> Tensor:
    """Each image under a warp of its own, every part of which is drawn evenly from minus to plus what is given."""
    warps = Warps.sample(len(images), [rotation_deg, shift_x, shift_y, shear_deg, zoom], generator)
    displacements = sample_displacements(len(images), images.shape[-1], elastic_px, generator) if elastic_px else None
    return warp(images, warps, fill, displacements)


def warp(images: Tensor, warps: Warps, fill: str = "constant", displacements: Tensor | None = None) -> Tensor:
    """The images (N, H, W), float32, each under its own warp, bilinearly sampled once.

    Args:
        images: What is warped.
        warps: One an image.
        fill: `constant` leaves what comes from outside black, `nearest` repeats the edge, `reflect` mirrors it
            (the last pixel is its own neighbour).
        displacements: How much further right and down in the image each pixel of the result is sampled than the warp
            alone would have it, in pixels, (N, 2, H, W).
    """
    count, height, width = images.shape
    matrices = warps.sampling_matrices().to(images.device)
    # The product that F.affine_grid makes, up to rounding, but with one large matrix: ten times as fast.
    grid = (matrices.reshape(-1, 3) @ _places(height, width).to(images.device)).view(count, 2, height, width)
    if displacements is not None:
        grid += displacements.to(images.device) * torch.tensor([2 / width, 2 / height], device=images.device).view(
            2, 1, 1
        )
    read_at = grid.permute(0, 2, 3, 1)
    mode = _PADDING[fill]
    return F.grid_sample(images.unsqueeze(1), read_at, "bilinear", mode, align_corners=False).squeeze(1)


@cache
def _places(height: int, width: int) -> Tensor:
    """Where each pixel's middle is, as (x, y, 1) from -1 to 1 over the image, (3, height · width)."""
    unmoved = F.affine_grid(torch.eye(2, 3).unsqueeze(0), [1, 1, height, width], align_corners=False)
    return torch.cat([unmoved.reshape(-1, 2).T, torch.ones(1, height * width)])
