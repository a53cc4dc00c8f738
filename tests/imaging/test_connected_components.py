import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mnist_core.imaging.boxes import box_of
from mnist_core.imaging.connected_components import label_shapes, without_specks

Mask = npt.NDArray[np.bool_]

masks = arrays.arrays(bool, arrays.array_shapes(min_dims=2, max_dims=2, max_side=12))


def flooded(mask: Mask) -> set[frozenset[tuple[int, int]]]:
    """The shapes by the simplest way there is: from each pixel to all eight neighbours."""
    left = {(int(y), int(x)) for y, x in np.argwhere(mask)}
    shapes = set()
    while left:
        shape, edge = set(), {left.pop()}
        while edge:
            shape |= edge
            edge = {(y + dy, x + dx) for y, x in edge for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= edge
        shapes.add(frozenset(shape))
    return shapes


@given(masks)
def test_shapes_are_those_that_flooding_finds(mask: Mask) -> None:
    labels = label_shapes(mask)
    assert (labels > 0).tolist() == mask.tolist()
    found = {
        frozenset((int(y), int(x)) for y, x in np.argwhere(labels == label)) for label in range(1, labels.max() + 1)
    }
    assert found == flooded(mask)


def test_pixels_that_touch_by_a_corner_are_one_shape() -> None:
    assert label_shapes(np.eye(5, dtype=bool)).max() == 1


def test_specks_go_and_a_second_stroke_stays() -> None:
    mask = np.zeros((50, 50), bool)
    mask[5:45, 20:25] = True
    mask[10:14, 30:40] = True
    kept = mask.copy()
    mask[48, 48] = mask[2, 3] = True
    assert (without_specks(mask) == kept).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (3, 4)])
def test_the_only_pixel_is_no_speck(shape: tuple[int, int]) -> None:
    mask = np.zeros(shape, bool)
    assert not without_specks(mask).any()
    mask[-1, -1] = True
    assert without_specks(mask).sum() == 1


@given(st.integers(0, 8), st.integers(0, 8), st.integers(1, 4), st.integers(1, 4))
def test_the_box_is_around_all_that_is_set(top: int, left: int, height: int, width: int) -> None:
    mask = np.zeros((12, 12), bool)
    mask[top : top + height, left : left + width] = True
    assert box_of(mask) == (top, top + height, left, left + width)
    assert box_of(np.zeros((3, 3), bool)) is None
