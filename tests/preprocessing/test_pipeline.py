import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from mnist_core.errors import UserError
from mnist_core.preprocessing.pipeline import Preprocessed, preprocess
from mnist_core.preprocessing.steps import MNIST_STEPS, RAW, STEP_NAMES, STEPS
from mnist_core.preprocessing.strokes import Drawing, Stroke
from tests.preprocessing.examples import SEVEN, Grey, encode, mnist_images, on_paper

subsets = st.frozensets(st.sampled_from(STEP_NAMES))


def center_of_mass(pixels: np.ndarray) -> tuple[float, float]:
    rows, columns = np.mgrid[0:28, 0:28]
    return float((rows * pixels).sum() / pixels.sum()), float((columns * pixels).sum() / pixels.sum())


def ink_size(pixels: np.ndarray) -> tuple[int, int]:
    ink = pixels > 0.04
    return int(ink.any(axis=1).sum()), int(ink.any(axis=0).sum())


def embedded(image: Grey) -> Grey:
    """Ten times as large, and moved off the middle."""
    return np.roll(np.kron(image, np.ones((10, 10), np.uint8)), (30, -20), axis=(0, 1))


@pytest.mark.parametrize("place", [lambda i: i, lambda i: 255 - i, embedded, lambda i: 255 - embedded(i)])
def test_mnist_comes_back_as_it_was(place) -> None:  # type: ignore[no-untyped-def]
    images = mnist_images(100)
    images = images[[image[:, :2].max() + image[-3:].max() == 0 for image in images]]  # so that `roll` wraps no ink
    back = np.stack([preprocess(place(image)).pixels for image in images])
    differences = np.abs(back - images / np.float32(255)).mean(axis=(1, 2))
    # One in 180 has its mass so close to half a pixel that it lands a pixel off.
    assert np.median(differences) < 0.003
    assert (differences > 0.01).sum() <= 2


def test_a_drawing_is_made_as_lecun_describes() -> None:
    """The oracle: the same steps written down once more with Pillow, on a picture whose box is known."""
    grey = SEVEN.render()
    box = Image.fromarray(grey).getbbox()
    assert box is not None
    small = Image.fromarray(grey).crop(box)
    scale = 20 / max(small.size)
    small = small.resize((round(small.width * scale), round(small.height * scale)), Image.Resampling.BOX)
    ink = np.array(small, np.float32) / 255
    rows, columns = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]]
    top = round(14 - float((rows * ink).sum() / ink.sum()))
    left = round(14 - float((columns * ink).sum() / ink.sum()))
    expected = np.zeros((28, 28), np.float32)
    expected[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    pixels = preprocess(SEVEN).pixels
    assert np.abs(pixels - expected).mean() < 0.005
    assert np.abs(pixels - expected).max() < 0.15


@pytest.mark.parametrize("pen_px", [8, 20, 36])
@pytest.mark.parametrize(("scale", "right", "down"), [(1.0, 0, 0), (0.4, -60, 70), (0.25, 100, -80)])
def test_size_and_place_of_a_drawing_make_no_difference(scale: float, right: float, down: float, pen_px: float) -> None:
    def seven(scale: float, right: float, down: float) -> Preprocessed:
        path = ((60, 60), (190, 60), (110, 230))
        points = tuple((140 + right + (x - 140) * scale, 140 + down + (y - 140) * scale) for x, y in path)
        return preprocess(Drawing((Stroke(points, pen_px * scale),)))

    usual, moved = seven(1, 0, 0).pixels, seven(scale, right, down).pixels
    # Rounding may put it a pixel off, as it does in MNIST.
    shifted = [np.roll(moved, (y, x), axis=(0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    assert min(np.abs(one - usual).mean() for one in shifted) < 0.03


@pytest.mark.parametrize("quality", [60, 95])
def test_a_photo_gives_the_digit_of_the_drawing(quality: int) -> None:
    difference = np.abs(
        preprocess(encode(on_paper(SEVEN.render()), "JPEG", quality=quality)).pixels - preprocess(SEVEN).pixels
    )
    assert difference.mean() < 0.02


def test_bytes_drawing_and_array_give_the_same() -> None:
    digits = [preprocess(SEVEN), preprocess(SEVEN.render()), preprocess(encode(SEVEN.render()))]
    assert all((digit.pixels == digits[0].pixels).all() for digit in digits)


def test_raw_is_a_plain_resize() -> None:
    image = mnist_images(1)[0]
    assert (preprocess(image, RAW).pixels == image / np.float32(255)).all()
    grey = 255 - SEVEN.render()
    spots = grey[4::10, 4::10].astype(float) + grey[5::10, 5::10] + grey[4::10, 5::10] + grey[5::10, 4::10]
    assert np.abs(preprocess(grey, RAW).pixels - spots / 4 / 255).max() < 0.01


def test_each_step_is_seen_in_the_result() -> None:
    grey = on_paper(SEVEN.render()[:, 20:])
    every = preprocess(grey).pixels

    def without(step: str) -> np.ndarray:
        return preprocess(grey, MNIST_STEPS - {step}).pixels

    assert np.abs(without("polarity") - (1 - every)).max() < 0.01
    assert 0.1 < without("contrast")[0, 0] < 0.4  # the grey of the paper, inverted
    assert np.ptp(without("contrast")) < 0.7
    assert max(ink_size(without("crop"))) < 17
    assert ink_size(without("keep_aspect")) == (20, 20)
    assert max(ink_size(without("fit_20x20"))) == 28
    assert 0.01 < np.abs(without("antialias") - every).mean() < 0.1
    # The box of 16 x 20 in the middle, where the mass of a seven is not.
    assert not np.allclose(center_of_mass(without("center")), (14, 14), atol=0.5)
    assert center_of_mass(every) == pytest.approx((14, 14), abs=0.52)
    assert without("normalize") == pytest.approx(every * 255)


def test_every_stage_is_kept_and_says_what_was_done() -> None:
    digit = preprocess(on_paper(SEVEN.render()))
    assert [stage.step for stage in digit.stages] == ["source", *(step.name for step in STEPS)]
    assert {stage.step for stage in digit.stages if not stage.on} == {"deslant", "stroke_width"}
    notes = {stage.step: stage.note for stage in digit.stages}
    assert notes["source"] == "280 x 280 pixels."
    assert "inverted" in notes["polarity"]
    assert "54% of the width and 68% of the height" in notes["crop"]
    assert "16 x 20 px" in notes["fit_20x20"]
    assert notes["center"].startswith("Moved ")
    last = digit.stages[-1].image
    assert last.shape == (28, 28)
    assert np.abs(last / 255 - digit.pixels).max() <= 0.5 / 255 + 1e-6


def test_the_note_on_the_centre_is_the_move_that_was_made() -> None:
    digit = preprocess(
        Drawing((Stroke(((80.0, 60.0), (80.0, 220.0)), 20.0), Stroke(((80.0, 220.0), (200.0, 220.0)), 40.0)))
    )
    right, up = re.fullmatch(r"Moved (\d) right, (\d) up.", digit.stages[-2].note).groups()  # type: ignore[union-attr]
    before, after = digit.stages[-3].image, digit.stages[-2].image
    assert (np.roll(before, (-int(up), int(right)), axis=(0, 1)) == after).all()


def test_what_is_off_is_said_to_be_off() -> None:
    digit = preprocess(SEVEN, RAW)
    assert [stage.step for stage in digit.stages if stage.on] == ["source", "normalize"]


def test_stages_are_small_enough_to_send() -> None:
    digit = preprocess(np.pad(SEVEN.render(), 400))
    assert max(side for stage in digit.stages for side in stage.image.shape) == 280
    assert all(stage.image.dtype == np.uint8 for stage in digit.stages)


def test_an_empty_canvas_is_blank() -> None:
    for source in (Drawing(()), encode(Image.new("RGB", (40, 30), "white")), np.zeros((5, 5), np.uint8)):
        digit = preprocess(source)
        assert digit.blank
        assert not digit.pixels.any()
        assert digit.pixels.shape == (28, 28)
        assert [stage.step for stage in digit.stages] == ["source"]


def test_a_dot_is_ink() -> None:
    digit = preprocess(Drawing((Stroke(((30.0, 250.0),), 8.0),)))
    assert not digit.blank
    assert ink_size(digit.pixels) == (20, 20)


def test_ink_at_one_end_is_not_cut_off() -> None:
    """The mass is so far from the middle that to centre it would push the other end out of the 28 x 28."""
    club = Drawing((Stroke(((140.0, 40.0), (140.0, 240.0)), 4.0), Stroke(((140.0, 230.0),), 60.0)))
    pixels = preprocess(club).pixels
    assert ink_size(pixels)[0] == 20
    assert center_of_mass(pixels)[0] > 14.5


def test_wrong_use_is_told() -> None:
    with pytest.raises(ValueError, match="sharpen"):
        preprocess(SEVEN, {"sharpen"})
    for array in (np.zeros((2, 2)), np.zeros((2, 2, 3), np.uint8), np.zeros((0, 5), np.uint8)):
        with pytest.raises(ValueError, match="grey picture"):
            preprocess(array)
    with pytest.raises(UserError):
        preprocess(b"no picture")


def check(digit: Preprocessed, steps: frozenset[str]) -> None:
    assert digit.pixels.shape == (28, 28)
    assert digit.pixels.dtype == np.float32
    assert np.isfinite(digit.pixels).all()
    assert digit.pixels.min() >= 0
    assert digit.pixels.max() <= (1 if "normalize" in steps else 255)
    assert all(1 <= min(stage.image.shape) <= max(stage.image.shape) <= 280 for stage in digit.stages)
    assert all(stage.note.endswith(".") for stage in digit.stages)
    assert len(digit.stages) == (1 if digit.blank else 1 + len(STEPS))
    assert not (digit.blank and digit.pixels.any())


shapes = arrays.array_shapes(min_dims=2, max_dims=2, max_side=40)


@given(arrays.arrays(np.uint8, shapes, elements=st.integers(0, 255)), subsets)
@example(
    np.array([[0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], [0, 0, 0, 9, 0, 0]], np.uint8),
    frozenset({"deslant", "stroke_width"}),
)
@settings(max_examples=300)
def test_any_picture_gives_28_by_28_finite_pixels(grey: Grey, steps: frozenset[str]) -> None:
    check(preprocess(grey, steps), steps)


@given(st.integers(1, 1500), st.integers(1, 60), st.booleans(), st.integers(0, 2**32 - 1), subsets)
@settings(max_examples=60)
def test_any_shape_does(long: int, short: int, upright: bool, seed: int, steps: frozenset[str]) -> None:
    random = np.random.default_rng(seed)
    shape = (long, short) if upright else (short, long)
    grey = random.integers(0, 256, (1, 1)) * np.ones(shape)
    grey[: random.integers(1, shape[0] + 1), : random.integers(1, shape[1] + 1)] = random.integers(0, 256)
    grey += random.normal(0, random.choice([0, 1, 10]), shape)
    check(preprocess(grey.clip(0, 255).astype(np.uint8), steps), steps)


@pytest.mark.parametrize("shape", [(1, 1), (1, 8192), (8192, 1), (2, 2), (1, 28), (28, 1)])
@pytest.mark.parametrize("steps", [MNIST_STEPS, RAW, frozenset()])
def test_extreme_shapes_do(shape: tuple[int, int], steps: frozenset[str]) -> None:
    grey = np.zeros(shape, np.uint8)
    grey[: -(-shape[0] // 2), : -(-shape[1] // 2)] = 255
    check(preprocess(grey, steps), steps)


@given(st.binary(max_size=400), subsets)
def test_any_bytes_give_a_digit_or_a_user_error(content: bytes, steps: frozenset[str]) -> None:
    try:
        digit = preprocess(content, steps)
    except UserError:
        return
    check(digit, steps)
