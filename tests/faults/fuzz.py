"""Thousands of damaged inputs at every door: each gives a value or a `UserError`, and nothing else ever.

`python -m tests.faults.fuzz` tries all of them, `--share 0.02` a fiftieth, as the tests do. The same seed makes the
same inputs: `--only pictures --first 1234` tries that one again.
"""

import io
import json
import random
import struct
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import click
import numpy as np
from PIL import Image

from mnist_core.errors import UserError
from mnist_core.preprocessing.digit_collection import MyDigit, from_zip, to_zip
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.strokes import read_stroke_file
from mnist_core.recipe import FIELDS, Recipe
from tests.faults.pictures import PNG_SIGN, blank_png, run_length_bmp
from tests.preprocessing.examples import SEVEN, encode, png_chunk

Dice = random.Random

EXTREMES = [0, 1, 2, 255, 256, 8_192, 8_193, 65_535, 65_536, 2**24 - 1, 2**31 - 1, 2**31, 2**32 - 1]
ODD_TEXTS = [
    "", " ", "nan", "inf", "-inf", "1e400", "-1e400", "1e-400", "-0", "0x10", "1_000", "٣", "true", "None", "null",
    "\0", "\ud800", "\u202e", "<b>", "../../x", "%00", "9" * 5_000, "x" * 5_000, "1,2,3", "1" * 20, "🖋", "[]",
]  # fmt: skip
ODD_VALUES = [None, True, [], {}, [[1]], {"a": 1}, float("inf"), float("nan"), 1e308, -1, 10**40, 0.5, *ODD_TEXTS]


# --- pictures: 21 kinds of file, each damaged in three ways ---------------------------------------------


@cache
def pictures() -> tuple[bytes, ...]:
    grey = Image.fromarray(255 - SEVEN.render()).resize((48, 64))
    clear = grey.convert("RGBA")
    clear.putalpha(grey)
    exif = Image.Exif()
    exif[0x0112] = 6
    return (
        encode(grey),
        encode(grey.convert("1")),
        encode(grey.convert("P")),
        encode(clear, exif=exif),
        encode(Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)),
        blank_png(48, 64, 8, 6, interlaced=True, notes=png_chunk(b"zTXt", b"a\0\0" + zlib.compress(b"note" * 99))),
        encode(grey, "JPEG", exif=exif, comment=b"note"),
        encode(grey.convert("RGB"), "JPEG", progressive=True),
        encode(grey.convert("CMYK"), "JPEG"),
        encode(grey.convert("RGB"), "WEBP", exif=exif),
        encode(clear, "WEBP", lossless=True),
        encode(clear, "WEBP", save_all=True, append_images=[clear.rotate(90)]),
        encode(grey.convert("RGB"), "BMP"),
        encode(grey.convert("1"), "BMP"),
        run_length_bmp(48, 64),
        encode(grey.convert("P"), "GIF", comment=b"note" * 99, transparency=0, interlace=1),
        encode(grey, "GIF", save_all=True, append_images=[grey.rotate(90)]),
        encode(grey.convert("RGB"), "TIFF", compression="tiff_lzw", exif=exif),
        encode(Image.fromarray(np.asarray(grey).astype(np.float32)), "TIFF", big_tiff=True),
        encode(clear, "AVIF", exif=exif),
        encode(clear, "HEIF", exif=exif.tobytes()),
    )


def damaged_picture(dice: Dice) -> bytes:
    content = dice.choice(pictures())
    damage = dice.choice([_flipped, _cut, _with_an_extreme])
    content = damage(content, dice)
    return _with_right_sums(content) if content.startswith(PNG_SIGN) and dice.random() < 0.5 else content


def _flipped(content: bytes, dice: Dice) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.choice([1, 2, 5, 20]) if changed else 0):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut(content: bytes, dice: Dice) -> bytes:
    """Truncated, without a piece in its middle, or with a piece more than once."""
    one, other = sorted(dice.randrange(len(content) + 1) for _ in range(2))
    return dice.choice(
        [content[:one], content[:one] + content[other:], content[:other] + content[one:other] * dice.choice([1, 50])]
    )


def _with_an_extreme(content: bytes, dice: Dice) -> bytes:
    """A number of the header is as large, or as small, as it gets."""
    place = dice.randrange(min(len(content), 200))
    form = dice.choice("<>") + dice.choice("HI")
    size = struct.calcsize(form)
    number = dice.choice(EXTREMES) % 2 ** (8 * size)
    return content[:place] + struct.pack(form, number) + content[place + size :]


def _with_right_sums(content: bytes) -> bytes:
    """A PNG whose check sums fit what the damage has made of it, so that it gets past them."""
    parts, at = [content[:8]], 8
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4])
        parts.append(content[at : end - 4] + struct.pack(">I", zlib.crc32(content[at + 4 : end - 4])))
        at = end
    return b"".join(parts) + content[at:]


# --- addresses, recipes, zips, stroke files, checkpoints ------------------------------------------------


def address(dice: Dice) -> dict[str, list[str]]:
    names = [*FIELDS, "run", "digit", "x" * 300, "<b>", "\0", "__class__", "keep_10"]
    return {
        dice.choice(names): [_text(dice) for _ in range(dice.choice([0, 1, 1, 1, 2, 50]))]
        for _ in range(dice.choice([1, 3, 10, 200]))
    }


def _text(dice: Dice) -> str:
    return dice.choice([*ODD_TEXTS, str(dice.uniform(-1e3, 1e3)), str(dice.randrange(-5, 10**6))])


def recipe(dice: Dice) -> bytes:
    odd = {dice.choice(list(FIELDS)): dice.choice(ODD_VALUES) for _ in range(dice.choice([0, 1, 3]))}
    values: Any = Recipe().as_dict() | odd
    text = json.dumps(dice.choice([values, values, [values], dice.choice(ODD_VALUES)])).encode()
    return dice.choice([lambda: text, lambda: _flipped(text, dice), lambda: _cut(text, dice)])()


@cache
def digits() -> bytes:
    picture = SEVEN.render()[::4, ::4].copy()
    return to_zip([MyDigit(picture, 7), MyDigit(picture.T.copy(), 1), MyDigit(255 - picture, 7)])


def zip_of_digits(dice: Dice) -> bytes:
    if dice.random() < 0.5:
        return dice.choice([_flipped, _cut, _with_an_extreme])(digits(), dice)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", dice.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])) as made:
        lines = [f"{n}.png,{dice.choice(ODD_TEXTS)},{dice.choice(ODD_TEXTS)}" for n in range(4)]
        lines += [f"{n}.png,7" for n in range(4, 8)]
        made.writestr("labels.csv", "\n".join(["file,label,kept_at", *lines]).encode("utf-8", "surrogatepass"))
        for n in range(8):
            made.writestr(f"{n}.png", damaged_picture(dice))
    return file.getvalue()


def stroke_file(dice: Dice) -> bytes:
    arrays: dict[str, Any] = {
        "labels": np.array([7, 1, 0]),
        "points": np.random.default_rng(dice.randrange(99)).normal(0, 100, (30, 2)).astype(np.float32),
        "stroke": np.repeat([0, 1, 0, 0, 1, 2], 5),
        "digit": np.repeat([0, 0, 1, 2, 2, 2], 5),
    }
    if dice.random() < 0.5:
        name = dice.choice(list(arrays))
        array = arrays[name]
        odd = np.full(array.shape, dice.choice([np.nan, np.inf, -1, 2**62, 1e300]))
        other = dice.choice(["u8", "i1", "c8", "?", "f2", "U", "O"])
        arrays[name] = dice.choice([array[:-1], array.T, odd, array.astype(other), array[:0], np.stack([array] * 2)])
    file = io.BytesIO()
    np.savez(file, **arrays)
    damage = dice.choice([_flipped, _cut, _with_an_extreme, lambda content, _: content])
    return damage(file.getvalue(), dice)


@cache
def weights() -> bytes:
    from mnist_core.training.models import build
    from mnist_core.training.weights import to_bytes

    return to_bytes(build(LINEAR))


LINEAR = Recipe(model="linear")


def checkpoint(dice: Dice) -> bytes:
    return dice.choice([_flipped, _cut, _with_an_extreme])(weights(), dice)


# --- asking ---------------------------------------------------------------------------------------------


def _read_picture(content: bytes) -> None:
    pixels = preprocess(content).pixels
    assert pixels.shape == (28, 28)
    assert np.isfinite(pixels).all()


def _read_address(query: dict[str, list[str]]) -> None:
    found, notices = Recipe.from_query(query)
    assert Recipe.from_json(found.to_json()) == found
    assert len(notices) <= 2 * len(FIELDS) + 1


def _read_strokes(content: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        Path(file.name).write_bytes(content)
        for label, drawing in read_stroke_file(file.name):
            assert label in range(10)
            drawing.render()


def _read_checkpoint(content: bytes) -> None:
    from mnist_core.training.weights import from_bytes

    from_bytes(LINEAR, content)


@dataclass(frozen=True, slots=True)
class Door:
    """How inputs of a kind are made, and how they come in; `count` is how many a whole round tries."""

    count: int
    make: Callable[[Dice], Any]
    ask: Callable[[Any], Any]


DOORS = {
    "pictures": Door(10_000, damaged_picture, _read_picture),
    "addresses": Door(10_000, address, _read_address),
    "recipes": Door(1_000, recipe, Recipe.from_json),
    "zips": Door(1_000, zip_of_digits, from_zip),
    "strokes": Door(1_000, stroke_file, _read_strokes),
    "checkpoints": Door(1_000, checkpoint, _read_checkpoint),
}
"""What a stranger can send; another one is a line here."""


@dataclass(slots=True)
class Found:
    """What came of a door's inputs: how many by a `UserError`'s code or "read"; what escaped, by the input's number."""

    said: Counter[str] = field(default_factory=Counter)
    uncaught: dict[int, str] = field(default_factory=dict)
    slowest_s: float = 0.0


def fuzz(name: str, count: int, first: int = 0, seed: int = 0) -> Found:
    """Try so many of a door's inputs, from that one on."""
    found = Found()
    for number in range(first, first + count):
        content = DOORS[name].make(Dice(f"{seed} {name} {number}"))
        began_s = time.perf_counter()
        try:
            DOORS[name].ask(content)
            found.said["read"] += 1
        except UserError as error:
            found.said[error.code] += 1
        except Exception as error:
            found.uncaught[number] = repr(error)
        found.slowest_s = max(found.slowest_s, time.perf_counter() - began_s)
    return found


def _lines(names: list[str], count_of: Callable[[str], int], first: int, seed: int) -> Iterator[tuple[str, bool]]:
    for name in names:
        began_s = time.perf_counter()
        count = count_of(name)
        found = fuzz(name, count, first, seed)
        said = ", ".join(f"{code} {number:,}" for code, number in found.said.most_common())
        took = f"{time.perf_counter() - began_s:.0f} s, slowest {found.slowest_s:.2f} s"
        yield f"{name}: {count:,} tried, {len(found.uncaught)} uncaught; {said}; {took}", not found.uncaught
        yield from ((f"  {number}: {error}", False) for number, error in found.uncaught.items())


@click.command()
@click.option("--share", type=click.FloatRange(0, 1), default=1.0, show_default=True, help="Of a whole round.")
@click.option("--only", type=click.Choice(list(DOORS)), help="Only this door.")
@click.option("--first", type=int, help="Only the input of that number.")
@click.option("--seed", type=int, default=0, show_default=True)
def main(share: float, only: str | None, first: int | None, seed: int) -> None:
    """Try damaged inputs at every door; exit 1 when anything but a value or a UserError comes out."""
    count_of = (lambda _: 1) if first is not None else partial(_share_of, share)
    is_right = True
    for line, is_good in _lines([only] if only else list(DOORS), count_of, first or 0, seed):
        click.echo(line)
        is_right &= is_good
    raise SystemExit(0 if is_right else 1)


def _share_of(share: float, name: str) -> int:
    return max(1, round(share * DOORS[name].count))


if __name__ == "__main__":
    main()
