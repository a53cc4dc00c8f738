"""MNIST from its four IDX files, checked, as tensors that are loaded once a process."""

import gzip
import hashlib
import math
import os
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from mnist_core.errors import UserError

BUNDLED = Path(__file__).parent / "mnist"
FOLDER_VARIABLE = "DIGIT_CLINIC_MNIST"

_UBYTE = 0x08  # the IDX format's code for unsigned bytes
_IMAGE_SIDE = 28
_MAX_SHOWN = 200  # characters of a folder's name that an error repeats

# SHA-256 of the unpacked files of the MNIST database.
_CHECKSUMS = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
_FULL_SIZE = {"train": 60_000, "t10k": 10_000}


@dataclass(frozen=True, slots=True)
class Mnist:
    """The images and labels as the files hold them.

    Attributes:
        train_images: uint8 (60000, 28, 28), 0 paper to 255 ink.
        train_labels: int64 (60000,), 0 to 9.
        test_images: uint8 (10000, 28, 28).
        test_labels: int64 (10000,).
    """

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor


def load_mnist() -> Mnist:
    """MNIST from the project's own files, or from the folder that `DIGIT_CLINIC_MNIST` names.

    That folder holds the same four IDX files, gzipped or not. It may hold fewer or more images; files of
    MNIST's own size must be MNIST.

    Raises:
        UserError: `mnist_missing` or `mnist_damaged`; there is never a substitute.
    """
    return _load(Path(os.environ.get(FOLDER_VARIABLE) or BUNDLED))


@cache
def _load(folder: Path) -> Mnist:
    return Mnist(*_pair(folder, "train"), *_pair(folder, "t10k"))


def _pair(folder: Path, part: str) -> tuple[Tensor, Tensor]:
    images = _checked(folder, f"{part}-images-idx3-ubyte", _FULL_SIZE[part])
    labels = _checked(folder, f"{part}-labels-idx1-ubyte", _FULL_SIZE[part])
    if images.shape[1:] != (_IMAGE_SIDE, _IMAGE_SIDE) or labels.shape != images.shape[:1]:
        raise _damaged(folder / f"{part}-images-idx3-ubyte", "its images and labels do not belong together")
    if not len(labels) or labels.max() > 9:
        raise _damaged(folder / f"{part}-labels-idx1-ubyte", "its labels are not the digits 0 to 9")
    return torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64))


def _checked(folder: Path, name: str, full_size: int) -> np.ndarray:
    path, content = _unpack(folder, name)
    try:
        array = parse_idx(content)
    except ValueError as reason:
        raise _damaged(path, str(reason)) from None
    if len(array) == full_size and hashlib.sha256(content).hexdigest() != _CHECKSUMS[name]:
        raise _damaged(path, "its contents are not MNIST's (the SHA-256 differs)")
    return array


def _unpack(folder: Path, name: str) -> tuple[Path, bytes]:
    for path in (folder / f"{name}.gz", folder / name):
        if os.path.isfile(path):  # noqa: PTH113 - `Path.is_file` raises when the name is too long
            try:
                content = path.read_bytes()
                return path, gzip.decompress(content) if path.suffix == ".gz" else content
            except (OSError, EOFError, zlib.error):
                raise _damaged(path, "it cannot be unpacked") from None
    raise UserError("mnist_missing", f"MNIST's file {name} is not in {_shown(folder)}.", _mend(folder))


def parse_idx(content: bytes) -> np.ndarray:
    """The array in an IDX file of unsigned bytes: dimensions big-endian, then the values.

    Raises:
        ValueError: When header and contents do not fit each other.
    """
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != _UBYTE:
        raise ValueError("it is not an IDX file of bytes")
    dimensions = content[3]
    start = 4 + 4 * dimensions
    if dimensions == 0 or len(content) < start:
        raise ValueError("its header is cut off")
    shape = struct.unpack(f">{dimensions}I", content[4:start])
    if math.prod(shape) != len(content) - start:
        raise ValueError("it is longer or shorter than its header says")
    # A copy, because torch wants memory it may write to.
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()


def _damaged(path: Path, reason: str) -> UserError:
    return UserError("mnist_damaged", f"MNIST's file {path} is damaged: {reason}.", _mend(path.parent))


def _mend(folder: Path) -> str:
    return (
        "Fetch it again, with an internet connection: "
        "python -c \"import torchvision; torchvision.datasets.MNIST('mnist', download=True)\", "
        f"then copy the files from mnist/MNIST/raw to {_shown(folder)}."
    )


def _shown(folder: Path) -> str:
    text = str(folder)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"
