"""Decodes one picture, made small and upright: called by the door, or run by it as a process with limits.

It imports Pillow and nothing of this package: as a process it starts in some 60 ms.
"""

import io
import math
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, cast

from PIL import ExifTags, Image

_READERS = {
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "WebP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "BMP": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "TIFF": ("PIL.TiffImagePlugin", "TiffImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "HEIC": ("pillow_heif", "HeifImageFile"),
}
"""The class that reads each kind, and its module: a process loads only what it needs."""

_THREADS = {"AVIF": ("PIL.AvifImagePlugin", "DEFAULT_MAX_THREADS"), "HEIC": ("pillow_heif.options", "DECODE_THREADS")}
"""Where a reader keeps how many threads it uses: each takes room in memory that a picture needs."""

WORKING_SIDE_PX = 1_024
MEMORY_BYTES = 300 * 2**20
CPU_S = 2
OVER_LIMIT = 3
DAMAGED = 4
"""The process's exit codes."""

_OUT_OF_MEMORY = ("emory", "unexpected C++ exception")
"""How libheif's errors call it."""

_STRIP_PX = 64
_TURN_BACK = {  # by EXIF orientation, as a phone writes it when it was held otherwise
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(data: bytes, kind: str, size: tuple[int, int]) -> Image.Image:
    """The picture in these bytes, mode L, or LA where it has any transparency, at most 1,024 px a side.

    Args:
        data: The whole file.
        kind: One of `image_header.READ_KINDS`.
        size: Width and height in px, as its header was understood before.

    Raises:
        Exception: Pillow promises no list of what its readers raise on damaged files.
    """
    with _open(data, kind) as picture:
        if math.prod(picture.size) > math.prod(size):  # less than all of it, or lying on its side, it may be
            raise ValueError(f"{picture.size} and not {size}")
        picture.draft("L", (WORKING_SIDE_PX, WORKING_SIDE_PX))  # a JPEG decodes straight to grey and an eighth
        picture.load()
        image = _small(picture)
        turn = _TURN_BACK.get(_orientation(picture))
        return image if turn is None else image.transpose(turn)


def _open(data: bytes, kind: str) -> Image.Image:
    if kind in _THREADS:
        module, setting = _THREADS[kind]
        setattr(import_module(module), setting, 1)
    module, reader = _READERS[kind]
    opened: Image.Image = getattr(import_module(module), reader)(io.BytesIO(data))
    return opened


def _small(picture: Image.Image) -> Image.Image:
    """Grey, and reduced in strips: beside 50 megapixels there is no room for a second copy of them."""
    if picture.mode in ("I", "F"):
        picture = _from_wide_numbers(picture)
    factor = max(1, max(picture.size) // (2 * WORKING_SIDE_PX))
    if factor == 1:
        image = _grey(picture)
    else:
        strips = [
            _grey(picture.crop((0, top, picture.width, min(top + factor * _STRIP_PX, picture.height)))).reduce(factor)
            for top in range(0, picture.height, factor * _STRIP_PX)
        ]
        image = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
        for place, strip in enumerate(strips):
            image.paste(strip, (0, place * _STRIP_PX))
    image.thumbnail((WORKING_SIDE_PX, WORKING_SIDE_PX), Image.Resampling.BOX)
    return image


def _grey(picture: Image.Image) -> Image.Image:
    """The same picture in mode L, or LA where it has any transparency."""
    if picture.mode.startswith("I;16"):
        return _from_sixteen_bits(picture)
    if picture.mode == "LAB":
        return picture.getchannel("L")
    if not picture.has_transparency_data:
        return picture.convert("L")
    color = picture.info.get("transparency")
    if picture.mode == "RGB" and isinstance(color, tuple):  # of a 16-bit picture Pillow keeps the high bytes only
        picture.info["transparency"] = tuple(value >> 8 if value > 255 else value for value in color)
    return picture.convert("LA")


def _from_wide_numbers(picture: Image.Image) -> Image.Image:
    """Of whole numbers or fractions of 32 bits: what is darkest black, what is lightest white."""
    low, high = cast("tuple[float, float]", picture.getextrema())
    scale = 255 / ((high - low) or 1)
    return picture.point(lambda value: value * scale - low * scale).convert("L")


def _from_sixteen_bits(picture: Image.Image) -> Image.Image:
    """The high bytes, where Pillow's own conversion may clip at 255."""
    order = "L;16B" if picture.mode == "I;16B" else "L;16"
    grey = Image.frombytes("L", picture.size, picture.tobytes(), "raw", order)
    transparent = picture.info.get("transparency")
    if transparent is None:
        return grey
    import numpy as np  # not above: it takes as long to load as all the rest

    alpha = Image.fromarray(np.where(np.asarray(picture) == transparent, 0, 255).astype(np.uint8))
    return Image.merge("LA", (grey, alpha))


def _orientation(picture: Image.Image) -> Any:
    try:
        return picture.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # damaged camera notes are no reason to refuse a picture that can be read
        return 1


def _limit() -> None:
    """Let this process have so much memory and processor time, and let others go first."""
    with suppress(ImportError, OSError, ValueError):  # Windows has no such limits, macOS not all of them
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
        os.nice(5)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _main() -> int:
    kind, width, height = sys.argv[1:]
    data = sys.stdin.buffer.read()
    _limit()
    try:
        image = decode(data, kind, (int(width), int(height)))
    except MemoryError:
        return OVER_LIMIT
    except Exception as error:
        return OVER_LIMIT if any(words in str(error) for words in _OUT_OF_MEMORY) else DAMAGED
    sys.stdout.buffer.write(f"{image.mode} {image.width} {image.height}\n".encode() + image.tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(_main())
