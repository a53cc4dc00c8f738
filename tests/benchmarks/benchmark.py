"""What a benchmark is, and what several of them share: options, and timing the same thing several times."""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Self

import click
import numpy as np

from mnist_core.cli.options import json_option, load_classifier
from tests.benchmarks.hardware import describe_hardware

FILE = click.Path(path_type=Path)
_STROKES = "An .npz of pen strokes."


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Something that can be measured of the program, as `python -m tests.benchmarks NAME` runs it.

    Attributes:
        help: What is measured, in a sentence.
        run: Measures: yields rows (dataclasses), given the options' values by name.
        options: What can be asked for.
    """

    help: str
    run: Callable[..., Iterable[Any]]
    options: tuple[Callable[[Any], Any], ...] = ()

    def command(self, name: str) -> click.Command:
        """The command of that name: prints what the machine is, then each row as soon as it is measured."""

        def measure(as_json: bool, **options: object) -> None:
            say = (lambda told: json.dumps(told)) if as_json else _line
            click.echo(say({"hardware": describe_hardware()}))
            for row in self.run(**options):
                click.echo(say(asdict(row)))

        for option in reversed((*self.options, json_option)):
            measure = option(measure)
        return click.command(name, help=self.help)(measure)


def _line(facts: object) -> str:
    """A row, or what a field of it holds, in words for people."""
    if isinstance(facts, dict):
        return "  ".join(f"{name} {_line(value)}" for name, value in facts.items())
    if isinstance(facts, list | tuple):
        return ", ".join(map(_line, facts)) or "none"
    return f"{facts:.4g}" if isinstance(facts, float) else str(facts)


def count_option(name: str, default: int, text: str, most: int = 100_000, least: int = 1) -> Callable[[Any], Any]:
    """An option that is a whole number."""
    return click.option(name, type=click.IntRange(least, most), default=default, show_default=True, help=text)


strokes_option = click.option("--strokes", type=FILE, required=True, help=_STROKES)
"""A file of other people's pen strokes, which does not come with the program."""

seed_option = click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)


def drawings_option(required: bool = True) -> Callable[[Any], Any]:
    """`--strokes`, read: labels and drawings; none without a file."""

    def read(_: click.Context, __: click.Parameter, file: Path | None) -> list[Any]:
        from mnist_core.preprocessing.strokes import read_stroke_file

        return list(read_stroke_file(file)) if file else []

    return click.option("--strokes", "drawings", type=FILE, required=required, callback=read, help=_STROKES)


classifier_option = click.option(
    "--model", default="default", show_default=True, callback=lambda _, __, name: load_classifier(name),
    help="A shipped model, or a run.",
)  # fmt: skip
"""`--model`, loaded."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that people wait for, timed several times.

    Attributes:
        what: From what to what.
        count: How many were timed.
        p50_ms, p95_ms, slowest_ms: Wall time: median, 95th percentile, maximum.
    """

    what: str
    count: int
    p50_ms: float
    p95_ms: float
    slowest_ms: float

    @classmethod
    def of(cls, what: str, times_ms: Iterable[float], **more: Any) -> Self:
        """The wait whose wall times were these, in ms; at least one."""
        times = list(times_ms)
        p50, p95 = np.percentile(times, [50, 95]).tolist()
        return cls(what, len(times), p50, p95, max(times), **more)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two things measured in turn, and how many times as much one of them is.

    Attributes:
        what: What is measured.
        ours, theirs: Medians of the rounds, in `unit`.
        unit: Of both.
        ratio, low, high: `ours` divided by `theirs`: the median of the rounds, the lowest and the highest.
        rounds: How many.
    """

    what: str
    ours: float
    theirs: float
    unit: str
    ratio: float
    low: float
    high: float
    rounds: int

    @classmethod
    def of(cls, what: str, pairs: Sequence[tuple[float, float]], unit: str) -> Self:
        """The ratio of such pairs, one a round."""
        ours, theirs = zip(*pairs, strict=True)
        ratios = [one / other for one, other in pairs]
        return cls(what, median(ours), median(theirs), unit, median(ratios), min(ratios), max(ratios), len(pairs))


def time_ms(do: Callable[[], object]) -> float:
    """Wall time in ms."""
    start = time.perf_counter()
    do()
    return 1000 * (time.perf_counter() - start)
