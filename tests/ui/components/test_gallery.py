import numpy as np
import pytest

from mnist_core.ui.components.gallery import COLUMNS, sheet_of, tick_changes


@pytest.mark.parametrize("count", [1, 19, 20, 21, 120])
def test_every_image_lies_at_its_place_on_the_sheet(count: int) -> None:
    images = np.random.default_rng(0).integers(0, 256, (count, 28, 28), dtype=np.uint8)
    sheet, rows = sheet_of(images)
    assert sheet.shape == (rows * 28, COLUMNS * 28)
    for place, image in enumerate(images):
        top, left = 28 * (place // COLUMNS), 28 * (place % COLUMNS)
        assert np.array_equal(sheet[top : top + 28, left : left + 28], image)


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ([[3, True], [5, False]], {3: True, 5: False}),
        ([[3, True], [3, False]], {3: False}),
        (None, {}), ("3", {}), (3, {}), ({"3": True}, {}),
        ([[3]], {}), ([[3, 1]], {}), ([[True, True]], {}), ([["3", True]], {}), ([3, True], {}), ([[3, True, 4]], {}),
    ],
)  # fmt: skip
def test_what_the_browser_says_was_ticked_is_taken_only_when_it_makes_sense(sent: object, taken: dict) -> None:
    assert tick_changes(sent) == taken
