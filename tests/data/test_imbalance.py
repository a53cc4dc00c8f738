import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.data.imbalance import subsample_classes
from mnist_core.errors import UserError

labels_and_shares = st.tuples(
    st.lists(st.integers(0, 9), min_size=1, max_size=200), st.lists(st.floats(0, 1), min_size=10, max_size=10)
)


@given(labels_and_shares, st.integers(0, 2**31 - 1))
def test_of_each_digit_the_asked_share_stays_or_nothing_is_left(case: tuple[list[int], list[float]], seed: int) -> None:
    values, shares = case
    labels = torch.tensor(values)
    wanted = [max(round(share * values.count(digit)), int(share > 0)) for digit, share in enumerate(shares)]
    wanted = [min(count, values.count(digit)) for digit, count in enumerate(wanted)]
    if not sum(wanted):
        with pytest.raises(UserError) as error:
            subsample_classes(labels, shares, seed)
        assert error.value.code == "no_training_images"
        return
    kept = subsample_classes(labels, shares, seed)
    assert torch.bincount(labels[kept], minlength=10).tolist() == wanted
    assert kept.tolist() == sorted(set(kept.tolist()))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_smaller_share_keeps_a_part_of_a_larger_one_and_the_other_digits_stay_the_same(a: float, b: float) -> None:
    labels = torch.arange(500) % 10
    few, many = (
        set(subsample_classes(labels, [1.0] * 4 + [share] + [1.0] * 5, 3).tolist()) for share in sorted((a, b))
    )
    assert few <= many
    assert all(index % 10 == 4 for index in many - few)


def test_the_seed_decides_which_stay() -> None:
    labels = torch.arange(500) % 10
    half = [0.5] * 10
    assert torch.equal(subsample_classes(labels, half, 1), subsample_classes(labels, half, 1))
    assert not torch.equal(subsample_classes(labels, half, 1), subsample_classes(labels, half, 2))
