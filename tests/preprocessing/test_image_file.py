import io
import struct
import tracemalloc
import zipfile
import zlib

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile, features

from mnist_core.errors import UserError
from mnist_core.preprocessing import image_header
from mnist_core.preprocessing.image_file import ink_from_bytes
from mnist_core.preprocessing.image_header import MAX_BYTES, READ_KINDS
from mnist_core.preprocessing.pipeline import preprocess
from tests.preprocessing.examples import SEVEN, bmff_box, bmff_header, encode, png_chunk

INK = SEVEN.render()
BLACK_ON_WHITE = Image.fromarray(255 - INK)
DIGIT = preprocess(INK).pixels
TO_LAB = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")


def palette_with_holes() -> Image.Image:
    """A palette picture whose paper is transparent, one alpha value a palette entry."""
    picture = BLACK_ON_WHITE.convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    levels = np.array(picture.getpalette()).reshape(-1, 3)[:, 0]
    picture.info["transparency"] = bytes((255 - levels).astype(np.uint8).tolist())
    return picture


def sixteen_bits() -> Image.Image:
    """Grey of 16 bits that uses its whole range: clipping at 255 would leave white only."""
    return Image.fromarray(np.array(BLACK_ON_WHITE).astype(np.uint16) * 257)


def with_alpha(color: tuple[int, int, int]) -> Image.Image:
    """Ink of this colour on nothing: the shape is in the transparency alone."""
    picture = Image.new("RGBA", BLACK_ON_WHITE.size, color)
    picture.putalpha(Image.fromarray(INK))
    return picture


def with_transparent_corners() -> Image.Image:
    """A sheet of paper with rounded, see-through corners."""
    picture = BLACK_ON_WHITE.convert("RGBA")
    corners = Image.new("L", picture.size, 255)
    corners.paste(0, (0, 0, 40, 40))
    corners.paste(0, (240, 240, 280, 280))
    picture.putalpha(corners)
    return picture


def sixteen_bit_color_png() -> bytes:
    """RGB of 16 bits, which Pillow can read but not write."""
    values = np.repeat(np.array(BLACK_ON_WHITE).astype(">u2")[..., None] * 257, 3, axis=2)
    rows = b"".join(b"\0" + row.tobytes() for row in values)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 280, 280, 16, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


def bmp_with_unused_alpha() -> bytes:
    """32 bits a pixel with an alpha mask, but alpha 0 everywhere, as many programs write it."""
    pixels = np.zeros((280, 280, 4), np.uint8)
    pixels[..., :3] = np.array(BLACK_ON_WHITE)[::-1, :, None]
    masks = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    header = struct.pack("<IiiHHIIiiII", 108, 280, 280, 1, 32, 3, pixels.size, 0, 0, 0, 0) + masks
    start = 14 + 108
    return b"BM" + struct.pack("<IHHI", start + pixels.size, 0, 0, start) + header.ljust(108, b"\0") + pixels.tobytes()


def gif_with_holes() -> bytes:
    """Black ink on paper that is see-through, one color being all or nothing."""
    picture = BLACK_ON_WHITE.convert("P", palette=Image.Palette.ADAPTIVE, colors=8)
    levels = np.array(picture.getpalette()).reshape(-1, 3)[:, 0]
    return encode(picture, "GIF", transparency=int(levels.argmax()))


def ten_bits() -> Image.Image:
    """Colour of 10 bits, which HEIC has and Pillow has not, in the high bits of 16."""
    values = np.repeat(np.array(BLACK_ON_WHITE).astype(np.uint16)[..., None] * 257, 3, axis=2)
    return pillow_heif.from_bytes("RGB;16", BLACK_ON_WHITE.size, values.tobytes())


def heic_of_ten_bits() -> bytes:
    file = io.BytesIO()
    ten_bits().save(file, quality=95)
    return file.getvalue()


def fractions(low: float, high: float) -> Image.Image:
    """A TIFF's numbers need not be whole, nor end at 255."""
    return Image.fromarray((low + (high - low) / 255 * np.array(BLACK_ON_WHITE)).astype(np.float32))


def big_endian(picture: Image.Image) -> bytes:
    """As a Mac once wrote a TIFF."""
    values = np.array(picture)
    data = values.astype(values.dtype.newbyteorder(">")).tobytes()
    tags = [(256, picture.width), (257, picture.height), (258, 8 * values.itemsize), (259, 1), (262, 1)]
    tags += [(273, 8), (277, 1), (278, picture.height), (279, len(data))]
    lines = b"".join(struct.pack(">HHII", tag, 4, 1, value) for tag, value in tags)
    return b"MM\0*" + struct.pack(">I", 8 + len(data)) + data + struct.pack(">H", len(tags)) + lines + bytes(4)


SAME_DIGIT = {
    "grey": encode(BLACK_ON_WHITE),
    "white on black": encode(INK),
    "one bit": encode(BLACK_ON_WHITE.convert("1", dither=Image.Dither.NONE)),
    "palette": encode(BLACK_ON_WHITE.convert("P", palette=Image.Palette.ADAPTIVE, colors=32)),
    "palette with transparent paper": encode(palette_with_holes()),
    "sixteen bits": encode(sixteen_bits()),
    "sixteen bits in colour": sixteen_bit_color_png(),
    "grey with transparent white": encode(BLACK_ON_WHITE, transparency=255),
    "sixteen bits with transparent white": encode(sixteen_bits(), transparency=65535),
    "colour with transparent white": encode(BLACK_ON_WHITE.convert("RGB"), transparency=(255, 255, 255)),
    "RGB": encode(BLACK_ON_WHITE.convert("RGB")),
    "black ink on nothing": encode(with_alpha((0, 0, 0))),
    "white ink on nothing": encode(with_alpha((255, 255, 255))),
    "red ink on nothing": encode(with_alpha((200, 30, 30))),
    "grey and alpha": encode(with_alpha((0, 0, 0)).convert("LA")),
    "transparent corners": encode(with_transparent_corners()),
    "JPEG": encode(BLACK_ON_WHITE, "JPEG", quality=95),
    "progressive JPEG": encode(BLACK_ON_WHITE, "JPEG", quality=95, progressive=True),
    "CMYK JPEG": encode(BLACK_ON_WHITE.convert("CMYK"), "JPEG", quality=95),
    "WebP": encode(BLACK_ON_WHITE, "WEBP", lossless=True),
    "WebP with alpha": encode(with_alpha((0, 0, 0)), "WEBP", lossless=True, exact=True),
    "BMP": encode(BLACK_ON_WHITE, "BMP"),
    "BMP of one bit": encode(BLACK_ON_WHITE.convert("1", dither=Image.Dither.NONE), "BMP"),
    "BMP with unused alpha": bmp_with_unused_alpha(),
    "GIF": encode(BLACK_ON_WHITE, "GIF"),
    "GIF of one bit": encode(BLACK_ON_WHITE.convert("1", dither=Image.Dither.NONE), "GIF"),
    "GIF with transparent paper": gif_with_holes(),
    "TIFF": encode(BLACK_ON_WHITE, "TIFF"),
    "TIFF of a scanner": encode(BLACK_ON_WHITE.convert("1", dither=Image.Dither.NONE), "TIFF", compression="group4"),
    "packed TIFF": encode(BLACK_ON_WHITE.convert("RGB"), "TIFF", compression="tiff_lzw"),
    "TIFF with a JPEG in it": encode(BLACK_ON_WHITE.convert("RGB"), "TIFF", compression="jpeg", quality=95),
    "large-file TIFF": encode(BLACK_ON_WHITE, "TIFF", big_tiff=True),
    "CMYK TIFF": encode(BLACK_ON_WHITE.convert("CMYK"), "TIFF"),
    "Lab TIFF": encode(ImageCms.applyTransform(BLACK_ON_WHITE.convert("RGB"), TO_LAB), "TIFF"),
    "TIFF of sixteen bits": encode(sixteen_bits(), "TIFF"),
    "TIFF of a Mac": big_endian(BLACK_ON_WHITE),
    "TIFF of sixteen bits of a Mac": big_endian(sixteen_bits()),
    "TIFF of fractions": encode(fractions(0, 1), "TIFF"),
    "TIFF of numbers below and above": encode(fractions(-3000, 70_000).convert("I"), "TIFF"),
    "TIFF with alpha": encode(with_alpha((0, 0, 0)), "TIFF"),
    "AVIF": encode(BLACK_ON_WHITE, "AVIF", quality=95),
    "AVIF with alpha": encode(with_alpha((0, 0, 0)), "AVIF", quality=95),
    "HEIC": encode(BLACK_ON_WHITE, "HEIF", quality=95),
    "HEIC in tiles, as a phone writes it": encode(BLACK_ON_WHITE.convert("RGB"), "HEIF", quality=95, tile_size=128),
    "HEIC with alpha": encode(with_alpha((0, 0, 0)), "HEIF", quality=95),
    "HEIC of ten bits": heic_of_ten_bits(),
    "enlarged": encode(BLACK_ON_WHITE.resize((2800, 2800)), "PNG"),
    "enlarged JPEG": encode(BLACK_ON_WHITE.resize((2800, 2800)), "JPEG"),
    "enlarged ink on nothing": encode(with_alpha((0, 0, 0)).resize((1400, 1400))),
}


def test_every_kind_can_be_tested() -> None:
    assert features.check("webp")
    assert READ_KINDS == ("PNG", "JPEG", "WebP", "BMP", "GIF", "TIFF", "AVIF", "HEIC")


@pytest.mark.parametrize("content", SAME_DIGIT.values(), ids=SAME_DIGIT.keys())
def test_every_mode_gives_the_same_digit(content: bytes) -> None:
    difference = np.abs(preprocess(content).pixels - DIGIT)
    assert difference.mean() < 0.01
    assert difference.max() < 0.35


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_a_camera_is_turned_upright(orientation: int, kind: str) -> None:
    # The EXIF standard: where the 0th row and the 0th column of the stored picture are in the scene.
    stored = {
        1: lambda scene: scene,
        2: np.fliplr,
        3: lambda scene: np.rot90(scene, 2),
        4: np.flipud,
        5: np.transpose,
        6: lambda scene: np.rot90(scene, 1),
        7: lambda scene: np.rot90(scene, 2).T,
        8: lambda scene: np.rot90(scene, -1),
    }[orientation](np.array(BLACK_ON_WHITE)[:, :200])
    exif = Image.Exif()
    exif[0x0112] = orientation
    grey = ink_from_bytes(encode(np.ascontiguousarray(stored), kind, exif=exif.tobytes()))
    assert grey.shape == (280, 200)
    assert np.abs(grey.astype(int) - np.array(BLACK_ON_WHITE)[:, :200]).mean() < 3


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # pytest takes away the filter that the module has set
def test_damaged_camera_notes_are_passed_over() -> None:
    assert ink_from_bytes(encode(BLACK_ON_WHITE, "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")).shape == (280, 280)


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "TIFF", "AVIF", "HEIF"])
def test_of_several_pictures_in_a_file_the_first_one_is_read(kind: str) -> None:
    blank = Image.new("L", (280, 280), 255)
    content = encode(BLACK_ON_WHITE, kind, save_all=True, append_images=[blank, blank], quality=95)
    assert np.abs(preprocess(content).pixels - DIGIT).mean() < 0.01


def test_a_gif_may_be_larger_than_its_screen() -> None:
    content = bytearray(encode(BLACK_ON_WHITE, "GIF"))
    content[6:10] = struct.pack("<2H", 100, 1)
    np.testing.assert_array_equal(ink_from_bytes(bytes(content)), np.array(BLACK_ON_WHITE))


def test_what_a_gif_says_beside_its_picture_is_passed_over() -> None:
    content = encode(BLACK_ON_WHITE, "GIF", comment=b"note" * 500)
    start = content.index(b"!\xfe")
    assert start > 13
    xmp = b"!\xff\x0bXMP DataXMP" + b"<x:xmpmeta/>".ljust(280) + bytes(range(255, -1, -1)) + b"\0"
    np.testing.assert_array_equal(ink_from_bytes(content[:start] + xmp + content[start:]), ink_from_bytes(content))


def test_a_file_without_a_brand_of_its_own_is_known_by_the_others_it_goes_by() -> None:
    avif = encode(BLACK_ON_WHITE, "AVIF")
    assert b"mif1" in avif[16:40]
    np.testing.assert_array_equal(ink_from_bytes(avif.replace(b"avif", b"mif1", 1)), ink_from_bytes(avif))


def test_without_pillow_heif_a_heic_photo_is_refused_with_what_to_do(monkeypatch) -> None:
    monkeypatch.setattr(image_header, "READ_KINDS", READ_KINDS[:-1])
    with pytest.raises(UserError, match="This is a HEIC photo; only PNG, JPEG, WebP, BMP, GIF, TIFF and AVIF") as error:
        ink_from_bytes(encode(BLACK_ON_WHITE, "HEIF"))
    assert error.value.code == "image_unsupported"
    assert "JPEG" in error.value.fix
    assert "pip install pillow-heif" in error.value.fix


def test_nothing_but_transparency_is_blank() -> None:
    assert preprocess(encode(Image.new("RGBA", (50, 50), (0, 0, 0, 0)))).blank


def test_a_large_picture_is_reduced_by_averaging() -> None:
    stripes = np.zeros((2048, 4096), np.uint8)
    stripes[:, ::2] = 255
    grey = ink_from_bytes(encode(stripes))
    assert grey.shape == (512, 1024)
    assert np.abs(grey.astype(int) - 127).max() <= 1


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def webp_header(width: int, height: int) -> bytes:
    chunk = b"VP8X" + struct.pack("<II", 10, 0) + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def lossless_webp_header(width: int, height: int) -> bytes:
    bits = struct.pack("<I", (width - 1) | (height - 1) << 14)
    return b"RIFF" + struct.pack("<I", 18) + b"WEBPVP8L" + struct.pack("<I", 5) + b"\x2f" + bits + b"\0" * 8


def lossy_webp_header(width: int, height: int) -> bytes:
    frame = b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8 " + struct.pack("<I", 10) + frame


def jpeg_header(width: int, height: int) -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes([1, 17, 0, 2, 17, 0, 3, 17, 0])
    return b"\xff\xd8" + frame + b"\xff\xda" + struct.pack(">HB", 12, 3) + bytes([1, 0, 2, 0, 3, 0, 0, 63, 0])


def bmp_header(width: int, height: int, compression: int = 0) -> bytes:
    bits = 8 if compression else 24
    palette = bytes(range(256)) * 4 if compression else b""
    start = 54 + len(palette)
    facts = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, *[0] * 5)
    return b"BM" + struct.pack("<IHHI", start, 0, 0, start) + facts + palette


def gif_header(width: int, height: int, image: tuple[int, int, int, int] = (0, 0, 1, 1)) -> bytes:
    return b"GIF89a" + struct.pack("<2H", width, height) + bytes(3) + b"," + struct.pack("<4H", *image) + b"\0\2\0;"


def tiff_header(width: int, height: int, order: str = "<") -> bytes:
    lines = struct.pack(order + "HHII" * 2, 256, 4, 1, width, 257, 4, 1, height)
    return (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, 2) + lines + bytes(4)


def big_tiff_header(width: int, height: int) -> bytes:
    lines = struct.pack("<" + "HHQQ" * 2, 256, 16, 1, width, 257, 16, 1, height)
    return b"II+\0" + struct.pack("<HHQQ", 8, 0, 16, 2) + lines + bytes(8)


TOO_LARGE = {
    "PNG side": png_header(8193, 1),
    "PNG pixels": png_header(8000, 8000),
    "PNG bomb": png_header(60_000, 60_000),
    "JPEG side": jpeg_header(1, 8193),
    "JPEG bomb": jpeg_header(65_500, 65_500),
    "WebP pixels": webp_header(8192, 8192),
    "WebP bomb": webp_header(1 << 24, 1 << 24),
    "lossless WebP bomb": lossless_webp_header(16_384, 16_384),
    "lossy WebP bomb": lossy_webp_header(16_383, 16_383),
    "BMP bomb": bmp_header(100_000, 100_000),
    "GIF bomb": gif_header(65_535, 65_535),
    "GIF whose image is larger than its screen": gif_header(9, 9, (65_535, 0, 65_535, 9)),
    "GIF of 10,000 comments": gif_header(9, 9).replace(b",", b"!\xfe\1a\0" * 10_000 + b",", 1),
    "GIF of a long comment": gif_header(9, 9).replace(b",", b"!\xfe" + b"\1a" * 10_000 + b"\0,", 1),
    "TIFF bomb": tiff_header(100_000, 100_000),
    "TIFF side of a Mac": tiff_header(8193, 1, ">"),
    "large-file TIFF bomb": big_tiff_header(1 << 60, 1 << 60),
    "TIFF of 10,000 tags": b"II*\0" + struct.pack("<IH", 8, 10_000) + bytes(120_004),
    "AVIF bomb": bmff_header(b"avif", 65_536, 65_536),
    "AVIF of 13 megapixels": bmff_header(b"avif", 4_000, 3_250),
    "packed TIFF in one strip": encode(
        Image.new("1", (8000, 6000)), "TIFF", compression="group4", tiffinfo={278: 6000}
    ),
    "HEIC of 26 megapixels": bmff_header(b"heic", 6_500, 4_000),
    "HEIC bomb": bmff_header(b"heic", 1 << 31, 1 << 31),
    "HEIC side": bmff_header(b"heix", 8193, 1),
    "bytes": encode(BLACK_ON_WHITE) + b"\0" * MAX_BYTES,
    "PNG of 300,000 notes": png_header(9, 9) + png_chunk(b"tEXt", b"a\0b") * 300_000,
    "WebP of 34 bytes": lossless_webp_header(8192, 6100),
    "progressive JPEG": jpeg_header(8192, 6000).replace(b"\xff\xc0", b"\xff\xc2"),
}


@pytest.mark.parametrize("content", TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_what_is_too_large_is_refused_from_its_header(content: bytes, monkeypatch) -> None:
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _: pytest.fail("it was decoded"))
    tracemalloc.start()
    try:
        with pytest.raises(UserError) as error:
            ink_from_bytes(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert error.value.code == "image_too_large"
    assert peak < 5_000_000


@pytest.mark.parametrize(
    "content",
    [
        encode(Image.new("L", (8192, 6000), 255), "JPEG"),
        encode(Image.new("RGBA", (8192, 6000), "white"), "PNG"),
        encode(Image.new("RGB", (4000, 2930), "white"), "WEBP", lossless=True),
        encode(Image.new("CMYK", (6144, 4500)), "JPEG", progressive=True, subsampling=0),
        encode(Image.new("P", (8192, 6000)), "GIF"),
        encode(Image.new("RGB", (8192, 6000), "white"), "TIFF", compression="tiff_lzw"),
        encode(Image.new("RGB", (4000, 2930), "white"), "AVIF", speed=10),
        encode(Image.new("L", (5720, 4190), 255), "HEIF", enc_params={"preset": "ultrafast"}),
    ],
    ids=["JPEG", "PNG", "WebP", "progressive", "GIF", "TIFF", "AVIF", "HEIC"],
)
def test_the_largest_allowed_of_each_kind_is_read(content: bytes) -> None:
    assert ink_from_bytes(content).shape == (750, 1024)


def test_a_large_picture_in_strips_is_what_pillow_makes_of_the_whole() -> None:
    grey = np.kron(np.random.default_rng(0).integers(0, 256, (275, 410)), np.ones((15, 15))).astype(np.uint8)
    whole = Image.fromarray(grey)
    whole.thumbnail((1024, 1024), Image.Resampling.BOX)
    np.testing.assert_array_equal(ink_from_bytes(encode(grey)), np.asarray(whole))


def test_the_notes_of_a_png_are_not_unpacked(monkeypatch) -> None:
    notes = png_chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\0" * 1_000_000)) * 1000
    content = encode(BLACK_ON_WHITE)
    plain = ink_from_bytes(content)
    monkeypatch.setattr(zlib, "decompressobj", lambda *_: pytest.fail("a note was unpacked"))
    np.testing.assert_array_equal(ink_from_bytes(content[:33] + notes + content[33:]), plain)


@pytest.mark.parametrize("place", range(16, 29))
def test_a_png_whose_header_is_damaged_is_called_damaged(place: int) -> None:
    content = bytearray(encode(BLACK_ON_WHITE))
    content[place] ^= 0x80
    with pytest.raises(UserError) as error:
        ink_from_bytes(bytes(content))
    assert (error.value.code, error.value.message) == ("image_unreadable", "The image is damaged or truncated.")


def test_a_jpeg_with_bytes_between_its_segments_is_read() -> None:
    content = encode(BLACK_ON_WHITE, "JPEG")
    padded = content.replace(b"\xff\xdb", b"\0" * 30 + b"\xff" * 30 + b"\xff\xdb")
    np.testing.assert_array_equal(ink_from_bytes(padded), ink_from_bytes(content))


UNSUPPORTED = {
    "PDF": (encode(BLACK_ON_WHITE, "PDF"), "PDF"),
    "icon": (encode(BLACK_ON_WHITE, "ICO"), "icon"),
    "SVG": (b'<?xml version="1.0"?>\n<!-- drawn --><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    "HTML": (b"<!DOCTYPE html><p>no picture", "web page"),
    "raw picture of a Nikon": (encode(BLACK_ON_WHITE, "TIFF", tiffinfo={254: 1}), "raw camera"),
    "raw picture of a phone": (encode(BLACK_ON_WHITE, "TIFF", tiffinfo={50706: b"\1\4\0\0"}), "raw camera"),
    "raw picture of a Canon": (bmff_box(b"ftyp", b"crx ", bytes(4), b"isom") + bytes(50), "raw camera"),
    "film": (bmff_box(b"ftyp", b"isom", bytes(4), b"mp41") + bytes(50), "video"),
    "sound": (b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 50, "sound"),
}


@pytest.mark.parametrize(("content", "named"), UNSUPPORTED.values(), ids=UNSUPPORTED.keys())
def test_another_kind_of_file_is_named_and_what_is_read_is_said(content: bytes, named: str) -> None:
    with pytest.raises(UserError) as error:
        ink_from_bytes(content)
    assert error.value.code == "image_unsupported"
    assert named in error.value.message
    assert "PNG, JPEG, WebP, BMP, GIF, TIFF, AVIF and HEIC" in error.value.message


def test_a_zip_named_png_is_told_to_be_one() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("digit.png", encode(BLACK_ON_WHITE))
    with pytest.raises(UserError, match="ZIP"):
        ink_from_bytes(file.getvalue())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.5, 0.9])
def test_a_truncated_file_is_unreadable(kind: str, share: float) -> None:
    whole = encode(BLACK_ON_WHITE, kind)
    with pytest.raises(UserError) as error:
        ink_from_bytes(whole[: max(2, int(len(whole) * share))])
    assert error.value.code == "image_unreadable"
    assert "PNG, JPEG, WebP, BMP, GIF, TIFF, AVIF or HEIC" in error.value.fix


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"no picture at all", b"\x89PNG\r\n\x1a\n", b"BM", b"RIFF\0\0\0\0WEBP", b"GIF89a", b"II*\0", b"MM\0+"],
)
def test_no_picture_is_unreadable(content: bytes) -> None:
    with pytest.raises(UserError) as error:
        ink_from_bytes(content)
    assert error.value.code == "image_unreadable"


def outcome(content: bytes) -> np.ndarray | UserError:
    try:
        return ink_from_bytes(content)
    except UserError as error:
        return error


def check(content: bytes) -> None:
    """A grey picture or a UserError, and nothing else."""
    answer = outcome(content)
    if isinstance(answer, UserError):
        assert answer.code in {"image_too_large", "image_unreadable", "image_unsupported"}
        assert answer.message
        assert answer.fix
    else:
        assert answer.dtype == np.uint8
        assert answer.ndim == 2
        assert 1 <= min(answer.shape) <= max(answer.shape) <= 1024


MAGIC = [
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0",
    b"RIFF\0\0\0\0WEBPVP8X",
    b"BM",
    b"GIF89a",
    b"II*\0",
    b"MM\0+",
    b"\0\0\0\x18ftypavif",
    b"\0\0\0\x18ftypheic",
    png_header(9, 9),
]
SMALL = Image.fromarray(255 - INK).resize((24, 32))
VALID = [
    encode(SMALL),
    encode(SMALL.convert("P")),
    encode(with_alpha((9, 9, 9)).resize((24, 32))),
    encode(SMALL, "JPEG", exif=Image.Exif()),
    encode(SMALL.convert("RGB"), "JPEG", progressive=True),
    encode(SMALL, "WEBP"),
    encode(SMALL, "WEBP", lossless=True, save_all=True, append_images=[SMALL.rotate(90)]),
    encode(SMALL, "BMP"),
    encode(SMALL.convert("P"), "BMP"),
    encode(SMALL, "GIF", comment=b"note"),
]  # of TIFF, AVIF and HEIC, each of which takes a process of its own, tests.faults.fuzz tries some


@given(st.sampled_from([b"", *MAGIC]), st.binary(max_size=300))
@settings(max_examples=300)
def test_random_bytes_give_nothing_but_a_user_error(magic: bytes, rest: bytes) -> None:
    check(magic + rest)


@given(st.sampled_from(VALID), st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), min_size=1, max_size=6))
@settings(max_examples=500)
def test_flipped_bits_give_a_picture_or_a_user_error(whole: bytes, flips: list[tuple[float, int]]) -> None:
    content = bytearray(whole)
    for place, bits in flips:
        content[int(place * (len(content) - 1))] ^= bits
    check(bytes(content))


@given(st.sampled_from(VALID), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=200)
def test_a_piece_cut_out_gives_a_picture_or_a_user_error(whole: bytes, one: float, other: float) -> None:
    start, end = sorted(int(place * len(whole)) for place in (one, other))
    check(whole[:start] + whole[end:])
