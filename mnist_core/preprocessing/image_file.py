"""The safe door for pictures: bytes from a stranger in, grey pixels out, or one clear error.

Kind, size and structure are judged from the header, before anything is decoded. A file is opened by the one reader
that its first bytes name, never by guessing through all of Pillow's formats, and whatever a reader raises on a hostile
file leaves here as a `UserError`.

What is ordinary is decoded in this process, because its cost is known: at most 2 megapixels, or a sequential JPEG of
16, which is decoded at a fraction of its size. Everything else is decoded in a process of its own that has 300 MB of
memory and 2 s of processor time, four of them at a time.
"""

import re
import subprocess
import sys
import threading
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, JpegImagePlugin

from mnist_core.errors import UserError
from mnist_core.preprocessing import image_decoder

Grey = npt.NDArray[np.uint8]

# Pillow warns on stderr of what it passes over in a damaged file. What can be read is read and the rest refused,
# so nobody needs to know; and catch_warnings, the narrower way, is not safe among threads.
warnings.filterwarnings("ignore", module=r"PIL\.")

MAX_BYTES = 10 * 1024 * 1024
MAX_SIDE_PX = 8_192
MAX_PIXELS = 50_000_000
WORKING_SIDE_PX = image_decoder.WORKING_SIDE_PX
"""The longest side that leaves this module: a digit needs no more, and what follows stays fast."""

READ_FORMATS = "PNG, JPEG, WebP and BMP"

_KINDS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"RIFF": "WebP", b"BM": "BMP"}

_OTHER_KINDS = {
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"II*\x00": "a TIFF or raw camera picture",
    b"MM\x00*": "a TIFF or raw camera picture",
    b"8BPS": "a Photoshop file",
    b"\x00\x00\x01\x00": "an icon",
    b"\x00\x00\x00\x0cjP  ": "a JPEG 2000 picture",
    b"\x00\x00\x00\x0cJXL ": "a JPEG XL picture",
    b"\xff\x0a": "a JPEG XL picture",
    b"qoif": "a QOI picture",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"{\\rtf": "a text document",
}

_ORDINARY_PIXELS = 2_000_000
_ORDINARY_JPEG_PIXELS = 16_000_000
_ORDINARY_HEAD_BYTES = 2**20
_ORDINARY_SCANS = 12  # cameras write about ten
_MAX_WEBP_PIXELS = 12_000_000  # a WebP takes up to 20 bytes for each, all at once
_MAX_PROGRESSIVE_PIXELS = 30_000_000  # and such a JPEG up to 8
_MAX_PARTS = 5_000  # chunks of a PNG, segments of a JPEG: the largest files of cameras and programs have some 1,300

_PICTURE_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf"}
_IHDR_BYTES = b"\0\0\0\x0dIHDR"
_SEGMENT = re.compile(rb"\xff([^\xff\0])")
_START_OF_SCAN = 0xDA
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL = {0xC0, 0xC1}
_OLD_BMP = 12  # bytes of the header of OS/2
_RUN_LENGTHS = {1, 2}

_decoders = threading.BoundedSemaphore(4)  # of 300 MB each
_LONGEST_WAIT_S = 15  # for one of them, and for its answer: it has 2 s, but the machine may be busy


@dataclass(frozen=True, slots=True)
class _File:
    """A picture file that may be decoded: without what is no picture, and how much work it is."""

    data: bytes
    kind: str
    size: tuple[int, int]
    is_ordinary: bool


def ink_from_bytes(data: bytes) -> Grey:
    """The picture in these bytes as grey (H, W), 0 black to 255 white, upright, its longest side at most 1024 px.

    PNG, JPEG, WebP (of an animation the first frame) and BMP are read, in every mode they have; what is
    transparent is filled in so that the ink stays visible.

    Raises:
        UserError: `image_too_large` (over 10 MB, 8,192 px a side or 50 megapixels), `image_unsupported`
            (another kind of file) or `image_unreadable` (truncated, damaged or no picture at all).
    """
    if len(data) > MAX_BYTES:
        raise _too_large(f"The file has {len(data) / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB can be read.")
    kind = _kind_of(data)
    try:
        file = _HEADERS[kind](data)
        image = image_decoder.decode(file.data, kind, file.size) if file.is_ordinary else _decode_elsewhere(file)
    except UserError:
        raise
    except Exception:  # Pillow promises no list of what its readers raise on damaged files
        raise _unreadable("The image is damaged or truncated.") from None
    if image.mode == "L":
        return np.array(image)
    grey, alpha = np.moveaxis(np.array(image), -1, 0)
    ignored = kind == "BMP" and not alpha.any()  # many programs leave a BMP's fourth byte at zero
    return grey if ignored else _fill_transparent(grey, alpha)


def _kind_of(data: bytes) -> str:
    if not data:
        raise _unreadable("The file is empty.")
    for magic, kind in _KINDS.items():
        if data.startswith(magic) and (magic != b"RIFF" or data[8:12] == b"WEBP"):
            return kind
    other = _other_kind(data)
    if other is None:
        raise _unreadable("This is not an image.")
    raise UserError(
        "image_unsupported",
        f"This is {other}; only {READ_FORMATS} images can be read.",
        "Save it as PNG or JPEG, or take a screenshot of it, and try again.",
    )


def _other_kind(data: bytes) -> str | None:
    """In words: what else the file is, when its first bytes say so."""
    for magic, kind in _OTHER_KINDS.items():
        if data.startswith(magic):
            return kind
    if data[4:8] == b"ftyp":
        return "a HEIC or AVIF picture, or a video"
    if data[:4] == b"RIFF" and len(data) >= 12:
        return "a sound or a video"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start:
        return "an SVG drawing"
    return "a web page or XML file" if start.startswith((b"<?xml", b"<!doctype", b"<html")) else None


# Each of these raises ValueError or LookupError when there is no such header.


def _png(data: bytes) -> _File:
    """Without the notes of a PNG, which may unpack to a megabyte each, or be 300,000."""
    if data[8:16] != _IHDR_BYTES or zlib.crc32(data[12:29]) != int.from_bytes(data[29:33]):
        raise ValueError("the header is damaged")
    size = _checked(int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))
    kept, at = [data[:8]], 8
    for _ in range(_MAX_PARTS):
        end = at + 12 + int.from_bytes(data[at : at + 4])
        if data[at + 4 : at + 8] in _PICTURE_CHUNKS:
            kept.append(data[at:end])
        at = end
        if at >= len(data):
            return _File(b"".join(kept), "PNG", size, _pixels(size) <= _ORDINARY_PIXELS)
    raise _too_large(f"The PNG has more than {_MAX_PARTS:,} chunks.")


def _jpeg(data: bytes) -> _File:
    """A JPEG is read segment by segment up to its first scan, which is how Pillow reads it, in Python."""
    size, frame, at, junk = (0, 0), 0, 2, 0
    for _ in range(_MAX_PARTS):
        found = _SEGMENT.search(data, at, at + _MAX_PARTS - junk)
        if found is None:
            break
        junk += found.start() - at
        marker, at = data[found.end() - 1], found.end()
        if marker in _FRAMES:
            frame = marker
            size = _checked(int.from_bytes(data[at + 5 : at + 7]), int.from_bytes(data[at + 3 : at + 5]))
        if marker == _START_OF_SCAN:
            is_sequential = frame in _SEQUENTIAL
            if not is_sequential:
                _check_megapixels(size, _MAX_PROGRESSIVE_PIXELS, "progressive JPEG")
            is_small = _pixels(size) <= (_ORDINARY_JPEG_PIXELS if is_sequential else _ORDINARY_PIXELS)
            is_plain = at <= _ORDINARY_HEAD_BYTES and data.count(b"\xff\xda") <= _ORDINARY_SCANS
            return _File(data, "JPEG", size, is_small and is_plain)
        if JpegImagePlugin.MARKER[0xFF00 | marker][2] is not None:
            at += int.from_bytes(data[at : at + 2])
    raise ValueError("no scan")


def _webp(data: bytes) -> _File:
    size = _checked(*_webp_size(data))
    _check_megapixels(size, _MAX_WEBP_PIXELS, "WebP")
    return _File(data, "WebP", size, _pixels(size) <= _ORDINARY_PIXELS)


def _bmp(data: bytes) -> _File:
    """Of a BMP, run lengths are decoded by Pillow in Python: that is never ordinary."""
    if int.from_bytes(data[14:18], "little") == _OLD_BMP:
        width_px, height_px = (int.from_bytes(data[at : at + 2], "little") for at in (18, 20))
        compression = 0
    else:
        width_px, height_px = (int.from_bytes(data[at : at + 4], "little", signed=True) for at in (18, 22))
        compression = int.from_bytes(data[30:34], "little")
    size = _checked(width_px, abs(height_px))
    return _File(data, "BMP", size, _pixels(size) <= _ORDINARY_PIXELS and compression not in _RUN_LENGTHS)


_HEADERS: dict[str, Callable[[bytes], _File]] = {"PNG": _png, "JPEG": _jpeg, "WebP": _webp, "BMP": _bmp}


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height in px from a WebP header (RFC 9649, sections 2.5 to 2.7).

    Raises:
        ValueError, IndexError: When there is no such header.
    """
    kind = data[12:16]
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    raise ValueError(kind)


def _checked(width_px: int, height_px: int) -> tuple[int, int]:
    if min(width_px, height_px) < 1:
        raise ValueError("no pixels")
    if max(width_px, height_px) > MAX_SIDE_PX or width_px * height_px > MAX_PIXELS:
        raise _too_large(
            f"The picture has {width_px:,} x {height_px:,} px; at most {MAX_SIDE_PX:,} px a side "
            f"and {MAX_PIXELS // 1_000_000} megapixels can be read."
        )
    return width_px, height_px


def _check_megapixels(size: tuple[int, int], most: int, kind: str) -> None:
    if _pixels(size) > most:
        found = f"The {kind} has {_pixels(size) / 1e6:.0f} megapixels"
        raise _too_large(f"{found}; at most {most // 1_000_000} of that kind can be read.")


def _pixels(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _decode_elsewhere(file: _File) -> Image.Image:
    """Decode it in a process with limits, which ends with the picture."""
    command = [sys.executable, "-P", image_decoder.__file__, file.kind, *map(str, file.size)]
    busy = UserError("image_busy", "Too many large pictures are being read.", "Try again in a moment.")
    if not _decoders.acquire(timeout=_LONGEST_WAIT_S):
        raise busy
    try:
        ended = subprocess.run(
            command, input=file.data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_LONGEST_WAIT_S
        )
        code = ended.returncode
    except subprocess.TimeoutExpired:
        code = image_decoder.OVER_LIMIT
    except OSError:  # the system starts no more processes
        raise busy from None
    finally:
        _decoders.release()
    if code < 0 or code == image_decoder.OVER_LIMIT:  # the system ends a process that takes too long
        raise _too_large(
            f"This picture takes more than {image_decoder.CPU_S} s or {image_decoder.MEMORY_BYTES // 2**20} MB to read."
        )
    if code:
        raise ValueError("it cannot be decoded")
    head, _, pixels = ended.stdout.partition(b"\n")
    mode, width, height = head.decode().split()
    return Image.frombytes(mode, (int(width), int(height)), pixels)


def _fill_transparent(grey: Grey, alpha: Grey) -> Grey:
    """Lay the picture on a ground that keeps its ink visible.

    Mostly opaque: holes in a sheet of paper, filled with the paper. Otherwise, or where all that is
    opaque has one tone, the shape is in the transparency: ink, laid on whichever of black and white is
    further from it.
    """
    opaque = grey[alpha >= 128]
    if 2 * opaque.size > grey.size and np.ptp(opaque) >= 32:
        ground = float(np.median(opaque))
    else:
        weight = float(alpha.sum(dtype=np.int64))
        ink = float((grey.astype(np.float64) * alpha).sum()) / weight if weight else 0.0
        ground = 255.0 if ink < 128 else 0.0
    share = alpha.astype(np.float32) / 255
    return np.rint(grey * share + np.float32(ground) * (1 - share)).astype(np.uint8)


def _too_large(message: str) -> UserError:
    return UserError("image_too_large", message, "Make it smaller, or crop it to the digit, and try again.")


def _unreadable(message: str) -> UserError:
    fix = f"Give a whole {READ_FORMATS.replace('and', 'or')} picture; saving it again as PNG often helps."
    return UserError("image_unreadable", message, fix)
