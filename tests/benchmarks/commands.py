"""`bench`: what is measured of the program itself."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mnist_core.cli.options import json_option, model_option, store_for

if TYPE_CHECKING:  # the benches load torch
    from tests.benchmarks import answer as answers
    from tests.benchmarks import app as app_rows
    from tests.benchmarks import augment as augmentations
    from tests.benchmarks import diagnose as diagnoses
    from tests.benchmarks import fine_tune_study as lessons
    from tests.benchmarks import growth as growths
    from tests.benchmarks import handwriting_accuracy as handwriting
    from tests.benchmarks import store as stores
    from tests.benchmarks import suspects as rankings
    from tests.benchmarks import train as trainings
    from tests.benchmarks import verdict as verdicts
    from tests.benchmarks.timing import Wait

Row = TypeVar("Row")


@click.group()
def bench() -> None:
    """Measure the program itself."""


@bench.command()
@click.option("--strokes", type=click.Path(path_type=Path), required=True, help="An .npz of pen strokes.")
@click.option("--misread", type=click.IntRange(1, 1000), default=100, show_default=True, help="Diagnoses a damage.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@model_option
@json_option
def diagnose(strokes: Path, misread: int, seed: int, model: str, as_json: bool) -> None:
    """Damage good drawings in known ways, and see whether the diagnosis finds out which."""
    from mnist_core.preprocessing.strokes import read_stroke_file
    from mnist_core.runs.registry import load_model
    from tests.benchmarks.diagnose import bench_diagnose

    drawings = read_stroke_file(strokes)
    rows = bench_diagnose(load_model(model, store_for(model)).model, drawings, misread, seed)
    if not as_json:
        click.echo(
            f"{'damage':18}{'misread':>9}{'first':>8}{'in three':>10}{'fixed':>8}{'ms':>6}{'slowest':>9}  instead"
        )
    _say(rows, _damage, as_json)


@bench.command()
@click.option("--strokes", type=click.Path(path_type=Path), help="An .npz of pen strokes.")
@click.option("--fonts", type=click.Path(path_type=Path), help="A folder of .ttf or .otf files to draw letters in.")
@click.option("--scribbles", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Of each sort.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@model_option
@json_option
def verdict(strokes: Path | None, fonts: Path | None, scribbles: int, seed: int, model: str, as_json: bool) -> None:
    """How often what is no digit is refused, and how often a digit is refused that is read right."""
    from mnist_core.preprocessing.strokes import read_stroke_file
    from mnist_core.runs.registry import load_model
    from tests.benchmarks.verdict import bench_verdict

    drawings = read_stroke_file(strokes) if strokes else ()
    network = load_model(model, store_for(model)).model
    _say(bench_verdict(network, drawings, fonts, scribbles, seed), _verdict, as_json)


@bench.command()
@click.option("--strokes", type=click.Path(path_type=Path), required=True, help="An .npz of pen strokes.")
@click.option("--limit", type=click.IntRange(5, 10_000), default=60, show_default=True, help="Drawings to time.")
@model_option
@json_option
def answer(strokes: Path, limit: int, model: str, as_json: bool) -> None:
    """How long the answer to a stroke and a diagnosis take, idle and while a model trains."""
    from mnist_core.preprocessing.strokes import read_stroke_file
    from mnist_core.runs.registry import load_model
    from mnist_core.training.hardware import limit_threads
    from tests.benchmarks.answer import bench_answer

    limit_threads()
    drawings = list(read_stroke_file(strokes, limit=limit))
    _say(bench_answer(load_model(model, store_for(model)).model, drawings), _answer, as_json)


@bench.command()
@click.option("--repeats", type=click.IntRange(1, 50), default=20, show_default=True, help="Clicks of each kind.")
@json_option
def pages(repeats: int, as_json: bool) -> None:
    """How long it takes in a real browser from a number to the images behind it."""
    from tests.benchmarks.pages import bench_pages

    _say(bench_pages(repeats), lambda row: f"{row.what:24} {_times(row)}", as_json)


@bench.command()
@click.option("--repeats", type=click.IntRange(1, 50), default=5, show_default=True, help="Fresh servers.")
@click.option("--sessions", type=click.IntRange(2, 100), default=20, show_default=True, help="Open at most.")
@json_option
def app(repeats: int, sessions: int, as_json: bool) -> None:
    """How long people wait for the app: cold start, other pages, strokes, imports; and its memory a session."""
    from tests.benchmarks.app import bench_app

    counts = sorted({1, max(1, sessions // 4), sessions // 2, sessions})
    _say(bench_app(repeats, counts), _app, as_json)


@bench.command()
@click.option("--seeds", type=click.IntRange(1, 100), default=3, show_default=True, help="Wrong labels of each kind.")
@json_option
def suspects(seeds: int, as_json: bool) -> None:
    """How many of the first suspects have a wrong label indeed, where 5 % wrong labels were put in."""
    from tests.benchmarks.suspects import bench_suspects

    _say(bench_suspects(seeds=seeds), _ranking, as_json)


@bench.command("augment")
@json_option
def augmentation(as_json: bool) -> None:
    """How many images a second augmentation changes on one thread, beside torchvision doing the same."""
    from mnist_core.training.hardware import limit_threads
    from tests.benchmarks.augment import bench_augment

    limit_threads()
    _say(bench_augment(), _augmentation, as_json)


@bench.command()
@click.option("--rounds", type=click.IntRange(1, 100), default=7, show_default=True, help="Each way in turn.")
@click.option("--steps", type=click.IntRange(1, 400), default=64, show_default=True, help="A round.")
@json_option
def train(rounds: int, steps: int, as_json: bool) -> None:
    """Images a second beside the usual loop, the share of what the machine can do, and what augmentation costs."""
    from tests.benchmarks.train import bench_train

    _say(bench_train(rounds, steps), _ratio, as_json)


@bench.command()
@click.option("--seeds", type=click.IntRange(1, 100), default=5, show_default=True, help="Runs of the preset.")
@click.option("--usual-seeds", type=click.IntRange(1, 100), default=3, show_default=True, help="Of the usual loop.")
@json_option
def race(seeds: int, usual_seeds: int, as_json: bool) -> None:
    """How long the preset “fast” and the usual loop take until 99 % of the test images are read right."""
    from tests.benchmarks.train import bench_race

    _say(bench_race(seeds, usual_seeds), _race, as_json)


@bench.command()
@click.option("--strokes", type=click.Path(path_type=Path), required=True, help="An .npz of pen strokes.")
@click.option("--limit", type=click.IntRange(1), help="Only the first so many.")
@click.option("--model", "names", multiple=True, help="A shipped model or a run; may be repeated. All that ship.")
@json_option
def pens(strokes: Path, limit: int | None, names: tuple[str, ...], as_json: bool) -> None:
    """How often other people's digits are misread: drawn small, with other pens, inverted, photographed."""
    from mnist_core.runs.cards import shipped
    from mnist_core.runs.registry import load_model
    from tests.benchmarks.handwriting_accuracy import bench_pens

    chosen = names or tuple(card.name for card in shipped())
    models = {name: load_model(name, store_for(name)).model for name in chosen}
    _say(bench_pens(models, strokes, limit), _pen, as_json)


@bench.command()
@click.option("--strokes", type=click.Path(path_type=Path), required=True, help="An .npz of pen strokes, with donors.")
@click.option(
    "--people", type=click.IntRange(1), default=60, show_default=True, help="Who teach it, each by themselves."
)
@model_option
@json_option
def hands(strokes: Path, people: int, model: str, as_json: bool) -> None:
    """What one drawing of each digit teaches: the same person's other digits before and after."""
    from mnist_core.runs.registry import load_model
    from tests.benchmarks.fine_tune_study import bench_hands

    _say([bench_hands(load_model(model, store_for(model)), strokes, people)], _hand, as_json)


@bench.command()
@click.option("--runs", type=click.IntRange(1, 100_000), default=10_000, show_default=True, help="The most of them.")
@click.option("--repeats", type=click.IntRange(1, 1000), default=50, show_default=True, help="Of everything timed.")
@json_option
def store(runs: int, repeats: int, as_json: bool) -> None:
    """How long the store takes for what people wait for, with 10, 100, 1,000 and more runs in it."""
    from mnist_core.training.hardware import limit_threads
    from tests.benchmarks.store import bench_store

    limit_threads()
    _say(bench_store(runs, repeats), _stored, as_json)


@bench.command()
@click.argument("parts", nargs=-1, type=click.Choice(["images", "width", "workers", "pages"]))
@click.option(
    "--repeats", type=click.IntRange(1, 100), default=3, show_default=True, help="Of pages ten times as many."
)
@json_option
def growth(parts: tuple[str, ...], repeats: int, as_json: bool) -> None:
    """How time grows with training images, width, workers and runs in the store: all PARTS, or those named."""
    from mnist_core.training.hardware import limit_threads
    from tests.benchmarks.growth import PARTS, bench_growth

    limit_threads()
    _say(bench_growth(parts or PARTS, repeats), _growth, as_json)


def _say(rows: Iterable[Row], line_of: Callable[[Row], str], as_json: bool) -> None:
    """Each row as soon as it is measured: all of it as JSON, or a line for people."""
    for row in rows:
        facts: Any = row  # a dataclass, each bench its own
        click.echo(json.dumps(asdict(facts)) if as_json else line_of(row))


def _damage(row: "diagnoses.Row") -> str:
    instead = ", ".join(f"{code} {count}" for code, count in row.confused)
    return (
        f"{row.damage:18}{row.misread:9}{row.first:8.1%}{row.among_three:10.1%}{row.fixed:8.1%}"
        f"{row.median_ms:6.0f}{row.slowest_ms:9.0f}  {instead}"
    )


def _verdict(row: "verdicts.Row") -> str:
    found = ", ".join(f"{name} {count}" for name, count in row.verdicts)
    return f"{row.kind:18}{row.name:28}{row.count:7}{row.refused:9.2%}  {found}"


def _answer(row: "answers.Row") -> str:
    when = "while a model trains" if row.training else "idle"
    return f"{row.what:10} {when:21} {_times(row)}"


def _app(row: "app_rows.Row") -> str:
    from tests.benchmarks.app import FirstPaint, Memory

    if isinstance(row, FirstPaint):
        return f"{row.what:48} {', '.join(row.heavy) or 'nothing heavy'}"
    if isinstance(row, Memory):
        points = zip(row.sessions, row.resident_mb, strict=True)
        held = ", ".join(f"{sessions} sessions {held_mb:.0f} MB" for sessions, held_mb in points)
        return f"{row.what:48} {held}: {row.mb_a_session:.1f} MB a session"
    return f"{row.what:48} {_times(row)}"


def _times(row: "answers.Row | Wait") -> str:
    return (
        f"n = {row.count}: half within {row.p50_ms:.0f} ms, 95 % within {row.p95_ms:.0f} ms, "
        f"slowest {row.slowest_ms:.0f} ms"
    )


def _ratio(row: "trainings.Ratio") -> str:
    return (
        f"{row.what}: {row.ours:,.4g} and {row.theirs:,.4g} {row.unit}, ratio {row.ratio:.2f} "
        f"({row.low:.2f} to {row.high:.2f}, {row.rounds} rounds)"
    )


def _race(row: "trainings.Race") -> str:
    runs = ", ".join(
        f"{accuracy:.2%} after {epochs} in {seconds:.1f} s"
        for accuracy, epochs, seconds in zip(row.accuracies, row.epochs, row.seconds, strict=True)
    )
    times = "" if row.times is None else f", {row.times:.1f} times as fast (medians)"
    return f"{row.loop}: {fmean(row.accuracies):.3%} on average{times}; {runs}"


def _pen(row: "handwriting.Row") -> str:
    return (
        f"{row.condition:30} {row.model:12} {row.error:7.2%} misread of {row.count:,} ({row.low:.2%} to {row.high:.2%})"
    )


def _hand(row: "lessons.Row") -> str:
    return (
        f"{row.model}: {row.people} people's {row.count:,} other digits: {row.before:.2%} misread before the lesson, "
        f"{row.after:.2%} after; MNIST's test accuracy fell by {row.mnist_lost:.3%} on average, "
        f"{row.mnist_lost_most:.2%} at most"
    )


def _ranking(row: "rankings.Row") -> str:
    return (
        f"{row.images:6,} images, {row.kind:10} {row.label_noise:.0%} wrong: precision {row.mean:.1%}, "
        f"lowest of {row.seeds} seeds {row.lowest:.1%}"
    )


def _augmentation(row: "augmentations.Row") -> str:
    beside = "torchvision has no such thing"
    if row.times_one_by_one and row.times_batched:
        beside = f"{_spread(row.times_one_by_one, '.1f')} times torchvision's one by one, "
        beside += f"{_spread(row.times_batched, '.1f')} times its whole batches"
    return f"{row.kind:10}{_spread(row.images_per_s, ',.0f')} images/s, {beside}; {row.rounds} rounds"


def _spread(measured: "augmentations.Spread", form: str) -> str:
    return f"{measured.median:{form}} ({measured.low:{form}} to {measured.high:{form}})"


def _stored(row: "stores.Row | stores.Size") -> str:
    from tests.benchmarks.store import Size

    if isinstance(row, Size):
        return f"{row.runs:6,} runs  on the disk: {row.megabytes:,.1f} MB, {row.kilobytes_a_run:.0f} KB a run"
    return (
        f"{row.runs:6,} runs  {row.what:13} n = {row.count}: half within {row.p50_ms:.1f} ms, 95 % within "
        f"{row.p95_ms:.1f} ms, slowest {row.slowest_ms:.1f} ms; {row.processor_ms:.2f} ms of the processor, "
        f"{row.growth:.1f} times as with the fewest"
    )


def _growth(row: "growths.Row") -> str:
    from tests.benchmarks.growth import EpochTime, WorkersTime

    if isinstance(row, EpochTime):
        return (
            f"{row.images:6,} images, width {row.width:g}, {row.multiply_adds:,} multiply-adds, n = {row.count}: "
            f"{row.median_s:.1f} s ({row.shortest_s:.1f} to {row.longest_s:.1f}), {row.images_per_s:,.0f} images/s; "
            f"{row.processor_s:.1f} s of the processor"
        )
    if isinstance(row, WorkersTime):
        return (
            f"{row.workers} workers with {row.threads} threads, {row.runs} runs, n = {row.count}: {row.median_s:.1f} s "
            f"({row.shortest_s:.1f} to {row.longest_s:.1f}), {row.runs_per_minute:.1f} runs/minute"
        )
    shown = f"{row.page}, {'with a run' if row.run_opened else 'without a run'}"
    return (
        f"{row.runs:6,} runs  {shown:24} n = {row.count}: {row.median_ms:.0f} ms "
        f"({row.shortest_ms:.0f} to {row.longest_ms:.0f}); {row.processor_ms:.0f} ms of the processor"
    )
