"""Decodes one picture, made small and upright: called by the door, or run by it as a process with limits.

It imports Pillow and nothing of this package: as a process it starts in some 60 ms.
"""

import io
import os
import sys
from contextlib import suppress
from typing import Any

from PIL import BmpImagePlugin, ExifTags, Image, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

READERS: dict[str, type[ImageFile.ImageFile]] = {
    "PNG": PngImagePlugin.PngImageFile,
    "JPEG": JpegImagePlugin.JpegImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
}

WORKING_SIDE_PX = 1_024
MEMORY_BYTES = 300 * 2**20
CPU_S = 2
OVER_LIMIT = 3
DAMAGED = 4
"""The process's exit codes."""

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
        kind: One of `READERS`.
        size: Width and height in px, as its header was understood before.

    Raises:
        Exception: Pillow promises no list of what its readers raise on damaged files.
    """
    with READERS[kind](io.BytesIO(data)) as picture:
        if picture.size != size:
            raise ValueError(f"{picture.size} and not {size}")
        picture.draft("L", (WORKING_SIDE_PX, WORKING_SIDE_PX))  # a JPEG decodes straight to grey and an eighth
        picture.load()
        image = _small(picture)
        turn = _TURN_BACK.get(_orientation(picture))
        return image if turn is None else image.transpose(turn)


def _small(picture: Image.Image) -> Image.Image:
    """Grey, and reduced in strips: beside 50 megapixels there is no room for a second copy of them."""
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
    if picture.mode.startswith("I"):
        return _from_sixteen_bits(picture)
    if not picture.has_transparency_data:
        return picture.convert("L")
    color = picture.info.get("transparency")
    if picture.mode == "RGB" and isinstance(color, tuple):  # of a 16-bit picture Pillow keeps the high bytes only
        picture.info["transparency"] = tuple(value >> 8 if value > 255 else value for value in color)
    return picture.convert("LA")


def _from_sixteen_bits(picture: Image.Image) -> Image.Image:
    """The high bytes, where Pillow's own conversion may clip at 255."""
    grey = Image.frombytes("L", picture.size, picture.tobytes(), "raw", "L;16")
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
    except Exception:
        return DAMAGED
    sys.stdout.buffer.write(f"{image.mode} {image.width} {image.height}\n".encode() + image.tobytes())
    return 0


if __name__ == "__main__":
    sys.exit(_main())
