"""A few of MNIST's images, as files that both a run and a script read."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from mnist_core.data.mnist_files import load_mnist

TRAINING, TEST = 3_600, 1_000


def write_small_mnist(folder: Path) -> Path:
    """The first images of each part as plain IDX files, in a folder that is made; the folder."""
    folder.mkdir()
    mnist = load_mnist()
    for part, count, images, labels in (
        ("train", TRAINING, mnist.train_images, mnist.train_labels),
        ("t10k", TEST, mnist.test_images, mnist.test_labels),
    ):
        _write(folder / f"{part}-images-idx3-ubyte", images[:count].numpy())
        _write(folder / f"{part}-labels-idx1-ubyte", labels[:count].numpy().astype(np.uint8))
    return folder


def _write(path: Path, values: npt.NDArray[np.uint8]) -> None:
    header = bytes([0, 0, 8, values.ndim]) + b"".join(size.to_bytes(4, "big") for size in values.shape)
    path.write_bytes(header + values.tobytes())
