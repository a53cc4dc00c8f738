import numpy as np
import pytest

from mnist_core.ui.components.matrix import cells_of, picked_cell

COUNTS = np.diag(np.full(10, 90))
COUNTS[4, 9] = 10
COUNTS[4, 1] = 30


def test_cells_say_their_count_and_share_in_words() -> None:
    cells = cells_of(COUNTS, shows="rows")
    assert cells[4][9].text == "7.7"
    assert cells[4][9].label == "True 4, predicted 9: 10 images, 7.7 % of the row"
    assert cells[4][4].label.startswith("True 4, correct: 90 images")
    assert (cells[4][1].weight, cells[4][4].weight, cells[0][1].weight) == (1, 0, 0)


def test_a_column_is_what_is_predicted_as_a_digit() -> None:
    cells = cells_of(COUNTS, shows="columns")
    assert [row[9].text for row in cells] == ["0", "0", "0", "0", "10.0", "0", "0", "0", "0", "90.0"]
    assert cells[4][9].label.endswith("10.0 % of the column")


def test_of_mistakes_only_the_shares_are_of_mistakes() -> None:
    cells = cells_of(COUNTS, shows="rows", errors_only=True)
    assert (cells[4][4].text, cells[4][9].text, cells[4][1].text) == ("", "25.0", "75.0")
    assert cells[4][9].label.endswith("25.0 % of the row's mistakes")
    assert cells_of(COUNTS, shows="counts", errors_only=True)[4][9].text == "10"


def test_a_difference_has_a_sign_beside_its_colour() -> None:
    other = COUNTS.copy()
    other[4, 9], other[4, 4], other[0, 1] = 4, 96, 8
    cells = cells_of(COUNTS, shows="difference", other=other)
    assert (cells[4][9].text, cells[4][9].tone, cells[4][4].text) == ("+6", "worse", "−6")
    assert (cells[0][1].text, cells[0][1].tone, cells[0][1].weight) == ("−8", "better", 1)
    assert cells[4][1].text == "0"
    assert cells[4][9].label == "True 4, predicted 9: 10 images, 4 by the other model"


@pytest.mark.parametrize("shows", ["counts", "rows", "columns", "difference"])
def test_a_model_without_mistakes_and_an_empty_row_are_shown(shows) -> None:
    nothing = np.zeros((10, 10), int)
    assert {cell.text for row in cells_of(nothing, shows=shows, other=nothing) for cell in row} == {"0"}


@pytest.mark.parametrize("sent", [None, {}, {"cell": None}, {"cell": [4]}, {"cell": [4, 10]}, {"cell": ["4", "9"]}, "x",
                                  {"cell": [None, None]}, {"cell": [True, 1]}, [4, 9]])  # fmt: skip
def test_what_is_no_cell_selects_none(sent: object) -> None:
    assert picked_cell(sent) is None


@pytest.mark.parametrize("cell", [(4, 9), (4, None), (None, 9)])
def test_a_cell_a_row_or_a_column_is_read_from_what_the_browser_sends(cell) -> None:
    assert picked_cell({"cell": list(cell)}) == cell
