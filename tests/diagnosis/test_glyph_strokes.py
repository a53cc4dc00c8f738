import numpy as np
import pytest
from scipy.interpolate import CubicHermiteSpline

from mnist_core.diagnosis.glyph_strokes import LETTERS, SIGNS, WRITTEN_DIGITS, smooth, strokes_of


def test_every_glyph_is_made_of_strokes_of_at_least_two_points() -> None:
    ways = [way for source in (LETTERS, SIGNS, WRITTEN_DIGITS) for every in source.values() for way in every]
    for way in ways:
        assert all(len(points) >= 2 and points.shape[1] == 2 for points in strokes_of(way)), way
        everything = np.vstack(strokes_of(way))
        assert everything.min() > -1.5, way
        assert everything.max() < 13, way


def test_letters_with_a_digits_shape_are_left_out_and_all_digits_are_there() -> None:
    assert not set(LETTERS) & set("BDGILOQSZbgiloqsz")
    assert sorted(WRITTEN_DIGITS) == list(range(10))


def test_a_curve_is_scipys_hermite_spline_with_catmull_roms_slopes() -> None:
    points = np.array([[0.0, 0], [1, 3], [4, 4], [6, 1]])
    padded = np.vstack([points[:1], points, points[-1:]])
    spline = CubicHermiteSpline(np.arange(4), points, (padded[2:] - padded[:-2]) / 2)
    curve = smooth(points)
    assert curve == pytest.approx(spline(np.linspace(0, 3, len(curve))), abs=1e-9)
