import numpy as np
import pytest

from mnist_core.errors import UserError
from mnist_core.runs.registry import load_model
from tests.benchmarks.fine_tune import bench_hands

ONE = [[140, 60], [140, 220]]


def stroke_file(path, labels: list[int], donors: list[int] | None):
    """Everybody writes every digit as an upright line."""
    count = len(labels)
    arrays = {
        "labels": np.array(labels),
        "points": np.array(ONE * count, np.float32),
        "stroke": np.zeros(2 * count, int),
        "digit": np.repeat(np.arange(count), 2),
    }
    np.savez(path, **arrays, **({} if donors is None else {"donor": np.array(donors)}))
    return path


def test_who_drew_all_digits_teaches_the_first_of_each_and_the_others_are_read(tmp_path) -> None:
    labels = [*range(10), 1, 1, 7, *range(9), *range(10)]
    donors = [3] * 13 + [5] * 9 + [8] * 10  # the second drew no 9, the third nothing to read afterwards
    row = bench_hands(load_model("linear"), stroke_file(tmp_path / "hands.npz", labels, donors), people=9)
    assert (row.model, row.people, row.count) == ("linear", 1, 3)
    assert row.before == pytest.approx(1 / 3)  # the 7 is a line as well
    assert 0 <= row.after <= 1
    assert row.mnist_lost == row.mnist_lost_most
    assert abs(row.mnist_lost) < 0.2


@pytest.mark.parametrize("donors", [None, [1, 2]])
def test_a_file_that_does_not_say_who_drew_what_is_refused(tmp_path, donors) -> None:
    path = stroke_file(tmp_path / "hands.npz", [1, 2, 3], donors)
    with pytest.raises(UserError, match="who drew what") as error:
        bench_hands(load_model("linear"), path, people=1)
    assert error.value.code == "strokes_unreadable"
