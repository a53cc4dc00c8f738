"""`bench`: what is measured of the program itself."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mnist_core.cli.options import json_option, model_option, store_for

if TYPE_CHECKING:  # the benches load torch
    from mnist_core.bench import answer as answers
    from mnist_core.bench import app as waits
    from mnist_core.bench import augment as augmentations
    from mnist_core.bench import diagnose as diagnoses
    from mnist_core.bench import pages as clicks
    from mnist_core.bench import suspects as rankings
    from mnist_core.bench import verdict as verdicts

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
    from mnist_core.bench.diagnose import bench_diagnose
    from mnist_core.digits.strokes import read_stroke_file
    from mnist_core.runs.registry import open_model

    drawings = read_stroke_file(strokes)
    rows = bench_diagnose(open_model(model, store_for(model)).model, drawings, misread, seed)
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
    from mnist_core.bench.verdict import bench_verdict
    from mnist_core.digits.strokes import read_stroke_file
    from mnist_core.runs.registry import open_model

    drawings = read_stroke_file(strokes) if strokes else ()
    network = open_model(model, store_for(model)).model
    _say(bench_verdict(network, drawings, fonts, scribbles, seed), _verdict, as_json)


@bench.command()
@click.option("--strokes", type=click.Path(path_type=Path), required=True, help="An .npz of pen strokes.")
@click.option("--limit", type=click.IntRange(5, 10_000), default=60, show_default=True, help="Drawings to time.")
@model_option
@json_option
def answer(strokes: Path, limit: int, model: str, as_json: bool) -> None:
    """How long the answer to a stroke and a diagnosis take, idle and while a model trains."""
    import torch

    from mnist_core.bench.answer import bench_answer
    from mnist_core.digits.strokes import read_stroke_file
    from mnist_core.runs.registry import open_model

    torch.set_num_threads(1)  # as in the app
    drawings = list(read_stroke_file(strokes, limit=limit))
    _say(bench_answer(open_model(model, store_for(model)).model, drawings), _answer, as_json)


@bench.command()
@click.option("--repeats", type=click.IntRange(1, 50), default=20, show_default=True, help="Clicks of each kind.")
@json_option
def pages(repeats: int, as_json: bool) -> None:
    """How long it takes in a real browser from a number to the images behind it."""
    from mnist_core.bench.pages import bench_pages

    _say(bench_pages(repeats), lambda row: f"{row.what:24} {_times(row)}", as_json)


@bench.command()
@click.option("--repeats", type=click.IntRange(1, 50), default=5, show_default=True, help="Fresh servers.")
@click.option("--sessions", type=click.IntRange(2, 100), default=20, show_default=True, help="Open at most.")
@json_option
def app(repeats: int, sessions: int, as_json: bool) -> None:
    """How long people wait for the app: cold start, other pages, strokes, imports; and its memory a session."""
    from mnist_core.bench.app import bench_app

    counts = sorted({1, max(1, sessions // 4), sessions // 2, sessions})
    _say(bench_app(repeats, counts), _app, as_json)


@bench.command()
@click.option("--seeds", type=click.IntRange(1, 100), default=3, show_default=True, help="Wrong labels of each kind.")
@json_option
def suspects(seeds: int, as_json: bool) -> None:
    """How many of the first suspects have a wrong label indeed, where 5 % wrong labels were put in."""
    from mnist_core.bench.suspects import bench_suspects

    _say(bench_suspects(seeds=seeds), _ranking, as_json)


@bench.command("augment")
@json_option
def augmentation(as_json: bool) -> None:
    """How many images a second augmentation changes on one thread, beside torchvision doing the same."""
    import torch

    from mnist_core.bench.augment import bench_augment

    torch.set_num_threads(1)  # as in a worker
    _say(bench_augment(), _augmentation, as_json)


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


def _app(row: "waits.Row") -> str:
    from mnist_core.bench.app import FirstPaint, Memory

    if isinstance(row, FirstPaint):
        return f"{row.what:48} {', '.join(row.heavy) or 'nothing heavy'}"
    if isinstance(row, Memory):
        points = zip(row.sessions, row.resident_mb, strict=True)
        held = ", ".join(f"{sessions} sessions {held_mb:.0f} MB" for sessions, held_mb in points)
        return f"{row.what:48} {held}: {row.mb_a_session:.1f} MB a session"
    return f"{row.what:48} {_times(row)}"


def _times(row: "answers.Row | clicks.Row | waits.Wait") -> str:
    return (
        f"n = {row.count}: half within {row.p50_ms:.0f} ms, 95 % within {row.p95_ms:.0f} ms, "
        f"slowest {row.slowest_ms:.0f} ms"
    )


def _ranking(row: "rankings.Row") -> str:
    return (
        f"{row.images:6,} images, {row.kind:10} {row.label_noise:.0%} wrong: precision {row.mean:.1%}, "
        f"lowest of {row.seeds} seeds {row.lowest:.1%}"
    )


def _augmentation(row: "augmentations.Row") -> str:
    beside = "torchvision has no such thing"
    if row.times_one_by_one is not None and row.times_batched is not None:
        one_by_one, batched = f"{row.times_one_by_one:.1f}", f"{row.times_batched:.1f}"
        beside = f"{one_by_one} times torchvision's one by one, {batched} times its whole batches"
    return f"{row.kind:10}{row.images_per_s:12,.0f} images/s  {beside}"
