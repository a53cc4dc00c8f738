from dataclasses import asdict

import pytest

from mnist_core.preprocessing.strokes import Drawing, Stroke
from mnist_core.runs.registry import load_model
from tests.benchmarks import diagnose as bench

SEVEN = Drawing((Stroke(((80, 70), (200, 70), (130, 220)), 20),))


def test_rows_count_what_was_diagnosed(monkeypatch: pytest.MonkeyPatch) -> None:
    model = load_model().model
    only = {code: bench.DAMAGES[code] for code in ("mirrored", "inverted")}
    monkeypatch.setattr(bench, "DAMAGES", only)
    drawings = [(7, SEVEN), (3, SEVEN), (7, SEVEN)]  # a seven that was meant as a three is not read right
    mirrored, inverted = bench.bench_diagnose(model, drawings, misread=1)
    assert (mirrored.damage, mirrored.drawn, mirrored.misread) == ("mirrored", 1, 1)
    assert mirrored.first == mirrored.among_three == mirrored.fixed == 1
    assert mirrored.confused == ()
    assert 0 < mirrored.median_ms <= mirrored.slowest_ms
    assert asdict(inverted)["damage"] == "inverted"


def test_what_is_named_instead_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    model = load_model().model
    monkeypatch.setattr(bench, "DAMAGES", {"rotated": bench.DAMAGES["mirrored"]})
    (row,) = bench.bench_diagnose(model, [(7, SEVEN)], misread=5)
    assert row.first == 0
    assert row.confused == (("mirrored", 1),)
