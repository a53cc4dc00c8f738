"""Affine maps of pictures: the matrices, and the one place where pictures are sampled by them."""

import math

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
    row, column = torch.arange(size[0])[:, None] + 0.5, torch.arange(size[1]) + 0.5
    to_x, to_y = matrices[:, 0, :, None, None].unbind(1), matrices[:, 1, :, None, None].unbind(1)
    x, y = (part[0] * column + part[1] * row + part[2] for part in (to_x, to_y))
    grid = torch.stack([x * (2 / width) - 1, y * (2 / height) - 1], dim=-1)
    return F.grid_sample(pictures, grid, align_corners=False)


def sampling_matrices(matrices: Tensor, about: Tensor, shift: Tensor) -> Tensor:
    """For `sample_affine`, (N, 2, 3): from maps (N, 2, 2) about a place (N, 2), then a shift (N, 2), in pixels."""
    back = torch.linalg.inv(matrices)
    start = about - (back @ (about + shift).unsqueeze(-1)).squeeze(-1)
    return torch.cat([back, start.unsqueeze(-1)], dim=-1)
