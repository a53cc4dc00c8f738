"""What holds for all tests, on any machine however slow or busy it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

_BROWSER = "tests/browser/"
_WAITING = ("tests/benchmarks/", "tests/faults/", "tests/load/")
"""Tests that mostly wait for servers, and leave the processor to those that compute."""


def _group(test: str) -> str:
    """What one process runs: a file; and all that is tested in a browser, with one app and one Chromium."""
    file = test.partition("::")[0]
    return _BROWSER if file.startswith(_BROWSER) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each process one group after another."""
    from xdist.scheduler import LoadFileScheduling

    class Groups(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group(nodeid)

    return Groups(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the browser, and spread files of tests that wait among those that compute: groups run in order."""
    groups: dict[str, list[pytest.Item]] = {}
    for item in items:
        groups.setdefault(_group(item.nodeid), []).append(item)
    waiting = [group for group in groups if group.startswith(_WAITING)]
    computing = [group for group in groups if group not in (_BROWSER, *waiting)]
    gap = max(1, round(0.8 * len(computing) / max(1, len(waiting))))
    order = [_BROWSER] if _BROWSER in groups else []
    for place, group in enumerate(computing):
        order += waiting[place // gap : place // gap + 1] if place % gap == 0 else []
        order.append(group)
    order += waiting[-(-len(computing) // gap) :]
    items[:] = [item for group in order for item in groups[group]]


@pytest.fixture(scope="session")
def small_mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with some thousand of MNIST's images: a run on it spends its time on training, not on 15,000 others."""
    from tests.export.small_mnist import write_small_mnist

    return write_small_mnist(tmp_path_factory.mktemp("mnist") / "raw")


@pytest.fixture(scope="module")
def few_images(small_mnist: Path) -> Iterator[None]:
    """Everything in the module finds only these images."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIGIT_CLINIC_MNIST", str(small_mnist))
        yield


@pytest.fixture
def stroke_file(tmp_path: Path) -> Path:
    """Two drawings: a one (a bar) and a seven (a roof and a bar), in a pen's own units."""
    points = np.array([[5, -90], [5, 10], [0, 0], [60, 0], [20, 100]], np.float32)
    path = tmp_path / "strokes.npz"
    np.savez(
        path, points=points, stroke=np.zeros(5, np.int16), digit=np.array([0, 0, 1, 1, 1], np.int32),
        labels=np.array([1, 7], np.uint8), donor=np.array(["a", "a"]),
    )  # fmt: skip
    return path
