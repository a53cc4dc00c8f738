"""How often what is no digit is refused, and how often a digit is refused that was read right."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from mnist_core.data.mnist_files import load_mnist
from mnist_core.diagnosis.prediction import Prediction, Verdict, predict_batch
from mnist_core.errors import UserError
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.strokes import Drawing
from mnist_core.training.models import Classifier
from tests.benchmarks.benchmark import (
    Benchmark,
    count_option,
    load_classifier,
    model_option,
    read_strokes,
    seed_option,
    strokes_option,
)

Grey = npt.NDArray[np.uint8]
Random = np.random.Generator

LETTERS = "AEFHKMNPRWXYaefhkmnprwxy"
"""Letters without a digit's shape."""

_CANVAS_PX = 280
_LETTER_PX = 190
_AT_ONCE = 500
_MISSING = "\uffff"  # no font has it: what is drawn for it stands for all that a font lacks


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one kind of picture.

    Attributes:
        kind: `letter`, `font`, `scribble`, `blank`, and of digits that are read right `pen digit` or `test digit`;
            `all ...` sums them up, those read wrong by themselves.
        name: Which letter, font, sort of scribble or digit.
        count: How many there were.
        refused: The share with another verdict than `digit`.
        verdicts: How many of each verdict, commonest first.
    """

    kind: str
    name: str
    count: int
    refused: float
    verdicts: tuple[tuple[Verdict, int], ...]


def bench_verdict(
    model: Classifier,
    drawings: Iterable[tuple[int, Drawing]] = (),
    fonts: Path | None = None,
    scribbles: int = 100,
    seed: int = 0,
) -> Iterator[Row]:
    """Ask for the verdict on strangers and on digits.

    Args:
        model: The model that reads.
        drawings: Labels and pen digits.
        fonts: A folder with .ttf or .otf files, to draw letters in; they are looked for in its folders, too.
        scribbles: How many of each sort.
        seed: Decides the scribbles.

    Raises:
        UserError: `fonts_unreadable` when there is no font with letters in the folder.
    """
    found = [*_lettered(fonts), *_scribbled(scribbles, seed), *(("blank", "blank", paper) for paper in _blanks())]
    verdicts = [reading.verdict for reading in _read(model, (picture for _, _, picture in found))]
    yield from _strangers([one[:2] for one in found], verdicts)
    pen = [(label, drawing.render()) for label, drawing in drawings]
    yield from _digits("pen digit", [label for label, _ in pen], _read(model, (picture for _, picture in pen)))
    mnist = load_mnist()
    images = (image.numpy() for image in mnist.test_images)
    yield from _digits("test digit", mnist.test_labels.tolist(), _read(model, images))


def letter_picture(letter: str, font: Path) -> Grey | None:
    """The letter in the middle of a white page, black; None when the font does not have it."""
    face = ImageFont.truetype(font, _LETTER_PX)
    if bytes(face.getmask(letter)) == bytes(face.getmask(_MISSING)):
        return None
    image = Image.new("L", (_CANVAS_PX, _CANVAS_PX), 255)
    ImageDraw.Draw(image).text((_CANVAS_PX / 2, _CANVAS_PX / 2), letter, 0, face, anchor="mm")
    return np.array(image)


def _lettered(folder: Path | None) -> Iterator[tuple[str, str, Grey]]:
    """Font, letter and picture."""
    if folder is None:
        return
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".otf"))
    drawn = 0
    for path in files:
        for letter in LETTERS:
            picture = letter_picture(letter, path)
            if picture is not None:
                drawn += 1
                yield path.stem, letter, picture if drawn % 2 else 255 - picture
    if not drawn:
        raise UserError("fonts_unreadable", f"There is no font in {folder}.", "Name a folder of .ttf files.")


def _scribbled(count: int, seed: int) -> Iterator[tuple[str, str, Grey]]:
    for place, (name, make) in enumerate(_SCRIBBLES.items()):
        random = np.random.default_rng((seed, place))
        for _ in range(count):
            yield "scribble", name, _inked(make(random), round(random.uniform(5, 22)))


def _blanks() -> Iterator[Grey]:
    """Paper of every grey, and paper with a little grain."""
    random = np.random.default_rng(0)
    for level in range(5, 255, 25):
        yield np.full((_CANVAS_PX, _CANVAS_PX), level, np.uint8)
        yield np.clip(random.normal(level, 2, (_CANVAS_PX, _CANVAS_PX)), 0, 255).astype(np.uint8)


def _loose_points(random: Random) -> npt.NDArray[np.float64]:
    return random.uniform(30, 250, (random.integers(8, 25), 2))


def _bouncing(random: Random) -> npt.NDArray[np.float64]:
    """A pen that goes on as it went, and turns where the paper ends."""
    path, way = [random.uniform(60, 220, 2)], random.normal(0, 12, 2)
    for _ in range(120):
        way = 0.93 * way + random.normal(0, 5, 2)
        way = np.where((path[-1] + way < 20) | (path[-1] + way > 260), -way, way)
        path.append(path[-1] + way)
    return np.array(path)


def _to_and_fro(random: Random) -> npt.NDArray[np.float64]:
    turns = random.integers(6, 14)
    along = np.linspace(40, 240, turns) + random.normal(0, 5, turns)
    across = np.where(np.arange(turns) % 2, 60.0, 220.0) + random.normal(0, 12, turns)
    return np.stack([along, across] if random.random() < 0.5 else [across, along], axis=1)


def _loops(random: Random) -> npt.NDArray[np.float64]:
    """Loops that move on, as one tries a pen."""
    time = np.linspace(0, random.uniform(4, 9), 200)
    size = random.uniform(20, 60)
    x = 50 + 180 * time / time[-1] + size * np.cos(2 * np.pi * time)
    return np.stack([x, 140 + size * np.sin(2 * np.pi * time) + random.normal(0, 1, 200).cumsum()], axis=1)


_SCRIBBLES: dict[str, Callable[[Random], npt.NDArray[np.float64]]] = {
    "loose points": _loose_points,
    "bouncing": _bouncing,
    "to and fro": _to_and_fro,
    "loops": _loops,
}


def _inked(path: npt.NDArray[np.float64], pen_px: int) -> Grey:
    image = Image.new("L", (_CANVAS_PX, _CANVAS_PX))
    ImageDraw.Draw(image).line([(float(x), float(y)) for x, y in path], 255, pen_px, joint="curve")
    return np.array(image)


def _read(model: Classifier, pictures: Iterable[Grey]) -> list[Prediction]:
    digits = [preprocess(picture) for picture in pictures]
    parts = (digits[start : start + _AT_ONCE] for start in range(0, len(digits), _AT_ONCE))
    return [reading for part in parts for reading in predict_batch(model, part)]


def _strangers(names: list[tuple[str, str]], verdicts: list[Verdict]) -> Iterator[Row]:
    """A row for each letter, each font, each sort of scribble, and all of them."""
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for (font, name), verdict in zip(names, verdicts, strict=True):
        lettered = font not in ("scribble", "blank")
        keys = [("letter", name), ("font", font)] if lettered else [(font, name)]
        for key in [*keys, ("all letters", "") if lettered else (f"all {font}s", ""), ("all strangers", "")]:
            groups.setdefault(key, []).append(verdict)
    for (kind, name), own in sorted(groups.items(), key=lambda group: group[0]):
        yield _row(kind, name, own)


def _digits(kind: str, labels: list[int], readings: list[Prediction]) -> Iterator[Row]:
    """A row for each digit that is read right, and all of them, and all together with those read wrong."""
    right = [(label, one.verdict) for label, one in zip(labels, readings, strict=True) if one.digit == label]
    for digit in sorted(set(labels)):
        yield _row(kind, str(digit), [verdict for label, verdict in right if label == digit])
    if labels:
        yield _row(f"all {kind}s read right", "", [verdict for _, verdict in right])
        wrong = [one.verdict for label, one in zip(labels, readings, strict=True) if one.digit != label]
        yield _row(f"all {kind}s read wrong", "", wrong)


def _row(kind: str, name: str, verdicts: list[Verdict]) -> Row:
    refused = sum(verdict != "digit" for verdict in verdicts) / max(1, len(verdicts))
    return Row(kind, name, len(verdicts), refused, tuple(Counter(verdicts).most_common()))


def _run(strokes: Path | None, fonts: Path | None, scribbles: int, seed: int, model: str) -> Iterator[Row]:
    return bench_verdict(load_classifier(model), read_strokes(strokes), fonts, scribbles, seed)


BENCHMARK = Benchmark(
    "How often what is no digit is refused, and how often a digit is refused that is read right.",
    _run,
    (
        strokes_option(required=False),
        click.option("--fonts", type=click.Path(path_type=Path), help="A folder of .ttf or .otf files for letters."),
        count_option("--scribbles", 100, "Of each sort.", 10_000),
        seed_option,
        model_option,
    ),
)
