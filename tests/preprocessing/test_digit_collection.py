import csv
import io
import struct
import warnings
import zipfile
import zlib
from contextlib import suppress
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mnist_core.errors import UserError
from mnist_core.preprocessing.digit_collection import (
    MAX_DIGITS,
    SIDE_PX,
    MyDigit,
    fitted,
    from_zip,
    to_png,
    to_zip,
)
from mnist_core.preprocessing.pipeline import picture_key, preprocess
from tests.preprocessing.examples import SEVEN, encode, on_paper, png_chunk

PICTURE = SEVEN.render()
PNG = to_png(PICTURE)
MOMENT = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)


def zip_of(files: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", kind) as archive:
        warnings.simplefilter("ignore", UserWarning)  # that a name is given twice
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def table(*lines: str, head: str = "file,label") -> bytes:
    return "\n".join([head, *lines]).encode()


def code_of(content: bytes) -> str:
    with pytest.raises(UserError) as raised:
        from_zip(content)
    return raised.value.code


def skipped(content: bytes) -> dict[str, str]:
    return {one.name: one.why for one in from_zip(content).skipped}


# --- there and back -------------------------------------------------------------------------------------


@st.composite
def my_digits(draw) -> MyDigit:
    """A bar of light ink somewhere on dark paper, or the other way round."""
    height, width = (draw(st.integers(24, SIDE_PX)) for _ in range(2))
    picture = np.full((height, width), draw(st.integers(0, 40)), np.uint8)
    top, left = draw(st.integers(4, height // 3)), draw(st.integers(4, width // 3))
    picture[top : top + height // 2, left : left + max(2, width // 6)] = 250
    turned = 255 - picture if draw(st.booleans()) else picture
    kept_at = draw(st.none() | st.datetimes(timezones=st.just(UTC)))
    return MyDigit(turned, draw(st.integers(0, 9)), kept_at)


@settings(max_examples=40)
@given(st.lists(my_digits(), max_size=6))
def test_a_set_comes_back_from_its_zip_pixel_by_pixel(digits):
    unpacked = from_zip(to_zip(digits))
    assert unpacked.skipped == ()
    assert [one.label for one in unpacked.digits] == [one.label for one in digits]
    assert [one.kept_at for one in unpacked.digits] == [one.kept_at for one in digits]
    for back, sent in zip(unpacked.digits, digits, strict=True):
        np.testing.assert_array_equal(back.picture, sent.picture)
        assert picture_key(back.picture) == picture_key(sent.picture)


def test_other_programs_can_read_the_zip():
    with zipfile.ZipFile(io.BytesIO(to_zip([MyDigit(PICTURE, 7, MOMENT), MyDigit(PICTURE.T, 0)]))) as archive:
        assert archive.testzip() is None
        first, second = csv.DictReader(io.StringIO(archive.read("labels.csv").decode()))
        assert first == {"file": "digits/001_7.png", "label": "7", "kept_at": "2026-03-04T05:06:07.000089+00:00"}
        assert second["kept_at"] == ""
        with Image.open(io.BytesIO(archive.read(second["file"]))) as image:
            np.testing.assert_array_equal(np.asarray(image), PICTURE.T)


def test_a_zip_made_by_hand_is_read():
    photo = encode(Image.fromarray(on_paper(PICTURE)).convert("RGB"))
    semicolons = '\ufeffLabel;File;kept_at;remark\r\n7;seven.png;2026-03-04 05:06;"a;b"\r\n\r\n1;one.png;soon\r\n'
    files = {
        "mine/labels.csv": semicolons.encode(),
        "mine/seven.png": photo,
        "mine/one.png": PNG,
        "__MACOSX/mine/._labels.csv": b"\0\5\x16\7",
        "__MACOSX/mine/._one.png": b"\0\5\x16\7",
        "mine/notes.txt": b"hello",
    }
    unpacked = from_zip(zip_of(files))
    assert unpacked.skipped == ()
    seven, one = unpacked.digits
    assert (seven.label, seven.kept_at) == (7, datetime(2026, 3, 4, 5, 6, tzinfo=UTC))
    assert (one.label, one.kept_at) == (1, None)


# --- what is kept of a picture --------------------------------------------------------------------------


def test_a_small_picture_is_kept_as_it_is():
    assert fitted(preprocess(PICTURE)) is PICTURE


@pytest.mark.parametrize("picture", [np.zeros((280, 280), np.uint8), np.full((900, 900), 200, np.uint8)])
def test_a_blank_is_not_kept(picture):
    assert fitted(preprocess(picture)) is None


def test_a_digit_on_a_large_sheet_stays_legible():
    sheet = np.zeros((1000, 800), np.uint8)
    sheet[600:880, 100:380] = PICTURE
    kept = fitted(preprocess(sheet))
    assert max(kept.shape) <= SIDE_PX
    rows, columns = np.nonzero(kept > 127)
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    drawn_rows, drawn_columns = np.nonzero(PICTURE > 127)
    assert height > 0.5 * SIDE_PX
    assert height / width == pytest.approx((np.ptp(drawn_rows) + 1) / (np.ptp(drawn_columns) + 1), rel=0.03)


@pytest.mark.parametrize(
    ("picture", "label"),
    [
        (PICTURE, 10),
        (PICTURE, -1),
        (PICTURE.astype(np.float32), 1),
        (np.zeros((281, 5), np.uint8), 1),
        (np.zeros((0, 5), np.uint8), 1),
        (np.zeros((5, 5, 3), np.uint8), 1),
    ],
)
def test_nothing_else_is_a_digit(picture, label):
    with pytest.raises(ValueError, match="not a"):
        MyDigit(picture, label)


# --- strangers' zips ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x05\x06",
        PNG,
        b"file,label\n",
        zip_of({"a.png": PNG}),
        zip_of({"labels.csv": b""}),
        zip_of({"labels.csv": b"name,digit\na.png,1\n"}),
        zip_of({"labels.csv": table("a.png,1")}, zipfile.ZIP_LZMA),
        zip_of({"labels.csv": b'file,label\n"' + b"x" * 150_000}),
        zip_of({"labels.csv/": b"", "a.png": PNG}),
        to_zip([MyDigit(PICTURE, 7)])[:-30],
    ],
    ids=range(11),
)
def test_what_is_no_such_zip_is_one_plain_error(content):
    assert code_of(content) == "my_digits_unreadable"


def test_a_bad_file_is_named_and_the_others_are_taken():
    broken = PNG[: len(PNG) // 2]
    lines = [
        "good.png,7",
        "broken.png,7",
        "text.png,7",
        "photo.jpg,7",
        "blank.png,7",
        "missing.png,7",
        "ten.png,10",
        "arabic.png,٣",
        "half.png,",
        "good.png,1",
        "alone.png",
    ]
    names = [line.partition(",")[0] for line in lines if not line.startswith("missing")]
    files = dict.fromkeys(names, PNG) | {
        "broken.png": broken,
        "text.png": b"hello",
        "photo.jpg": encode(PICTURE, "JPEG"),
        "blank.png": to_png(np.zeros((50, 50), np.uint8)),
        "labels.csv": table(*lines),
        "forgotten.png": PNG,
    }
    unpacked = from_zip(zip_of(files))
    assert [one.label for one in unpacked.digits] == [7]
    why = {one.name: one.why for one in unpacked.skipped}
    assert why["broken.png"].startswith("cannot be read")
    assert why["text.png"] == why["photo.jpg"] == "is not a PNG picture."
    assert why["blank.png"] == "holds no ink."
    assert why["missing.png"] == "is not in the zip."
    assert "“10”" in why["ten.png"]
    assert "no digit" in why["arabic.png"]
    assert "no digit" in why["half.png"]
    assert "no digit" in why["alone.png"]
    assert why["good.png"] == "appears in the table twice."
    assert "no line" in why["forgotten.png"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.png", "/etc/x.png", "C:\\x.png", "a\u202eb.png", "<b>.png", "x" * 500]
)
def test_a_name_is_only_a_name(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content = zip_of({"labels.csv": table(f"{name},3", f"{name}!,3"), name: PNG})
    unpacked = from_zip(content)
    assert [one.label for one in unpacked.digits] == [3]
    assert list(tmp_path.iterdir()) == []
    (one,) = unpacked.skipped
    assert one.name.isprintable()
    assert len(one.name) <= 61


def test_too_many_digits_or_files_are_refused():
    lines = [f"{place}.png,1" for place in range(MAX_DIGITS + 1)]
    assert code_of(zip_of({"labels.csv": table(*lines)})) == "my_digits_too_large"
    assert code_of(zip_of({f"{place}": b"" for place in range(3_000)})) == "my_digits_too_large"


def test_bombs_are_refused_before_they_go_off():
    zeros = bytes(70 * 2**20)
    assert code_of(zip_of({"labels.csv": table("a.png,1"), "a.png": zeros})) == "my_digits_too_large"
    assert code_of(zip_of({"labels.csv": b"file,label\n" + zeros[:300_000]})) == "my_digits_too_large"
    assert code_of(bytes(33 * 2**20)) == "my_digits_too_large"
    # Claims to be small: what is read ends where the claim does.
    bomb = zip_of({"labels.csv": table("a.png,1"), "a.png": PNG + zeros})
    claimed = bomb.replace(struct.pack("<I", len(PNG) + len(zeros)), struct.pack("<I", 1_000))
    assert skipped(claimed) == {"a.png": "is damaged."}


def test_a_picture_may_be_large_but_not_all_of_them():
    def blank_png(side: int) -> bytes:
        return encode(Image.new("1", (side, side)))

    one = zip_of({"labels.csv": table("a.png,1"), "a.png": blank_png(5_000)})
    assert skipped(one) == {"a.png": "holds no ink."}
    names = [f"{place}.png" for place in range(5)]
    many = {"labels.csv": table(*(f"{name},1" for name in names))} | dict.fromkeys(names, blank_png(5_000))
    assert code_of(zip_of(many)) == "my_digits_too_large"


def test_packed_notes_in_its_pictures_are_not_unpacked(monkeypatch):
    notes = png_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(1_000_000))) * 100
    files = {"labels.csv": table("a.png,1"), "a.png": PNG[:33] + notes + PNG[33:]}
    content = zip_of(files, zipfile.ZIP_STORED)
    monkeypatch.setattr(zlib, "decompressobj", lambda *_: pytest.fail("a note was unpacked"))
    (digit,) = from_zip(content).digits
    np.testing.assert_array_equal(digit.picture, PICTURE)


def test_pictures_that_take_too_long_together_are_refused(monkeypatch):
    monkeypatch.setattr("mnist_core.preprocessing.digit_collection._MAX_CPU_S", 0)
    assert code_of(to_zip([MyDigit(PICTURE, 7), MyDigit(PICTURE, 1)])) == "my_digits_too_large"


def test_a_png_that_claims_too_many_pixels_is_skipped():
    header = struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 0, 0, 0, 0)
    claimed = PNG[:8] + png_chunk(b"IHDR", header) + PNG[33:]
    found = skipped(zip_of({"labels.csv": table("a.png,1"), "a.png": claimed}))
    assert found["a.png"].startswith("cannot be read: The picture has 2,147,483,647")


def test_a_locked_file_is_skipped():
    content = bytearray(zip_of({"labels.csv": table("a.png,1"), "a.png": PNG}))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(b"a.png", content.index(sign, content.index(b"a.png") - 60))
        start = content.rindex(sign, 0, place)
        content[start + flags] |= 1
    assert skipped(bytes(content)) == {"a.png": "is locked with a password."}


GOOD = to_zip([MyDigit(PICTURE[::8, ::8].copy(), 7, MOMENT), MyDigit(PICTURE[::8, ::8].T.copy(), 1)])


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6))
def test_whatever_is_damaged_nothing_but_a_user_error_comes_out(changes):
    content = bytearray(GOOD)
    for place, damage in changes:
        content[place : place + len(damage)] = damage
    with suppress(UserError):
        assert all(one.label in range(10) for one in from_zip(bytes(content)).digits)


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_text_may_be_the_table(text):
    with suppress(UserError):
        assert from_zip(zip_of({"labels.csv": text.encode("utf-8", "surrogatepass"), "a.png": PNG})).digits == ()
