import math

import numpy as np
import pytest
import torch
from scipy import ndimage

from mnist_core.data.mnist_files import load_mnist
from mnist_core.preprocessing.measurements import NAMES, count_shapes, measure_all

SIDE = 112  # four points a pixel


def measured(strength: torch.Tensor) -> dict[str, float]:
    return dict(zip(NAMES, measure_all(strength.unsqueeze(0))[0].tolist(), strict=True))


def bar(width: int, height: int, right: int = 0, down: int = 0) -> torch.Tensor:
    """An upright bar; all sizes in points, offsets from the middle."""
    field = torch.zeros(SIDE, SIDE)
    top, left = (SIDE - height) // 2 + down, (SIDE - width) // 2 + right
    field[top : top + height, left : left + width] = 1.0
    return field


def test_a_bar_in_the_middle() -> None:
    found = measured(bar(8, 80))
    assert found["size"] == 20
    assert found["aspect"] == pytest.approx(0.1)
    assert found["stroke"] == pytest.approx(2, rel=0.12)  # the ends of the bar are outline too
    for name in ("right", "down", "mass_right", "mass_down", "slant"):
        assert found[name] == pytest.approx(0, abs=1e-3)


def test_places_are_counted_in_pixels_from_the_middle() -> None:
    found = measured(bar(8, 40, right=12, down=-8))
    assert (found["right"], found["down"]) == (3, -2)
    assert (found["mass_right"], found["mass_down"]) == (pytest.approx(3, abs=1e-4), pytest.approx(-2, abs=1e-4))


def test_the_eight_measures_that_others_know_by_place_stay_where_they_are() -> None:
    assert NAMES[:8] == ("size", "right", "down", "mass_right", "mass_down", "aspect", "stroke", "slant")


def test_the_centre_of_mass_is_held_against_mnists() -> None:
    # MNIST's is the middle of pixel 14, half a pixel right of and below the field's: 3 and 4 pixels make 5.
    assert measured(bar(8, 40, right=14, down=18))["mass_offset"] == pytest.approx(5, abs=1e-4)


def test_shapes_are_those_of_scipy_without_specks() -> None:
    images = load_mnist().train_images[:300].numpy() / np.float32(255)
    several = 0
    for image in images:
        ink = image > 0.3
        labels, count = ndimage.label(ink, np.ones((3, 3)))
        areas = ndimage.sum_labels(ink, labels, range(1, count + 1))
        expected = int((areas >= 0.03 * areas.max()).sum())
        several += expected > 1
        assert count_shapes(image) == expected
    assert several > 0


def test_two_bars_are_two_shapes_and_a_dot_beside_them_is_none() -> None:
    field = np.zeros((28, 28), np.float32)
    field[4:24, 6:9] = field[4:24, 18:21] = 1.0
    field[2, 13] = 1.0
    assert count_shapes(field) == 2


@pytest.mark.parametrize("lean_deg", [-25, -10, 10, 25])
def test_a_leaning_bar_leans_by_its_angle(lean_deg: float) -> None:
    field = torch.zeros(SIDE, SIDE)
    for row in range(16, 96):
        left = round(52 + (56 - row) * math.tan(math.radians(lean_deg)))
        field[row, left : left + 8] = 1.0
    assert measured(field)["slant"] == pytest.approx(lean_deg, abs=1)


@pytest.mark.parametrize("pen", [4, 8, 16])
def test_a_thicker_pen_measures_thicker(pen: int) -> None:
    # A ring: area = 2 pi r w, outline = 4 pi r.
    y, x = torch.meshgrid(torch.arange(SIDE) - 55.5, torch.arange(SIDE) - 55.5, indexing="ij")
    ring = (pen / 2 + 0.5 - (torch.hypot(x, y) - 32).abs()).clamp(0, 1)
    assert measured(ring)["stroke"] == pytest.approx(pen / 4, rel=0.15)


def test_an_empty_field_gives_finite_numbers() -> None:
    assert torch.isfinite(measure_all(torch.zeros(1, SIDE, SIDE))).all()
