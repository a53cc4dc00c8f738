"""Pen strokes: what the canvas sends and what stroke files hold, checked, and drawn as the canvas draws them."""

import math
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from mnist_core.errors import UserError

Point = tuple[float, float]

CANVAS_PX = 280
PEN_PX = 20
MAX_STROKES = 200
MAX_POINTS = 20_000
MAX_WIDTH_PX = 100.0

_MIDDLE = 200 / 280  # of the canvas: the side of the box that a digit "drawn in the middle" fills, pen included
_SUPERSAMPLING = 4
_MAX_COORDINATE = 1e9
_ARRAYS = ("labels", "points", "stroke", "digit")
_MAX_FILE_BYTES = 1 << 28  # unpacked: a zip may claim a thousand times its own size


@dataclass(frozen=True, slots=True)
class Stroke:
    """One pen movement from down to up.

    Attributes:
        points: Where the pen was, as (x, y) in px, y downward; a single one is a dot.
        width_px: The width of the pen.
    """

    points: tuple[Point, ...]
    width_px: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Strokes on a square canvas of `canvas_px` pixels a side."""

    strokes: tuple[Stroke, ...]
    canvas_px: int = CANVAS_PX

    def render(self) -> npt.NDArray[np.uint8]:
        """White ink on black, (canvas_px, canvas_px) uint8: antialiased, with round caps and joins."""
        side = self.canvas_px * _SUPERSAMPLING
        image = Image.new("L", (side, side))
        pen = ImageDraw.Draw(image)
        for stroke in self.strokes:
            _draw(pen, stroke)
        return np.array(image.reduce(_SUPERSAMPLING))

    def to_json(self) -> dict[str, Any]:
        """The drawing in the form that the canvas sends, for `drawing_from_json` and for the canvas to show again."""
        strokes = [{"w": stroke.width_px, "p": [list(point) for point in stroke.points]} for stroke in self.strokes]
        return {"strokes": strokes}


def drawing_from_json(value: object, canvas_px: int = CANVAS_PX) -> Drawing:
    """The drawing that the canvas sent: `{"strokes": [{"w": 20, "p": [[x, y], ...]}, ...]}`, in canvas pixels.

    Points beyond the canvas are moved to its edge, pen widths to 1..100 px; strokes without points are
    left out; other keys are ignored.

    Raises:
        UserError: `strokes_unreadable` when it has another form, a number that is none, over 200 strokes or
            over 20,000 points.
    """
    if not isinstance(value, Mapping) or not isinstance(value.get("strokes"), list):
        raise _unreadable("The drawing is not a list of strokes.")
    sent = value["strokes"]
    if len(sent) > MAX_STROKES:
        raise _unreadable(f"The drawing has {len(sent):,} strokes; at most {MAX_STROKES} are read.")
    count = sum(len(stroke["p"]) for stroke in sent if _is_stroke(stroke))
    if count > MAX_POINTS:
        raise _unreadable(f"The drawing has {count:,} points; at most {MAX_POINTS:,} are read.")
    strokes = (_stroke_from_json(stroke, canvas_px) for stroke in sent)
    return Drawing(tuple(stroke for stroke in strokes if stroke.points), canvas_px)


def read_stroke_file(
    path: str | Path,
    pen_px: float = PEN_PX,
    canvas_px: int = CANVAS_PX,
    limit: int | None = None,
    small: bool = False,
) -> Iterator[tuple[int, Drawing]]:
    """The digits of a stroke file, each with its label, drawn in the middle of a canvas.

    With `small` they are drawn at half that size, each somewhere else on the canvas.

    The file is an npz of `labels (N,)` whole 0..9, and of every point of every pen path `points (P, 2)`
    x and y downward at any scale, `stroke (P,)` its stroke and `digit (P,)` its digit, 0..N-1. It is
    checked as a whole before the first digit is given out; at most `limit` are.

    Raises:
        UserError: `strokes_unreadable` when it is not such a file, or a digit of it has over 20,000 points.
    """
    try:
        labels, points, stroke, digit = _load_arrays(Path(path))
    except UserError:
        raise
    except Exception:  # numpy and zipfile promise no list of what they raise on damaged files
        raise _unreadable("The stroke file cannot be read.") from None
    order = np.argsort(digit, kind="stable")
    starts = np.searchsorted(digit[order], np.arange(len(labels) + 1))
    longest = int(np.diff(starts).max(initial=0))
    if longest > MAX_POINTS:
        raise _unreadable(f"A digit of the stroke file has {longest:,} points; at most {MAX_POINTS:,} are read.")

    def drawings() -> Iterator[tuple[int, Drawing]]:
        for index, label in enumerate(labels[:limit]):
            own = order[starts[index] : starts[index + 1]]
            box_px = canvas_px * (_MIDDLE / 2 if small else _MIDDLE)
            center = _somewhere(index, canvas_px, box_px) if small else (canvas_px / 2, canvas_px / 2)
            placed = place_in_box(points[own], box_px - pen_px, center)
            yield int(label), Drawing(_split(placed, stroke[own], pen_px), canvas_px)

    return drawings()


def place_in_box(points: npt.NDArray[Any], side_px: float, center: Point) -> npt.NDArray[np.float64]:
    """The pen path (P, 2) moved and scaled so that its longer side is `side_px` and its box stands at `center`."""
    path = points.astype(np.float64)
    if not len(path):
        return path
    low, high = path.min(axis=0), path.max(axis=0)
    extent = float((high - low).max())
    scale = max(side_px, 1.0) / extent if extent > 0 else 0.0
    placed: npt.NDArray[np.float64] = (path - (low + high) / 2) * scale + np.asarray(center)
    return placed


def _somewhere(index: int, canvas_px: int, box_px: float) -> Point:
    """A place for the box's middle that keeps the box on the canvas.

    The places follow Roberts' R2 sequence (2018), which fills a square evenly without random numbers.
    """
    right, down = ((0.5 + index * step) % 1 for step in (0.7548776662, 0.5698402910))
    room_px = canvas_px - box_px
    return box_px / 2 + right * room_px, box_px / 2 + down * room_px


def _draw(pen: ImageDraw.ImageDraw, stroke: Stroke) -> None:
    radius = stroke.width_px * _SUPERSAMPLING / 2
    path = [(x * _SUPERSAMPLING, y * _SUPERSAMPLING) for x, y in stroke.points]
    if len(path) > 1:
        pen.line(path, fill=255, width=max(1, round(2 * radius)))
    for x, y in path:  # Pillow's box includes its last pixel, hence the halves
        pen.ellipse((x - radius + 0.5, y - radius + 0.5, x + radius - 0.5, y + radius - 0.5), fill=255)


def _is_stroke(value: object) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("p"), list)


def _stroke_from_json(value: Any, canvas_px: int) -> Stroke:
    if not _is_stroke(value):
        raise _unreadable("A stroke of the drawing is not a pen width and a list of points.")
    width = _number(value.get("w"))
    points = []
    for point in value["p"]:
        if not isinstance(point, list | tuple) or len(point) != 2:
            raise _unreadable("A point of the drawing is not a pair of numbers.")
        x, y = _number(point[0]), _number(point[1])
        points.append((min(max(x, 0.0), float(canvas_px)), min(max(y, 0.0), float(canvas_px))))
    return Stroke(tuple(points), min(max(width, 1.0), MAX_WIDTH_PX))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unreadable("A number of the drawing is not a number.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _unreadable("A number of the drawing is not finite.")
    return number


def _load_arrays(path: Path) -> tuple[npt.NDArray[Any], ...]:
    """The file's labels, points, stroke and digit, which fit each other and are in range."""
    if not path.is_file():  # a device or a pipe may have no end
        raise _unreadable("The stroke file is missing, or not a file.")
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > _MAX_FILE_BYTES:
            raise _unreadable("The stroke file unpacks to more than 256 MB.")
    with np.load(path, allow_pickle=False) as file:
        missing = [key for key in _ARRAYS if key not in file.files]
        if missing:
            raise _unreadable(f"The stroke file has no {' and no '.join(missing)}.")
        labels, points, stroke, digit = (file[key] for key in _ARRAYS)
    count = len(points) if points.ndim == 2 else -1
    if labels.ndim != 1 or points.shape != (count, 2) or stroke.shape != (count,) or digit.shape != (count,):
        raise _unreadable("The arrays of the stroke file do not fit each other.")
    if points.dtype.kind not in "fiu" or any(array.dtype.kind not in "iu" for array in (labels, stroke, digit)):
        raise _unreadable("The arrays of the stroke file are not numbers, or not whole where they should be.")
    distances = np.abs(points, dtype=np.float64)
    if not ((distances <= _MAX_COORDINATE).all() and _within(labels, 9) and _within(digit, len(labels) - 1)):
        raise _unreadable("The stroke file holds a label, a point or a digit number out of range.")
    return labels, points, stroke, digit


def _within(values: npt.NDArray[Any], high: int) -> bool:
    return not values.size or (int(values.min()) >= 0 and int(values.max()) <= high)


def _split(path: npt.NDArray[np.float64], stroke: npt.NDArray[Any], pen_px: float) -> tuple[Stroke, ...]:
    ends = np.flatnonzero(stroke[1:] != stroke[:-1]) + 1
    parts = np.split(path, ends) if len(path) else []
    return tuple(Stroke(tuple(map(tuple, part.tolist())), pen_px) for part in parts)


def _unreadable(message: str) -> UserError:
    return UserError("strokes_unreadable", message, "Draw it again, or use a stroke file as in docs/REFERENCE.md.")
