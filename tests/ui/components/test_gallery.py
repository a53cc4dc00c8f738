import numpy as np
import pytest

from mnist_core.ui.components.gallery import _COLUMNS, _sheet


@pytest.mark.parametrize("count", [1, 19, 20, 21, 120])
def test_every_image_lies_at_its_place_on_the_sheet(count: int) -> None:
    images = np.random.default_rng(0).integers(0, 256, (count, 28, 28), dtype=np.uint8)
    sheet, rows = _sheet(images)
    assert sheet.shape == (rows * 28, _COLUMNS * 28)
    for place, image in enumerate(images):
        top, left = 28 * (place // _COLUMNS), 28 * (place % _COLUMNS)
        assert np.array_equal(sheet[top : top + 28, left : left + 28], image)
