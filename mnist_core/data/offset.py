"""Digits out of their place on purpose: the commonest reason why a perfect model fails on its users."""

import math

import torch
from torch import Generator, Tensor

_SIDE = 28
_CHUNK = 5_000  # images whose sums are in memory together
_MAY_LOSE = 0.01  # of an image's ink: a faint pixel at the rim is not what makes a digit cut off


def offset_images(images: Tensor, distance_px: int, generator: Generator) -> Tensor:
    """The images uint8 (N, 28, 28), each moved by that distance, in whole pixels, in a direction of its own.

    The way is drawn evenly from the places of `ring` where the whole digit still fits the picture (all but a
    hundredth of its ink). A digit is cut off at the edge only where none fits, and then the ways that keep the
    most are drawn from: MNIST's digits have about 4 pixels of room, so from 6 on this hits more and more of them,
    and most are moved towards a corner. What is left open is blank.
    """
    places = ring(distance_px)
    ways = torch.cat([_choose(chunk, places, generator) for chunk in torch.split(images, _CHUNK)])
    moved = torch.zeros_like(images)
    for way, (right_px, down_px) in enumerate(places):
        chosen = torch.nonzero(torch.eq(ways, way)).flatten()
        moved[chosen] = shift(images[chosen], right_px, down_px)
    return moved


def ring(distance_px: int) -> list[tuple[int, int]]:
    """The whole-pixel steps (right, down) whose length is that distance when rounded."""
    reach = range(-distance_px, distance_px + 1)
    return [(right, down) for down in reach for right in reach if round(math.hypot(right, down)) == distance_px]


def shift(images: Tensor, right_px: int, down_px: int) -> Tensor:
    """The images (N, H, W), moved by whole pixels; what comes from outside is 0."""
    moved = torch.zeros_like(images)
    to_rows, from_rows = _overlap(down_px, images.shape[1])
    to_columns, from_columns = _overlap(right_px, images.shape[2])
    moved[:, to_rows, to_columns] = images[:, from_rows, from_columns]
    return moved


def _overlap(step: int, side: int) -> tuple[slice, slice]:
    """Where what stays in the picture lands, and where it comes from."""
    return slice(max(0, step), side + min(0, step)), slice(max(0, -step), side + min(0, -step))


def _choose(images: Tensor, places: list[tuple[int, int]], generator: Generator) -> Tensor:
    """For each image the number of a place, int64 (N,)."""
    kept = _ink_kept(images, places)
    lost = 1 - kept / kept.new_tensor(1).maximum(images.sum((1, 2)).unsqueeze(1))
    fits = lost <= lost.min(1, keepdim=True).values.clamp(min=_MAY_LOSE)
    return torch.multinomial(fits.float(), 1, generator=generator).squeeze(1)


def _ink_kept(images: Tensor, places: list[tuple[int, int]]) -> Tensor:
    """For each place the ink, float32 (N, P), that stays in the picture; sums over windows by an integral image."""
    sums = torch.zeros(len(images), _SIDE + 1, _SIDE + 1, dtype=torch.int32)
    sums[:, 1:, 1:] = images.cumsum(1, dtype=torch.int32).cumsum(2, dtype=torch.int32)
    kept = [(_overlap(down_px, _SIDE)[1], _overlap(right_px, _SIDE)[1]) for right_px, down_px in places]
    top, bottom, left, right = torch.tensor([(y.start, y.stop, x.start, x.stop) for y, x in kept]).T
    return (sums[:, bottom, right] - sums[:, top, right] - sums[:, bottom, left] + sums[:, top, left]).float()
