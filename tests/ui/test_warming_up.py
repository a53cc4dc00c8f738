import gc

import pytest

from mnist_core.runs import registry
from mnist_core.ui import services


def test_after_warming_up_the_test_images_are_read_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_PAINT_S", 0)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    services._load_heavy()
    monkeypatch.setattr(registry, "evaluate", lambda *_: pytest.fail("they were read again"))
    assert len(services.evaluation(services.DEFAULT_MODEL).labels) == 10_000
