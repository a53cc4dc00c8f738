"""Pictures on purpose that are no digits, or not as MNIST has them."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageDraw
from torch import Generator, Tensor
from torch.nn import functional as F

from mnist_core.data.offset import shift
from mnist_core.data.rng import rng_for

_SIDE = 28
_BOX = 20  # pixels: MNIST's digits fill a box of this side
_MOST_SHAPES = 2_000  # are drawn, which takes a second; beyond that they come again
_FINE = 4  # shapes are drawn so many times larger, for soft edges
Points = npt.NDArray[np.float64]


def inject_outliers(images: Tensor, share: float, kind: str, seed: int) -> tuple[Tensor, Tensor]:
    """The images uint8 (N, 28, 28) with a share replaced by outliers, and which were, bool (N,).

    Exactly `round(share * N)` are replaced; the seed decides which and what they show. The images that came are
    left as they are.

    Args:
        images: 0 paper to 255 ink.
        share: 0 to 1.
        kind: `noise`: every pixel random, all values with the same chance. `inverted`: the digit, dark for light.
            `blank`: nothing but paper. `shapes`: see `draw_shapes`.
        seed: Where the random numbers start.
    """
    return replace_share(images, share, OUTLIERS[kind], seed)


def replace_share(
    images: Tensor, share: float, make: Callable[[Tensor, Generator], Tensor], seed: int
) -> tuple[Tensor, Tensor]:
    """The images with a share of them replaced by what `make` makes of them, and which were, bool (N,)."""
    generator = rng_for(seed, "outliers")
    chosen = torch.randperm(len(images), generator=generator)[: round(share * len(images))]
    replaced = images.clone()
    replaced[chosen] = make(images[chosen], generator)
    is_outlier = torch.zeros(len(images), dtype=torch.bool)
    is_outlier[chosen] = True
    return replaced, is_outlier


def draw_shapes(count: int, generator: Generator) -> Tensor:
    """Circles, triangles, squares, crosses, stars and arrows as MNIST would have them: uint8 (count, 28, 28).

    Each is turned at random and drawn with soft edges by a pen of 2 to 4 pixels; its longer side is 20 pixels,
    and its centre of mass lies in the middle, to the pixel (the rules of the MNIST database).
    """
    drawn = torch.zeros(count, _SIDE, _SIDE, dtype=torch.uint8)
    for number in range(count):
        drawn[number] = _draw_shape(generator)
    return drawn


def noise_outliers(images: Tensor, generator: Generator) -> Tensor:
    """Random pixels instead of each image uint8 (N, H, W)."""
    return torch.randint(0, 256, images.shape, generator=generator, dtype=torch.uint8)


def inverted_outliers(images: Tensor, _: Generator) -> Tensor:
    """The negative of each image uint8 (N, H, W)."""
    return 255 - images


def blank_outliers(images: Tensor, _: Generator) -> Tensor:
    """Blank paper instead of each image uint8 (N, H, W)."""
    return torch.zeros_like(images)


def shape_outliers(images: Tensor, generator: Generator) -> Tensor:
    """A shape instead of each image uint8 (N, 28, 28); of more than some, they come again."""
    drawn = draw_shapes(min(len(images), _MOST_SHAPES), generator)
    return drawn[torch.arange(len(images)) % _MOST_SHAPES]


OUTLIERS: dict[str, Callable[[Tensor, Generator], Tensor]] = {
    "noise": noise_outliers,
    "inverted": inverted_outliers,
    "blank": blank_outliers,
    "shapes": shape_outliers,
}


def _circle(corners: int, step: int = 1) -> Points:
    """A closed line through points on a circle, `step` points further each time."""
    angles = 2 * np.pi * step / corners * np.arange(corners + 1)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


_SHAPES: tuple[tuple[Points, ...], ...] = (
    (_circle(32),),
    (_circle(3),),
    (_circle(4),),
    (np.array([[-1.0, 0.0], [1.0, 0.0]]), np.array([[0.0, -1.0], [0.0, 1.0]])),  # cross
    (_circle(5, step=2),),  # star
    (np.array([[-1.0, 0.0], [1.0, 0.0]]), np.array([[0.3, -0.7], [1.0, 0.0], [0.3, 0.7]])),  # arrow
)


def _draw_shape(generator: Generator) -> Tensor:
    """One of the shapes, uint8 (28, 28)."""
    turn, pen = torch.rand(2, generator=generator, dtype=torch.float64).tolist()
    strokes = _SHAPES[int(torch.randint(len(_SHAPES), (1,), generator=generator))]
    in_box = torch.from_numpy(_draw(strokes, 2 * np.pi * turn, _FINE * (2 + 2 * pen)))
    margin = (_SIDE - _BOX) // 2
    right_px, down_px = _to_the_middle(in_box)
    return shift(F.pad(in_box, (margin,) * 4).unsqueeze(0), right_px, down_px).squeeze(0)


def _draw(strokes: tuple[Points, ...], turn: float, pen: float) -> npt.NDArray[np.uint8]:
    """The strokes, as large as the box, uint8 (20, 20); the pen is as wide as that on the finer picture."""
    turned = [points @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]] for points in strokes]
    low, high = np.concatenate(turned).min(0), np.concatenate(turned).max(0)
    side, radius = _BOX * _FINE, pen / 2
    scale = (side - pen) / (high - low).max()
    image = Image.new("L", (side, side))
    brush = ImageDraw.Draw(image)
    for points in turned:
        line = [(float(x), float(y)) for x, y in (points - (low + high) / 2) * scale + side / 2]
        brush.line(line, fill=255, width=round(pen), joint="curve")
        for x, y in (line[0], line[-1]):
            brush.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.array(image.reduce(_FINE))


def _to_the_middle(ink: Tensor) -> tuple[int, int]:
    """How far (right, down) brings the centre of mass of a picture (H, W) to its middle."""
    rows, columns = ink.double().sum(1), ink.double().sum(0)
    middle = (len(rows) - 1) / 2
    places = torch.arange(len(rows), dtype=torch.float64)
    down, right = (middle - float(places @ line / line.sum()) for line in (rows, columns))
    return round(right), round(down)
