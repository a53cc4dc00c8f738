import math

import numpy as np
import pytest
import torch
from PIL import Image

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.diagnosis.finding import Finding, share_in_words
from mnist_core.diagnosis.measurement_report import measurement_report
from mnist_core.preprocessing.measurements import NAMES, measure_all
from mnist_core.preprocessing.pipeline import Grey, preprocess
from mnist_core.preprocessing.pipeline_batched import sample
from mnist_core.preprocessing.steps import MNIST_STEPS, RAW

STROKE = NAMES.index("stroke")


def findings(picture: Grey, digit: int, steps: frozenset[str] = RAW) -> dict[str, Finding]:
    return {one.name: one for one in measurement_report(preprocess(picture, steps), digit)}


@pytest.fixture(scope="module")
def sevens() -> Grey:
    data = split(load_mnist())
    return data.train_images[data.train_labels == 7].numpy()


@pytest.fixture(scope="module")
def strokes(sevens: Grey) -> np.ndarray:
    """The stroke widths of all training sevens."""
    images = torch.from_numpy(sevens[::4]).float() / 255
    return measure_all(sample(images, torch.eye(3).expand(len(images), 3, 3)))[:, STROKE].numpy()


def large(image: Grey) -> Grey:
    """Five times as large, white on black."""
    return np.asarray(Image.fromarray(image).resize((140, 140), Image.Resampling.BICUBIC))


def test_a_training_image_lies_where_it_lies_among_all(sevens: Grey, strokes: np.ndarray) -> None:
    for place in (3, 400, 900):
        found = findings(sevens[4 * place], 7)["stroke"]
        assert found.value == pytest.approx(strokes[place], abs=0.02)
        assert found.ranks.below == pytest.approx(np.mean(strokes < strokes[place]), abs=0.03)
        assert found.ranks.below + found.ranks.above == pytest.approx(1, abs=0.01)


def test_what_is_usual_holds_95_of_100(sevens: Grey, strokes: np.ndarray) -> None:
    low, high = findings(sevens[0], 7)["stroke"].usual
    assert np.mean((low <= strokes) & (strokes <= high)) == pytest.approx(0.95, abs=0.02)


def test_few_of_mnists_own_digits_are_unusual() -> None:
    data = split(load_mnist())
    counts = [
        sum(one.unusual for one in measurement_report(preprocess(image, RAW), int(label)))
        for image, label in zip(data.validation_images[:60].numpy(), data.validation_labels[:60], strict=True)
    ]
    assert np.mean(counts) < 0.6


def test_a_thin_stroke_is_said_to_be_thin(sevens: Grey) -> None:
    picture = np.zeros((280, 280), np.uint8)
    picture[40:44, 60:220] = picture[40:240, 216:220] = 255
    found = findings(picture, 7, MNIST_STEPS)["stroke"]
    assert found.unusual
    assert found.sentence.startswith("The stroke is thinner than")
    assert found.ranks.above > 0.99


def test_a_small_digit_in_a_corner_is_usual_only_once_the_steps_have_mended_it(sevens: Grey) -> None:
    picture = np.full((300, 300), 230, np.uint8)
    picture[150:290, 10:150] = 230 - (large(sevens[0]) * 0.8).astype(np.uint8)
    raw, mended = findings(picture, 7, RAW), findings(picture, 7, MNIST_STEPS)
    for name in ("size", "mass_offset", "polarity"):
        assert raw[name].unusual
        assert not mended[name].unusual
        assert raw[name].value == raw[name].before == mended[name].before != mended[name].value
    assert raw["right"].value < -3 < 3 < raw["down"].value
    assert "further left" in raw["right"].sentence
    assert "lower" in raw["down"].sentence
    assert raw["polarity"].words == "dark on light"
    assert mended["polarity"].words_before == "dark on light"


def test_the_most_unusual_comes_first_and_the_usual_in_a_fixed_order(sevens: Grey) -> None:
    picture = np.zeros((300, 300), np.uint8)
    picture[10:80, 10:80] = large(sevens[5])[::2, ::2]
    found = measurement_report(preprocess(picture, RAW), 7)
    unusual = [one for one in found if one.unusual]
    assert found[: len(unusual)] == tuple(unusual)
    assert [one.far for one in unusual] == sorted((one.far for one in unusual), reverse=True)
    assert len({one.name for one in found}) == len(found) == 12
    same = sevens[0]
    first, second = (measurement_report(preprocess(image, RAW), 7) for image in (same, same))
    assert [one.name for one in first] == [one.name for one in second]


def test_a_turned_seven_is_turned(sevens: Grey) -> None:
    image = large(sevens[0])
    upright = findings(image, 7)["rotation"].value
    for angle_deg in (50, -50):
        turned = np.asarray(Image.fromarray(image).rotate(-angle_deg, Image.Resampling.BILINEAR))
        found = findings(turned, 7)["rotation"]
        assert found.value - upright == pytest.approx(angle_deg, abs=6)
        assert found.words.endswith("to the right" if found.value > 0 else "to the left")
        assert found.unusual


def test_shapes_say_how_many_digits_of_the_class_have_as_many(sevens: Grey) -> None:
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 6:9] = picture[4:24, 18:21] = 255
    found = findings(picture, 7)["shapes"]
    assert (found.value, found.words, found.unusual) == (2, "2 pieces", True)
    assert found.sentence.startswith("0.8\xa0% of MNIST's 7s are in 2 pieces")
    five = findings(picture, 5)["shapes"]
    assert not five.unusual  # one 5 in eighteen has its roof drawn apart


def test_faint_ink_and_grain_are_unusual_unless_the_steps_take_them_away(sevens: Grey) -> None:
    random = np.random.default_rng(0)
    grain = random.normal(0, 8, (140, 140))
    picture = (60 + 0.35 * large(sevens[0]) + grain).clip(0, 255).astype(np.uint8)
    raw, mended = findings(picture, 7, RAW), findings(picture, 7, MNIST_STEPS)
    assert raw["contrast"].unusual
    assert raw["grain"].unusual
    assert not mended["contrast"].unusual
    assert not mended["grain"].unusual
    assert mended["grain"].words == "none"
    assert mended["contrast"].words_before == raw["contrast"].words


def test_the_drawn_distribution_is_mnists(sevens: Grey, strokes: np.ndarray) -> None:
    drawn = findings(sevens[0], 7)["stroke"].histogram
    low, high = (float(end.removesuffix(" px")) for end in drawn.ends)
    middles = low + (np.arange(len(drawn.of_class)) + 0.5) / len(drawn.of_class) * (high - low)
    assert np.average(middles, weights=drawn.of_class) == pytest.approx(strokes.mean(), rel=0.03)
    assert max(*drawn.of_class, *drawn.of_all) == pytest.approx(1)
    assert 0 <= drawn.usual[0] < drawn.usual[1] <= 1


def test_the_marker_is_always_inside_its_plot(sevens: Grey) -> None:
    picture = np.zeros((400, 400), np.uint8)
    picture[0:20, 380:400] = 255
    for steps in (RAW, MNIST_STEPS):
        for found in findings(picture, 7, steps).values():
            drawn = found.histogram
            assert 0 <= drawn.at <= 1
            assert 0 <= drawn.at_before <= 1
            assert all(math.isfinite(height) and height >= 0 for height in (*drawn.of_class, *drawn.of_all))
            assert found.title
            assert found.help
            assert found.usual_words


def test_blank_paper_has_nothing_to_measure() -> None:
    blank = np.zeros((50, 50), np.uint8)
    assert measurement_report(preprocess(blank), 3) == ()


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "none"), (1.0, "all"), (0.9961, "99.6\xa0%"), (0.34, "34\xa0%"), (0.99999, "99.9\xa0%"), (1e-6, "0.1\xa0%")],
)
def test_shares_are_exact_where_it_matters(share: float, words: str) -> None:
    assert share_in_words(share) == words
