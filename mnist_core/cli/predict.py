"""`predict`: which digit a model sees in images, or in the drawings of a stroke file."""

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mnist_core.cli.options import FAILED, json_option, load_classifier, model_option, read_image, say, steps_options
from mnist_core.errors import UserError

if TYPE_CHECKING:
    from mnist_core.diagnosis.prediction import Prediction
    from mnist_core.preprocessing.pipeline import Preprocessed

_STROKES_AT_ONCE = 256
_REMARKS = {"unsure": "  (unsure)", "not_a_digit": "  (but it does not look like a digit)"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One digit to predict: what it is called, its true class if known, and the digit or why there is none.

    Of several digits in one picture, `several` holds each by itself.
    """

    names: dict[str, Any]
    answer: "Preprocessed | UserError"
    several: "tuple[Preprocessed, ...]" = ()


@click.command()
@click.argument("images", nargs=-1, type=click.Path(path_type=Path))
@click.option("--strokes", type=click.Path(path_type=Path), help="Predict the pen strokes in this .npz instead.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many drawings.")
@click.option("--pen-px", type=click.FloatRange(1, 100), default=20, show_default=True, help="Pen width in pixels.")
@click.option(
    "--canvas-px", type=click.IntRange(28, 2000), default=280, show_default=True, help="Side of the canvas in pixels."
)
@click.option(
    "--drawn",
    type=click.Choice(["middle", "small"]),
    default="middle",
    show_default=True,
    help="Drawn large in the middle of the canvas, or at half the size anywhere on it.",
)
@steps_options
@model_option
@json_option
def predict(
    images: tuple[Path, ...],
    strokes: Path | None,
    limit: int | None,
    pen_px: float,
    canvas_px: int,
    drawn: str,
    steps: frozenset[str],
    model: str,
    as_json: bool,
) -> int:
    """Predict the digit in each image, or in each drawing of a stroke file."""
    if strokes is not None and not images:
        asked = _ask_strokes(strokes, steps, (pen_px, canvas_px, limit, drawn == "small"))
    elif images and strokes is None:
        asked = _ask_images(images, steps)
    else:
        raise click.UsageError("Name images, or a file with --strokes.")
    return _predict(asked, model, as_json, summarise=strokes is not None)


def _ask_images(paths: Iterable[Path], steps: frozenset[str]) -> Iterator[_Asked]:
    from mnist_core.preprocessing.pipeline import preprocess

    for path in paths:
        try:
            digit = preprocess(read_image(path), steps)
            asked = _Asked({"file": str(path)}, digit, digit.parts if len(digit.parts) > 1 else ())
        except UserError as error:
            asked = _Asked({"file": str(path)}, error)
        yield asked


def _ask_strokes(path: Path, steps: frozenset[str], drawn: tuple[float, int, int | None, bool]) -> Iterator[_Asked]:
    """Ask about each drawing of the file; `drawn` is how `read_stroke_file` is to draw them."""
    from mnist_core.preprocessing.pipeline import preprocess
    from mnist_core.preprocessing.strokes import read_stroke_file

    for index, (label, drawing) in enumerate(read_stroke_file(path, *drawn)):
        yield _Asked({"file": str(path), "index": index, "label": label}, preprocess(drawing, steps))


def _predict(asked: Iterator[_Asked], model: str, as_json: bool, summarise: bool) -> int:
    from mnist_core.diagnosis.prediction import predict_batch

    network = load_classifier(model)
    failed = right = count = 0
    while batch := list(itertools.islice(asked, _STROKES_AT_ONCE)):
        readable = [one.answer for one in batch if not isinstance(one.answer, UserError)]
        predictions = iter(predict_batch(network, readable))
        for one in batch:
            if isinstance(one.answer, UserError):
                failed += 1
                _print_error(one, one.answer, as_json)
            else:
                found = next(predictions)
                right += found.digit == one.names.get("label", -1)
                _print_prediction(one, found, predict_batch(network, one.several), as_json)
        count += len(batch)
    if summarise:
        accuracy = right / count if count else 0.0
        summary = {"n": count, "accuracy": accuracy, "error_rate": 1 - accuracy}
        say({"summary": summary}, f"{right} of {count} correct: {accuracy:.2%}", as_json)
    return FAILED if failed else 0


def _print_prediction(one: _Asked, found: "Prediction", several: Sequence["Prediction"], as_json: bool) -> None:
    answer: dict[str, Any] = {
        "digit": found.digit,
        "confidence": found.confidence,
        "probabilities": found.probabilities,
        "verdict": "not_a_digit" if several else found.verdict,
        "error": None,
    }
    text = "blank" if found.digit is None else f"{found.digit}  {found.confidence:.1%}, then {found.second}"
    text += _REMARKS.get(found.verdict, "")
    if several:
        answer["several"] = [{"digit": part.digit, "confidence": part.confidence} for part in several]
        text = f"{len(several)} digits: {' '.join(str(part.digit) for part in several)}"
    name = one.names["file"] + (f" #{one.names['index']} (a {one.names['label']})" if "index" in one.names else "")
    say({**one.names, **answer}, f"{name}: {text}", as_json)


def _print_error(one: _Asked, error: UserError, as_json: bool) -> None:
    click.echo(f"error: {one.names['file']}: {error}", err=True)
    if as_json:
        answer = {"digit": None, "confidence": None, "probabilities": None, "verdict": None}
        click.echo(json.dumps({**one.names, **answer, "error": error.as_dict()}))
