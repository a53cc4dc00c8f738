"""The digits that somebody keeps, each with its label, and the zip that a set of them travels in.

The zip holds PNGs and a `labels.csv` (`file,label,kept_at`). What comes in is looked at in memory only: a name in
a zip is something to look a line of the table up by, never a place on a disk.
"""

import csv
import io
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from PIL import Image

from mnist_core.errors import UserError
from mnist_core.preprocessing.image_file import ink_from_bytes
from mnist_core.preprocessing.image_header import MAX_BYTES, MAX_PIXELS
from mnist_core.preprocessing.pipeline import Preprocessed, preprocess

Grey = npt.NDArray[np.uint8]

SIDE_PX = 280
"""The longest side of a picture that is kept."""

MAX_DIGITS = 500
"""Of one set."""

MAX_ZIP_BYTES = 32 * 2**20

_TABLE = "labels.csv"
_COLUMNS = ("file", "label", "kept_at")
_FOLDER = "digits/"

_MAX_FILES = 2 * MAX_DIGITS + 100  # a Mac adds a hidden file to each
_ENTRY = b"PK\x01\x02"  # what each file's entry in the list at a zip's end begins with
_MAX_TABLE_BYTES = 200_000
_MAX_UNPACKED_BYTES = 64 * 2**20
_MAX_PIXELS_IN_ALL = 100_000_000
_MAX_CPU_S = 10  # 500 usual digits take one
_PNG = b"\x89PNG\r\n\x1a\n"
_LOCKED = 1  # the flag of a file with a password
_MAX_NAME = 60  # characters of a name that are repeated to people
_PAPER_AROUND = 0.25  # of the ink's longer side, on each side of it


@dataclass(frozen=True, slots=True, eq=False)
class MyDigit:
    """A picture and what it is meant to be.

    Attributes:
        picture: Grey, uint8 (H, W), at most 280 px a side.
        label: The digit that was meant, 0 to 9.
        kept_at: When it was kept, aware; None when that is not known.

    Raises:
        ValueError: When the picture is none or too large, or the label is no digit.
    """

    picture: Grey
    label: int
    kept_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.label not in range(10):
            raise ValueError(f"not a digit: {self.label}")
        shape = self.picture.shape
        if self.picture.dtype != np.uint8 or len(shape) != 2 or not 0 < min(shape) <= max(shape) <= SIDE_PX:
            raise ValueError(f"not a picture that can be kept: {self.picture.dtype} {shape}")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of a zip, or a line of its table, that could not be taken; `why` goes on after its name."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was found in a zip."""

    digits: tuple[MyDigit, ...]
    skipped: tuple[Skipped, ...]


def fitted(digit: Preprocessed) -> Grey | None:
    """The picture as it is kept, at most 280 px a side; None when it holds no ink.

    A larger one is cut to its ink with some paper around before it is made smaller: a digit on a sheet stays legible.
    """
    picture = digit.picture
    if digit.segmentation is None:
        return None
    if max(picture.shape) <= SIDE_PX:
        return picture
    top, bottom, left, right = digit.segmentation.box
    margin = round(_PAPER_AROUND * max(bottom - top, right - left))
    cut = picture[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    image = Image.fromarray(np.ascontiguousarray(cut))
    image.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.BOX)
    return np.array(image)


def to_png(picture: Grey) -> bytes:
    """The picture as a grey PNG, which `preprocessing.image_file.ink_from_bytes` reads back to the same pixels."""
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(file, "PNG")
    return file.getvalue()


def to_zip(digits: Sequence[MyDigit]) -> bytes:
    """The digits as a zip of PNGs and a `labels.csv` of `file,label,kept_at`, in their order."""
    table = io.StringIO()
    lines = csv.writer(table, lineterminator="\n")
    lines.writerow(_COLUMNS)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for place, digit in enumerate(digits, start=1):
            name = f"{_FOLDER}{place:03d}_{digit.label}.png"
            kept_at = digit.kept_at.astimezone(UTC).isoformat() if digit.kept_at else ""
            lines.writerow((name, digit.label, kept_at))
            archive.writestr(zipfile.ZipInfo(name), to_png(digit.picture))
        archive.writestr(zipfile.ZipInfo(_TABLE), table.getvalue())
    return file.getvalue()


def from_zip(content: bytes) -> Unpacked:
    """The digits in such a zip, in the order of its table, and what in it could not be taken.

    A file in a folder is found when the table lies in the same one. Columns may be parted by commas or semicolons;
    `kept_at` may be left out.

    Raises:
        UserError: `my_digits_unreadable` when it is no such zip, `my_digits_too_large` when it holds over 500 digits
            or unpacks to too much.
    """
    if len(content) > MAX_ZIP_BYTES:
        raise _too_large(f"The file has {len(content) / 2**20:.1f} MB; at most {MAX_ZIP_BYTES // 2**20} MB are read.")
    if content.count(_ENTRY) > _MAX_FILES:
        raise _too_large(f"The zip holds more than {_MAX_FILES:,} files.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unpack(archive)
    except UserError:
        raise
    except Exception:  # zipfile promises no list of what it raises on damaged files
        raise _unreadable("This is not a zip file, or it is damaged.") from None


class _SkipError(Exception):
    """Why one file is passed over."""


def _unpack(archive: zipfile.ZipFile) -> Unpacked:
    files = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
    if sum(entry.file_size for entry in files.values()) > _MAX_UNPACKED_BYTES:
        raise _too_large(f"The zip unpacks to more than {_MAX_UNPACKED_BYTES // 2**20} MB.")
    table = _find_table(files)
    lines = list(_lines(_read(archive, table)))
    if len(lines) > MAX_DIGITS:
        raise _too_large(f"The zip holds {len(lines):,} digits; a set has at most {MAX_DIGITS}.")
    folder = table.filename[: -len(_TABLE)]
    digits, skipped, pngs = [], [], _Pngs(archive, files)
    begun_s = time.thread_time()
    for line in lines:
        if time.thread_time() - begun_s > _MAX_CPU_S:
            raise _too_large(f"Reading the pictures in the zip takes more than {_MAX_CPU_S} s.")
        try:
            digits.append(_digit(pngs.take(folder + line["file"]), line))
        except _SkipError as why:
            skipped.append(Skipped(_shown(line["file"]), str(why)))
    skipped += [Skipped(_shown(name), f"has no line in {_TABLE}.") for name in pngs.left()]
    return Unpacked(tuple(digits), tuple(skipped))


class _Pngs:
    """The pictures of a zip, each to be taken once, and all of them together no more work than a machine can do."""

    def __init__(self, archive: zipfile.ZipFile, files: Mapping[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._files = files
        self._taken: set[str] = set()
        self._pixels = 0

    def take(self, name: str) -> bytes:
        if name in self._taken:
            raise _SkipError("appears in the table twice.")
        self._taken.add(name)
        entry = self._files.get(name)
        if entry is None:
            raise _SkipError("is not in the zip.")
        if entry.file_size > MAX_BYTES:
            raise _SkipError("is too large.")
        png = _read(self._archive, entry)
        if not png.startswith(_PNG):
            raise _SkipError("is not a PNG picture.")
        self._count(int.from_bytes(png[16:20]) * int.from_bytes(png[20:24]))
        return png

    def left(self) -> list[str]:
        """The names of those that were never asked for."""
        return [name for name in self._files if name not in self._taken and _is_meant_as_picture(name)]

    def _count(self, pixels: int) -> None:
        self._pixels += pixels if pixels <= MAX_PIXELS else 0  # what is larger is refused unread
        if self._pixels > _MAX_PIXELS_IN_ALL:
            raise _too_large("The pictures in the zip are too large.")


def _find_table(files: Mapping[str, zipfile.ZipInfo]) -> zipfile.ZipInfo:
    found = [name for name in files if ("/" + name).lower().endswith("/" + _TABLE) and not name.startswith("__MACOSX/")]
    if not found:
        raise _unreadable(f"The zip holds no {_TABLE}.")
    table = files[min(found, key=len)]
    if table.file_size > _MAX_TABLE_BYTES:
        raise _too_large(f"Its {_TABLE} is longer than {_MAX_TABLE_BYTES // 1000} kB.")
    return table


def _lines(content: bytes) -> Iterator[dict[str, str]]:
    """The table's lines, each with a text for every one of `_COLUMNS`."""
    text = content.decode("utf-8-sig", "replace")
    head = text.partition("\n")[0]
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ","))
    except csv.Error:
        raise _unreadable(f"Its {_TABLE} is not a table of comma-separated values.") from None
    names = [name.strip().lower() for name in rows[0]] if rows else []
    if "file" not in names or "label" not in names:
        raise _unreadable(f"Its {_TABLE} has no columns “file” and “label” in its first line.")
    for row in rows[1:]:
        if any(row):
            cells = dict(zip(names, row, strict=False))
            yield {name: cells.get(name, "").strip() for name in _COLUMNS}


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What the entry holds: never more than it says it does."""
    if entry.flag_bits & _LOCKED:
        raise _SkipError("is locked with a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _SkipError("is packed in a way that is not read.")
    try:
        return archive.read(entry)
    except Exception:  # zipfile and zlib promise no list
        raise _SkipError("is damaged.") from None


def _digit(png: bytes, line: Mapping[str, str]) -> MyDigit:
    label = line["label"]
    if len(label) != 1 or label not in "0123456789":
        raise _SkipError(f"has the label “{_shown(label)}”, which is no digit from 0 to 9.")
    try:
        picture = fitted(preprocess(ink_from_bytes(png)))
    except UserError as error:
        raise _SkipError(f"cannot be read: {error.message}") from None
    if picture is None:
        raise _SkipError("holds no ink.")
    return MyDigit(picture, int(label), _moment(line["kept_at"]))


def _moment(text: str) -> datetime | None:
    """The moment that an ISO 8601 text names, in UTC; None for any other text."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _is_meant_as_picture(name: str) -> bool:
    """Whether somebody put it there as a picture, and not a Mac or Windows by itself."""
    file = name.rpartition("/")[2]
    return file.lower().endswith((".png", ".jpg", ".jpeg")) and not file.startswith(".")


def _shown(name: str) -> str:
    printable = "".join(character for character in name[: 10 * _MAX_NAME] if character.isprintable())
    return printable if len(printable) <= _MAX_NAME else printable[:_MAX_NAME] + "…"


def _unreadable(message: str) -> UserError:
    return UserError("my_digits_unreadable", message, f"Give a zip of PNGs and a {_TABLE}, as the export makes it.")


def _too_large(message: str) -> UserError:
    return UserError("my_digits_too_large", message, f"Give a zip of at most {MAX_DIGITS} small PNGs.")
