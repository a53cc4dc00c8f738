"""Pictures made to cost a reader as much as they can within the bounds of size."""

import struct
import zlib
from functools import cache

import numpy as np
from PIL import Image

from tests.preprocessing.examples import SEVEN, encode, png_chunk

PNG_SIGN = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}  # by PNG's number of a kind of colour
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))  # Adam7


def blank_png(width: int, height: int, bits: int, color: int, interlaced: bool = False, notes: bytes = b"") -> bytes:
    """All pixels 0, packed as small as it gets."""
    packer = zlib.compressobj(9)
    packed = []
    for left, top, right, down in _PASSES if interlaced else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // right), -(-(height - top) // down)
        row = b"\0" + bytes((columns * bits * _CHANNELS[color] + 7) // 8)
        packed += [packer.compress(row) for _ in range(rows)]
    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, interlaced)
    pixels = b"".join(packed) + packer.flush()
    return PNG_SIGN + png_chunk(b"IHDR", header) + notes + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")


def run_length_bmp(width: int, height: int) -> bytes:
    """A pixel a line: the rest of each is filled by Pillow pixel by pixel, in Python."""
    pixels = b"\1\0\0\0" * height + b"\0\1"
    start = 54 + 1024
    facts = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(pixels), 0, 0, 256, 0)
    sizes = struct.pack("<IHHI", start + len(pixels), 0, 0, start)
    return b"BM" + sizes + facts + bytes(range(256)) * 4 + pixels


def _photo(width: int, height: int) -> Image.Image:
    tones = np.random.default_rng(0).integers(0, 256, (height // 32, width // 32, 3), dtype=np.uint8)
    return Image.fromarray(tones).resize((width, height), Image.Resampling.BICUBIC)


@cache
def hostile() -> dict[str, bytes]:
    """By a name."""
    jpeg = encode(_photo(1024, 768), "JPEG")
    progressive = encode(_photo(1408, 1408), "JPEG", progressive=True)
    scan = progressive[progressive.rindex(b"\xff\xda") : -2]
    fill = b"\xff" * 9_000_000
    table = b"\xff\xdb" + struct.pack(">H", 2 + 65_000) + (b"\0" + b"\1" * 64) * 1000
    packed = png_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(1_000_000)))
    return {
        "WebP of one colour, 50 megapixels": encode(Image.new("RGBA", (8192, 6100)), "WEBP", lossless=True),
        "WebP of one colour, 12 megapixels": encode(Image.new("RGBA", (4000, 2990)), "WEBP", lossless=True),
        "interlaced PNG": blank_png(8192, 6100, 8, 6, interlaced=True),
        "PNG of 16 bits a colour": blank_png(8192, 6100, 16, 6),
        "PNG of 16 bits with a see-through level": blank_png(8192, 6100, 16, 0, notes=png_chunk(b"tRNS", b"\0\0")),
        "PNG with packed notes": blank_png(280, 280, 8, 0, notes=packed * 4_000),
        "PNG with 300,000 notes": blank_png(280, 280, 8, 0, notes=png_chunk(b"tEXt", b"a\0b") * 300_000),
        "PNG with empty chunks of pixels": blank_png(280, 280, 8, 0, notes=png_chunk(b"IDAT", b"") * 800_000),
        "JPEG with fill bytes first": jpeg[:2] + fill + jpeg[2:],
        "JPEG with fill bytes in its middle": jpeg[:20_000] + fill + jpeg[20_000:],
        "JPEG with 2 million comments": jpeg[:2] + b"\xff\xfe\0\2" * 2_000_000 + jpeg[2:],
        "JPEG with 9 MB of tables": jpeg[:2] + table * 140 + jpeg[2:],
        "JPEG of many scans": progressive[:-2] + scan * (9_000_000 // len(scan)) + progressive[-2:],
        "progressive JPEG": encode(_photo(6016, 4960), "JPEG", progressive=True, subsampling=0, quality=30),
        "run-length BMP": run_length_bmp(8192, 6000),
    }


@cache
def ordinary() -> dict[str, bytes]:
    """What people do send, by a name."""
    return {
        "digit as PNG": encode(255 - SEVEN.render()),
        "screenshot, 2 megapixels": encode(_photo(1600, 1200)),
        "phone photo, 12 megapixels": encode(_photo(4032, 3008), "JPEG", quality=85),
        "the same, progressive": encode(_photo(4032, 3008), "JPEG", quality=85, progressive=True),
        "WebP, 12 megapixels": encode(_photo(3968, 2976), "WEBP", quality=80),
        "JPEG, 49 megapixels": encode(_photo(8192, 5984), "JPEG", quality=50),
    }
