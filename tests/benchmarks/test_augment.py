from itertools import islice

import pytest

from tests.benchmarks import augment as bench
from tests.benchmarks import benchmark
from tests.clock import FakeTime


def test_every_kind_is_timed_beside_torchvision() -> None:
    rows = list(bench.bench_augment(batch=8, rounds=3))
    assert [row.what for row in rows] == [
        f"{kind}: ours and torchvision's, {way}"
        for kind in ("warp", "elastic", "noise", "mirror", "all")
        for way in ("one by one", "a batch at once")
    ]
    for row in rows:
        assert 0 < row.low <= row.ratio <= row.high
        assert row.ours > 0 < row.theirs
        assert (row.rounds, row.unit) == (3, "images/s")


def test_times_are_those_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    time = FakeTime(monkeypatch, benchmark)
    affine = bench.v2.RandomAffine.forward
    monkeypatch.setattr(bench, "augment", lambda *_: time.sleep(0.25))
    monkeypatch.setattr(bench.v2.RandomAffine, "forward", lambda *asked: time.sleep(1.5) or affine(*asked))
    one_by_one, batched = islice(bench.bench_augment(batch=2, rounds=1), 2)
    assert (one_by_one.ours, one_by_one.theirs, one_by_one.ratio) == (8, pytest.approx(2 / 3), pytest.approx(12))
    assert (batched.theirs, batched.ratio) == (pytest.approx(4 / 3), pytest.approx(6))
