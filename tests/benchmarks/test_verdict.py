from itertools import islice
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from mnist_core.errors import UserError
from mnist_core.preprocessing.strokes import Drawing, Stroke
from mnist_core.runs.registry import load_model
from tests.benchmarks import verdict

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
SEVEN = Drawing((Stroke(((60.0, 60.0), (190.0, 60.0), (110.0, 230.0)), 20.0),))


@pytest.fixture
def few_test_images(monkeypatch):
    mnist = verdict.load_mnist()
    few = type("Few", (), {"test_images": mnist.test_images[:50], "test_labels": mnist.test_labels[:50]})
    monkeypatch.setattr(verdict, "load_mnist", lambda: few)


@pytest.fixture
def one_font(tmp_path):
    (tmp_path / "Sans.ttf").symlink_to(FONTS / "DejaVuSans.ttf")
    return tmp_path


def test_every_kind_gets_its_row_and_the_counts_add_up(few_test_images, one_font) -> None:
    rows = list(verdict.bench_verdict(load_model().model, [(7, SEVEN), (1, SEVEN)], one_font, scribbles=2))
    found = {(row.kind, row.name): row for row in rows}
    assert found["font", "Sans"].count == len(verdict.LETTERS)
    assert sum(row.count for row in rows if row.kind == "letter") == len(verdict.LETTERS)
    assert found["all scribbles", ""].count == 2 * 4
    assert found["all blanks", ""].verdicts == (("blank", 20),)
    assert found["all strangers", ""].count == 24 + 8 + 20
    assert found["pen digit", "7"].count == 1
    assert found["pen digit", "7"].refused == 0
    assert found["all pen digits read wrong", ""].count == 1
    assert sum(row.count for row in rows if row.kind.startswith("all test digits read")) == 50
    assert all(sum(count for _, count in row.verdicts) == row.count for row in rows)


def test_a_font_without_the_letter_is_passed_over() -> None:
    assert verdict.letter_picture("A", FONTS / "DejaVuSans.ttf") is not None
    assert verdict.letter_picture("漢", FONTS / "DejaVuSans.ttf") is None


def test_a_folder_without_fonts_is_an_error(tmp_path) -> None:
    with pytest.raises(UserError, match="no font"):
        list(verdict.bench_verdict(load_model().model, fonts=tmp_path))


def test_scribbles_are_ink_and_the_same_for_the_same_seed() -> None:
    first, again = (list(verdict._scribbled(3, 1)) for _ in range(2))
    assert all((one.picture == other.picture).all() for one, other in zip(first, again, strict=True))
    assert all(0.01 < (one.picture > 127).mean() < 0.9 for one in first)


def test_blank_papers_have_no_ink() -> None:
    assert all(blank.picture.std() < 3 for blank in islice(verdict._blanks(), 20))
    assert np.ptp([float(blank.picture.mean()) for blank in verdict._blanks()]) > 200
