import numpy as np
import pytest
from PIL import Image

from mnist_core.preprocessing.pipeline import grey_picture, preprocess
from mnist_core.preprocessing.splitting import Part, split
from mnist_core.preprocessing.steps import RAW
from mnist_core.preprocessing.strokes import Drawing, Stroke
from tests.photos import Scene, marker, photograph
from tests.preprocessing.examples import SEVEN, Grey, mnist_images

IMAGES = mnist_images(20)


def parts_of(source: bytes | Drawing | Grey) -> list[Part]:
    whole = preprocess(source)
    return split(whole.picture, whole.segmentation) if whole.segmentation else []


def side_by_side(rows: list[list[int]]) -> Grey:
    """MNIST's digits at three times their size, field by field."""
    field = np.zeros((84 * len(rows), 84 * max(map(len, rows))), np.uint8)
    for down, row in enumerate(rows):
        for right, index in enumerate(row):
            digit = Image.fromarray(IMAGES[index]).resize((84, 84), Image.Resampling.BICUBIC)
            field[84 * down : 84 * down + 84, 84 * right : 84 * right + 84] = np.asarray(digit)
    return field


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("rows", [[[2, 1]], [[0, 14, 9, 1, 2]], [[0, 9], [1, 2]], [[1], [9], [0]], [[9, 0, 2], [1]]])
def test_digits_are_read_row_by_row(rows: list[list[int]], dark: bool) -> None:
    picture = side_by_side(rows)
    parts = parts_of(255 - picture if dark else picture)
    alone = [preprocess(IMAGES[index]).pixels for row in rows for index in row]
    assert len(parts) == len(alone)
    for part, expected in zip(parts, alone, strict=True):
        seen = preprocess(part.picture).pixels
        shifted = [np.roll(seen, (down, right), axis=(0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        assert min(np.abs(one - expected).mean() for one in shifted) < 0.04
        assert (part.picture[0, 0] == 255) == dark


def strokes(*paths: tuple[tuple[float, float], ...], pen_px: float = 20) -> Drawing:
    return Drawing(tuple(Stroke(path, pen_px) for path in paths))


ONE_DIGIT = {
    "seven": SEVEN,
    "five with its top apart": strokes(
        ((95, 70), (90, 130), (150, 130), (170, 180), (130, 230), (80, 220)), ((125, 55), (190, 50))
    ),
    "five in two halves": strokes(((150, 40), (90, 40), (90, 110)), ((100, 130), (160, 150), (160, 220), (90, 240))),
    "four of two strokes": strokes(((90, 60), (80, 150), (150, 155)), ((185, 60), (180, 240))),
    "one with a dot": strokes(((140, 110), (140, 240)), ((142, 55),)),
    "one with its foot apart": strokes(((140, 40), (140, 200)), ((90, 232), (190, 232))),
    "a broken seven": strokes(((60, 60), (190, 60)), ((182, 85), (150, 150)), ((138, 174), (110, 230))),
    "a zero of two halves": strokes(((130, 60), (80, 140), (130, 230)), ((155, 62), (205, 140), (155, 228))),
}


@pytest.mark.parametrize("drawing", ONE_DIGIT.values(), ids=ONE_DIGIT.keys())
def test_loose_strokes_stay_with_their_digit(drawing: Drawing) -> None:
    (part,) = parts_of(drawing)
    assert (part.picture == grey_picture(drawing)).all()


def test_a_loose_stroke_goes_with_the_nearest_digit() -> None:
    five = (((60.0, 110.0), (58.0, 150.0), (95.0, 160.0), (55.0, 200.0)), ((75.0, 88.0), (110.0, 86.0)))
    one = ((170.0, 90.0), (170.0, 200.0))
    first, second = parts_of(strokes(one, *five, pen_px=10))
    assert first.box[:2] == pytest.approx((81, 205), abs=3)
    assert second.box[2:] == pytest.approx((165, 175), abs=3)


def test_a_picture_of_one_digit_is_its_own_part_and_several_are_prepared_as_it_is() -> None:
    seven = preprocess(SEVEN, RAW)
    assert seven.parts == (seven,)
    row = preprocess(side_by_side([[2, 1]]), RAW)
    assert [part.steps for part in row.parts] == [RAW, RAW]
    for part, alone in zip(row.parts, parts_of(row.picture), strict=True):
        assert np.array_equal(part.picture, alone.picture)


def test_digits_that_touch_stay_together() -> None:
    assert len(parts_of(strokes(((80, 60), (80, 220)), ((80, 140), (180, 140)), ((180, 60), (180, 220))))) == 1


def test_nothing_gives_nothing_and_a_texture_one_whole() -> None:
    assert preprocess(Drawing(())).parts == ()
    dots = np.zeros((280, 280), np.uint8)
    dots[10::20, 10::20] = dots[11::20, 10::20] = dots[10::20, 11::20] = dots[11::20, 11::20] = 255
    assert len(parts_of(dots)) == 1


@pytest.mark.parametrize("paper", ["plain", "lined"])
def test_digits_on_photographed_paper(paper: str) -> None:
    number = np.hstack([np.pad(marker(IMAGES[index]), ((0, 0), (0, 60))) for index in (0, 2, 1)])
    parts = parts_of(photograph(number, Scene(paper=paper, digit_share=0.7, shadow="soft")))
    assert len(parts) == 3
    lefts = [part.box[2] for part in parts]
    assert lefts == sorted(lefts)
