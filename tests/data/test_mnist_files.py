import gzip
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision.datasets import MNIST

from mnist_core.data.mnist_files import BUNDLED, FOLDER_VARIABLE, load_mnist, parse_idx
from mnist_core.errors import UserError


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of MNIST's files that a test may damage."""
    for file in BUNDLED.glob("*.gz"):
        shutil.copy(file, tmp_path)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def test_the_bundled_files_are_what_torchvision_reads(tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for file in BUNDLED.glob("*.gz"):
        (raw / file.stem).write_bytes(gzip.decompress(file.read_bytes()))
    mnist = load_mnist()
    for train, images, labels in (
        (True, mnist.train_images, mnist.train_labels),
        (False, mnist.test_images, mnist.test_labels),
    ):
        oracle = MNIST(tmp_path, train=train)
        assert torch.equal(images, oracle.data)
        assert torch.equal(labels, oracle.targets)


def test_it_is_loaded_once_a_process() -> None:
    assert load_mnist() is load_mnist()


def test_another_folder_may_hold_a_smaller_set_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    for part, count in (("train", 30), ("t10k", 20)):
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(
            idx(random.integers(0, 256, (count, 28, 28), dtype=np.uint8))
        )
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(idx(random.integers(0, 10, count, dtype=np.uint8)))
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    mnist = load_mnist()
    assert mnist.train_images.shape == (30, 28, 28)
    assert mnist.test_labels.shape == (20,)


def damage_truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def damage_empty(file: Path) -> None:
    file.write_bytes(b"")


def damage_one_label(file: Path) -> None:
    content = bytearray(gzip.decompress(file.read_bytes()))
    content[-1] = (content[-1] + 1) % 10
    file.write_bytes(gzip.compress(bytes(content), 1))


def damage_unpacked_length(file: Path) -> None:
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes())[:-1], 1))


@pytest.mark.parametrize(
    "damage", [damage_truncate, damage_empty, damage_one_label, damage_unpacked_length], ids=lambda f: f.__name__
)
def test_a_damaged_file_is_named_with_its_mend(own_folder: Path, damage) -> None:
    damage(own_folder / "t10k-labels-idx1-ubyte.gz")
    with pytest.raises(UserError) as error:
        load_mnist()
    assert error.value.code == "mnist_damaged"
    assert "t10k-labels" in error.value.message
    assert "download=True" in error.value.fix


def test_a_missing_file_is_named(own_folder: Path) -> None:
    (own_folder / "train-images-idx3-ubyte.gz").unlink()
    with pytest.raises(UserError) as error:
        load_mnist()
    assert error.value.code == "mnist_missing"
    assert "train-images" in error.value.message


def test_a_folder_of_a_name_that_no_folder_can_have_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, "/" + "x" * 5_000)
    with pytest.raises(UserError) as error:
        load_mnist()
    assert error.value.code == "mnist_missing"
    assert len(str(error.value)) < 1_000


@pytest.mark.parametrize("content", [b"", b"\0\0\x08", b"\0\0\x08\x00", b"\0\0\x0d\x01\0\0\0\1x", b"PK\3\4" * 9])
def test_other_bytes_are_no_idx(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"header|IDX"):
        parse_idx(content)
