"""What a recipe does to the training images on purpose."""

import math

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Generator, Tensor
from torch.nn import functional as F


def dice_for(purpose: int, seed: int) -> Generator:
    """Random numbers of their own for each purpose, so that no fault shifts another."""
    mixed = np.random.SeedSequence((seed, purpose)).generate_state(1)
    return Generator().manual_seed(int(mixed[0]))


def subsample_classes(
    labels: Tensor, keep: dict[int, float], dice: Generator
) -> Tensor:
    """Which images stay when digits are made rare: their places, in rising order."""
    order = torch.randperm(len(labels), generator=dice)
    kept = []
    for digit in range(10):
        images, share = order[labels[order] == digit], keep.get(digit, 1.0)
        kept.append(images[: max(round(share * len(images)), int(share > 0))])
    return torch.cat(kept).sort().values


def flip_labels(labels: Tensor, share: float, dice: Generator) -> Tensor:
    """The labels, with a share of them replaced by any other digit."""
    wrong = torch.randperm(len(labels), generator=dice)[: round(share * len(labels))]
    step = torch.randint(1, 10, (len(wrong),), generator=dice)
    noisy = labels.clone()
    noisy[wrong] = (labels[wrong] + step) % 10
    return noisy


def confuse(labels: Tensor, share: float, like: list[int], dice: Generator) -> Tensor:
    """The labels, with a share of them replaced by the digit that theirs looks like."""
    wrong = torch.randperm(len(labels), generator=dice)[: round(share * len(labels))]
    noisy = labels.clone()
    noisy[wrong] = torch.tensor(like)[labels[wrong]]
    return noisy


def draw_shapes(count: int, dice: Generator) -> Tensor:
    """Circles, triangles, squares, crosses, stars and arrows, as large as digits."""
    line = np.array([[-1.0, 0.0], [1.0, 0.0]])
    tip = np.array([[0.3, -0.7], [1.0, 0.0], [0.3, 0.7]])
    round_ones = [[circle(32)], [circle(3)], [circle(4)]]
    kinds = [*round_ones, [line, line[:, ::-1]], [circle(5, step=2)], [line, tip]]
    drawn = torch.zeros(count, 28, 28, dtype=torch.uint8)
    for place in range(count):
        drawn[place] = draw_shape(kinds, dice)
    return drawn


def draw_shape(kinds: list[list[np.ndarray]], dice: Generator) -> Tensor:
    """A shape, turned by chance, with its centre of mass in the middle: (28, 28)."""
    turn, pen = torch.rand(2, generator=dice, dtype=torch.float64).tolist()
    strokes = kinds[int(torch.randint(len(kinds), (1,), generator=dice))]
    ink = torch.from_numpy(draw(strokes, 2 * math.pi * turn, 8 + 8 * pen))
    places = torch.arange(20, dtype=torch.float64) - 9.5
    down, right = (-(places @ ink.double().sum(i) / ink.sum()).item() for i in (1, 0))
    framed = F.pad(ink, (4, 4, 4, 4)).unsqueeze(0)
    return shift(framed, round(right), round(down)).squeeze(0)


def draw(strokes: list[np.ndarray], turn: float, pen: float) -> np.ndarray:
    """The strokes in a box of 20x20 pixels, drawn four times larger for soft edges."""
    cos, sin = math.cos(turn), math.sin(turn)
    turned = [points @ [[cos, sin], [-sin, cos]] for points in strokes]
    low, high = np.concatenate(turned).min(0), np.concatenate(turned).max(0)
    scale = (80 - pen) / (high - low).max()
    image = Image.new("L", (80, 80))
    brush = ImageDraw.Draw(image)
    for points in turned:
        line = [tuple(place) for place in (points - (low + high) / 2) * scale + 40]
        brush.line(line, fill=255, width=round(pen), joint="curve")
        for x, y in (line[0], line[-1]):
            brush.circle((x, y), pen / 2, fill=255)
    return np.array(image.reduce(4))


def circle(corners: int, step: int = 1) -> np.ndarray:
    """A closed line through points on a circle, so many points further each time."""
    angles = 2 * np.pi * step / corners * np.arange(corners + 1)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def shift(images: Tensor, right: int, down: int) -> Tensor:
    """The images, moved by whole pixels; what comes in from outside is blank."""
    return F.pad(images, (right, -right, down, -down))


def offset_images(images: Tensor, pixels: int, dice: Generator) -> Tensor:
    """Each image moved that far, in a direction in which the digit is not cut off."""
    reach = range(-pixels, pixels + 1)
    ring = [(x, y) for y in reach for x in reach if round(math.hypot(x, y)) == pixels]
    ways = torch.cat(
        [choose_way(part, ring, dice) for part in torch.split(images, 5_000)]
    )
    moved = torch.zeros_like(images)
    for way, (right, down) in enumerate(ring):
        moved[ways == way] = shift(images[ways == way], right, down)
    return moved


def choose_way(images: Tensor, ring: list[tuple[int, int]], dice: Generator) -> Tensor:
    """For each image one of the ways that cut off least of its ink, drawn by chance."""
    kept = torch.stack([shift(images, *way).sum((1, 2)) for way in ring], dim=1)
    lost = 1 - kept / images.sum((1, 2)).clamp(min=1).unsqueeze(1)
    fits = lost <= lost.min(dim=1, keepdim=True).values.clamp(min=0.01)
    return torch.multinomial(fits.float(), 1, generator=dice).flatten()
