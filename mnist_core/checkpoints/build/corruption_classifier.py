"""How the network of `diagnosis.corruption_classifier` is trained:
on MNIST's training digits, left as they are or corrupted in one known way.

Nobody's drawings are needed: what spoils a drawing can be done to MNIST's digits.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from scipy import ndimage
from torch import Generator, Tensor
from torch.nn import functional as F

from mnist_core.checkpoints.build.descent import descend
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.diagnosis.corruption_classifier import CLEAN, CORRUPTIONS, FILE, CorruptionClassifier
from mnist_core.imaging.boxes import boxes

SIDE_PX = 84
"""Digits are spoilt at three times MNIST's resolution, so that a pen can be half a pixel wider."""

IMAGES = 16_000
_AT_ONCE = 500
_BATCH = 256
EPOCHS = 25
_LEARNING_RATE = 5e-3
_USUAL_SHARE = 3.0  # as many as three ways of being spoilt
_NO_INK_PX = 9.0


@dataclass(frozen=True, slots=True)
class Shapes:
    """Training digits as distances from the edge of their ink, negative inside, in pixels of 84, (N, 84, 84).

    Attributes:
        edge: From the ink as it is.
        skeleton: From its middle line, from which any thin pen can be drawn.
        labels: What they are, (N,).
    """

    edge: Tensor
    skeleton: Tensor
    labels: Tensor


def train_corruption_classifier(file: Path = FILE, epochs: int = EPOCHS, images: int = IMAGES) -> Iterator[float]:
    """Train the network anew and write it where it is loaded from; yields the loss of each epoch."""
    torch.manual_seed(0)
    generator = Generator().manual_seed(0)
    shapes = trace(images)
    classifier = CorruptionClassifier()

    def loss_of_batch() -> Tensor:
        ink, meant, way = corrupted_batch(shapes, generator)
        return F.cross_entropy(classifier(ink, meant), way)

    batches = images // _BATCH
    losses = (loss_of_batch() for _ in range(epochs * batches))
    descent = descend(classifier, losses, epochs * batches, _LEARNING_RATE)
    for _ in range(epochs):
        yield sum(islice(descent, batches)) / batches
    save_file(classifier.state_dict(), file)


def trace(images: int) -> Shapes:
    """The first training digits, traced; takes some minutes for 16,000."""
    data = split(load_mnist())
    large = [_enlarged(part) for part in torch.split(data.train_images[:images], _AT_ONCE)]
    edge = torch.cat([_distances(part > 0.5) for part in large])
    skeleton = torch.cat([_distances(_middle_lines(part)) for part in large])
    return Shapes(edge, skeleton, data.train_labels[:images])


def corrupted_batch(shapes: Shapes, generator: Generator, count: int = _BATCH) -> tuple[Tensor, Tensor, Tensor]:
    """Random digits: the ink in the 28x28 field (N, 28, 28), what was meant (N,), and the index in `CORRUPTIONS`."""
    chosen = torch.randint(len(shapes.labels), (count,), generator=generator)
    odds = torch.tensor([_USUAL_SHARE if way == CLEAN else 1.0 for way in CORRUPTIONS])
    way = torch.multinomial(odds, count, replacement=True, generator=generator)
    ink = _written(shapes, chosen, way, generator)
    return _placed(ink, way, generator), shapes.labels[chosen], way


def _is(way: Tensor, name: str) -> Tensor:
    return way == CORRUPTIONS.index(name)


def _between(low: float, high: float, count: int, generator: Generator) -> Tensor:
    return torch.rand(count, generator=generator) * (high - low) + low


def _either_way(count: int, generator: Generator) -> Tensor:
    return torch.randint(2, (count,), generator=generator) * 2.0 - 1


def _written(shapes: Shapes, chosen: Tensor, way: Tensor, generator: Generator) -> Tensor:
    """The digits' ink, (N, 84, 84), with pens that people use, or too thin or too thick ones."""
    count = len(chosen)
    pen_px = _between(-1.6, 2.6, count, generator)
    pen_px = torch.where(_is(way, "too_thick"), _between(4.2, 10.0, count, generator), pen_px)
    thin = _is(way, "too_thin")
    pen_px = torch.where(thin, _between(0.0, 0.9, count, generator), pen_px)
    distance = torch.where(thin[:, None, None], shapes.skeleton[chosen], shapes.edge[chosen]).float()
    return (0.5 + pen_px[:, None, None] - distance).clamp(0, 1)


def _placed(ink: Tensor, way: Tensor, generator: Generator) -> Tensor:
    """The ink as it stands in the field, (N, 28, 28): turned, sized and moved a little, or too much."""
    matrix = _matrices(way, generator)
    box = boxes((ink > 0.3).float()) * (28 / SIDE_PX)
    middle, half = (box[:, :2] + box[:, 2:]) / 2, (box[:, 2:] - box[:, :2]) / 2
    shift = _shifts(way, (matrix.abs() @ half.unsqueeze(-1)).squeeze(-1), generator)
    back = torch.linalg.inv(matrix)
    center = torch.full((2,), 14.0)
    start = middle - (back @ shift.unsqueeze(-1)).squeeze(-1)
    theta = torch.cat([back, ((start - center) / 14).unsqueeze(-1)], dim=2)
    grid = F.affine_grid(theta, [len(ink), 1, SIDE_PX, SIDE_PX], align_corners=False)
    return F.avg_pool2d(F.grid_sample(ink.unsqueeze(1), grid, align_corners=False), 3).squeeze(1)


def _matrices(way: Tensor, generator: Generator) -> Tensor:
    """(N, 2, 2): a person's own slant, size and proportions, and what is done to spoil them."""
    count = len(way)

    def random(low: float, high: float) -> Tensor:
        return _between(low, high, count, generator)

    def spoilt(name: str, value: Tensor, otherwise: Tensor | float) -> Tensor:
        return torch.where(_is(way, name), value, torch.as_tensor(otherwise, dtype=torch.float32))

    turn = random(-10, 10) + spoilt("rotated", _either_way(count, generator) * random(22, 70), 0)
    slant = random(-7, 7) + spoilt("slanted", _either_way(count, generator) * random(22, 42), 0)
    size = spoilt("too_small", random(math.log(0.2), math.log(0.6)).exp(), 1.0)
    size = spoilt("too_large", random(1.2, 1.4), size) * random(0.88, 1.1)
    wide, high = size * random(-0.1, 0.1).exp(), size * random(-0.1, 0.1).exp()
    squeezed, across = random(0.28, 0.58), torch.rand(count, generator=generator) < 0.5
    wide = spoilt("stretched", torch.where(across, wide * squeezed, wide), wide)
    high = spoilt("stretched", torch.where(across, high, high * squeezed), high)
    mirror = torch.diag_embed(torch.stack([spoilt("mirrored", torch.tensor(-1.0), 1.0), torch.ones(count)], dim=1))
    swap = torch.where(_is(way, "transposed")[:, None, None], torch.eye(2).flip(0), torch.eye(2))
    return swap @ mirror @ torch.diag_embed(torch.stack([wide, high], dim=1)) @ _turns(turn) @ _slants(slant)


def _turns(angle_deg: Tensor) -> Tensor:
    cos, sin = torch.cos(torch.deg2rad(angle_deg)), torch.sin(torch.deg2rad(angle_deg))
    return torch.stack([torch.stack([cos, -sin], dim=1), torch.stack([sin, cos], dim=1)], dim=1)


def _slants(angle_deg: Tensor) -> Tensor:
    matrix = torch.eye(2).repeat(len(angle_deg), 1, 1)
    matrix[:, 0, 1] = -torch.tan(torch.deg2rad(angle_deg))
    return matrix


def _shifts(way: Tensor, half: Tensor, generator: Generator) -> Tensor:
    """(N, 2) in pixels of 28: near the middle, or far towards a corner or an edge of the field."""
    count = len(way)
    a_little = torch.stack([_between(-1.6, 1.6, count, generator) for _ in range(2)], dim=1)
    corner = torch.stack([_either_way(count, generator) * _between(0.55, 1, count, generator) for _ in range(2)], dim=1)
    corner = torch.where(torch.rand(count, 2, generator=generator) < 0.2, corner * 0.2, corner)
    far = (14 - half).clamp(min=0) * corner
    return torch.where(_is(way, "off_center")[:, None], far, a_little)


def _enlarged(images: Tensor) -> Tensor:
    """MNIST's images (N, 28, 28) uint8 at three times their size, with edges as sharp as a pen's, 0 to 1."""
    large = F.interpolate(images.unsqueeze(1) / 255, size=(SIDE_PX, SIDE_PX), mode="bicubic", align_corners=False)
    return ((large.squeeze(1) - 0.5) * 2.5 + 0.5).clamp(0, 1)


def _distances(ink: Tensor) -> Tensor:
    def signed(one: np.ndarray) -> np.ndarray:
        if not one.any():
            return np.full(one.shape, _NO_INK_PX, np.float16)
        inside, outside = ndimage.distance_transform_edt(one), ndimage.distance_transform_edt(~one)
        return np.where(one, 0.5 - inside, outside - 0.5).astype(np.float16)

    return torch.from_numpy(np.stack([signed(one) for one in ink.numpy()]))


def _middle_lines(ink: Tensor) -> Tensor:
    """The morphological skeleton (Lantuéjoul, 1978): what each erosion loses and no opening gives back."""
    cross = ndimage.generate_binary_structure(2, 1)[np.newaxis]
    left = ink.numpy() > 0.5
    lines = np.zeros_like(left)
    for _ in range(9):
        eroded = ndimage.binary_erosion(left, cross, border_value=1)
        lines |= left & ~ndimage.binary_dilation(eroded, cross)
        left = eroded
    return torch.from_numpy(lines)
