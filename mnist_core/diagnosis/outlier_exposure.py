"""Pictures that are no digits, made up at random: what the out-of-distribution detector learns from.

Showing a network what it is not to know is outlier exposure (Hendrycks, Mazeika, Dietterich, *Deep Anomaly
Detection with Outlier Exposure*, 2019). What is made here is drawn as users draw, and goes the way that their
drawings go, so that nothing but its shape tells it from a digit.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageDraw
from torch import Tensor
from torch.nn import functional as F

from mnist_core.diagnosis.glyph_strokes import LETTERS, SIGNS, WRITTEN_DIGITS, Points, smooth, strokes_of
from mnist_core.preprocessing.pipeline import normalise_to_mnist

Ink = npt.NDArray[np.uint8]
Random = np.random.Generator

FIELD_PX = 112
"""The side of the pictures that shapes are drawn on: four pixels for each of the 28."""

_FINE = 2  # drawn so many times larger, for soft edges
_MARGIN = 0.06


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody draws a shape whose strokes are about 10 units high.

    Attributes:
        pen: The width of the pen, as a share of the drawing's longer side.
        contrast: How many times wider the pen is for upright strokes than for level ones.
        round_ends: Whether strokes end round, as a pen's do, or square, as a font's do.
        unrest: How far each point strays, in units.
        bend: How far the whole is bent out of shape, in units.
        lean: Pixels to the right for each pixel upwards.
        turn: The turn of the whole, in radians, clockwise.
        wide: How many times wider than written down.
        serif: The length of the bars across loose ends, in units; 0 for none.
    """

    pen: float
    contrast: float
    round_ends: bool
    unrest: float
    bend: float
    lean: float
    turn: float
    wide: float
    serif: float


def some_hand(random: Random) -> Hand:
    """Anybody's: a child with a felt pen, a clerk, or somebody who prints."""
    printed = random.random() < 0.4
    return Hand(
        pen=float(np.exp(random.uniform(math.log(0.035), math.log(0.21)))),
        contrast=float(random.uniform(1.3, 3.2)) if random.random() < (0.5 if printed else 0.1) else 1.0,
        round_ends=not printed or random.random() < 0.2,
        unrest=float(random.uniform(0, 0.12) if printed else random.uniform(0.05, 0.5)),
        bend=float(random.uniform(0, 0.15) if printed else random.uniform(0, 0.9)),
        lean=float(random.choice([0, random.uniform(0, 0.35)]) if printed else random.normal(0.12, 0.2)),
        turn=float(random.normal(0, 0.02 if printed else 0.11)),
        wide=float(np.exp(random.normal(0, 0.22))),
        serif=float(random.uniform(1.2, 3.6)) if random.random() < (0.45 if printed else 0.06) else 0.0,
    )


def draw(strokes: Sequence[Points], hand: Hand, random: Random) -> Ink:
    """The strokes in that hand, as large as fits: uint8 (112, 112), 0 paper to 255 ink."""
    if hand.serif:
        strokes = [*strokes, *_serifs(strokes, hand.serif)]
    shaped = _placed(_misshapen(strokes, hand, random), hand)
    side = FIELD_PX * _FINE
    # Narrowed before drawing and widened after it, a round pen becomes one with contrast.
    image = Image.new("L", (max(8, round(side / hand.contrast)), side))
    pen, width = ImageDraw.Draw(image), hand.pen * (1 - 2 * _MARGIN) * side / math.sqrt(hand.contrast)
    for points in shaped:
        _draw_stroke(pen, points * [image.width, side], max(2.0, width), hand.round_ends)
    return np.asarray(image.resize((FIELD_PX, FIELD_PX), Image.Resampling.BOX))


def written_digit(random: Random) -> tuple[int, Ink]:
    """A digit in some hand, and which."""
    digit = int(random.integers(10))
    hand = some_hand(random)
    if digit == 1 and hand.serif:  # across both ends they would make it an I
        hand = replace(hand, serif=0.0)
    ways = WRITTEN_DIGITS[digit]
    return digit, draw(strokes_of(ways[random.integers(len(ways))]), hand, random)


def letter(random: Random) -> Ink:
    """A letter without a digit's shape."""
    return draw(_some_glyph(LETTERS, random), some_hand(random), random)


def word(random: Random) -> Ink:
    """Two to four letters or digits beside each other."""
    strokes: list[Points] = []
    right = 0.0
    digits = {str(digit): ways for digit, ways in WRITTEN_DIGITS.items()}
    source = digits if random.random() < 0.6 else LETTERS
    for _ in range(random.integers(2, 5)):
        glyph = _some_glyph(source, random)
        left = min(float(points[:, 0].min()) for points in glyph)
        away = np.array([right - left, random.normal(0, 0.5)])
        strokes += [points + away for points in glyph]
        right = max(float(points[:, 0].max()) for points in strokes) + random.uniform(0.6, 3)
    hand = some_hand(random)
    return draw(strokes, replace(hand, pen=min(hand.pen, 0.1), turn=hand.turn / 3, contrast=1.0), random)


def scribble(random: Random) -> Ink:
    """A curve through many random places, a walk, a spiral, a hatching, or loose lines."""
    kinds = (_tangle, _walk, _spiral, _hatching, _lines)
    strokes = kinds[random.integers(len(kinds))](random)
    hand = some_hand(random)
    return draw(strokes, replace(hand, pen=min(hand.pen, 0.11), serif=0.0, contrast=1.0), random)


def blob(random: Random) -> Ink:
    """One to four filled patches."""
    image = Image.new("L", (FIELD_PX * _FINE,) * 2)
    pen = ImageDraw.Draw(image)
    for _ in range(random.choice([1, 1, 1, 2, 3, 4])):
        middle, size = random.uniform(60, 164, 2), random.uniform(25, 55)
        corners = random.integers(4, 12)
        angles = (np.arange(corners) + random.uniform(0, 0.7, corners)) * (2 * math.pi / corners)
        far = size * random.uniform(0.7, 1.0, corners)
        outline = middle + np.stack([np.cos(angles), np.sin(angles)], 1) * far[:, None]
        filled = smooth(np.vstack([outline, outline[:1]])) if random.random() < 0.6 else outline
        pen.polygon([(float(x), float(y)) for x, y in filled], fill=255)
    return np.asarray(image.reduce(_FINE))


NON_DIGITS: dict[str, tuple[Callable[[Random], Ink], float]] = {
    "letter": (letter, 0.62),
    "sign": (lambda random: draw(_some_glyph(SIGNS, random), some_hand(random), random), 0.12),  # arrow, star, face
    "scribble": (scribble, 0.14),
    "word": (word, 0.08),
    "blob": (blob, 0.04),
}
"""The kinds of pictures that are no digits, and what share each has."""


def draw_non_digits(count: int, random: Random) -> npt.NDArray[np.uint8]:
    """Pictures of every kind by its share, in random order, (count, 112, 112)."""
    makers, shares = zip(*NON_DIGITS.values(), strict=True)
    chosen = random.choice(len(makers), count, p=shares)
    return np.stack([makers[which](random) for which in chosen])


def from_digits(shapes: Tensor, random: Random) -> Tensor:
    """Pictures made of real digits (N, 112, 112), 0 to 1: two on top of each other, two side by side, or quarters
    of two that changed places. As many as there were.
    """
    others = shapes[torch.from_numpy(random.permutation(len(shapes)))]
    ways = torch.from_numpy(random.choice(3, len(shapes), p=[0.5, 0.3, 0.2]))[:, None, None]
    made = torch.where(ways == 1, _side_by_side(shapes, others), _on_top(shapes, others, random))
    return torch.where(ways == 2, _in_parts(shapes, others), made)


def as_seen(ink: Tensor) -> Tensor:
    """What a model sees of pictures (N, H, W), 0 paper to 1 ink: (N, 28, 28), 0 to 1, made as MNIST was."""
    return torch.from_numpy(np.stack([normalise_to_mnist(one) for one in ink.numpy()]))


def _some_glyph(source: dict[str, tuple[str, ...]], random: Random) -> tuple[Points, ...]:
    ways = list(source.values())[random.integers(len(source))]
    return strokes_of(ways[random.integers(len(ways))])


def _misshapen(strokes: Sequence[Points], hand: Hand, random: Random) -> list[Points]:
    cos, sin = math.cos(hand.turn), math.sin(hand.turn)
    turn = np.array([[cos, -sin], [sin, cos]])
    shape = turn @ np.array([[hand.wide, -hand.lean], [0, 1]])
    phase, wave = random.uniform(0, 2 * math.pi, (2, 2)), random.uniform(0.2, 0.7, (2, 2))
    misshapen = []
    for points in strokes:
        stray = random.normal(0, hand.unrest, points.shape)
        if len(points) > 8:  # the points of a curve stray together, or it would tremble
            stray = smooth(stray[:: len(points) // 4])[: len(points)]
            stray = np.pad(stray, ((0, len(points) - len(stray)), (0, 0)), "edge")
        bent = hand.bend * np.sin(points @ wave + phase[0])[:, ::-1]
        misshapen.append((points + stray + bent) @ shape.T)
    return misshapen


def _placed(strokes: Sequence[Points], hand: Hand) -> list[Points]:
    """Scaled into the field of side 1, with room for the pen."""
    low = np.min([points.min(axis=0) for points in strokes], axis=0)
    high = np.max([points.max(axis=0) for points in strokes], axis=0)
    room = 1 - 2 * _MARGIN - hand.pen * math.sqrt(hand.contrast)
    scale = room / max(float((high - low).max()), 1e-6)
    return [(points - (low + high) / 2) * scale + 0.5 for points in strokes]


def _draw_stroke(pen: ImageDraw.ImageDraw, points: Points, width: float, round_ends: bool) -> None:
    path = [(float(x), float(y)) for x, y in points]
    pen.line(path, fill=255, width=max(1, round(width)))
    radius = width / 2
    for x, y in path if round_ends else path[1:-1]:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)


def _serifs(strokes: Sequence[Points], length: float) -> list[Points]:
    """Bars across the ends that touch no other stroke: level ones on upright ends, upright ones on level ends."""
    bars = []
    for index, points in enumerate(strokes):
        for end, inner in ((points[0], points[1]), (points[-1], points[-2])):
            others = [other for place, other in enumerate(strokes) if place != index]
            if any(_distance(end, other) < 0.8 for other in others):
                continue
            wide, high = np.abs(end - inner)
            across = np.array([length / 2, 0] if high >= wide else [0, length / 3])
            bars.append(np.stack([end - across, end + across]))
    return bars


def _distance(place: Points, path: Points) -> float:
    """From a place to the nearest place of a path."""
    start, way = path[:-1], np.diff(path, axis=0)
    along = ((place - start) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-9)
    nearest = start + np.clip(along, 0, 1)[:, None] * way
    return float(np.hypot(*(place - nearest).T).min())


def _tangle(random: Random) -> list[Points]:
    return [smooth(random.uniform(0, 10, (random.integers(8, 30), 2))) for _ in range(random.integers(1, 3))]


def _walk(random: Random) -> list[Points]:
    steps = random.integers(40, 100)
    heading = np.cumsum(random.normal(0, random.uniform(0.6, 1.4), steps))
    return [np.cumsum(np.stack([np.cos(heading), np.sin(heading)], 1), axis=0)]


def _spiral(random: Random) -> list[Points]:
    angle = np.linspace(0, random.uniform(1.8, 4) * 2 * math.pi, 120) * random.choice([-1, 1])
    far = np.linspace(random.uniform(0, 0.6), 5, 120)  # from the middle: a thick ring would be a zero
    return [np.stack([np.cos(angle), np.sin(angle)], 1) * far[:, None]]


def _hatching(random: Random) -> list[Points]:
    lines = random.integers(5, 16)
    x = np.repeat(np.linspace(0, 10, lines), 1) + random.normal(0, 0.4, lines)
    y = np.where(np.arange(lines) % 2, 0.0, random.uniform(5, 10)) + random.normal(0, 0.8, lines)
    path = np.stack([x, y], 1)
    turn = random.uniform(0, math.pi)
    turned: Points = path @ np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return [smooth(turned) if random.random() < 0.5 else turned]


def _lines(random: Random) -> list[Points]:
    return [random.uniform(0, 10, (random.integers(2, 4), 2)) for _ in range(random.integers(3, 9))]


def _on_top(shapes: Tensor, others: Tensor, random: Random) -> Tensor:
    """Two digits, far enough from each other that they do not make one."""
    angle, far = random.uniform(0, 2 * math.pi, len(shapes)), random.uniform(0.12, 0.3, len(shapes))
    way = torch.from_numpy(np.stack([np.cos(angle), np.sin(angle)], 1) * far[:, None]).float()
    return torch.maximum(_moved(shapes, way), _moved(others, -way))


def _moved(shapes: Tensor, way: Tensor) -> Tensor:
    """Each moved by x and y (N, 2), in shares of half the field."""
    places = torch.eye(2, 3).repeat(len(shapes), 1, 1)
    places[:, :, 2] = way
    grid = F.affine_grid(places, [len(shapes), 1, *shapes.shape[1:]], align_corners=False)
    return F.grid_sample(shapes[:, None], grid, align_corners=False)[:, 0]


def _side_by_side(shapes: Tensor, others: Tensor) -> Tensor:
    """Two digits at half their size, near each other."""
    cut = FIELD_PX // 7
    both = torch.cat([shapes[:, :, cut:-cut], others[:, :, cut:-cut]], dim=2)
    half = F.interpolate(both[:, None], size=(FIELD_PX * 7 // 10, FIELD_PX), mode="area")[:, 0]
    return F.pad(half, (0, 0, 0, FIELD_PX - half.shape[1]))


def _in_parts(shapes: Tensor, others: Tensor) -> Tensor:
    """The quarters of two digits, in places where they do not belong."""
    half = FIELD_PX // 2
    top = torch.cat([shapes[:, half:, half:], others[:, :half, :half].flip(1)], dim=2)
    bottom = torch.cat([others[:, half:, :half].flip(2), shapes[:, :half, half:].transpose(1, 2)], dim=2)
    return torch.cat([top, bottom], dim=1)
