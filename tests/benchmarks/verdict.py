"""How often what is no digit is refused, and how often a digit is refused that was read right."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
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
from tests.benchmarks.benchmark import Benchmark, classifier_option, count_option, drawings_option, seed_option

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


@dataclass(frozen=True, slots=True)
class _Shown:
    """A picture to judge: what kind it is, its name as in `Row`, of a digit its label, of a letter its font."""

    kind: str
    name: str
    picture: Grey
    label: int | None = None
    font: str = ""

    def rows(self, found: Prediction) -> Iterator[tuple[str, str]]:
        """The rows, kind and name, that it counts for; a digit that is read wrong does so only in a row of those."""
        if self.label is not None and found.digit != self.label:
            yield f"all {self.kind}s read wrong", ""
            return
        yield self.kind, self.name
        yield f"all {self.kind}s" + (" read right" if self.label is not None else ""), ""
        if self.font:
            yield "font", self.font
        if self.label is None:
            yield "all strangers", ""


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
    pen_digits = (_Shown("pen digit", str(label), drawing.render(), label) for label, drawing in drawings)
    shown = chain(_lettered(fonts), _scribbled(scribbles, seed), _blanks(), pen_digits, _test_digits())
    verdicts = defaultdict[tuple[str, str], list[Verdict]](list)
    while batch := list(islice(shown, _AT_ONCE)):
        for one, found in zip(batch, predict_batch(model, [preprocess(one.picture) for one in batch]), strict=True):
            for row in one.rows(found):
                verdicts[row].append(found.verdict)
    for (kind, name), own in sorted(verdicts.items()):
        refused = sum(verdict != "digit" for verdict in own) / len(own)
        yield Row(kind, name, len(own), refused, tuple(Counter(own).most_common()))


def letter_picture(letter: str, font: Path) -> Grey | None:
    """The letter in the middle of a white page, black; None when the font does not have it."""
    face = ImageFont.truetype(font, _LETTER_PX)
    if bytes(face.getmask(letter)) == bytes(face.getmask(_MISSING)):
        return None
    image = Image.new("L", (_CANVAS_PX, _CANVAS_PX), 255)
    ImageDraw.Draw(image).text((_CANVAS_PX / 2, _CANVAS_PX / 2), letter, 0, face, anchor="mm")
    return np.array(image)


def _lettered(folder: Path | None) -> Iterator[_Shown]:
    """Letters of all fonts, every other one white on black."""
    if folder is None:
        return
    drawn = 0
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".otf")):
        for letter in LETTERS:
            picture = letter_picture(letter, path)
            if picture is not None:
                drawn += 1
                yield _Shown("letter", letter, picture if drawn % 2 else 255 - picture, font=path.stem)
    if not drawn:
        raise UserError("fonts_unreadable", f"There is no font in {folder}.", "Name a folder of .ttf files.")


def _scribbled(count: int, seed: int) -> Iterator[_Shown]:
    for place, (name, make) in enumerate(_SCRIBBLES.items()):
        random = np.random.default_rng((seed, place))
        for _ in range(count):
            yield _Shown("scribble", name, _inked(make(random), round(random.uniform(5, 22))))


def _blanks() -> Iterator[_Shown]:
    """Paper of every grey, and paper with a little grain."""
    random = np.random.default_rng(0)
    for level in range(5, 255, 25):
        for grain in (0, 2):
            paper = random.normal(level, grain, (_CANVAS_PX, _CANVAS_PX)) if grain else level
            yield _Shown("blank", "blank", np.full((_CANVAS_PX, _CANVAS_PX), np.clip(paper, 0, 255), np.uint8))


def _test_digits() -> Iterator[_Shown]:
    mnist = load_mnist()
    for image, label in zip(mnist.test_images, mnist.test_labels.tolist(), strict=True):
        yield _Shown("test digit", str(label), image.numpy(), label)


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


BENCHMARK = Benchmark(
    "How often what is no digit is refused, and how often a digit is refused that is read right.",
    bench_verdict,
    (
        drawings_option(required=False),
        click.option("--fonts", type=click.Path(path_type=Path), help="A folder of .ttf or .otf files for letters."),
        count_option("--scribbles", 100, "Of each sort.", 10_000),
        seed_option,
        classifier_option,
    ),
)
