"""How long the store takes for what people wait for, and how that grows with the number of runs in it.

Nothing here has to grow. A list reads its fifty newest runs backwards from the end of the table; one run's steps,
epochs and details stand together in trees that its number leads to; writing adds rows at the end of those; and at the
start of the app an index leads to the runs that were left running. Ten times the runs make such a tree perhaps one
page deeper, so each row should stay near once what it takes with the fewest; only a list of fifty grows until there
are fifty. What takes many times as long reads rows that nobody asked for: finding a run by its id did (22 times the
processor's time with 10,000 runs, and 80 ms on a busy machine) while `LIKE` went through the whole table for it. All
is measured with the database's pages in the system's memory.
"""

import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import update

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.registry import open_epoch
from mnist_core.runs.store import schema
from mnist_core.runs.store.database import Database
from mnist_core.runs.store.store import Store
from mnist_core.training.events import Epoch, Event, Finished, Started
from mnist_core.training.hardware import limit_threads
from mnist_core.training.loop import train
from tests.benchmarks.benchmark import Benchmark, Wait, count_option, time_ms

SIZES = (10, 100, 1_000)

USUAL = Recipe(model="cnn", train_images=6_880, batch_size=32, epochs=3)
"""A run that leaves as many rows as one of three epochs of all images in batches of 256: 215 steps an epoch."""

SMALL = USUAL.replace(width=0.25)
"""The same with a model whose weights take a sixteenth of the room: ten thousand of them fit on a disk."""

_WARM_UP = 3
_BYTES_A_RUN = 1_000_000  # twice what a run takes
_DEAD = f"{platform.node()}|1|0.00"  # a process of this machine that started at another time than the one there is


@dataclass(frozen=True, slots=True)
class Row(Wait):
    """One thing that people wait for, with so many runs in the database.

    `list 50` (the command `runs`), `list 30` (the Train page, and the models to choose from), `find by id` and
    `find by name` (every page with a run's model), `curves` (all that is drawn of a run), `model` (its weights, read
    and built in, without the calibration, which is the same for every store), `create`, `rename`, `append epoch` and
    `end` (of a run with the usual model), `open` (the database at the start of the app, with one run to recover).

    Attributes:
        runs: How many the database holds, each of three epochs of a model with a quarter of the usual width.
        megabytes: What it takes on the disk (10^6 bytes).
        processor_ms: Median of the processor's time, which other programs on the machine hardly change.
    """

    runs: int = 0
    megabytes: float = 0.0
    processor_ms: float = 0.0


def bench_store(runs: int = SIZES[-1], repeats: int = 50) -> Iterator[Row]:
    """Fill a database of its own with ever more of them, `runs` in the end, and time everything at each size.

    Raises:
        UserError: `no_room` when there is not enough of it for the temporary folder.
    """
    limit_threads()
    with tempfile.TemporaryDirectory() as folder:
        check_room(Path(folder), runs)
        file = Path(folder) / "runs.sqlite"
        for size in [*(size for size in SIZES if size < runs), runs]:
            fill(f"sqlite:///{file}", size)
            megabytes = file.stat().st_size / 1e6
            for row in _rows(f"sqlite:///{file}", size, repeats):
                yield replace(row, megabytes=megabytes)


@cache
def events_of(recipe: Recipe) -> tuple[Event, ...]:
    """All that a training of that recipe announces, in order; trained once a process."""
    return tuple(train(recipe))


def fill(url: str, runs: int, recipe: Recipe = SMALL) -> None:
    """Keep one finished run of that recipe after the other, as the engine does, until there are so many: 0.1 s each."""
    store = Store(url, step_gap_s=0)
    there = len(store.runs(runs)) if runs else 0
    for number in range(there, runs):
        made = store.create(recipe, f"run {number}")
        for event in events_of(recipe):
            store.record(made.id, event)
    store.close()


def check_room(folder: Path, runs: int) -> None:
    """Whether so many runs fit there.

    Raises:
        UserError: `no_room`.
    """
    wanted = runs * _BYTES_A_RUN
    if shutil.disk_usage(folder).free < wanted:
        raise UserError(
            "no_room",
            f"{runs:,} runs may take {wanted / 1e9:.1f} GB, and {folder} has less.",
            "Ask for fewer with --runs, or let TMPDIR name a folder with more room.",
        )


def _rows(url: str, runs: int, repeats: int) -> Iterator[Row]:
    """Every row; each thing that is written is taken away again, so that there are always as many runs."""
    store = Store(url)
    there = store.runs(runs)
    some = [there[place] for place in np.random.default_rng(0).permutation(len(there))]
    ids, names = cycle([run.id for run in some]), cycle([run.name for run in some])
    begin, forget = partial(_begin, store), partial(_forget_newest, store)
    epoch, finished = _usual(Epoch), _usual(Finished)
    timed = partial(_timed, runs, repeats)
    yield timed("list 50", lambda _: [run.as_dict() for run in store.runs(50)])
    yield timed("list 30", lambda _: store.runs(30))
    yield timed("find by id", store.find, ids.__next__)
    yield timed("find by name", store.find, names.__next__)
    yield timed("curves", lambda run_id: _read_curves(store, run_id), ids.__next__)
    yield timed("model", lambda run_id: open_epoch(run_id, store.kept_epoch(run_id), store), ids.__next__)
    yield timed("create", lambda _: store.create(USUAL), after=forget)
    yield timed("rename", lambda run_id: store.rename(run_id, "another name"), begin, forget)
    yield timed("append epoch", lambda run_id: store.record(run_id, epoch), begin, forget)
    yield timed("end", lambda run_id: store.record(run_id, finished), begin, forget)
    yield timed("open", lambda _: _open_and_recover(url), lambda: _leave_one_running(store, url), forget)
    store.close()


def _timed(
    runs: int,
    repeats: int,
    what: str,
    answer: Callable[[Any], object],
    before: Callable[[], object] = bool,
    after: Callable[[], object] = bool,
) -> Row:
    """Time an answer to what `before` makes; neither that nor what comes `after` is timed."""
    times_ms = []
    for _ in range(_WARM_UP + repeats):
        asked, start = before(), time.thread_time()
        wall_ms = time_ms(lambda: answer(asked))  # noqa: B023
        times_ms.append((wall_ms, 1000 * (time.thread_time() - start)))
        after()
    wall, processor = np.array(times_ms[_WARM_UP:]).T
    return Row.of(what, wall.tolist(), runs=runs, processor_ms=float(np.median(processor)))


def _read_curves(store: Store, run_id: str) -> None:
    """All that the Train page reads of a run that is over."""
    store.run(run_id)
    store.curve(run_id)
    store.insight(run_id)
    store.kept_epoch(run_id)


def _leave_one_running(store: Store, url: str) -> None:
    is_new = schema.runs.c.id == _begin(store)
    database = Database(url)
    with database.writing() as connection:
        connection.execute(update(schema.runs).where(is_new).values(owner=_DEAD))
    database.close()


def _open_and_recover(url: str) -> None:
    opened = Store(url)
    opened.recover()
    opened.close()


def _usual(kind: type[Event]) -> Event:
    """Such an event of a run with the usual model; how many images that has learned from changes no size."""
    events = events_of(USUAL.replace(train_images=100, epochs=1))
    return next(event for event in events if isinstance(event, kind))


def _begin(store: Store) -> str:
    """The id of a new run that trains."""
    run = store.create(USUAL)
    store.record(run.id, _usual(Started))
    return run.id


def _forget_newest(store: Store) -> None:
    (newest,) = store.runs(1)
    store.interrupt(newest.id)
    store.delete(newest.id)


BENCHMARK = Benchmark(
    "How long the store takes for what people wait for, with ever more runs in it.",
    bench_store,
    (
        count_option("--runs", SIZES[-1], "The most of them."),
        count_option("--repeats", 50, "Of everything timed.", 1000),
    ),
)
