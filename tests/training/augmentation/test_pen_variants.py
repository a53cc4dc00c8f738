import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from mnist_core.data.mnist_files import load_mnist
from mnist_core.preprocessing.measurements import NAMES, measure_all
from mnist_core.preprocessing.pipeline import normalise_to_mnist, preprocess
from mnist_core.preprocessing.strokes import Drawing, Stroke
from mnist_core.training.augmentation.pen_variants import PEN_VARIANTS, add_pen_variants

DIGITS = load_mnist().test_images[:500].float() / 255
LABELS = load_mnist().test_labels[:500]
AGAIN = 60  # of one drawing: what each variant does is drawn by chance


def dice(seed: int = 7) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def drawn(*paths: list[tuple[float, float]]) -> Tensor:
    """A drawing on a canvas of 280 px as a model sees it, many times."""
    strokes = tuple(Stroke(tuple(path), 20) for path in paths)
    return torch.from_numpy(preprocess(Drawing(strokes)).pixels).repeat(AGAIN, 1, 1)


def with_habit(images: Tensor, name: str) -> Tensor:
    variants = tuple(variant for variant in PEN_VARIANTS if variant.name == name)
    labels = torch.full((len(images),), variants[0].digit)
    return add_pen_variants(images, labels, 1.0, dice(), variants)


def widths(images: Tensor, top: float, bottom: float) -> Tensor:
    """How wide the ink is between these shares of its height: from its first to its last pixel, (N,)."""
    return torch.tensor([_width(image.numpy(), top, bottom) for image in images])


def _width(image: np.ndarray, top: float, bottom: float) -> int:
    rows = np.flatnonzero((image > 0.5).any(axis=1))
    low, high = rows[0] + top * len(rows), rows[0] + bottom * len(rows)
    columns = np.flatnonzero((image[int(low) : int(np.ceil(high))] > 0.5).any(axis=0))
    return int(columns[-1] - columns[0] + 1)


ZERO = drawn([(140 + 65 * np.cos(turn), 140 + 90 * np.sin(turn)) for turn in np.linspace(0, 2 * np.pi, 40)])
ONE = drawn([(140, 50), (140, 230)])
SEVEN = drawn([(80, 50), (200, 50), (120, 230)])


def test_without_a_share_nothing_is_changed_and_no_number_drawn() -> None:
    ours = dice()
    assert torch.equal(add_pen_variants(DIGITS, LABELS, 0.0, ours), DIGITS)
    assert torch.equal(ours.get_state(), dice().get_state())


def test_the_share_is_changed_and_the_others_stay_as_they_are_to_the_bit() -> None:
    before = DIGITS.clone()
    changed = (add_pen_variants(DIGITS, LABELS, 0.3, dice()) != DIGITS).any(dim=2).any(dim=1)
    assert 0.2 < changed[LABELS != 3].float().mean() < 0.4
    assert torch.equal(DIGITS, before)


def test_every_digit_has_habits_but_the_3() -> None:
    changed = (add_pen_variants(DIGITS, LABELS, 1.0, dice()) != DIGITS).any(dim=2).any(dim=1)
    assert torch.equal(changed, LABELS != 3)


@pytest.mark.parametrize("share", [0.2, 1.0])
def test_the_same_dice_give_the_same_images_and_no_others_are_thrown(share) -> None:
    state = torch.get_rng_state()
    images = add_pen_variants(DIGITS, LABELS, share, dice())
    assert torch.equal(add_pen_variants(DIGITS, LABELS, share, dice()), images)
    assert not torch.equal(add_pen_variants(DIGITS, LABELS, share, dice(8)), images)
    assert torch.equal(torch.get_rng_state(), state)


def test_what_is_no_digit_or_has_no_habit_or_no_ink_is_left_alone() -> None:
    labels = torch.tensor([-1, 10, 255, 7])
    images = DIGITS[:4].clone()
    images[3] = 0
    assert torch.equal(add_pen_variants(images, labels, 1.0, dice()), images)
    sevens = tuple(variant for variant in PEN_VARIANTS if variant.digit == 7)
    assert torch.equal(add_pen_variants(DIGITS[:9], torch.full((9,), 4), 1.0, dice(), sevens), DIGITS[:9])
    assert add_pen_variants(DIGITS[:0], LABELS[:0], 1.0, dice()).shape == (0, 28, 28)


def test_labels_may_be_bytes() -> None:
    assert torch.equal(
        add_pen_variants(DIGITS, LABELS.byte(), 0.5, dice()), add_pen_variants(DIGITS, LABELS, 0.5, dice())
    )


def test_ink_stays_between_paper_and_full() -> None:
    images = add_pen_variants(DIGITS, LABELS, 1.0, dice())
    assert images.dtype == torch.float32
    assert images.min() >= 0
    assert images.max() <= 1


@pytest.mark.parametrize("variant", PEN_VARIANTS, ids=lambda variant: variant.name)
def test_the_digit_is_framed_again_as_mnist_frames(variant) -> None:
    """Framed once more by the app, which measures it, the digit stays what it is and where it is."""
    images = add_pen_variants(DIGITS[:60], torch.full((60,), variant.digit), 1.0, dice(), (variant,))
    framed = torch.from_numpy(np.stack([normalise_to_mnist(image.numpy()) for image in images]))
    size, right, down = (measures(images)[:, NAMES.index(name)] for name in ("size", "mass_right", "mass_down"))
    assert (size - measures(framed)[:, NAMES.index("size")]).abs().mean() < 0.6
    assert (torch.maximum((right - 0.5).abs(), (down - 0.5).abs()) < 0.55).float().mean() > 0.98
    assert (images - framed).abs().mean() < 0.03


def measures(images: Tensor) -> Tensor:
    return measure_all(F.interpolate(images.unsqueeze(1), scale_factor=4, mode="nearest").squeeze(1))


def test_a_slash_fills_the_hole_of_a_zero() -> None:
    hole = np.s_[:, 13:16, 13:16]
    assert ZERO[hole].max() == 0
    slashed = with_habit(ZERO, "slashed zero")
    assert (slashed[hole].amax(dim=(1, 2)) > 0.8).all()
    # From the lower left to the upper right: about the middle, the two other corners of the hole stay paper.
    quarters = [slashed[:, rows, columns].mean() for rows, columns in _CORNERS]
    assert quarters[0] > 2 * quarters[1]


_CORNERS = (
    ([10, 11, 17, 16], [16, 16, 11, 11]),  # upper right, lower left
    ([10, 11, 17, 16], [11, 11, 16, 16]),  # upper left, lower right
)


def test_a_dot_is_small_and_in_the_middle_of_its_zero() -> None:
    dotted = with_habit(ZERO, "dotted zero")
    assert (dotted[:, 12:17, 12:17].amax(dim=(1, 2)) > 0.8).all()
    added = dotted.sum(dim=(1, 2)) - ZERO.sum(dim=(1, 2))
    assert (added < 12).all()


def test_a_bar_crosses_the_stem_of_a_seven() -> None:
    crossed = with_habit(SEVEN, "crossed seven")
    assert widths(SEVEN, 0.4, 0.65)[0] <= 6
    assert (widths(crossed, 0.25, 0.8) >= 7).float().mean() > 0.95
    assert (widths(crossed, 0.9, 1.0) <= widths(SEVEN, 0.9, 1.0) + 1).all()


def test_an_upstroke_comes_from_the_left_to_the_top_of_a_one() -> None:
    images = with_habit(ONE, "one with an upstroke")
    assert (widths(images, 0, 1) >= widths(ONE, 0, 1) + 2).float().mean() > 0.9
    assert (widths(images, 0, 0.01) <= widths(ONE, 0, 0.01) + 4).float().mean() > 0.9
    stem = images[:, 20:23].sum(dim=1) @ torch.arange(28.0) / images[:, 20:23].sum(dim=(1, 2))
    beside = torch.arange(28) - stem.unsqueeze(1)
    ink = images.sum(dim=1)
    left, right = ((ink * away).sum(dim=1) for away in (beside < -2, beside > 2))
    assert (left > 10 * right).float().mean() > 0.8


def test_a_one_stands_on_its_foot() -> None:
    images = with_habit(ONE, "one with a foot")
    assert (widths(images, 0.85, 1.0) >= widths(ONE, 0.85, 1.0) + 3).all()
    assert (widths(images, 0, 0.7) <= widths(ONE, 0, 0.7) + 1).all()


@pytest.mark.parametrize("name", ["slashed zero", "crossed seven", "one with an upstroke and a foot"])
def test_the_pen_is_the_digits_own(name) -> None:
    digit = next(variant.digit for variant in PEN_VARIANTS if variant.name == name)
    images = DIGITS[digit == LABELS]
    before, after = (measures(batch) for batch in (images, with_habit(images, name)))
    pen, size = NAMES.index("stroke"), NAMES.index("size")
    shares = (after[:, pen] / after[:, size]) / (before[:, pen] / before[:, size])
    assert shares.median() == pytest.approx(0.9, abs=0.2)  # thinner, where the digit became larger and was reduced
