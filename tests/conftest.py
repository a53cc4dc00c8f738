"""What holds for all tests, on any machine however slow or busy it is."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


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
