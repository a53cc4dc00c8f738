import numpy as np
import pytest
import torch
from scipy import ndimage

from mnist_core.checkpoints.build.ood_detector import restyled
from mnist_core.data.mnist_files import load_mnist
from mnist_core.diagnosis import outlier_exposure
from mnist_core.diagnosis.glyph_strokes import strokes_of
from mnist_core.diagnosis.outlier_exposure import FIELD_PX, Hand, as_seen, draw
from mnist_core.preprocessing.pipeline import preprocess

PLAIN = Hand(0.1, 1.0, True, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def random():
    return np.random.default_rng(5)


@pytest.mark.parametrize("kind", outlier_exposure.NON_DIGITS)
def test_a_stranger_is_ink_within_its_field(kind: str) -> None:
    make, _ = outlier_exposure.NON_DIGITS[kind]
    chance = random()
    for _ in range(30):
        ink = make(chance)
        assert (ink.shape, ink.dtype) == ((FIELD_PX, FIELD_PX), np.uint8)
        assert 0.001 < (ink > 127).mean() < 0.9
        assert max(ink[0].max(), ink[-1].max(), ink[:, 0].max(), ink[:, -1].max()) == 0


def test_the_shares_of_the_kinds_are_all_there_is() -> None:
    assert sum(share for _, share in outlier_exposure.NON_DIGITS.values()) == pytest.approx(1)


def test_the_same_random_numbers_make_the_same_strangers() -> None:
    first, again = (outlier_exposure.draw_non_digits(20, random()) for _ in range(2))
    assert (first == again).all()


def test_a_straight_hand_draws_a_plus_as_it_is() -> None:
    ink = draw(strokes_of("0,5 10,5|5,0 5,10"), PLAIN, random()) > 127
    assert (ink == ink[::-1]).mean() > 0.98
    assert (ink == ink.T).mean() > 0.98
    thickness = ink[:, FIELD_PX // 4].sum() / (ink.any(axis=0).sum())
    assert thickness == pytest.approx(0.1, abs=0.02)


def test_contrast_makes_upright_strokes_wider_than_level_ones() -> None:
    ink = draw(strokes_of("0,5 10,5|5,0 5,10"), Hand(0.1, 2.0, True, 0, 0, 0, 0, 1, 0), random()) > 127
    assert ink[FIELD_PX // 5].sum() == pytest.approx(2 * ink[:, FIELD_PX // 5].sum(), rel=0.15)


def test_serifs_stand_on_loose_ends_only() -> None:
    bars = outlier_exposure._serifs(strokes_of("0,0 0,10|0,5 5,5"), 3.0)
    places = sorted(tuple(bar.mean(axis=0)) for bar in bars)
    assert places == [(0, 0), (0, 10), (5, 5)]


def test_what_a_model_sees_is_what_digitize_makes_of_the_same_picture() -> None:
    chance = random()
    drawn = np.stack([outlier_exposure.written_digit(chance)[1] for _ in range(20)])
    seen = as_seen(torch.from_numpy(drawn).float() / 255).numpy()
    exact = np.stack([preprocess(ink).canonical for ink in drawn])
    assert np.abs(seen - exact).mean() < 0.01


def test_two_digits_on_top_of_each_other_hold_the_ink_of_both() -> None:
    shapes = restyled(load_mnist().test_images[:40], random())
    made = outlier_exposure._on_top(shapes, shapes.flip(0), random())
    assert (made.sum(dim=(1, 2)) > 1.1 * shapes.sum(dim=(1, 2)).minimum(shapes.flip(0).sum(dim=(1, 2)))).all()


def test_two_digits_side_by_side_are_apart() -> None:
    ones = load_mnist().test_images[load_mnist().test_labels == 1][:8]
    shapes = restyled(ones, random())
    made = outlier_exposure._side_by_side(shapes, shapes.flip(0)) > 0.5
    assert [ndimage.label(one)[1] for one in made.numpy()] == [2] * 8


def test_digits_in_another_hand_are_still_digits() -> None:
    from mnist_core.runs.registry import load_model
    from mnist_core.training.inference import predict_logits

    images, labels = load_mnist().test_images[:300], load_mnist().test_labels[:300]
    seen = as_seen(restyled(images, random()))
    right = (predict_logits(load_model().model, seen).argmax(dim=1) == labels).float().mean()
    assert right > 0.9
