"""Digits and files that the tests of this room share."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pillow_heif
from PIL import Image

from mnist_core.data.mnist_files import load_mnist
from mnist_core.preprocessing.strokes import Drawing, Stroke

Grey = npt.NDArray[np.uint8]

pillow_heif.register_heif_opener()  # Pillow then writes HEIF, too; what reads it in Digit Clinic does without

SEVEN = Drawing((Stroke(((60.0, 60.0), (190.0, 60.0), (110.0, 230.0)), 20.0),))


def mnist_images(count: int) -> Grey:
    """The first test images, (count, 28, 28)."""
    return load_mnist().test_images[:count].numpy()


def on_paper(ink: Grey, paper: float = 200, pen: float = 60, light: float = 30, grain: float = 3) -> Grey:
    """White-on-black ink as dark ink on grey paper that is lit from the left and has grain."""
    random = np.random.default_rng(0)
    across = np.linspace(light / 2, -light / 2, ink.shape[1])
    levels = (paper + across) * (1 - ink / 255 * (1 - pen / paper))
    return (levels + random.normal(0, grain, ink.shape)).clip(0, 255).astype(np.uint8)


def encode(image: Image.Image | Grey, kind: str = "PNG", **options: Any) -> bytes:
    """The picture as a file of this kind."""
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """A piece of a PNG, with its length and its check sum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def bmff_box(kind: bytes, *content: bytes) -> bytes:
    """A box of a HEIC or AVIF file, with its length."""
    inside = b"".join(content)
    return struct.pack(">I", 8 + len(inside)) + kind + inside


def bmff_header(brand: bytes, width: int, height: int) -> bytes:
    """A HEIC or AVIF file that says its brand and size, and holds nothing."""
    size = bmff_box(b"ispe", bytes(4), struct.pack(">2I", width, height))
    association = bmff_box(b"ipma", bytes(4), struct.pack(">IHBB", 1, 1, 1, 1))
    properties = bmff_box(b"iprp", bmff_box(b"ipco", size), association)
    primary = bmff_box(b"pitm", bytes(4), struct.pack(">H", 1))
    return bmff_box(b"ftyp", brand, bytes(4), b"mif1", brand) + bmff_box(b"meta", bytes(4), primary, properties)
