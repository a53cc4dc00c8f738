"""Strokes made thicker or thinner, as another pen would have drawn them."""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from mnist_core.digits.measurements import stroke_width

_DIAGONAL = math.sqrt(2) - 1
"""A cross moves a diagonal edge by 1/√2 of a pixel, a square by √2: this much of the square moves it by one."""

_FADING = 0.75
"""Blended with a thinner copy, a blurred stroke fades first and narrows late: more of the copy is needed at first."""

_Pick = Callable[[Tensor, Tensor], Tensor]


def change_thickness(images: Tensor, change_px: Tensor) -> Tensor:
    """The images (N, H, W), 0 paper to 1 ink, with strokes as much thicker or thinner as is asked of each.

    Each image is blended with a copy that is two pixels thicker, or with its thinnest copy, so far that its stroke
    width (`digits.measurements`) comes out right. Thinner goes only as far as strokes neither fade nor break: on
    MNIST 0.9 pixels on average, more where they are thick.

    Args:
        images: What is changed.
        change_px: By how many pixels, -2 to 2, (N,).
    """
    thicker = change_px > 0
    extreme = torch.empty_like(images)
    extreme[thicker] = _thickest(images[thicker])
    extreme[~thicker] = _thinnest(images[~thicker])
    possible_px = stroke_width(extreme) - stroke_width(images)
    share = (change_px / possible_px).nan_to_num(0, 0, 0).clamp(0, 1)
    return images.lerp(extreme, torch.where(thicker, share, share**_FADING).view(-1, 1, 1))


def _thickest(images: Tensor) -> Tensor:
    """Dilated by a disc one pixel in radius."""
    return _cross(images, torch.maximum).lerp(_square(images, torch.maximum), _DIAGONAL)


def _thinnest(images: Tensor) -> Tensor:
    """Eroded by a pixel, with the lines that would vanish put back: the top-hat, what an opening takes away."""
    eroded = _cross(images, torch.minimum)
    opened = torch.minimum(images, _cross(eroded, torch.maximum))
    return eroded + images - opened


def _cross(images: Tensor, pick: _Pick) -> Tensor:
    """The largest or smallest of each pixel and the four beside it; paper all around."""
    padded = F.pad(images, (1, 1, 1, 1))
    beside = pick(padded[:, 1:-1, :-2], padded[:, 1:-1, 2:])
    above = pick(padded[:, :-2, 1:-1], padded[:, 2:, 1:-1])
    return pick(images, pick(beside, above))


def _square(images: Tensor, pick: _Pick) -> Tensor:
    """The largest or smallest of each pixel and the eight around it; paper all around."""
    padded = F.pad(images, (1, 1, 1, 1))
    rows = pick(padded[:, 1:-1], pick(padded[:, :-2], padded[:, 2:]))
    return pick(rows[:, :, 1:-1], pick(rows[:, :, :-2], rows[:, :, 2:]))
