"""The command line: the same core as the pages, for scripts and for machines without a browser.

`--json` prints one JSON object a line on stdout and nothing else there. Errors are a line for people on
stderr, and an `error` object in JSON. Exit 0: all done; 1: something asked for failed; 2: wrong usage.
"""

import itertools
import json
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe

if TYPE_CHECKING:  # the heavy rooms are imported by the commands that need them
    from mnist_core.digits.ink import Digit
    from mnist_core.evidence.diagnosis import Diagnosis
    from mnist_core.evidence.reading import Reading
    from mnist_core.runs.store import Store
    from mnist_core.training.events import Event

_FAILED = 1
_WRONG_USAGE = 2
_INTERRUPTED = 130  # what shells expect of Ctrl-C
_STROKES_AT_ONCE = 256

_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")
_model_option = click.option("--model", default="default", help="A shipped model, or a run's id or name.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Digit Clinic: why is my MNIST model predicting wrongly?"""


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    try:
        code = cli.main(prog_name="python -m mnist_core", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        _print_error(UserError("usage", error.format_message(), "See --help."))
        code = _WRONG_USAGE
    except click.ClickException as error:
        error.show()
        code = _FAILED
    except click.Abort:
        code = _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our lines has left (`| head`); Python would complain about it while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = _FAILED
    except UserError as error:
        click.echo(f"error: {error}", err=True)
        _print_error(error)
        code = _WRONG_USAGE if error.code == "recipe_invalid" else _FAILED
    sys.exit(code or 0)


def _print_error(error: UserError) -> None:
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": error.as_dict()}))


# --- predict ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """One thing to read: what it is called, its true class if known, and the digit or why there is none."""

    names: dict[str, Any]
    answer: "Digit | UserError"


@cli.command()
@click.argument("images", nargs=-1, type=click.Path(path_type=Path))
@click.option("--strokes", type=click.Path(path_type=Path), help="Read an .npz of pen strokes instead.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many strokes.")
@click.option("--pen-px", type=click.FloatRange(1, 100), default=20, show_default=True, help="Width of the pen.")
@click.option("--canvas-px", type=click.IntRange(28, 2000), default=280, show_default=True, help="Side of the canvas.")
@click.option(
    "--drawn",
    type=click.Choice(["middle", "small"]),
    default="middle",
    show_default=True,
    help="Strokes drawn large in the middle of the canvas, or at half the size anywhere on it.",
)
@click.option("--steps", help="Only these steps of the preparation, by name, with commas.")
@click.option("--raw", is_flag=True, help="A plain resize to 28x28 and nothing else.")
@_model_option
@_json_option
def predict(
    images: tuple[Path, ...],
    strokes: Path | None,
    limit: int | None,
    pen_px: float,
    canvas_px: int,
    drawn: str,
    steps: str | None,
    raw: bool,
    model: str,
    as_json: bool,
) -> int:
    """Read the digit in each image, or in each drawing of a stroke file."""
    chosen = _chosen_steps(steps, raw)
    if strokes is not None and not images:
        asked = _ask_strokes(strokes, chosen, (pen_px, canvas_px, limit, drawn == "small"))
    elif images and strokes is None:
        asked = _ask_images(images, chosen)
    else:
        raise click.UsageError("Name images, or a file with --strokes.")
    return _answer(asked, model, as_json, summarise=strokes is not None)


def _chosen_steps(steps: str | None, raw: bool) -> frozenset[str]:
    from mnist_core.digits.steps import MNIST_STEPS, RAW, STEP_NAMES

    if steps is not None and raw:
        raise click.UsageError("Either --steps or --raw.")
    if steps is None:
        return RAW if raw else MNIST_STEPS
    names = frozenset(name.strip() for name in steps.split(",") if name.strip())
    if unknown := names - set(STEP_NAMES):
        known = ", ".join(STEP_NAMES)
        raise click.UsageError(f"No step is called {', '.join(sorted(unknown))}. There are: {known}.")
    return names


def _ask_images(paths: Iterable[Path], steps: frozenset[str]) -> Iterator[_Asked]:
    from mnist_core.digits.ink import digitize

    for path in paths:
        answer: Digit | UserError
        try:
            answer = digitize(_read_image(path), steps)
        except UserError as error:
            answer = error
        yield _Asked({"file": str(path)}, answer)


def _read_image(path: Path) -> bytes:
    from mnist_core.digits.image import MAX_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # one more, so that the door sees that it is too large
    except OSError as error:
        raise UserError("image_unreadable", f"{path} cannot be opened: {error.strerror}.", "Check the path.") from None


def _ask_strokes(path: Path, steps: frozenset[str], drawn: tuple[float, int, int | None, bool]) -> Iterator[_Asked]:
    """Ask about each drawing of the file; `drawn` is how `read_stroke_file` is to draw them."""
    from mnist_core.digits.ink import digitize
    from mnist_core.digits.strokes import read_stroke_file

    for index, (label, drawing) in enumerate(read_stroke_file(path, *drawn)):
        yield _Asked({"file": str(path), "index": index, "label": label}, digitize(drawing, steps))


def _answer(asked: Iterator[_Asked], model: str, as_json: bool, summarise: bool) -> int:
    from mnist_core.evidence.reading import read_all
    from mnist_core.runs.registry import open_model

    network = open_model(model, _store_for(model)).model
    failed = right = count = 0
    for batch in _batched(asked, _STROKES_AT_ONCE):
        readings = iter(read_all(network, [one.answer for one in batch if not isinstance(one.answer, UserError)]))
        for one in batch:
            if isinstance(one.answer, UserError):
                failed += 1
                _say_unread(one, one.answer, as_json)
            else:
                reading = next(readings)
                right += reading.digit == one.names.get("label", -1)
                _say_reading(one, reading, as_json)
        count += len(batch)
    if summarise:
        _say_summary(count, right, as_json)
    return _FAILED if failed else 0


def _batched(items: Iterator[_Asked], size: int) -> Iterator[Sequence[_Asked]]:
    while batch := list(itertools.islice(items, size)):
        yield batch


def _say_reading(one: _Asked, reading: "Reading", as_json: bool) -> None:
    if as_json:
        answer = {
            "digit": reading.digit,
            "confidence": reading.confidence,
            "probabilities": reading.probabilities,
            "verdict": reading.verdict,
            "error": None,
        }
        click.echo(json.dumps({**one.names, **answer}))
        return
    name = one.names["file"] + (f" #{one.names['index']} (a {one.names['label']})" if "index" in one.names else "")
    text = "blank" if reading.digit is None else f"{reading.digit}  {reading.confidence:.1%}, then {reading.second}"
    click.echo(f"{name}: {text}" + ("  (unsure)" if reading.verdict == "unsure" else ""))


def _say_unread(one: _Asked, error: UserError, as_json: bool) -> None:
    click.echo(f"error: {one.names['file']}: {error}", err=True)
    if as_json:
        answer = {"digit": None, "confidence": None, "probabilities": None, "verdict": None}
        click.echo(json.dumps({**one.names, **answer, "error": error.as_dict()}))


def _say_summary(count: int, right: int, as_json: bool) -> None:
    accuracy = right / count if count else 0.0
    if as_json:
        click.echo(json.dumps({"summary": {"n": count, "accuracy": accuracy, "error_rate": 1 - accuracy}}))
    else:
        click.echo(f"{right} of {count} right: {accuracy:.2%}")


# --- diagnose ---------------------------------------------------------------------------------------


@cli.command()
@click.argument("image", type=click.Path(path_type=Path))
@click.option("--label", type=click.IntRange(0, 9), help="The digit that was meant; else the one that is read.")
@click.option("--steps", help="Only these steps of the preparation, by name, with commas.")
@click.option("--raw", is_flag=True, help="A plain resize to 28x28 and nothing else.")
@_model_option
@_json_option
def diagnose(image: Path, label: int | None, steps: str | None, raw: bool, model: str, as_json: bool) -> None:
    """Find out why the digit in an image is misread, and what would make it right."""
    from mnist_core.digits.ink import digitize
    from mnist_core.evidence import diagnosis
    from mnist_core.evidence.reading import read
    from mnist_core.runs.registry import open_model

    chosen = _chosen_steps(steps, raw)
    content = _read_image(image)
    network = open_model(model, _store_for(model)).model
    meant = label if label is not None else read(network, digitize(content, chosen)).digit
    found = diagnosis.diagnose(network, content, meant or 0, chosen)
    if as_json:
        click.echo(json.dumps(_diagnosis_as_json(found, label)))
    else:
        _say_diagnosis(found)


def _diagnosis_as_json(found: "Diagnosis", label: int | None) -> dict[str, Any]:
    keys = ("code", "score", "measured", "usual", "text", "helps", "probability")
    return {
        "predicted": found.reading.digit,
        "label": label,
        "correct": found.correct if label is not None else None,
        "causes": [{key: getattr(cause, key) for key in keys} for cause in found.causes],
        "minimal_fix": None if found.fix is None else list(found.fix.parts),
        "verdict": found.reading.verdict,
    }


def _say_diagnosis(found: "Diagnosis") -> None:
    read = "nothing" if found.reading.digit is None else f"a {found.reading.digit} ({found.reading.confidence:.1%})"
    click.echo(f"reads {read}; a {found.label} was meant")
    for cause in found.causes:
        click.echo(f"{cause.score:6.1%}  {cause.code}: {cause.text} ({cause.measured}; usual: {cause.usual})")
    if found.fix is not None:
        click.echo(f"right after: {', then '.join(found.fix.words)}")
    elif not found.correct:
        click.echo("nothing that was tried makes it right: the model, not the drawing")


# --- train ------------------------------------------------------------------------------------------


@cli.command()
@click.argument("assignments", nargs=-1, metavar="[FIELD=VALUE]...")
@click.option("--recipe", "recipe_file", type=click.Path(path_type=Path), help="A recipe as a JSON file.")
@click.option("--run-name", default="", help="What to call the run.")
@_json_option
def train(assignments: tuple[str, ...], recipe_file: Path | None, run_name: str, as_json: bool) -> int:
    """Train a model and keep it as a run."""
    from mnist_core.training import events, loop

    base = _read_recipe(recipe_file) if recipe_file else None
    recipe = Recipe.from_text(assignments, base)
    store = _open_store()
    run = store.create(recipe, run_name)
    last: Event | None = None
    for last in loop.train(recipe, _ctrl_c().is_set):
        store.record(run.id, last)
        _say_event(last, run.id, as_json)
    return 0 if isinstance(last, events.Finished) else _FAILED


def _ctrl_c() -> threading.Event:
    """Set when Ctrl-C is pressed, so that a run ends in order; a second Ctrl-C ends the program."""
    pressed = threading.Event()

    def press(*_: object) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, press)
    return pressed


def _read_recipe(path: Path) -> Recipe:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError("recipe_unreadable", f"{path} cannot be opened: {error.strerror}.", "Check the path.") from None
    return Recipe.from_json(content)


def _say_event(event: "Event", run_id: str, as_json: bool) -> None:
    from mnist_core.training import events

    if as_json:
        click.echo(events.to_json(event, run=run_id))
        return
    match event:
        case events.Started():
            click.echo(f"run {run_id}: {event.parameters:,} parameters, {event.steps:,} steps on {event.device}")
        case events.Epoch():
            click.echo(
                f"epoch {event.epoch}: training loss {event.training_loss:.4f}, accuracy "
                f"{event.training_accuracy:.2%}; validation loss {event.validation_loss:.4f}, accuracy "
                f"{event.validation_accuracy:.2%}; {event.wall_s:.1f} s"
            )
        case events.Finished():
            click.echo(f"finished: test accuracy {event.test_accuracy:.2%} after {event.wall_s:.1f} s")
        case events.Diverged():
            click.echo(f"error: diverged at step {event.step}: lower the learning rate", err=True)
        case events.Stopped():
            click.echo(f"stopped after step {event.step}", err=True)
        case events.Failed():
            click.echo(f"error: {event.message} {event.fix}", err=True)
        case _:
            pass  # a step a line would drown the rest


# --- evaluate, runs, ship ----------------------------------------------------------------------------


@cli.command()
@click.argument("name")
@_json_option
def evaluate(name: str, as_json: bool) -> None:
    """How right a shipped model or a run is on MNIST's test set."""
    from mnist_core.runs import registry

    found = registry.evaluate(name, _store_for(name))
    mistakes = found.mistakes()
    if as_json:
        result = {
            "accuracy": found.accuracy,
            "confusion": found.confusion.tolist(),
            "per_class": [
                {"digit": digit, "precision": float(precision), "recall": float(recall)}
                for digit, (precision, recall) in enumerate(zip(found.precision, found.recall, strict=True))
            ],
            "calibration_error": found.calibration_error,
            "mistakes": [
                {
                    "index": int(index),
                    "true": int(found.labels[index]),
                    "predicted": int(found.predicted[index]),
                    "confidence": float(found.confidence[index]),
                }
                for index in mistakes
            ],
        }
        click.echo(json.dumps(result))
        return
    click.echo(f"{found.accuracy:.2%} of {len(found.labels):,} test images; {len(mistakes)} wrong")
    click.echo("\n".join(" ".join(f"{cell:5d}" for cell in row) for row in found.confusion))


@cli.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@_json_option
def runs(limit: int, as_json: bool) -> None:
    """The runs that were kept, the newest first."""
    for run in _open_store().runs(limit):
        if as_json:
            click.echo(json.dumps(run.as_dict()))
        else:
            score = f"{run.test_accuracy:.2%}" if run.test_accuracy is not None else "-"
            click.echo(f"{run.id}  {run.state:<12} {score:>7}  {run.created_at:%Y-%m-%d %H:%M}  {run.name}")


@cli.command()
@_json_option
def ship(as_json: bool) -> None:
    """Train the shipped models again and write checkpoints/."""
    from mnist_core.runs import shipping

    for name in shipping.RECIPES:
        for event in shipping.ship(name):
            _say_event(event, name, as_json)


def _open_store() -> "Store":
    from mnist_core.runs.store import Store

    store = Store()
    store.recover()
    return store


def _store_for(model: str) -> "Store | None":
    """The runs, unless a shipped model is meant, which needs no database."""
    from mnist_core.runs.registry import shipped

    return None if model in {card.name for card in shipped()} else _open_store()
