"""Affine maps of pictures: the matrices, and the one place where pictures are sampled by them."""

import math
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional as F

Matrix = tuple[tuple[float, float], tuple[float, float]]
"""Where a place goes, as (x, y) from the middle, y downwards."""

IDENTITY: Matrix = ((1.0, 0.0), (0.0, 1.0))


def rotation_matrix(degrees: float) -> Matrix:
    """A turn to the right."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return (cos, -sin), (sin, cos)


def shear_matrix(degrees: float) -> Matrix:
    """A slant to the right, as of italic letters."""
    return (1.0, -math.tan(math.radians(degrees))), (0.0, 1.0)


def scale_matrix(x: float, y: float) -> Matrix:
    """As many times as wide and as high."""
    return (x, 0.0), (0.0, y)


def sample_affine(pictures: Tensor, matrices: Tensor, size: tuple[int, int]) -> Tensor:
    """Pictures (N, C, H, W), each sampled bilinearly by its own map, 0 where that lies outside: (N, C, *size).

    Args:
        pictures: What is sampled.
        matrices: For each the map (2, 3) from a place in the result to a place in the picture, both in pixels from the
            top left corner, as (x, y, 1).
        size: Height and width of the result in pixels.
    """
    height, width = pictures.shape[-2:]
    # Places of `grid_sample` run from -1 to 1; one large matrix product makes them all.
    to_unit = torch.tensor([[2 / width], [2 / height]])
    maps = matrices * to_unit - torch.tensor([0.0, 0.0, 1.0])
    grid = (maps.reshape(-1, 3) @ _places(*size)).view(-1, 2, *size).permute(0, 2, 3, 1)
    return F.grid_sample(pictures, grid, align_corners=False)


@lru_cache(maxsize=8)
def _places(height: int, width: int) -> Tensor:
    """Where each pixel's middle is, in pixels, as (x, y, 1), (3, height · width)."""
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    return torch.stack([x, y, torch.ones_like(x)]).flatten(1)


def map_about(pictures: Tensor, matrices: Tensor, about: Tensor, shift: Tensor) -> Tensor:
    """Pictures (N, C, H, W), each by its map (N, 2, 2) about a place (N, 2), then shifted (N, 2), in pixels."""
    back = torch.linalg.inv(matrices)
    start = about - (back @ (about + shift).unsqueeze(-1)).squeeze(-1)
    height, width = pictures.shape[-2:]
    return sample_affine(pictures, torch.cat([back, start.unsqueeze(-1)], dim=-1), (height, width))
