import numpy as np
import pytest
from PIL import Image

from mnist_core.preprocessing.segmentation import segment
from mnist_core.preprocessing.strokes import Drawing, Stroke
from tests.preprocessing.examples import SEVEN, Grey, encode, mnist_images, on_paper

INK = SEVEN.render()
BOX = (50, 240, 50, 200)  # of the seven: its path from (60, 60) to (190, 230), and half a pen of 20 around it


def within(box: tuple[int, ...], of: tuple[int, ...], by_px: int) -> bool:
    return all(abs(one - other) <= by_px for one, other in zip(box, of, strict=True))


def through_jpeg(grey: Grey, quality: int) -> Grey:
    import io

    return np.array(Image.open(io.BytesIO(encode(grey, "JPEG", quality=quality))))


def test_on_a_clean_canvas_the_strength_is_the_ink_itself() -> None:
    inked = segment(INK)
    assert inked is not None
    assert not inked.dark_ink
    assert inked.paper_level == 0
    assert inked.contrast_levels == 255
    assert within(inked.box, BOX, 1)
    bold = INK > 20
    assert np.abs(inked.alpha - INK / 255)[bold].max() < 1e-6
    assert inked.alpha[~bold].max() <= 0.1


@pytest.mark.parametrize("number", range(20))
def test_both_polarities_of_mnist_are_told_apart(number: int) -> None:
    image = mnist_images(20)[number]
    light, dark = segment(image), segment(255 - image)
    assert light is not None
    assert dark is not None
    assert (light.dark_ink, dark.dark_ink) == (False, True)
    assert np.abs(light.alpha - dark.alpha).max() < 1e-6
    rows, columns = np.nonzero(image > 15)
    assert within(light.box, (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1), 1)


def test_ink_may_cover_more_than_the_paper() -> None:
    thick = Drawing((Stroke(((60.0, 60.0), (220.0, 60.0), (60.0, 220.0), (220.0, 220.0)), 95.0),)).render()
    assert (thick > 127).mean() > 0.5
    for grey, dark_ink in ((thick, False), (255 - thick, True)):
        inked = segment(grey)
        assert inked is not None
        assert inked.dark_ink == dark_ink


def test_ink_may_touch_the_edge() -> None:
    cut = INK[50:240, 50:200]
    for grey, dark_ink in ((cut, False), (255 - cut, True)):
        inked = segment(grey)
        assert inked is not None
        assert inked.dark_ink == dark_ink
        assert within(inked.box, (0, 190, 0, 150), 1)


def vignette(side: int = 280) -> np.ndarray:
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    return 1 - 0.2 * (x * x + y * y)


def shadow(side: int = 280) -> np.ndarray:
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    return np.where(x + 0.3 * y > 0.2, 0.6, 1.0)


def on_a_desk(grey: Grey) -> Grey:
    desk = np.random.default_rng(0).normal(50, 3, (400, 400)).astype(np.uint8)
    desk[60:340, 60:340] = grey
    return desk


def with_a_dark_edge(grey: Grey) -> Grey:
    grey = grey.copy()
    grey[:, :20] = 60
    return grey


def ruled(grey: Grey) -> Grey:
    lines = np.arange(280) % 28 < 2
    return np.where(lines[:, None], (grey * 0.8).astype(np.uint8), grey)


def with_specks(grey: Grey) -> Grey:
    grey = grey.copy()
    for row, column in ((10, 10), (20, 250), (265, 30), (150, 270)):
        grey[row : row + 4, column : column + 4] = 40
    return grey


PAPER = on_paper(INK)
PHOTOS = {
    "grey paper, light from the left": PAPER,
    "strong light from the left": on_paper(INK, light=120),
    "JPEG": through_jpeg(PAPER, 60),
    "poor JPEG": through_jpeg(on_paper(INK, light=60, grain=6), 30),
    "pale pencil": on_paper(INK, pen=150),
    "vignette": (PAPER * vignette()).astype(np.uint8),
    "hard shadow": (on_paper(INK, grain=0) * shadow()).astype(np.uint8),
    "ruled paper": ruled(PAPER),
    "specks": with_specks(PAPER),
    "a dark edge": with_a_dark_edge(PAPER),
}


@pytest.mark.parametrize("grey", PHOTOS.values(), ids=PHOTOS.keys())
def test_in_a_photo_the_ink_is_found_and_the_paper_is_not(grey: Grey) -> None:
    inked = segment(grey)
    assert inked is not None
    assert inked.dark_ink
    assert within(inked.box, BOX, 5)
    top, bottom, left, right = inked.box
    strength, true = inked.alpha[top:bottom, left:right], INK[top:bottom, left:right] / 255
    assert np.abs(strength - true).mean() < 0.06
    assert strength[true > 0.9].mean() > 0.85


def test_chalk_on_an_unevenly_lit_board_is_light_ink() -> None:
    board = (40 + INK * 0.6) * np.linspace(1.3, 0.7, 280)
    inked = segment(board.astype(np.uint8))
    assert inked is not None
    assert not inked.dark_ink
    assert within(inked.box, BOX, 5)


def test_a_sheet_on_a_desk_is_paper() -> None:
    inked = segment(on_a_desk(PAPER))
    assert inked is not None
    assert inked.dark_ink
    assert within(inked.box, tuple(edge + 60 for edge in BOX), 5)
    assert inked.alpha.shape == (400, 400)


def test_a_filled_square_is_ink() -> None:
    grey = np.zeros((280, 280), np.uint8)
    grey[60:220, 60:220] = 255
    inked = segment(grey)
    assert inked is not None
    assert inked.box == (60, 220, 60, 220)


def gradient() -> Grey:
    return np.tile(np.linspace(60, 220, 300), (200, 1)).astype(np.uint8)


def noise(levels: float) -> Grey:
    return np.random.default_rng(0).normal(128, levels, (280, 280)).clip(0, 255).astype(np.uint8)


BLANK = {
    "black": np.zeros((280, 280), np.uint8),
    "white": np.full((280, 280), 255, np.uint8),
    "grey": np.full((33, 77), 100, np.uint8),
    "one pixel": np.full((1, 1), 7, np.uint8),
    "faint noise": noise(1),
    "paper grain": noise(6),
    "noise": noise(20),
    "noise in a small picture": noise(2)[:28, :28],
    "gradient": gradient(),
    "noisy gradient": (gradient() + np.random.default_rng(1).normal(0, 4, (200, 300))).clip(0, 255).astype(np.uint8),
    "blank paper as JPEG": through_jpeg(on_paper(np.zeros((280, 280), np.uint8)), 40),
    "vignette": (200 * vignette()).astype(np.uint8),
    "a trace": np.pad(np.full((90, 20), 6, np.uint8), 90),
}


@pytest.mark.parametrize("grey", BLANK.values(), ids=BLANK.keys())
def test_paper_without_ink_is_blank(grey: Grey) -> None:
    assert segment(grey) is None


@pytest.mark.parametrize("shape", [(1, 8192), (8192, 1), (9, 900), (900, 9)])
def test_ink_is_found_in_thin_pictures(shape: tuple[int, int]) -> None:
    grey = np.zeros(shape, np.uint8)
    grey[tuple(slice(2 * side // 5, 3 * side // 5 + 1) for side in shape)] = 255
    inked = segment(grey)
    assert inked is not None
    assert inked.alpha.shape == shape
    assert (inked.alpha.max(), inked.alpha.min()) == (1, 0)
