"""What people do with a pen, drawn into training images."""

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from mnist_core.export.script.pieces.warps import stroke_width

HABITS, EDGE_STRENGTH = "", 0.0  # a script has its own


def add_pen_variants(
    images: Tensor, labels: Tensor, share: float, dice: Generator
) -> Tensor:
    """The images, this share of them with a habit of its digit, framed as MNIST's are.

    A habit is one or two strokes: a slash through the 0, a bar through the 7.
    """
    odds, strokes, owners = table_of_habits()
    lot, which = torch.rand(2, len(images), generator=dice)
    chances = odds[labels]
    able = (chances[:, -1] > 0) & (images.amax(dim=(1, 2)) > 0.4)
    places = (able & (lot < share)).nonzero().squeeze(1)
    if not len(places):
        return images
    habit = (chances[places] <= which[places].unsqueeze(1)).sum(dim=1, keepdim=True)
    image_of, row = (owners == habit).nonzero(as_tuple=True)
    changed = images.clone()
    changed[places] = with_strokes(images[places], image_of, strokes[row], dice)
    return changed


def table_of_habits() -> tuple[Tensor, Tensor, Tensor]:
    """The chance of each habit or one before it, for each digit; the strokes; whose.

    A line of HABITS is a stroke: its habit, that one's digit and how often it is;
    the direction, right and down, of the point where it begins, if any; whether it
    begins on the ink; and between what is drawn how far down it begins, where it goes,
    how far ahead and behind, and how far it turns.
    """
    lines = [[float(number) for number in line.split()] for line in HABITS.splitlines()]
    rows = torch.tensor(lines)
    owners, digits = rows[:, 0].long(), rows[:, 1].long()
    odds = torch.zeros(10, int(owners.max()) + 1)
    odds[digits, owners] = rows[:, 2]
    odds = odds.cumsum(dim=1)
    return odds / odds[:, -1:].clamp(min=1e-6), rows[:, 3:], owners


def with_strokes(
    images: Tensor, image_of: Tensor, strokes: Tensor, dice: Generator
) -> Tensor:
    """The images with all strokes, each drawn into the image that `image_of` says."""
    press = 0.85 + (1.15 - 0.85) * torch.rand(len(images), generator=dice)
    boxes, pens = boxes_of(images), stroke_width(images) * press
    ways = ways_of(images, boxes, pens, image_of, strokes, dice)
    scale, corner = frames_of(boxes, pens, ways, image_of)
    seen = seen_in_frames(images, scale, corner)
    # Drawn where they are to be seen: what reaches beyond the picture is not lost.
    scale, corner = scale[image_of], corner[image_of]
    placed = (ways - corner.unsqueeze(1)) / scale.view(-1, 1, 1)
    darkest = images.amax(dim=(1, 2))[image_of].view(-1, 1, 1)
    ink = drawn(placed, pens[image_of] / scale) * darkest
    owners = image_of.view(-1, 1, 1).expand_as(ink)
    return centred(seen.scatter_reduce(0, owners, ink, "amax"))


def ways_of(
    images: Tensor,
    boxes: Tensor,
    pens: Tensor,
    image_of: Tensor,
    strokes: Tensor,
    dice: Generator,
) -> Tensor:
    """A way of the pen for each stroke: points x, y in pixels, (S, 7, 2)."""
    low, high = strokes[:, 3:].view(-1, 5, 2).unbind(2)
    chance = torch.rand(len(strokes), 5, generator=dice)
    level, heading, ahead, behind, curl = (low + (high - low) * chance).T
    length = (ahead + behind).clamp(min=0.02)
    begun = behind / length
    # Six straight pieces, each turned a little further than the last.
    along = (torch.arange(6) + 0.5) / 6 - begun.unsqueeze(1)
    angle = torch.deg2rad(heading.unsqueeze(1) + curl.unsqueeze(1) * along)
    box = boxes[image_of]
    longer = (box[:, 2:] - box[:, :2]).amax(dim=1)
    pieces = torch.stack([torch.cos(angle), -torch.sin(angle)], dim=2)
    pieces = pieces * (length * longer / 6).view(-1, 1, 1)
    way = F.pad(pieces.cumsum(dim=1), (0, 0, 1, 0))
    right, down = (way - point_at(way, begun)).unbind(2)
    lean = leans_of(images)[image_of].unsqueeze(1)
    leaning = torch.stack([right - lean * down, down], dim=2)
    begins = begins_of(images[image_of], box, pens[image_of], strokes, level)
    return leaning + begins.unsqueeze(1)


def point_at(ways: Tensor, share: Tensor) -> Tensor:
    """The point at a share of each way, (S, 1, 2)."""
    place = share * 6
    before = place.floor().clamp(max=5).long()
    each = torch.arange(len(ways))
    first, second = ways[each, before], ways[each, before + 1]
    return torch.lerp(first, second, (place - before).unsqueeze(1)).unsqueeze(1)


def begins_of(
    images: Tensor, boxes: Tensor, pens: Tensor, strokes: Tensor, level: Tensor
) -> Tensor:
    """Where each stroke begins: at the ink's end in a direction, or on its axis."""
    toward, on_ink = strokes[:, :2], strokes[:, 2] > 0
    firm = (images > 0.4).float()
    places = torch.arange(28) + 0.5
    reach = (toward[:, :1] * places).unsqueeze(1)
    reach = reach + (toward[:, 1:] * places).unsqueeze(2) + firm * 1000
    outermost = reach.flatten(1).argmax(dim=1)
    tips = torch.stack([outermost % 28, outermost // 28], dim=1) + 0.5
    tips = tips - toward * (pens.unsqueeze(1) - 1) / 2  # the pen's middle, not its edge
    left, top, right, bottom = boxes.T
    down = top + (bottom - top) * level
    row = firm[torch.arange(len(firm)), down.long().clamp(0, 27)]
    inked = row.sum(dim=1)
    of_ink = row @ places / inked.clamp(min=1)
    middle = torch.where(on_ink & (inked > 0), of_ink, (left + right) / 2)
    has_tip = (toward != 0).any(dim=1, keepdim=True)
    return torch.where(has_tip, tips, torch.stack([middle, down], dim=1))


def boxes_of(images: Tensor) -> Tensor:
    """Left, top, right and bottom of the ink, in pixels, (N, 4)."""
    left, right = ends_of(images.amax(dim=1) > EDGE_STRENGTH)
    top, bottom = ends_of(images.amax(dim=2) > EDGE_STRENGTH)
    return torch.stack([left, top, right, bottom], dim=1).float()


def ends_of(occupied: Tensor) -> tuple[Tensor, Tensor]:
    """First and one past the last place that is set in each row."""
    held = occupied.to(torch.uint8)
    return held.argmax(dim=1), occupied.shape[1] - held.flip(1).argmax(dim=1)


def leans_of(images: Tensor) -> Tensor:
    """Pixels to the right for each pixel up."""
    places = torch.arange(28) + 0.5
    mass = images.sum(dim=(1, 2)).clamp(min=1e-6)
    by_row, by_column = images.sum(dim=2), images.sum(dim=1)
    down = places - (by_row @ places / mass).unsqueeze(1)
    right = places - (by_column @ places / mass).unsqueeze(1)
    high = (by_row * down.square()).sum(dim=1).clamp(min=1e-6)
    mixed = (images @ right.unsqueeze(2)).squeeze(2) * down
    return (-mixed.sum(dim=1) / high).clamp(-1, 1)


def frames_of(
    boxes: Tensor, pens: Tensor, ways: Tensor, image_of: Tensor
) -> tuple[Tensor, Tensor]:
    """MNIST's frame of all ink, strokes included: its scale, and its corner."""
    reach = pens[image_of].unsqueeze(1) / 2
    own = image_of.unsqueeze(1).expand(-1, 2)
    low = boxes[:, :2].scatter_reduce(0, own, ways.amin(dim=1) - reach, "amin")
    high = boxes[:, 2:].scatter_reduce(0, own, ways.amax(dim=1) + reach, "amax")
    scale = (high - low).amax(dim=1) / 20
    size = ((high - low) / scale.unsqueeze(1)).round()
    middle = torch.div(28 - size, 2, rounding_mode="floor") + size / 2
    return scale, (low + high) / 2 - middle * scale.unsqueeze(1)


def seen_in_frames(images: Tensor, scale: Tensor, corner: Tensor) -> Tensor:
    """The images as their frames show them."""
    places = torch.arange(28) + 0.5
    x, y = (corner.unsqueeze(2) + scale.view(-1, 1, 1) * places).unbind(1)
    across = x.unsqueeze(1).expand(-1, 28, -1)
    down = y.unsqueeze(2).expand(-1, -1, 28)
    grid = torch.stack([across, down], dim=3) * (2 / 28) - 1
    return F.grid_sample(images.unsqueeze(1), grid, align_corners=False).squeeze(1)


def drawn(ways: Tensor, pens: Tensor) -> Tensor:
    """The ways drawn with a round pen, (S, 28, 28), edges a pixel soft."""
    places = torch.arange(28) + 0.5
    begin, end = ways[:, :-1], ways[:, 1:]
    half = torch.linalg.vector_norm(end - begin, dim=2, keepdim=True) / 2
    unit_x, unit_y = ((end - begin) / (2 * half)).unsqueeze(3).unbind(2)
    middle_x, middle_y = ((begin + end) / 2).unsqueeze(3).unbind(2)
    right, down = places - middle_x, places - middle_y
    # How far along and beside a piece a pixel lies: of its column, and its row.
    along = (unit_x * right).unsqueeze(2) + (unit_y * down).unsqueeze(3)
    beside = (unit_x * down).unsqueeze(3) - (unit_y * right).unsqueeze(2)
    beyond = (along.abs() - half.unsqueeze(3)).relu()
    nearest = (beyond.square() + beside.square()).amin(dim=1).sqrt()
    ink: Tensor = (pens.view(-1, 1, 1) / 2 + 0.5 - nearest).clamp(0, 1)
    return ink


def centred(images: Tensor) -> Tensor:
    """Moved by whole pixels until the centre of mass is at pixel (14, 14)."""
    rows, columns = origins_of(images.sum(dim=2)), origins_of(images.sum(dim=1))
    origins = (rows * 28).unsqueeze(2) + columns.unsqueeze(1)
    return images.flatten(1).gather(1, origins.flatten(1)).view_as(images)


def origins_of(ink: Tensor) -> Tensor:
    """Which row or column comes to each place, as far as no ink is lost, (N, 28)."""
    first, end = ends_of(ink > 0)
    places = torch.arange(28)
    mass = ink.sum(dim=1).clamp(min=1e-6)
    way = (14 - ink @ places.float() / mass).round().long()
    way = way.maximum(-first).minimum(28 - end)
    return (places - way.unsqueeze(1)) % 28
