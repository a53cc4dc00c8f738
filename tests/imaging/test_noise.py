import numpy as np
import pytest
from scipy import ndimage

from mnist_core.imaging.noise import Grain, measure_grain, without_grain
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.segmentation import segment
from tests.preprocessing.examples import SEVEN, Grey

INK = SEVEN.render()


def normal(grey: Grey, levels: float) -> Grey:
    return (grey + np.random.default_rng(0).normal(0, levels, grey.shape)).clip(0, 255).round().astype(np.uint8)


def salt_and_pepper(grey: Grey, share: float) -> Grey:
    random = np.random.default_rng(0).random(grey.shape)
    return np.where(random < share / 2, 0, np.where(random < share, 255, grey)).astype(np.uint8)


def uniform(grey: Grey, levels: float) -> Grey:
    return (grey + np.random.default_rng(0).uniform(-levels, levels, grey.shape)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("shape", [(280, 280), (70, 900)])
@pytest.mark.parametrize("levels", [3, 10, 30])
def test_grain_is_the_standard_deviation_of_the_noise(levels: float, shape: tuple[int, int]) -> None:
    assert measure_grain(normal(np.full(shape, 128, np.uint8), levels)).levels == pytest.approx(
        levels, rel=0.1, abs=0.4
    )


@pytest.mark.parametrize("share", [0.05, 0.15])
def test_specks_are_counted(share: float) -> None:
    grey = salt_and_pepper(np.full((280, 280), 128, np.uint8), share)
    alone = share * (1 - share / 2) ** 4  # no neighbour is of the same kind
    assert measure_grain(grey).speckled == pytest.approx(alone, rel=0.25)


def test_a_drawing_and_a_tiny_picture_have_no_grain() -> None:
    assert not measure_grain(INK).is_strong
    assert measure_grain(normal(np.zeros((28, 28), np.uint8), 60)) == Grain(0.0, 0.0)


def test_specks_go_by_the_median_of_nine() -> None:
    grey = salt_and_pepper(INK, 0.02)
    smoothed = without_grain(grey, Grain(0.0, 0.01))
    assert (smoothed == ndimage.median_filter(grey, 3, mode="nearest")).all()


NOISES = {
    "grain": normal(INK, 40),
    "strong grain": normal(INK, 90),
    "salt and pepper": salt_and_pepper(INK, 0.05),
    "much salt and pepper": salt_and_pepper(INK, 0.25),
    "even noise": uniform(INK, 140),
}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("noisy", NOISES.values(), ids=NOISES.keys())
def test_a_noisy_drawing_gives_the_digit_of_the_clean_one(noisy: Grey, dark: bool) -> None:
    grey = 255 - noisy if dark else noisy
    inked = segment(grey)
    assert inked is not None
    assert inked.dark_ink == dark
    assert inked.noise_share > 0.25
    assert np.abs(preprocess(grey).pixels - preprocess(INK).pixels).mean() < 0.035
    assert inked.alpha[INK == 0].mean() < 0.02


@pytest.mark.parametrize("paper", [0, 60, 120])
@pytest.mark.parametrize("contrast", [20, 60])
def test_a_faint_drawing_is_not_noisy(paper: int, contrast: int) -> None:
    inked = segment((paper + INK / 255 * contrast).astype(np.uint8))
    assert inked is not None
    assert inked.noise_share < 0.05


@pytest.mark.parametrize("level", [0, 60, 128, 255])
def test_noise_alone_is_blank(level: int) -> None:
    paper = np.full((280, 280), level, np.uint8)
    for noisy in (
        *(normal(paper, levels) for levels in (10, 40, 65, 90)),
        *(salt_and_pepper(paper, s) for s in (0.05, 0.25)),
    ):
        assert segment(noisy) is None
