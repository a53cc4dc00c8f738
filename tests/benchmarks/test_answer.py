from contextlib import nullcontext

import pytest

from mnist_core.preprocessing.strokes import Drawing, Stroke
from mnist_core.runs.registry import load_model
from tests.benchmarks import answer as bench
from tests.benchmarks import benchmark
from tests.clock import FakeTime

SEVEN = Drawing((Stroke(((80, 70), (200, 70), (130, 220)), 20),))


def test_strokes_and_diagnoses_are_timed_idle_and_while_a_model_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_training", nullcontext)
    rows = list(bench.bench_answer(load_model().model, [(7, SEVEN)] * 5))
    assert [(row.what, row.training) for row in rows] == [
        ("stroke", False), ("diagnosis", False), ("stroke", True), ("diagnosis", True),
    ]  # fmt: skip
    assert all(row.count == 2 for row in rows)  # the first ones warm up
    assert all(0 < row.p50_ms <= row.p95_ms <= row.slowest_ms for row in rows)


def test_times_are_those_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    time = FakeTime(monkeypatch, benchmark)
    monkeypatch.setattr(bench, "predict", lambda *_: time.sleep(0.05))
    monkeypatch.setattr(bench, "diagnose", lambda *_: None)
    monkeypatch.setattr(bench, "_training", nullcontext)
    stroke, diagnosis, *_ = bench.bench_answer(load_model().model, [(7, SEVEN)] * 4)
    assert stroke.p50_ms == pytest.approx(50)
    assert diagnosis.p50_ms == 0
