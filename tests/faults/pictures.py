"""Pictures made to cost a reader as much as they can within the bounds of size."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image

from tests.preprocessing.examples import SEVEN, encode, png_chunk

_FAST = {"preset": "ultrafast"}  # of x265, which writes HEIC
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


def tiff_of_large_tags(count: int) -> bytes:
    """Each of its tags says that its value is nearly the whole file, over and over."""
    sizes = struct.pack("<" + "HHII" * 2, 256, 4, 1, 280, 257, 4, 1, 280)
    lines = sizes + b"".join(struct.pack("<HHII", 40_000 + tag, 7, 9_000_000, 8) for tag in range(count))
    return b"II*\0" + struct.pack("<IH", 8, 2 + count) + lines + bytes(9_000_100)


def _photo(width: int, height: int) -> Image.Image:
    tones = np.random.default_rng(0).integers(0, 256, (height // 32, width // 32, 3), dtype=np.uint8)
    return Image.fromarray(tones).resize((width, height), Image.Resampling.BICUBIC)


def _jpeg() -> bytes:
    return encode(_photo(1024, 768), "JPEG")


def _jpeg_of_many_scans() -> bytes:
    progressive = encode(_photo(1408, 1408), "JPEG", progressive=True)
    scan = progressive[progressive.rindex(b"\xff\xda") : -2]
    return progressive[:-2] + scan * (9_000_000 // len(scan)) + progressive[-2:]


def _gif_with(notes: bytes) -> bytes:
    gif = encode(Image.new("L", (280, 280)), "GIF")
    start = 13 + 3 * 2 ** (1 + (gif[10] & 7))
    return gif[:start] + notes + gif[start:]


def _avif() -> bytes:
    return encode(Image.new("RGBA", (4000, 2990)), "AVIF", speed=10, subsampling="4:4:4")


_FILL = b"\xff" * 9_000_000
_TABLE = b"\xff\xdb" + struct.pack(">H", 2 + 65_000) + (b"\0" + b"\1" * 64) * 1000
_PACKED = png_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(1_000_000)))
_NOTES = b"!\xfe" + b"\1a" * 3_000_000 + b"\0"

HOSTILE: dict[str, Callable[[], bytes]] = {
    "WebP of one colour, 50 megapixels": lambda: encode(Image.new("RGBA", (8192, 6100)), "WEBP", lossless=True),
    "WebP of one colour, 12 megapixels": lambda: encode(Image.new("RGBA", (4000, 2990)), "WEBP", lossless=True),
    "interlaced PNG": lambda: blank_png(8192, 6100, 8, 6, interlaced=True),
    "PNG of 16 bits a colour": lambda: blank_png(8192, 6100, 16, 6),
    "PNG of 16 bits with a see-through level": lambda: blank_png(8192, 6100, 16, 0, notes=png_chunk(b"tRNS", b"\0\0")),
    "PNG with packed notes": lambda: blank_png(280, 280, 8, 0, notes=_PACKED * 4_000),
    "PNG with 300,000 notes": lambda: blank_png(280, 280, 8, 0, notes=png_chunk(b"tEXt", b"a\0b") * 300_000),
    "PNG with empty chunks of pixels": lambda: blank_png(280, 280, 8, 0, notes=png_chunk(b"IDAT", b"") * 800_000),
    "JPEG with fill bytes first": lambda: _jpeg()[:2] + _FILL + _jpeg()[2:],
    "JPEG with fill bytes in its middle": lambda: _jpeg()[:20_000] + _FILL + _jpeg()[20_000:],
    "JPEG with 2 million comments": lambda: _jpeg()[:2] + b"\xff\xfe\0\2" * 2_000_000 + _jpeg()[2:],
    "JPEG with 9 MB of tables": lambda: _jpeg()[:2] + _TABLE * 140 + _jpeg()[2:],
    "JPEG of many scans": _jpeg_of_many_scans,
    "progressive JPEG": lambda: encode(_photo(6016, 4960), "JPEG", progressive=True, subsampling=0, quality=30),
    "run-length BMP": lambda: run_length_bmp(8192, 6000),
    "GIF of one colour": lambda: encode(Image.new("P", (8192, 6000)), "GIF"),
    "GIF with 3 million blocks of notes": lambda: _gif_with(_NOTES),
    "GIF with notes after its picture": lambda: _gif_with(b"")[:-1] + _NOTES + b";",
    "TIFF of 32 bits a pixel": lambda: encode(Image.new("RGBA", (8192, 6000)), "TIFF", compression="tiff_lzw"),
    "TIFF of fractions": lambda: encode(Image.new("F", (8192, 6000)), "TIFF", compression="tiff_deflate"),
    "TIFF whose tags all name 9 MB": lambda: tiff_of_large_tags(4_000),
    "AVIF of one colour, 12 megapixels": _avif,
    "AVIF of more than it says": lambda: _avif().replace(struct.pack(">2I", 4000, 2990), struct.pack(">2I", 40, 30)),
    "HEIC of one colour, 24 megapixels": lambda: encode(Image.new("L", (5696, 4288)), "HEIF", enc_params=_FAST),
}
"""How each is made, by a name."""

ORDINARY: dict[str, Callable[[], bytes]] = {
    "digit as PNG": lambda: encode(255 - SEVEN.render()),
    "screenshot, 2 megapixels": lambda: encode(_photo(1600, 1200)),
    "phone photo, 12 megapixels": lambda: encode(_photo(4032, 3008), "JPEG", quality=85),
    "the same, progressive": lambda: encode(_photo(4032, 3008), "JPEG", quality=85, progressive=True),
    "the same as HEIC": lambda: encode(_photo(4032, 3008), "HEIF", quality=60, tile_size=512, enc_params=_FAST),
    "WebP, 12 megapixels": lambda: encode(_photo(3968, 2976), "WEBP", quality=80),
    "AVIF, 12 megapixels": lambda: encode(_photo(3968, 2976), "AVIF", quality=60, speed=10),
    "GIF, 2 megapixels": lambda: encode(_photo(1600, 1200).convert("P"), "GIF"),
    "A4 from a scanner, 300 dots an inch": lambda: encode(
        _photo(2464, 3488).convert("1"), "TIFF", compression="group4"
    ),
    "JPEG, 49 megapixels": lambda: encode(_photo(8192, 5984), "JPEG", quality=50),
}
"""What people do send: how each is made, by a name."""
