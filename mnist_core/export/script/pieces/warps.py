"""What chance does to the training images of a batch."""

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.nn import functional as F


def either_way(count: int, dice: Generator) -> Tensor:
    """Numbers from -1 to 1, drawn evenly."""
    return torch.rand(count, generator=dice) * 2 - 1


def mirror_half(images: Tensor, side: int, dice: Generator) -> Tensor:
    """Half of the images, drawn by chance, mirrored along a side."""
    mirrored = torch.rand(len(images), 1, 1, generator=dice) < 0.5
    return torch.where(mirrored, images.flip(side), images)


def bend(count: int, pixels: float, dice: Generator) -> Tensor:
    """Smooth random fields: how far right and down of itself each pixel is read.

    Simard, Steinkraus and Platt, 2003, smooth noise with a Gaussian of 4 pixels. The
    same comes of Gaussian bumps of random height, 4 pixels apart.
    """
    knots = torch.arange(-12.0, 28 + 12, 4)
    bumps = torch.exp(-((torch.arange(28).unsqueeze(1) - knots) ** 2) / (2 * 4**2))
    bumps = bumps / bumps.norm(dim=1, keepdim=True)
    heights = torch.randn(count, 2, len(knots), len(knots), generator=dice)
    moves: Tensor = bumps @ heights @ bumps.T * (pixels / math.sqrt(2))
    return moves.permute(0, 2, 3, 1)


def change_thickness(images: Tensor, pixels: Tensor) -> Tensor:
    """The images, each with strokes thicker or thinner by so many pixels.

    Each is blended with a copy that is much thicker, or as thin as it goes, so far that
    its strokes come out as wide as is asked.
    """
    thicker = (pixels > 0).view(-1, 1, 1)
    extreme = torch.where(thicker, thickest(images), thinnest(images))
    possible = stroke_width(extreme) - stroke_width(images)
    share = (pixels / possible).nan_to_num(0, 0, 0).clamp(0, 1).view(-1, 1, 1)
    # Blurred strokes fade before they narrow, so that thinning needs more at first.
    return images.lerp(extreme, torch.where(thicker, share, share**0.75))


def thickest(images: Tensor) -> Tensor:
    """The strokes one pixel wider on each side."""
    cross, square = around(images, torch.maximum), nearby(images, torch.maximum)
    return cross.lerp(square, math.sqrt(2) - 1)  # a disc lies between the two


def thinnest(images: Tensor) -> Tensor:
    """The strokes one pixel narrower on each side; what would vanish is put back."""
    eroded = around(images, torch.minimum)
    opened = torch.minimum(images, around(eroded, torch.maximum))
    return eroded + images - opened


def around(images: Tensor, pick: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """The largest or smallest of each pixel and the four beside it."""
    padded = F.pad(images, (1, 1, 1, 1))
    beside = pick(padded[:, 1:-1, :-2], padded[:, 1:-1, 2:])
    above = pick(padded[:, :-2, 1:-1], padded[:, 2:, 1:-1])
    return pick(images, pick(beside, above))


def nearby(images: Tensor, pick: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """The largest or smallest of each pixel and the eight around it."""
    padded = F.pad(images, (1, 1, 1, 1))
    rows = pick(padded[:, 1:-1], pick(padded[:, :-2], padded[:, 2:]))
    return pick(rows[:, :, 1:-1], pick(rows[:, :, :-2], rows[:, :, 2:]))


def stroke_width(images: Tensor) -> Tensor:
    """The strokes' width in pixels: twice their area, divided by their outline."""
    across = F.pad(images[:, :, 1:] - images[:, :, :-1], (0, 1))
    along = F.pad(images[:, 1:] - images[:, :-1], (0, 0, 0, 1))
    outline = torch.hypot(across, along).sum(dim=(1, 2))
    return 2 * images.sum(dim=(1, 2)) / outline.clamp(min=1)


def add_noise(images: Tensor, spread: float, dice: Generator) -> Tensor:
    """The images with random grain."""
    noise = torch.randn(images.shape, generator=dice)
    return (images + noise * spread).clamp(0, 1)
