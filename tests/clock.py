"""A clock for tests: time passes when somebody sleeps, and only then."""

from types import ModuleType

import pytest


class FakeTime:
    """Stands in for the module `time` in a module under test.

    Attributes:
        now_s: What it shows.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> None:
        self.now_s = 1_000.0
        monkeypatch.setattr(module, "time", self)

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds

    def perf_counter(self) -> float:
        return self.now_s

    monotonic = perf_counter
