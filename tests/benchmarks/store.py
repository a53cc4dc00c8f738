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
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import update

from mnist_core.errors import UserError
from mnist_core.runs.registry import open_epoch
from mnist_core.runs.store import schema
from mnist_core.runs.store.database import Database
from mnist_core.runs.store.store import Store
from mnist_core.training.events import Epoch, Event, Finished, Started
from mnist_core.training.hardware import limit_threads
from tests.benchmarks.benchmark import Benchmark, Wait, count_option
from tests.benchmarks.seed_database import USUAL, events_of, fill

SIZES = (10, 100, 1_000, 10_000)

_WARM_UP = 3
_BYTES_A_RUN = 1_000_000  # twice what a run takes
_DEAD = f"{platform.node()}|1|0.00"  # a process of this machine that started at another time than the one there is


@dataclass(frozen=True, slots=True)
class Row(Wait):
    """One thing that people wait for, with so many runs in the database.

    `list 50` (the command `runs`), `list 12` (the Train page), `list 30` (the models to choose from), `find by id` and
    `find by name` (every page with a run's model), `curves` (all that is drawn of a run), `model` (its weights, read
    and built in, without the calibration, which is the same for every store), `create`, `rename`, `append epoch` and
    `end` (of a run with the usual model), `open` (the database at the start of the app, with one run to recover).

    Attributes:
        runs: How many the database holds.
        processor_ms: Median of the processor's time, which other programs on the machine hardly change.
        growth: How many times as much that is as with the fewest runs.
    """

    runs: int = 0
    processor_ms: float = 0.0
    growth: float = 1.0


@dataclass(frozen=True, slots=True)
class Size:
    """What the database takes on the disk: runs of three epochs of a model with a quarter of the usual width.

    Attributes:
        runs: How many it holds.
        megabytes: All of it, in 10^6 bytes.
        kilobytes_a_run: In 10^3 bytes.
    """

    runs: int
    megabytes: float
    kilobytes_a_run: float


def bench_store(most: int = SIZES[-1], repeats: int = 50) -> Iterator[Row | Size]:
    """Fill a database of its own with ever more runs, `most` in the end, and time everything at each size.

    Raises:
        UserError: `no_room` when there is not enough of it for the temporary folder.
    """
    sizes = [size for size in SIZES if size < most] + [most]
    with tempfile.TemporaryDirectory() as folder:
        check_room(Path(folder), most)
        file = Path(folder) / "runs.sqlite"
        fewest: dict[str, float] = {}
        for size in sizes:
            fill(f"sqlite:///{file}", size)
            yield _size(file, size)
            for row in _rows(f"sqlite:///{file}", size, repeats):
                yield replace(row, growth=row.processor_ms / fewest.setdefault(row.what, row.processor_ms))


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


def _size(file: Path, runs: int) -> Size:
    taken = file.stat().st_size
    return Size(runs, taken / 1e6, taken / 1e3 / runs)


@dataclass(frozen=True, slots=True)
class _Wait:
    """Something to wait for: what it is, what answers, and what comes before and after it without being timed.

    What `before` makes is what `answer` is asked.
    """

    what: str
    answer: Callable[[Any], object]
    before: Callable[[], object] = bool
    after: Callable[[], object] = bool


def _rows(url: str, runs: int, repeats: int) -> Iterator[Row]:
    store = Store(url)
    for wait in (*_reading(store, runs), *_writing(store), _opening(store, url)):
        yield _timed(wait, runs, repeats)
    store.close()


def _timed(wait: _Wait, runs: int, repeats: int) -> Row:
    times_s = []
    for _ in range(_WARM_UP + repeats):
        asked = wait.before()
        start, start_processor = time.perf_counter(), time.thread_time()
        wait.answer(asked)
        times_s.append((time.perf_counter() - start, time.thread_time() - start_processor))
        wait.after()
    wall_ms, processor_ms = 1000 * np.array(times_s[_WARM_UP:]).T
    return Row.of(wait.what, wall_ms.tolist(), runs=runs, processor_ms=float(np.median(processor_ms)))


def _reading(store: Store, runs: int) -> Iterator[_Wait]:
    there = store.runs(runs)
    some = [there[place] for place in np.random.default_rng(0).permutation(len(there))]
    ids, names = cycle([run.id for run in some]), cycle([run.name for run in some])
    yield _Wait("list 50", lambda _: [run.as_dict() for run in store.runs(50)])
    yield _Wait("list 12", lambda _: store.runs(12))
    yield _Wait("list 30", lambda _: store.runs(30))
    yield _Wait("find by id", store.find, ids.__next__)
    yield _Wait("find by name", store.find, names.__next__)
    yield _Wait("curves", lambda run_id: _read_curves(store, run_id), ids.__next__)
    yield _Wait("model", lambda run_id: open_epoch(run_id, store.kept_epoch(run_id), store), ids.__next__)


def _read_curves(store: Store, run_id: str) -> None:
    """All that the Train page reads of a run that is over."""
    store.run(run_id)
    store.curve(run_id)
    store.insight(run_id)
    store.kept_epoch(run_id)


def _writing(store: Store) -> Iterator[_Wait]:
    """Each time to a run that is deleted afterwards, so that there are always as many."""
    epoch, finished = _usual(Epoch), _usual(Finished)

    def begin() -> str:
        return _begin(store)

    def forget() -> None:
        _forget_newest(store)

    yield _Wait("create", lambda _: store.create(USUAL), after=forget)
    yield _Wait("rename", lambda run_id: store.rename(run_id, "another name"), begin, forget)
    yield _Wait("append epoch", lambda run_id: store.record(run_id, epoch), begin, forget)
    yield _Wait("end", lambda run_id: store.record(run_id, finished), begin, forget)


def _opening(store: Store, url: str) -> _Wait:
    def leave_one_running() -> None:
        number = schema.runs.c.id == _begin(store)
        database = Database(url)
        with database.writing() as connection:
            connection.execute(update(schema.runs).where(number).values(owner=_DEAD))
        database.close()

    def open_and_recover(_: object) -> None:
        opened = Store(url)
        opened.recover()
        opened.close()

    return _Wait("open", open_and_recover, leave_one_running, lambda: _forget_newest(store))


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


def _run(runs: int, repeats: int) -> Iterator[Row | Size]:
    limit_threads()
    return bench_store(runs, repeats)


BENCHMARK = Benchmark(
    "How long the store takes for what people wait for, with 10, 100, 1,000 and more runs in it.",
    _run,
    (count_option("--runs", 10_000, "The most of them."), count_option("--repeats", 50, "Of everything timed.", 1000)),
)
