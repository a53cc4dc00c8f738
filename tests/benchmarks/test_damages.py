import numpy as np
import pytest

from mnist_core.diagnosis.causes import CAUSES
from mnist_core.preprocessing.strokes import Drawing, Stroke
from tests.benchmarks.damages import DAMAGES

FIVE = Drawing((Stroke(((180, 60), (110, 62), (105, 130), (170, 150), (165, 215), (100, 220)), 20),))
GOOD = FIVE.render()


def damaged(code: str, seed: int = 0) -> np.ndarray:
    return DAMAGES[code](FIVE, np.random.default_rng(seed))


def box(picture: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(picture > 128)
    return int(rows.min()), int(rows.max()), int(columns.min()), int(columns.max())


def size(picture: np.ndarray) -> tuple[int, int]:
    top, bottom, left, right = box(picture)
    return bottom - top + 1, right - left + 1


@pytest.mark.parametrize("code", DAMAGES)
def test_every_damage_is_a_cause_that_the_diagnosis_knows_and_depends_on_its_seed_alone(code: str) -> None:
    assert code in CAUSES
    assert damaged(code).shape == (280, 280)
    assert damaged(code).dtype == np.uint8
    assert (damaged(code) == damaged(code)).all()
    assert (damaged(code) != GOOD).any()


@pytest.mark.parametrize("seed", range(5))
def test_damages_do_what_they_say(seed: int) -> None:
    top, bottom, left, right = box(damaged("off_center", seed))
    assert min(top, 279 - bottom) < 30
    assert min(left, 279 - right) < 30
    assert size(damaged("off_center", seed)) == pytest.approx(size(GOOD), abs=2)
    assert 0.22 < size(damaged("too_small", seed))[0] / size(GOOD)[0] < 0.48
    height, width = (new / old for new, old in zip(size(damaged("stretched", seed)), size(GOOD), strict=True))
    assert max(height, width) == pytest.approx(1, abs=0.02)
    assert 0.28 < min(height, width) < 0.52
    assert damaged("too_thin", seed).sum() < 0.5 * GOOD.sum()
    assert damaged("too_thick", seed).sum() > 1.5 * GOOD.sum()
    faint = damaged("low_contrast", seed)
    assert 19 <= int(faint.max()) - int(faint.min()) <= 61
    paper = GOOD == 0
    assert damaged("noisy_background", seed)[paper].std() > 20


def test_pictures_are_turned_over_as_numpy_does() -> None:
    assert (damaged("inverted") == 255 - GOOD).all()
    assert (damaged("mirrored") == np.fliplr(GOOD)).all()
    assert (damaged("transposed") == GOOD.T).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_turn_is_one_of_25_to_60_degrees(seed: int) -> None:
    bar = Drawing((Stroke(((140, 60), (140, 220)), 20),))
    rows, columns = np.nonzero(DAMAGES["rotated"](bar, np.random.default_rng(seed)) > 128)
    (a, b), (_, d) = np.cov(columns, rows)
    angle_deg = abs(np.degrees(0.5 * np.arctan2(2 * b, a - d)))
    assert 23 < 90 - angle_deg < 62
