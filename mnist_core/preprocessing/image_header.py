"""What a picture file says of itself before anything of it is decoded: its kind, its size, and how much work it is.

The kind comes from the first bytes, never from the name. Each kind has one function that reads its header and leaves
out of the file what is no picture and may cost more than one: notes, comments, packed text.
"""

import importlib.util
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PIL import JpegImagePlugin, features

from mnist_core.errors import UserError

MAX_BYTES = 10 * 1024 * 1024
MAX_SIDE_PX = 8_192
MAX_PIXELS = 50_000_000

_ORDINARY_PIXELS = 2_000_000
_ORDINARY_JPEG_PIXELS = 16_000_000
_ORDINARY_HEAD_BYTES = 2**20
_ORDINARY_SCANS = 12  # cameras write about ten
_MAX_WEBP_PIXELS = 12_000_000  # a WebP takes up to 20 bytes for each, all at once
_MAX_AVIF_PIXELS = 12_000_000  # an AVIF up to 11
_MAX_HEIC_PIXELS = 25_000_000  # a HEIC, of phones with 24 megapixels, up to 8
_MAX_TIFF_PIXELS = 55_000_000  # of a TIFF together with its largest strip, which is unpacked beside it
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
_GIF_IMAGE, _GIF_EXTENSION, _GIF_CONTROL = 0x2C, 0x21, 0xF9
_WIDTH, _HEIGHT, _SUBFILE, _DNG_VERSION, _PACKED, _STRIP_ROWS = 256, 257, 254, 50706, 259, 278  # tags of a TIFF
_BIG_TIFF = 43
_WHOLE_NUMBERS = {1: 1, 3: 2, 4: 4, 16: 8}  # bytes of a number, by its type in a TIFF


@dataclass(frozen=True, slots=True)
class Examined:
    """A picture file that may be decoded.

    Attributes:
        data: The file without what is no picture.
        kind: Its kind, one of `READ_KINDS`.
        size: Width and height in px; as it is stored, perhaps lying on its side.
        is_ordinary: Whether it is so little work that it may be decoded at once.
    """

    data: bytes
    kind: str
    size: tuple[int, int]
    is_ordinary: bool


def examine(data: bytes) -> Examined:
    """What this picture file is.

    Raises:
        UserError: `image_too_large`, `image_unsupported` or `image_unreadable`, as `image_file.ink_from_bytes` says.
    """
    if len(data) > MAX_BYTES:
        raise too_large(f"The file has {len(data) / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB can be read.")
    kind = _kind_of(data)
    try:
        return _HEADERS[kind](data)
    except (ValueError, LookupError, struct.error):
        raise damaged() from None


def read_formats(last: Literal["and", "or"] = "and") -> str:
    """The kinds of pictures that are read here, in words: "PNG, JPEG and WebP"."""
    return f"{', '.join(READ_KINDS[:-1])} {last} {READ_KINDS[-1]}"


def too_large(message: str) -> UserError:
    """What is said of a picture that is too much work."""
    return UserError("image_too_large", message, "Make it smaller, or crop it to the digit, and try again.")


def damaged() -> UserError:
    """What is said of a picture that cannot be decoded."""
    return _unreadable("The image is damaged or truncated.")


def _unreadable(message: str) -> UserError:
    fix = f"Give a whole {read_formats('or')} picture; saving it again as PNG often helps."
    return UserError("image_unreadable", message, fix)


def _unsupported(what: str) -> UserError:
    heic = " Whoever runs Digit Clinic can let it read HEIC: pip install pillow-heif." if "HEIC" in what else ""
    return UserError(
        "image_unsupported",
        f"This is {what}; only {read_formats()} images can be read.",
        f"Save it as PNG or JPEG, or take a screenshot of it, and try again.{heic}",
    )


# --- which kind -----------------------------------------------------------------------------------------

_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"RIFF": "WebP",
    b"BM": "BMP",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"II+\x00": "TIFF",
    b"MM\x00+": "TIFF",
}

_OTHER_MAGIC = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or an office document",
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

_BRANDS = {  # of files that are made of boxes (ISO/IEC 14496-12)
    **dict.fromkeys([b"avif", b"avis"], "AVIF"),
    **dict.fromkeys([b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"], "HEIC"),
}


def _kind_of(data: bytes) -> str:
    """One of `READ_KINDS`."""
    if not data:
        raise _unreadable("The file is empty.")
    for magic, kind in _MAGIC.items():
        if data.startswith(magic) and (magic != b"RIFF" or data[8:12] == b"WEBP"):
            return kind
    if data[4:8] == b"ftyp":
        return _kind_by_brand(data)
    other = _other_kind(data)
    raise _unreadable("This is not an image.") if other is None else _unsupported(other)


def _kind_by_brand(data: bytes) -> str:
    """The kind of a file that names its brands in its first box: the main one, and all that it goes by."""
    end = min(int.from_bytes(data[:4]), 1024)
    if end > len(data):
        raise damaged()
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, end, 4))]
    kind = next((_BRANDS[brand] for brand in brands if brand in _BRANDS), "")
    if kind in READ_KINDS:
        return kind
    what = {"AVIF": "an AVIF picture", "HEIC": "a HEIC photo"}.get(kind)
    raise _unsupported(what or ("a raw camera picture" if brands[0] == b"crx " else "a video"))


def _other_kind(data: bytes) -> str | None:
    """In words: what else the file is, when its first bytes say so."""
    for magic, kind in _OTHER_MAGIC.items():
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and len(data) >= 12:
        return "a sound or a video"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start:
        return "an SVG drawing"
    return "a web page or XML file" if start.startswith((b"<?xml", b"<!doctype", b"<html")) else None


# --- headers --------------------------------------------------------------------------------------------
# Each of these raises ValueError, LookupError or struct.error when there is no such header.


def _png(data: bytes) -> Examined:
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
            return Examined(b"".join(kept), "PNG", size, _pixels(size) <= _ORDINARY_PIXELS)
    raise _too_many_parts("PNG", "chunks")


def _jpeg(data: bytes) -> Examined:
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
            return Examined(data, "JPEG", size, is_small and is_plain)
        if JpegImagePlugin.MARKER[0xFF00 | marker][2] is not None:
            at += int.from_bytes(data[at : at + 2])
    raise ValueError("no scan")


def _webp(data: bytes) -> Examined:
    size = _checked(*_webp_size(data))
    _check_megapixels(size, _MAX_WEBP_PIXELS, "WebP")
    return Examined(data, "WebP", size, _pixels(size) <= _ORDINARY_PIXELS)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height in px from a WebP header (RFC 9649, sections 2.5 to 2.7)."""
    kind = data[12:16]
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    raise ValueError(kind)


def _bmp(data: bytes) -> Examined:
    """Of a BMP, run lengths are decoded by Pillow in Python: that is never ordinary."""
    if int.from_bytes(data[14:18], "little") == _OLD_BMP:
        width_px, height_px = (int.from_bytes(data[at : at + 2], "little") for at in (18, 20))
        compression = 0
    else:
        width_px, height_px = (int.from_bytes(data[at : at + 4], "little", signed=True) for at in (18, 22))
        compression = int.from_bytes(data[30:34], "little")
    size = _checked(width_px, abs(height_px))
    return Examined(data, "BMP", size, _pixels(size) <= _ORDINARY_PIXELS and compression not in _RUN_LENGTHS)


def _gif(data: bytes) -> Examined:
    """Up to its first image, and of what stands before that only which color is see-through (GIF89a, section 23).

    Pillow would read comments block by block, in Python.
    """
    screen = struct.unpack_from("<2H", data, 6)
    colors = data[10]
    start = at = 13 + (3 << (colors & 7) + 1 if colors & 0x80 else 0)
    control, begun = b"", -1  # where the extension begins that is being read
    for _ in range(_MAX_PARTS):
        if begun < 0 and data[at] == _GIF_IMAGE:
            left, top, width, height = struct.unpack_from("<4H", data, at + 1)
            size = _checked(max(screen[0], left + width), max(screen[1], top + height))
            return Examined(data[:start] + control + data[at:], "GIF", size, _pixels(size) <= _ORDINARY_PIXELS)
        if begun < 0:
            if data[at] != _GIF_EXTENSION:
                raise ValueError("no image")
            begun, at = at, at + 2
        elif data[at]:
            at += 1 + data[at]
        else:
            at += 1
            control = data[begun:at] if data[begun + 1] == _GIF_CONTROL else control
            begun = -1
    raise _too_many_parts("GIF", "blocks")


def _tiff(data: bytes) -> Examined:
    """Of a TIFF the first picture. Its table may name a megabyte for each of its lines: never ordinary."""
    tags = _tiff_tags(data)
    if _DNG_VERSION in tags or tags.get(_SUBFILE, 0) & 1:  # what comes first is only a preview
        raise _unsupported("a raw camera picture")
    size = _checked(tags[_WIDTH], tags[_HEIGHT])
    strip_px = size[0] * min(size[1], tags.get(_STRIP_ROWS, size[1])) if tags.get(_PACKED, 1) != 1 else 0
    if _pixels(size) + strip_px > _MAX_TIFF_PIXELS:
        raise too_large(f"The TIFF has {_pixels(size) / 1e6:.0f} megapixels in one piece.")
    return Examined(data, "TIFF", size, is_ordinary=False)


def _tiff_tags(data: bytes) -> dict[int, int]:
    """The single whole numbers in the first table of a TIFF (TIFF 6.0, section 2), by their tags."""
    order = "<" if data[:2] == b"II" else ">"
    is_big = struct.unpack_from(order + "H", data, 2)[0] == _BIG_TIFF
    offset, lines, line = ("Q", "Q", "HHQ") if is_big else ("I", "H", "HHI")
    (at,) = struct.unpack_from(order + offset, data, 8 if is_big else 4)
    (count,) = struct.unpack_from(order + lines, data, min(at, len(data)))
    at += struct.calcsize(lines)
    if count > _MAX_PARTS:
        raise _too_many_parts("TIFF", "tags")
    tags = {}
    for _ in range(count):
        tag, kind, _ = struct.unpack_from(order + line, data, at)
        value = at + struct.calcsize(order + line)
        at = value + struct.calcsize(offset)
        if kind in _WHOLE_NUMBERS:
            number = data[value : value + _WHOLE_NUMBERS[kind]]
            tags[tag] = int.from_bytes(number, "little" if order == "<" else "big")
    return tags


def _of_boxes(data: bytes, kind: str, most_px: int) -> Examined:
    size = _primary_size(data)
    _check_megapixels(size, most_px, kind)
    return Examined(data, kind, size, is_ordinary=False)


def _primary_size(data: bytes) -> tuple[int, int]:
    """Width and height of the picture that a HEIC or AVIF file shows (ISO/IEC 23008-12, sections 6.5.3 and 9.3.1)."""
    start, end = _box(data, b"meta", 0, len(data))
    start += 4  # its version and flags
    at, _ = _box(data, b"pitm", start, end)
    primary = int.from_bytes(data[at + 4 : at + (8 if data[at] else 6)])
    about = _box(data, b"iprp", start, end)
    properties = list(_boxes(data, *_box(data, b"ipco", *about)))
    for place in _properties_of(primary, data[slice(*_box(data, b"ipma", *about))]):
        name, first, _ = properties[place - 1]
        if name == b"ispe":
            return _checked(*struct.unpack_from(">2I", data, first + 4))
    raise ValueError("no size")


def _box(data: bytes, name: bytes, at: int, end: int) -> tuple[int, int]:
    """Where the content of the first box of that name begins and ends."""
    for found, first, last in _boxes(data, at, end):
        if found == name:
            return first, last
    raise LookupError(name)


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes there (ISO/IEC 14496-12, section 4.2), each with where its content begins and ends."""
    for _ in range(_MAX_PARTS):
        if at >= end:
            return
        size, first = int.from_bytes(data[at : at + 4]), at + 8
        if size == 1:
            size, first = int.from_bytes(data[at + 8 : at + 16]), at + 16
        last = at + size if size else end
        if not first <= last <= end:
            raise ValueError("a box that is longer than the file")
        yield data[at + 4 : at + 8], first, last
        at = last


def _properties_of(item: int, table: bytes) -> list[int]:
    """The numbers of an item's properties, from 1 on, in such a table (ISO/IEC 23008-12, section 9.3.1)."""
    id_bytes, number_bytes = 4 if table[0] else 2, 2 if table[3] & 1 else 1
    at = 8
    for _ in range(min(int.from_bytes(table[4:8]), _MAX_PARTS)):
        found, count = int.from_bytes(table[at : at + id_bytes]), table[at + id_bytes]
        at += id_bytes + 1
        end = at + count * number_bytes
        if found == item:
            numbers = (table[place : place + number_bytes] for place in range(at, end, number_bytes))
            return [int.from_bytes(one) & (0x7FFF if number_bytes == 2 else 0x7F) for one in numbers]
        at = end
    raise ValueError("an item without properties")


_HEADERS: dict[str, Callable[[bytes], Examined]] = {
    "PNG": _png,
    "JPEG": _jpeg,
    "WebP": _webp,
    "BMP": _bmp,
    "GIF": _gif,
    "TIFF": _tiff,
    "AVIF": partial(_of_boxes, kind="AVIF", most_px=_MAX_AVIF_PIXELS),
    "HEIC": partial(_of_boxes, kind="HEIC", most_px=_MAX_HEIC_PIXELS),
}

_MISSING = {
    "AVIF": not features.check("avif"),
    "HEIC": importlib.util.find_spec("pillow_heif") is None,
}

READ_KINDS = tuple(kind for kind in _HEADERS if not _MISSING.get(kind))
"""The kinds of pictures that are read: AVIF where Pillow was built with it, HEIC where pillow-heif is installed."""


def _checked(width_px: int, height_px: int) -> tuple[int, int]:
    if min(width_px, height_px) < 1:
        raise ValueError("no pixels")
    if max(width_px, height_px) > MAX_SIDE_PX or width_px * height_px > MAX_PIXELS:
        raise too_large(
            f"The picture has {width_px:,} x {height_px:,} px; at most {MAX_SIDE_PX:,} px a side "
            f"and {MAX_PIXELS // 1_000_000} megapixels can be read."
        )
    return width_px, height_px


def _check_megapixels(size: tuple[int, int], most: int, kind: str) -> None:
    if _pixels(size) > most:
        found = f"The {kind} has {_pixels(size) / 1e6:.0f} megapixels"
        raise too_large(f"{found}; at most {most // 1_000_000} of that kind can be read.")


def _pixels(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _too_many_parts(kind: str, parts: str) -> UserError:
    return too_large(f"The {kind} has more than {_MAX_PARTS:,} {parts}.")
