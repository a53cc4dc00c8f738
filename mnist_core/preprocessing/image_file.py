"""The safe door for pictures: bytes from a stranger in, grey pixels out, or one clear error.

Size and kind are judged from the header, before anything is decoded. A file is opened by the one reader
that its first bytes name, never by guessing through all of Pillow's formats, and whatever a reader raises
on a hostile file leaves here as a `UserError`.
"""

import io
import threading
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import BmpImagePlugin, ExifTags, Image, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from mnist_core.errors import UserError

Grey = npt.NDArray[np.uint8]

# Pillow warns on stderr of what it passes over in a damaged file. What can be read is read and the rest refused,
# so nobody needs to know; and catch_warnings, the narrower way, is not safe among threads.
warnings.filterwarnings("ignore", module=r"PIL\.")

MAX_BYTES = 10 * 1024 * 1024
MAX_SIDE_PX = 8_192
MAX_PIXELS = 50_000_000
WORKING_SIDE_PX = 1_024
"""The longest side that leaves this module: a digit needs no more, and what follows stays fast."""

READ_FORMATS = "PNG, JPEG, WebP and BMP"

_READERS: dict[bytes, type[ImageFile.ImageFile]] = {
    b"\x89PNG\r\n\x1a\n": PngImagePlugin.PngImageFile,
    b"\xff\xd8\xff": JpegImagePlugin.JpegImageFile,
    b"RIFF": WebPImagePlugin.WebPImageFile,
    b"BM": BmpImagePlugin.BmpImageFile,
}

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

_TURN_BACK = {  # by EXIF orientation, as a phone writes it when it was held otherwise
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Three kinds of file make a reader work for minutes within the limits of size: a progressive JPEG of thousands of
# scans (cameras write about ten), a PNG with thousands of packed notes, of which each may unpack to a megabyte, and
# a run-length BMP, which Pillow decodes in Python.
_MAX_JPEG_SCANS = 40
_MAX_PNG_NOTES = 40
_MAX_RUN_LENGTH_PIXELS = 2_000_000

_LARGE_PIXELS = 4_000_000
_one_large_picture = threading.Lock()  # decoding 50 megapixels takes 200 to 600 MB: never for thirty people at once


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
    reader = _reader_for(data)
    try:
        _check_work(data, reader)
        return _read(reader(io.BytesIO(data)))
    except UserError:
        raise
    except MemoryError:
        raise _too_large("Not enough memory for this image.") from None
    except Exception:  # Pillow promises no list of what its readers raise on damaged files
        raise _unreadable("The image is damaged or truncated.") from None


def _reader_for(data: bytes) -> type[ImageFile.ImageFile]:
    if not data:
        raise _unreadable("The file is empty.")
    for magic, reader in _READERS.items():
        if data.startswith(magic) and (magic != b"RIFF" or data[8:12] == b"WEBP"):
            return reader
    kind = _other_kind(data)
    if kind is None:
        raise _unreadable("This is not an image.")
    raise UserError(
        "image_unsupported",
        f"This is {kind}; only {READ_FORMATS} images can be read.",
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


def _check_work(data: bytes, reader: type[ImageFile.ImageFile]) -> None:
    """Refuse before the reader sees it: WebP's allocates the whole canvas as soon as it opens a file."""
    if reader is WebPImagePlugin.WebPImageFile:
        _check_size(*_webp_size(data))
    elif reader is PngImagePlugin.PngImageFile:
        _check_size(int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))
        if sum(data.count(kind) for kind in (b"iCCP", b"zTXt", b"iTXt")) > _MAX_PNG_NOTES:
            raise _too_large(f"The PNG contains more than {_MAX_PNG_NOTES} compressed text chunks.")
    elif reader is JpegImagePlugin.JpegImageFile and data.count(b"\xff\xda") > _MAX_JPEG_SCANS:
        raise _too_large(f"The JPEG has more than {_MAX_JPEG_SCANS} scans.")


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


def _check_size(width_px: int, height_px: int) -> None:
    if max(width_px, height_px) > MAX_SIDE_PX or width_px * height_px > MAX_PIXELS:
        raise _too_large(
            f"The picture has {width_px:,} x {height_px:,} px; at most {MAX_SIDE_PX:,} px a side "
            f"and {MAX_PIXELS // 1_000_000} megapixels can be read."
        )


def _read(picture: ImageFile.ImageFile) -> Grey:
    with picture:
        _check_size(*picture.size)
        if picture.width * picture.height <= _LARGE_PIXELS:
            return _decode(picture)
        with _one_large_picture:
            return _decode(picture)


def _decode(picture: ImageFile.ImageFile) -> Grey:
    run_length = picture.info.get("compression") in (1, 2) and picture.format == "BMP"
    if run_length and picture.width * picture.height > _MAX_RUN_LENGTH_PIXELS:
        raise _too_large("The BMP is run-length coded and has over 2 megapixels.")
    picture.draft("L", (WORKING_SIDE_PX, WORKING_SIDE_PX))  # a JPEG decodes straight to grey and an eighth of its size
    picture.load()
    image = _to_grey(picture)
    if max(image.size) > WORKING_SIDE_PX:
        image.thumbnail((WORKING_SIDE_PX, WORKING_SIDE_PX), Image.Resampling.BOX)
    turn = _TURN_BACK.get(_orientation(picture))
    image = image if turn is None else image.transpose(turn)
    if image.mode == "L":
        return np.array(image)
    grey, alpha = np.moveaxis(np.array(image), -1, 0)
    ignored = picture.format == "BMP" and not alpha.any()  # many programs leave a BMP's fourth byte at zero
    return grey if ignored else _fill_transparent(grey, alpha)


def _to_grey(picture: Image.Image) -> Image.Image:
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
    """Scaled by 1/257, where Pillow's own conversion may clip at 255."""
    values = np.asarray(picture).astype(np.uint16)
    grey = Image.fromarray((values >> 8).astype(np.uint8))
    transparent = picture.info.get("transparency")
    if transparent is None:
        return grey
    alpha = Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8))
    return Image.merge("LA", (grey, alpha))


def _orientation(picture: Image.Image) -> Any:
    try:
        return picture.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # damaged camera notes are no reason to refuse a picture that can be read
        return 1


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
