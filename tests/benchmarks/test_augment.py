import pytest

from tests.benchmarks import augment as bench
from tests.benchmarks import benchmark
from tests.clock import FakeTime


def test_every_kind_is_timed_beside_torchvision() -> None:
    rows = list(bench.bench_augment(batch=8, rounds=3))
    assert [row.kind for row in rows] == ["warp", "elastic", "thickness", "habits", "noise", "mirror", "all"]
    for row in rows:
        spreads = [row.images_per_s, row.times_one_by_one, row.times_batched]
        assert [spread is None for spread in spreads[1:]] == [row.kind in ("thickness", "habits")] * 2
        assert all(0 < spread.low < spread.median < spread.high for spread in spreads if spread is not None)
        assert row.rounds == 3


def test_times_are_those_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    time = FakeTime(monkeypatch, benchmark)
    monkeypatch.setattr(bench, "augment", lambda *_: time.sleep(0.25))
    row = next(bench.bench_augment(batch=2, rounds=1))
    assert row.images_per_s.median == 8
    assert row.times_one_by_one.median == row.times_batched.median == 0  # torchvision's take no time on this clock
