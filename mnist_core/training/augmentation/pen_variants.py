"""Pen variants that MNIST hardly has: slashed zeros, crossed sevens, ones with a long upstroke.

A variant is one or two strokes that are added to a digit, with its own pen and its own lean. The digit is then fitted
into MNIST's frame again, as whoever prepares a drawing fits all of it: with a long upstroke, a 1 becomes wide.
"""

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from mnist_core.imaging.boxes import EDGE_ALPHA
from mnist_core.preprocessing.measurements import stroke_width
from mnist_core.preprocessing.pipeline import BOX_PX, CENTER_PX, SIDE_PX

_Range = tuple[float, float]

_FIRM = 0.4  # of full ink: what a stroke can begin at
_CLASSES = 10
_DOT = 0.02  # of the digit: the shortest stroke, which still has a direction
_STEPS = 6  # straight pieces of a stroke: enough for a loop
_PEN = (0.85, 1.15)  # of the digit's own: a hand does not press evenly
_BEYOND = 1000.0  # pixels: further than any place of the picture from another
_STEEPEST = 1.0  # pixels to the right for each pixel up: what is measured as more is no lean


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stroke that begins at a place of the digit; every range is drawn from evenly.

    Attributes:
        at: Where: the ink's outermost point in this direction, (right, down). Without any: on the digit's axis.
        level: How far down the digit's axis it begins, 0 its top and 1 its bottom; only without a direction.
        on_ink: Whether the axis is the middle of the ink on that height, otherwise the middle of the digit's box.
        heading_deg: Where it goes from there: 0 to the right, 90 up, 180 to the left, in an upright digit.
        ahead: How far, as a share of the digit's longer side.
        behind: How far it comes from the other side, as the same share.
        curl_deg: How far it turns to the left between its ends.
    """

    at: tuple[float, float] = (0.0, 0.0)
    level: _Range = (0.5, 0.5)
    on_ink: bool = True
    heading_deg: _Range = (0.0, 0.0)
    ahead: _Range = (0.0, 0.0)
    behind: _Range = (0.0, 0.0)
    curl_deg: _Range = (0.0, 0.0)

    def numbers(self) -> tuple[float, ...]:
        """The stroke as a row of the table that all images are served from."""
        length = math.hypot(*self.at) or 1.0
        ranges = (*self.level, *self.heading_deg, *self.ahead, *self.behind, *self.curl_deg)
        return (self.at[0] / length, self.at[1] / length, float(self.on_ink), *ranges)


@dataclass(frozen=True, slots=True)
class PenVariant:
    """A way in which some people write a digit.

    Attributes:
        name: In words.
        digit: Which digit, 0 to 9.
        weight: How often, compared with the other variants of that digit.
        strokes: What is added, one or two.
    """

    name: str
    digit: int
    weight: float
    strokes: tuple[Stroke, ...]


_SLASH = Stroke(
    level=(0.4, 0.6), on_ink=False, heading_deg=(35, 80), ahead=(0.3, 0.8), behind=(0.3, 0.8), curl_deg=(-25, 25)
)
_UPSTROKE = Stroke(at=(0.2, -1), heading_deg=(200, 250), ahead=(0.2, 0.95), curl_deg=(-25, 40))
_FOOT = Stroke(at=(-0.2, 1), heading_deg=(-8, 12), ahead=(0.1, 0.45), behind=(0.1, 0.45), curl_deg=(-15, 15))
_CROSSBAR = Stroke(level=(0.38, 0.65), heading_deg=(-15, 30), ahead=(0.12, 0.4), behind=(0.12, 0.4), curl_deg=(-20, 20))
_SERIF = Stroke(at=(-1, -0.6), heading_deg=(235, 290), ahead=(0.08, 0.3), curl_deg=(-20, 20))

PEN_VARIANTS = (
    PenVariant("slashed zero", 0, 6, (_SLASH,)),
    PenVariant("zero crossed the other way", 0, 1, (Stroke(
        level=(0.4, 0.6), on_ink=False, heading_deg=(105, 140), ahead=(0.3, 0.7), behind=(0.3, 0.7)),)),
    PenVariant("dotted zero", 0, 0.5, (Stroke(level=(0.45, 0.55), on_ink=False, ahead=(0, 0.05), behind=(0, 0.05)),)),
    PenVariant("zero with a tail", 0, 2, (Stroke(
        at=(0.3, -1), heading_deg=(0, 60), ahead=(0.1, 0.4), curl_deg=(-60, 90)),)),
    PenVariant("zero closed with a curl", 0, 1, (Stroke(
        at=(0.1, -1), heading_deg=(250, 330), ahead=(0.15, 0.5), curl_deg=(-60, 200)),)),
    PenVariant("one with an upstroke", 1, 5, (_UPSTROKE,)),
    PenVariant("one with an upstroke and a foot", 1, 3, (_UPSTROKE, _FOOT)),
    PenVariant("one with a foot", 1, 1, (_FOOT,)),
    PenVariant("two that begins with a curl", 2, 1, (Stroke(
        at=(-0.8, -1), heading_deg=(230, 300), ahead=(0.1, 0.4), curl_deg=(0, 220)),)),
    PenVariant("two with a long base", 2, 1, (Stroke(
        at=(1, 0.8), heading_deg=(-25, 30), ahead=(0.1, 0.4), curl_deg=(-40, 90)),)),
    PenVariant("two with a loop", 2, 1, (Stroke(
        at=(-1, 1), heading_deg=(60, 120), ahead=(0.4, 0.8), curl_deg=(-400, -250)),)),
    PenVariant("four with a long bar", 4, 1, (Stroke(
        at=(1, 0.2), heading_deg=(-20, 25), ahead=(0.1, 0.4), curl_deg=(-15, 15)),)),
    PenVariant("four on a long stem", 4, 1, (Stroke(
        at=(0, 1), heading_deg=(255, 285), ahead=(0.1, 0.4), curl_deg=(-30, 30)),)),
    PenVariant("five with a long bar", 5, 1, (Stroke(
        at=(1, -1), heading_deg=(-15, 35), ahead=(0.1, 0.4), curl_deg=(-30, 30)),)),
    PenVariant("five that ends with a curl", 5, 1, (Stroke(
        at=(-1, 0.7), heading_deg=(90, 190), ahead=(0.1, 0.35), curl_deg=(-200, 0)),)),
    PenVariant("six on a long neck", 6, 1, (Stroke(
        at=(0.4, -1), heading_deg=(15, 75), ahead=(0.1, 0.4), curl_deg=(-90, 30)),)),
    PenVariant("crossed seven", 7, 6, (_CROSSBAR,)),
    PenVariant("crossed seven with a serif", 7, 2, (_CROSSBAR, _SERIF)),
    PenVariant("seven with a serif", 7, 2, (_SERIF,)),
    PenVariant("seven with a hook", 7, 0.5, (Stroke(
        at=(-0.2, 1), heading_deg=(240, 330), ahead=(0.1, 0.3), curl_deg=(0, 120)),)),
    PenVariant("eight with a tail", 8, 1, (Stroke(
        at=(0.5, -1), heading_deg=(10, 80), ahead=(0.1, 0.4), curl_deg=(-40, 40)),)),
    PenVariant("eight with a tail to the left", 8, 0.5, (Stroke(
        at=(-0.5, -1), heading_deg=(100, 170), ahead=(0.1, 0.3), curl_deg=(-40, 40)),)),
    PenVariant("curly nine", 9, 3, (Stroke(
        at=(-0.1, 1), heading_deg=(185, 265), ahead=(0.15, 0.75), curl_deg=(-200, 0)),)),
    PenVariant("nine with a belly", 9, 3, (Stroke(
        at=(0, 1), heading_deg=(285, 365), ahead=(0.4, 1.2), curl_deg=(-270, -130)),)),
    PenVariant("nine on a long stem", 9, 1, (Stroke(
        at=(0, 1), heading_deg=(250, 290), ahead=(0.1, 0.4), curl_deg=(-30, 30)),)),
    PenVariant("nine with a tail", 9, 0.5, (Stroke(
        at=(0.1, 1), heading_deg=(270, 350), ahead=(0.1, 0.3), curl_deg=(0, 90)),)),
    PenVariant("nine that begins with a tail", 9, 1, (Stroke(
        at=(1, -0.8), heading_deg=(20, 110), ahead=(0.08, 0.3), curl_deg=(-30, 30)),)),
)  # fmt: skip
"""All variants that are imitated. A 3 has none: with a curl where it begins, it is a curly 9."""


def add_pen_variants(
    images: Tensor, labels: Tensor, share: float, generator: Generator, variants: tuple[PenVariant, ...] = PEN_VARIANTS
) -> Tensor:
    """Some of the images with a variant of its digit each, fitted into MNIST's frame again; the others as they are.

    Args:
        images: (N, 28, 28), float32, 0 paper to 1 ink, as MNIST frames them.
        labels: The digits, whole numbers (N,); what is none, or has no variant, is left alone.
        share: Which share of the images, 0 to 1.
        generator: Where the random numbers come from; without a share, none are drawn.
        variants: What is imitated; which variant of a digit is drawn by weight.

    Returns:
        (N, 28, 28), 0 to 1.
    """
    if not share:
        return images
    odds, strokes, owners = _table(variants)
    lot, which = torch.rand(2, len(images), generator=generator)
    odds = odds[labels.long().clamp(0, _CLASSES - 1)]  # a byte would be taken for a mask
    able = (labels >= 0) & (labels < _CLASSES) & (odds[:, -1] > 0) & (images.amax(dim=(1, 2)) > _FIRM)
    places = (able & (lot < share)).nonzero().squeeze(1)
    if not len(places):
        return images
    variant = (odds[places] <= which[places].unsqueeze(1)).sum(dim=1, keepdim=True)
    image_of, row = (owners == variant).nonzero(as_tuple=True)
    changed = images.clone()
    changed[places] = _with_strokes(images[places], image_of, strokes[row], generator)
    return changed


@dataclass(frozen=True, slots=True, eq=False)
class _StrokeContext:
    """What is known of digits before strokes are added.

    Attributes:
        images: (N, 28, 28).
        box: Left, top, right and bottom of the ink, pixels, (N, 4).
        pen_px: The width of the pen for what is added, (N,).
        lean: Pixels to the right for each pixel up, (N,).
    """

    images: Tensor
    box: Tensor
    pen_px: Tensor
    lean: Tensor

    @classmethod
    def of(cls, images: Tensor, generator: Generator) -> "_StrokeContext":
        press = _between(*_PEN, torch.rand(len(images), generator=generator))
        return cls(images, _boxes(images), stroke_width(images) * press, _leans(images))

    def __getitem__(self, chosen: Tensor) -> "_StrokeContext":
        return _StrokeContext(self.images[chosen], self.box[chosen], self.pen_px[chosen], self.lean[chosen])


def _with_strokes(images: Tensor, image_of: Tensor, strokes: Tensor, generator: Generator) -> Tensor:
    """The images (N, 28, 28) with all strokes (S, 13), each drawn into the image that `image_of` (S,) says."""
    digits = _StrokeContext.of(images, generator)
    paths = _paths(digits[image_of], strokes, generator)
    scale, corner = _frames(digits, paths, image_of)
    resampled = _resampled(images, scale, corner)
    # Drawn where they are to be seen: what reaches beyond the picture is not lost, and stays sharp.
    scale, corner = scale[image_of], corner[image_of]
    placed = (paths - corner.unsqueeze(1)) / scale.view(-1, 1, 1)
    ink = _ink(placed, digits.pen_px[image_of] / scale) * images.amax(dim=(1, 2))[image_of].view(-1, 1, 1)
    return _center(resampled.scatter_reduce(0, image_of.view(-1, 1, 1).expand_as(ink), ink, "amax"))


@cache
def _table(variants: tuple[PenVariant, ...]) -> tuple[Tensor, Tensor, Tensor]:
    """For each digit the cumulated chances of its variants (10, V); the strokes (S, 13); the variant of each (S,)."""
    odds = torch.zeros(_CLASSES, len(variants))
    for place, variant in enumerate(variants):
        odds[variant.digit, place] = variant.weight
    strokes = [(place, stroke.numbers()) for place, variant in enumerate(variants) for stroke in variant.strokes]
    odds = odds.cumsum(dim=1)
    chances = odds / odds[:, -1:].clamp(min=1e-6)  # the last is exactly 1, which no number drawn reaches
    return chances, torch.tensor([numbers for _, numbers in strokes]), torch.tensor([place for place, _ in strokes])


def _between(low: Tensor | float, high: Tensor | float, share: Tensor) -> Tensor:
    return low + (high - low) * share


def _paths(digits: _StrokeContext, strokes: Tensor, generator: Generator) -> Tensor:
    """A way of the pen for each stroke (S, 13) and its digit: points x, y in pixels, (S, steps + 1, 2)."""
    low, high = strokes[:, 3:].view(-1, 5, 2).unbind(2)
    share = torch.rand(len(strokes), 5, generator=generator)
    level, heading_deg, ahead, behind, curl_deg = _between(low, high, share).T
    length = (ahead + behind).clamp(min=_DOT)
    begun = behind / length
    # As many straight pieces, each turned a little further than the last.
    along = (torch.arange(_STEPS) + 0.5) / _STEPS - begun.unsqueeze(1)
    angle = torch.deg2rad(heading_deg.unsqueeze(1) + curl_deg.unsqueeze(1) * along)
    longer_px = (digits.box[:, 2:] - digits.box[:, :2]).amax(dim=1)
    pieces = torch.stack([torch.cos(angle), -torch.sin(angle)], dim=2) * (length * longer_px / _STEPS).view(-1, 1, 1)
    path = F.pad(pieces.cumsum(dim=1), (0, 0, 1, 0))
    right, down = (path - _at(path, begun)).unbind(2)
    leaning = torch.stack([right - digits.lean.unsqueeze(1) * down, down], dim=2)
    return leaning + _starts(digits, strokes, level).unsqueeze(1)


def _at(path: Tensor, share: Tensor) -> Tensor:
    """The point at a share (S,) of each path (S, steps + 1, 2): (S, 1, 2)."""
    place = share * _STEPS
    before = place.floor().clamp(max=_STEPS - 1).long()
    each = torch.arange(len(path))
    return torch.lerp(path[each, before], path[each, before + 1], (place - before).unsqueeze(1)).unsqueeze(1)


def _starts(digits: _StrokeContext, strokes: Tensor, level: Tensor) -> Tensor:
    """Where each stroke begins, (S, 2)."""
    toward, on_ink = strokes[:, :2], strokes[:, 2] > 0
    firm = (digits.images > _FIRM).float()
    tips = _extremes(firm, toward) - toward * (digits.pen_px.unsqueeze(1) - 1) / 2  # the pen's middle, not its edge
    has_tip = (toward != 0).any(dim=1, keepdim=True)
    return torch.where(has_tip, tips, _on_axis(firm, digits.box, level, on_ink))


def _extremes(firm: Tensor, toward: Tensor) -> Tensor:
    """The middle of the pixel with ink that lies furthest in a direction (S, 2), (S, 2)."""
    places = torch.arange(SIDE_PX) + 0.5
    reach = (toward[:, :1] * places).unsqueeze(1) + (toward[:, 1:] * places).unsqueeze(2)
    outermost = reach.add_(firm, alpha=_BEYOND).flatten(1).argmax(dim=1)
    return torch.stack([outermost % SIDE_PX, outermost // SIDE_PX], dim=1) + 0.5


def _on_axis(firm: Tensor, box: Tensor, level: Tensor, on_ink: Tensor) -> Tensor:
    """The middle of the ink, or else of the box, at a share (S,) of the box's height, (S, 2)."""
    left, top, right, bottom = box.T
    down = _between(top, bottom, level)
    row = firm[torch.arange(len(firm)), down.long().clamp(0, SIDE_PX - 1)]
    inked = row.sum(dim=1)
    of_ink = row @ (torch.arange(SIDE_PX) + 0.5) / inked.clamp(min=1)
    return torch.stack([torch.where(on_ink & (inked > 0), of_ink, (left + right) / 2), down], dim=1)


def _boxes(images: Tensor) -> Tensor:
    """Left, top, right and bottom of the ink, in pixels, (N, 4)."""
    left, right = _ends(images.amax(dim=1) > EDGE_ALPHA)
    top, bottom = _ends(images.amax(dim=2) > EDGE_ALPHA)
    return torch.stack([left, top, right, bottom], dim=1).float()


def _ends(occupied: Tensor) -> tuple[Tensor, Tensor]:
    """First and one past the last place that is set in each row (N, L)."""
    held = occupied.to(torch.uint8)
    return held.argmax(dim=1), occupied.shape[1] - held.flip(1).argmax(dim=1)


def _leans(images: Tensor) -> Tensor:
    """The skew of each image: pixels to the right for each pixel up, (N,)."""
    places = torch.arange(SIDE_PX) + 0.5
    mass = images.sum(dim=(1, 2)).clamp(min=1e-6)
    by_row, by_column = images.sum(dim=2), images.sum(dim=1)
    down = places - (by_row @ places / mass).unsqueeze(1)
    right = places - (by_column @ places / mass).unsqueeze(1)
    high = (by_row * down.square()).sum(dim=1).clamp(min=1e-6)
    return (-((images @ right.unsqueeze(2)).squeeze(2) * down).sum(dim=1) / high).clamp(-_STEEPEST, _STEEPEST)


def _frames(digits: _StrokeContext, paths: Tensor, image_of: Tensor) -> tuple[Tensor, Tensor]:
    """How to look at each image: pixels of it for a pixel of the frame, (N,), and where the frame's corner is, (N, 2).

    MNIST's frame: the box of all ink, the strokes included, with its longer side 20 pixels, in the middle of 28 x 28.
    """
    reach_px = digits.pen_px[image_of].unsqueeze(1) / 2
    own = image_of.unsqueeze(1).expand(-1, 2)
    low = digits.box[:, :2].scatter_reduce(0, own, paths.amin(dim=1) - reach_px, "amin")
    high = digits.box[:, 2:].scatter_reduce(0, own, paths.amax(dim=1) + reach_px, "amax")
    scale = (high - low).amax(dim=1) / BOX_PX
    size = ((high - low) / scale.unsqueeze(1)).round()
    middle = torch.div(SIDE_PX - size, 2, rounding_mode="floor") + size / 2
    return scale, (low + high) / 2 - middle * scale.unsqueeze(1)


def _resampled(images: Tensor, scale: Tensor, corner: Tensor) -> Tensor:
    """The images (N, 28, 28) as their frames show them."""
    places = torch.arange(SIDE_PX) + 0.5
    x, y = (corner.unsqueeze(2) + scale.view(-1, 1, 1) * places).unbind(1)
    across, down = x.unsqueeze(1).expand(-1, SIDE_PX, -1), y.unsqueeze(2).expand(-1, -1, SIDE_PX)
    grid = torch.stack([across, down], dim=3) * (2 / SIDE_PX) - 1
    return F.grid_sample(images.unsqueeze(1), grid, align_corners=False).squeeze(1)


def _ink(paths: Tensor, pen_px: Tensor) -> Tensor:
    """The paths (S, steps + 1, 2) drawn with a round pen of a width (S,): (S, 28, 28), 0 to 1, edges a pixel soft."""
    begin, end = paths[:, :-1], paths[:, 1:]
    half_px = torch.linalg.vector_norm(end - begin, dim=2, keepdim=True) / 2
    unit_x, unit_y = ((end - begin) / (2 * half_px)).unsqueeze(3).unbind(2)
    middle_x, middle_y = ((begin + end) / 2).unsqueeze(3).unbind(2)
    places = torch.arange(SIDE_PX) + 0.5
    right, down = places - middle_x, places - middle_y
    # How far along and how far beside a piece's middle a pixel lies: what its column adds, and what its row.
    along = (unit_x * right).unsqueeze(2) + (unit_y * down).unsqueeze(3)
    beside = (unit_x * down).unsqueeze(3) - (unit_y * right).unsqueeze(2)
    beyond = along.abs_().sub_(half_px.unsqueeze(3)).relu_()
    nearest_px = beyond.square_().addcmul_(beside, beside).amin(dim=1).sqrt_()
    ink: Tensor = (pen_px.view(-1, 1, 1) / 2 + 0.5 - nearest_px).clamp_(0, 1)
    return ink


def _center(images: Tensor) -> Tensor:
    """Moved by whole pixels until the centre of mass is at pixel (14, 14), as far as no ink is lost."""
    rows, columns = _origins(images.sum(dim=2)), _origins(images.sum(dim=1))
    origins = (rows * SIDE_PX).unsqueeze(2) + columns.unsqueeze(1)
    return images.flatten(1).gather(1, origins.flatten(1)).view_as(images)


def _origins(ink: Tensor) -> Tensor:
    """Which row or column of ink (N, 28) comes to each place, (N, 28); paper pushed out at one end fills the other."""
    first, end = _ends(ink > 0)
    places = torch.arange(SIDE_PX)
    way = (CENTER_PX - ink @ places.float() / ink.sum(dim=1).clamp(min=1e-6)).round().long()
    way = way.maximum(-first).minimum(SIDE_PX - end)
    return (places - way.unsqueeze(1)) % SIDE_PX
