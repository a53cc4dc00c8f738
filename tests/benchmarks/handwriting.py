"""How often other people's handwriting is misread, however it was drawn."""

import io
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from PIL import Image, ImageFilter

from mnist_core.cli.options import load_classifier
from mnist_core.evaluation.handwriting import Grey, Shown, count_misread, read_pen_digits
from mnist_core.preprocessing.steps import MNIST_STEPS, RAW
from mnist_core.preprocessing.strokes import PEN_PX, Drawing
from mnist_core.runs.cards import shipped
from mnist_core.stats import wilson_interval
from mnist_core.training.models import Classifier
from tests.benchmarks.benchmark import Benchmark, strokes_option

_PAPER, _INK = 232.0, 48.0  # grey levels of a photo
_SHADE = 0.25  # of the light is lost from one side to the other
_GRAIN = 4.0  # grey levels, standard deviation
_BLUR_PX = 0.8
_QUALITY = 60  # of the JPEG


@dataclass(frozen=True, slots=True)
class Condition:
    """One way in which all digits are drawn.

    Attributes:
        name: In words.
        pen_px: Width of the pen on a canvas of 280 x 280.
        small: Drawn at half the size, each somewhere else.
        shown: What becomes of each drawing on its way to the program.
        steps: How it is prepared.
    """

    name: str
    pen_px: float = PEN_PX
    small: bool = False
    shown: Shown = lambda _, drawing: drawing
    steps: Set[str] = MNIST_STEPS


@dataclass(frozen=True, slots=True)
class Row:
    """How often a model misreads digits drawn in one way.

    Attributes:
        condition, model: Which.
        count: How many digits.
        error: Share misread; an empty picture is misread.
        low, high: Where the share of all such digits lies, with 95 % certainty, were they drawn independently.
    """

    condition: str
    model: str
    count: int
    error: float
    low: float
    high: float


def inverted(_: int, drawing: Drawing) -> Grey:
    """Black ink on white."""
    return 255 - drawing.render()


def photographed(number: int, drawing: Drawing) -> bytes:
    """Dark ink on paper that is lit from one side, a little blurred, grainy, as a JPEG."""
    random = np.random.default_rng(number)
    ink = Image.fromarray(drawing.render()).filter(ImageFilter.GaussianBlur(_BLUR_PX))
    share = np.asarray(ink, np.float32) / 255
    way = random.uniform(0, 2 * np.pi)
    y, x = np.mgrid[-0.5 : 0.5 : share.shape[0] * 1j, -0.5 : 0.5 : share.shape[1] * 1j]
    light = 1 - _SHADE * (0.5 + x * np.cos(way) + y * np.sin(way))
    levels = (_PAPER + (_INK - _PAPER) * share) * light + random.normal(0, _GRAIN, share.shape)
    file = io.BytesIO()
    Image.fromarray(levels.round().clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


CONDITIONS = (
    Condition("in the middle"),
    Condition("small, anywhere", small=True),
    Condition("in the middle, only shrunk", steps=RAW),
    Condition("small, anywhere, only shrunk", small=True, steps=RAW),
    *(Condition(f"pen of {pen_px} px", pen_px) for pen_px in (8, 14, 28, 36)),
    Condition("black on white", shown=inverted),
    Condition("as a JPEG photo", shown=photographed),
)


def bench_pens(
    models: Mapping[str, Classifier],
    strokes: Path,
    limit: int | None = None,
    conditions: tuple[Condition, ...] = CONDITIONS,
) -> Iterator[Row]:
    """Draw each digit of a stroke file in each way, prepare it once, and let all models read it.

    Raises:
        UserError: As `preprocessing.strokes.read_stroke_file`.
    """
    for condition in conditions:
        drawn = condition.pen_px, condition.small, limit
        images, labels = read_pen_digits(strokes, *drawn, shown=condition.shown, steps=condition.steps)
        for name, model in models.items():
            wrong, count = count_misread(model, images, labels), len(labels)
            yield Row(condition.name, name, count, wrong / count, *wilson_interval(wrong, count))


def _run(strokes: Path, limit: int | None, names: tuple[str, ...]) -> Iterator[Row]:
    chosen = names or tuple(card.name for card in shipped())
    return bench_pens({name: load_classifier(name) for name in chosen}, strokes, limit)


BENCHMARK = Benchmark(
    "How often other people's digits are misread: drawn small, with other pens, inverted, photographed.",
    _run,
    (
        strokes_option,
        click.option("--limit", type=click.IntRange(1), help="Only the first so many."),
        click.option("--model", "names", multiple=True, help="A shipped model or a run; may be repeated; else all."),
    ),
)
