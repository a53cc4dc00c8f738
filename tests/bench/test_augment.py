import time

import pytest

from mnist_core.bench import augment as bench


def test_every_kind_is_timed_beside_torchvision() -> None:
    rows = list(bench.bench_augment(batch=8, rounds=1))
    assert [row.kind for row in rows] == ["warp", "elastic", "thickness", "habits", "noise", "mirror", "all"]
    for row in rows:
        assert row.images_per_s > 0
        timed = row.times_one_by_one is not None and row.times_batched is not None
        assert timed == (row.kind not in ("thickness", "habits"))


def test_times_are_those_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "augment", lambda *_: time.sleep(0.2))
    row = next(bench.bench_augment(batch=2, rounds=1))
    assert 2 < row.images_per_s < 10
    assert row.times_batched < 1
