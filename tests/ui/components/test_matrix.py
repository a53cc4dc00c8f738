import numpy as np
import pytest

from mnist_core.ui.components.matrix import _cells, _picked_cell


def test_cells_say_their_count_and_share_in_words() -> None:
    counts = np.diag(np.full(10, 90))
    counts[4, 9] = 10
    cells = _cells(counts, shares=True)
    assert cells[4][9].text == "10.0"
    assert cells[4][9].label == "True 4, read as 9: 10 images, 10.0 % of the row"
    assert cells[4][4].label.startswith("True 4, read right: 90 images")
    assert (cells[4][9].weight, cells[4][4].weight, cells[0][1].weight) == (1, 0, 0)


def test_a_model_without_mistakes_and_an_empty_row_are_shown() -> None:
    cells = _cells(np.zeros((10, 10), int), shares=True)
    assert {cell.text for row in cells for cell in row} == {"0"}


@pytest.mark.parametrize("state", [None, {}, {"picked": None}, {"picked": {"cell": None}}, {"picked": {"cell": [4]}},
                                   {"picked": {"cell": [4, 10]}}, {"picked": {"cell": ["4", "9"]}}, "x"])  # fmt: skip
def test_what_is_no_cell_selects_none(state: object) -> None:
    assert _picked_cell(state) is None


def test_a_cell_is_read_from_what_the_browser_sends() -> None:
    assert _picked_cell({"picked": {"cell": [4, 9]}}) == (4, 9)
