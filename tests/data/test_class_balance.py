import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight
from torch import Generator

from mnist_core.data.class_balance import balanced_weights, class_balanced_order

some_labels = st.lists(st.integers(0, 9), min_size=1, max_size=300)


@given(some_labels, st.integers(0, 1000))
def test_every_digit_gets_as_many_places_and_every_image_its_turn(values: list[int], seed: int) -> None:
    labels = torch.tensor(values)
    order = class_balanced_order(labels, Generator().manual_seed(seed))
    assert len(order) == len(labels)
    places = [count for count in torch.bincount(labels[order], minlength=10).tolist() if count]
    assert len(places) == min(len(set(values)), len(values))
    assert max(places) - min(places) <= 1
    shown = torch.bincount(order, minlength=len(labels))
    for digit in set(values):
        times = shown[labels == digit]
        assert times.max() - times.min() <= 1


def test_it_is_shuffled_and_the_generator_decides() -> None:
    labels = torch.tensor([0] * 900 + [1] * 100)
    first, again, other = (class_balanced_order(labels, Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    half = labels[first][:500].float().mean()
    assert 0.4 < half < 0.6


@given(some_labels)
def test_weights_are_scikit_learns(values: list[int]) -> None:
    weights = balanced_weights(torch.tensor(values))
    present = sorted(set(values))
    expected = compute_class_weight("balanced", classes=np.array(present), y=np.array(values))
    assert weights.dtype == torch.float32
    assert weights[present].tolist() == pytest.approx(expected.tolist(), rel=1e-6)
    assert int(weights.count_nonzero()) == len(present)
