import json
import subprocess

import pytest

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from tests.benchmarks import growth as bench
from tests.benchmarks import seed_database

TINY = Recipe(model="linear", train_images=100, batch_size=50, epochs=2)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "fill", lambda url, runs: seed_database.fill(url, runs, TINY))


def test_epochs_are_timed_against_images_and_width() -> None:
    parts = ("images", "width")
    rows = list(bench.bench_growth(parts, repeats=2, images=(100, 200), widths=(0.25, 1.0)))
    assert [(row.against, row.images, row.width, row.count) for row in rows] == [
        ("images", 100, 1.0, 2), ("images", 200, 1.0, 2), ("width", 100, 0.25, 2), ("width", 100, 1.0, 2),
    ]  # fmt: skip
    assert rows[0].multiply_adds == rows[1].multiply_adds == rows[3].multiply_adds > rows[2].multiply_adds
    for row in rows:
        assert 0 < row.shortest_s <= row.median_s <= row.longest_s
        assert row.processor_s > 0
        assert row.images_per_s == pytest.approx(row.images / row.median_s)


def test_runs_are_timed_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_USUAL", TINY)
    [row] = bench.bench_growth(("workers",), repeats=1, images=(100,), workers=(1,))
    assert (row.workers, row.runs, row.count) == (1, 4, 1)
    assert row.threads >= 1
    assert row.runs_per_minute == pytest.approx(240 / row.median_s)


def test_pages_are_run_again_with_and_without_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_PAGES", ("train",))  # a process each
    rows = list(bench.bench_growth(("pages",), repeats=1, stored=(2, 0)))
    assert [(row.runs, row.page, row.run_opened) for row in rows] == [
        (0, "train", False), (2, "train", False), (2, "train", True),
    ]  # fmt: skip
    for row in rows:
        assert row.count == 10
        assert 0 < row.shortest_ms <= row.median_ms <= row.longest_ms
        assert row.processor_ms > 0


def test_a_page_that_breaks_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = subprocess.CompletedProcess([], 1, stdout="", stderr="it broke")
    monkeypatch.setattr(bench.subprocess, "run", lambda *_, **__: broken)
    with pytest.raises(UserError) as raised:
        bench._rerun("train", None, "sqlite://", 1)
    assert (raised.value.code, raised.value.fix) == ("page_failed", "it broke")


def test_times_of_a_page_are_its_programs_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    said = subprocess.CompletedProcess([], 0, stdout=f"a warning\n{json.dumps([[1.5, 1.0], [2.5, 2.0]])}\n", stderr="")
    monkeypatch.setattr(bench.subprocess, "run", lambda *_, **__: said)
    assert bench._rerun("train", None, "sqlite://", 2) == [[1.5, 1.0], [2.5, 2.0]]
