from collections.abc import Iterator

import pytest

from mnist_core.recipe import Recipe
from mnist_core.training.events import Epoch, Event, Started, Step
from mnist_core.training.models import count_multiply_adds
from tests.benchmarks import benchmark
from tests.benchmarks import growth as bench
from tests.clock import FakeTime

TINY = Recipe(model="linear", train_images=100, batch_size=50, epochs=2)


def test_epochs_are_timed_against_images_and_width() -> None:
    rows = list(bench.bench_growth(("images", "width"), repeats=2, images=(100, 200), widths=(0.25, 1.0)))
    narrow, usual = (count_multiply_adds(Recipe(width=width)) for width in (0.25, 1.0))
    assert narrow < usual / 4
    assert [row.what for row in rows] == [
        f"epoch of cnn: 100 images, width 1, {usual:,} multiply-adds an image",
        f"epoch of cnn: 200 images, width 1, {usual:,} multiply-adds an image",
        f"epoch of cnn: 100 images, width 0.25, {narrow:,} multiply-adds an image",
        f"epoch of cnn: 100 images, width 1, {usual:,} multiply-adds an image",
    ]
    assert all(row.count == 2 for row in rows)
    assert all(0 < row.p50_ms <= row.p95_ms <= row.slowest_ms for row in rows)


def test_an_epochs_time_is_that_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    time = FakeTime(monkeypatch, benchmark)

    def train(_: Recipe) -> Iterator[Event]:
        time.sleep(3)  # to load and build
        yield Started({}, 1, 1, "cpu")
        time.sleep(0.25)
        yield Step(1, 1.0, 2.3, 0.01)
        time.sleep(0.5)
        yield Epoch(1, 2.3, 0.1, 2.3, 0.1, 1.0)

    monkeypatch.setattr(bench, "train", train)
    (row,) = bench.bench_growth(("images",), repeats=3, images=(100,))
    assert row.p50_ms == row.slowest_ms == pytest.approx(750)


def test_runs_are_timed_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_USUAL", TINY)
    (row,) = bench.bench_growth(("workers",), repeats=1, images=(100,), workers=(1,))
    assert (row.what, row.count) == ("4 runs of 100 images by 1 workers", 1)
    assert row.p50_ms > 0
