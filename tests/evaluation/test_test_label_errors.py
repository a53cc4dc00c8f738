import numpy as np
import pytest

from mnist_core.evaluation.test_label_errors import REJECTED, contradicting_digit, suspicion
from mnist_core.runs import registry


def test_known_wrong_test_labels_stand_near_the_top() -> None:
    evaluations = [registry.evaluate(name) for name in ("default", "cnn_plain", "net", "mlp")]
    found = suspicion([one.probabilities for one in evaluations], evaluations[0].labels)
    place = {int(index): at for at, index in enumerate(found.order)}
    known = sorted(place[index] for index in REJECTED)
    assert sum(at < 100 for at in known) >= 10  # of fifteen, among the first hundredth of all
    assert known[len(known) // 2] < 30


def test_the_order_follows_the_mean_of_the_models() -> None:
    labels = np.array([0, 1, 2])
    one = np.full((3, 10), 0.05, np.float32)
    other = one.copy()
    one[0, 0] = other[0, 0] = 0.55  # both agree with the label
    one[1, 7] = other[1, 7] = 0.55  # both contradict it
    one[2, 2], other[2, 3] = 0.55, 0.50  # they contradict each other
    found = suspicion([one, other], labels)
    assert found.order.tolist() == [1, 2, 0]
    assert found.read_as[1:].tolist() == [7, 3]
    assert found.given == pytest.approx([0.55, 0.05, 0.3])
    assert found.other[1:] == pytest.approx([0.55, 0.275])


@pytest.mark.parametrize(
    ("readings", "label", "digit"),
    [
        ([3, 3, 3, 3, 3, 3, 3], 5, 3),
        ([3, 3, 3, 5, 3, 3, 3], 5, 3),
        ([3, 3, 3, 5, 5, 3, 3], 5, None),
        ([3, 3, 3, 5, 5, 3, 3, 3], 5, 3),
        ([3, 3, 3, 5, 5, 7, 3, 3], 5, None),
        ([5, 5, 5, 5, 5, 5, 3], 5, None),
        ([3], 5, None),  # one model alone proves nothing
    ],
)
def test_a_label_is_doubted_when_three_in_four_read_another_digit(
    readings: list[int], label: int, digit: int | None
) -> None:
    assert contradicting_digit(readings, label) == digit
