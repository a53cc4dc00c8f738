import math

import numpy as np
import pytest

from mnist_core.preprocessing.deskew_and_stroke import deskew, margin_to_usual, set_stroke_width, skew, stroke_width
from mnist_core.preprocessing.pipeline import preprocess
from mnist_core.preprocessing.steps import MNIST_STEPS
from mnist_core.preprocessing.strokes import Drawing, Stroke


def ink(*points: tuple[float, float], width_px: float = 20) -> np.ndarray:
    return Drawing((Stroke(points, width_px),)).render().astype(np.float32) / 255


@pytest.mark.parametrize("angle_deg", [-30, 0, 20, 35])
def test_the_lean_of_a_bar_is_its_angle_and_can_be_undone(angle_deg: float) -> None:
    reach = 100 * math.tan(math.radians(angle_deg))
    bar = ink((140 + reach, 40), (140 - reach, 240), width_px=4)
    assert math.degrees(math.atan(skew(bar))) == pytest.approx(angle_deg, abs=1.5)
    straight = deskew(bar, skew(bar), 0.0)
    assert skew(straight) == pytest.approx(0, abs=0.02)
    assert straight.sum() == pytest.approx(bar.sum(), rel=0.01)


def test_paper_around_a_slanted_digit_stays_paper() -> None:
    grey = 200 - 150 * ink((200, 40), (80, 240))
    assert deskew(grey, 0.6, 200.0).max() <= 200.5
    assert deskew(grey, 0.6, 200.0)[0, 0] == pytest.approx(200)


@pytest.mark.parametrize("width_px", [6, 14, 30])
def test_a_pens_width_is_measured_and_changed(width_px: float) -> None:
    bar = ink((40, 140), (240, 140), width_px=width_px)
    assert stroke_width(bar) == pytest.approx(width_px, rel=0.15)
    for margin in (-2, 4):
        changed = set_stroke_width(bar, margin)
        rows = int((changed[:, 140] > 0.5).sum())
        assert rows == pytest.approx(width_px + 2 * margin, abs=1.1)


def test_a_pen_is_never_thinned_to_nothing() -> None:
    bar = ink((40, 140), (240, 140), width_px=6)
    assert set_stroke_width(bar, -10).max() == 1


@pytest.mark.parametrize("width_px", [7, 12, 40])
def test_the_step_gives_every_pen_the_same_width(width_px: float) -> None:
    seven = Drawing((Stroke(((80, 60), (200, 60), (120, 220)), width_px),))
    usual = preprocess(Drawing((Stroke(seven.strokes[0].points, 22),)), MNIST_STEPS | {"stroke_width"}).pixels
    changed = preprocess(seven, MNIST_STEPS | {"stroke_width"}).pixels
    assert changed.sum() == pytest.approx(usual.sum(), rel=0.12)


def test_the_margin_is_what_the_usual_pen_needs() -> None:
    bar = ink((140, 40), (140, 240), width_px=10)
    margin = margin_to_usual(bar, 210)
    assert stroke_width(set_stroke_width(np.pad(bar, 20), margin)) == pytest.approx(0.12 * (210 + 2 * margin), rel=0.1)
