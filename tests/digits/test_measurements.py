import math

import pytest
import torch

from mnist_core.digits.measurements import NAMES, measure_all

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
