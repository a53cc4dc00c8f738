import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.store.store import Store
from tests.benchmarks import store as bench

TINY = Recipe(model="linear", train_images=100, batch_size=50, epochs=2)
WHAT = [
    "list 50", "list 30", "find by id", "find by name", "curves", "model",
    "create", "rename", "append epoch", "end", "open",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "USUAL", TINY)
    monkeypatch.setattr(bench, "fill", partial(bench.fill, recipe=TINY))


def test_a_database_is_filled_with_runs_that_have_all_that_a_trained_one_has(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/runs.sqlite"
    bench.fill(url, 2)
    bench.fill(url, 5)
    store = Store(url)
    runs = store.runs()
    assert len({run.id for run in runs}) == len({run.name for run in runs}) == 5
    for run in runs:
        assert (run.state, run.recipe) == ("finished", TINY)
        assert (len(store.curve(run.id).steps), len(store.curve(run.id).epochs)) == (4, 2)
        assert store.checkpoint(run.id).epoch == 2
        assert store.test_probabilities(run.id)
    store.close()


def test_none_wanted_is_an_empty_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/runs.sqlite"
    bench.fill(url, 0)
    store = Store(url)
    assert store.runs() == ()
    store.close()


def test_every_wait_is_timed_at_every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SIZES", (2, 4))
    rows = list(bench.bench_store(runs=5, repeats=2))
    assert [(row.runs, row.what) for row in rows] == [(runs, what) for runs in (2, 4, 5) for what in WHAT]
    sizes_mb = [rows[first].megabytes for first in (0, 12, 24)]
    assert 0 < sizes_mb[0] < sizes_mb[1] <= sizes_mb[2]
    for row in rows:
        assert row.count == 2
        assert 0 < row.p50_ms <= row.p95_ms <= row.slowest_ms
        assert row.processor_ms > 0


def test_timing_leaves_as_many_runs_as_there_were(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/runs.sqlite"
    bench.fill(url, 3)
    assert len(list(bench._rows(url, 3, 1))) == len(WHAT)
    with closing(sqlite3.connect(tmp_path / "runs.sqlite")) as connection:
        assert connection.execute("SELECT state, count(*) FROM runs GROUP BY state").fetchall() == [("finished", 3)]


def test_a_disk_without_room_is_said_before_it_is_filled(tmp_path: Path) -> None:
    with pytest.raises(UserError) as raised:
        bench.check_room(tmp_path, 10**12)
    assert raised.value.code == "no_room"
