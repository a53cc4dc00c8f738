"""Dropout, against PyTorch's."""

import pytest
import torch
from torch import nn

from mnist_core.training.dropout import Dropout

VALUES = torch.full((50, 8, 10, 25), 3.0)  # 100,000


@pytest.mark.parametrize("share", [0.05, 0.25, 0.5, 0.9])
def test_a_share_is_dropped_and_the_others_grow_so_that_the_mean_stays(share: float) -> None:
    torch.manual_seed(1)
    dropped, usual = Dropout(share)(VALUES), nn.Dropout(share)(VALUES)
    assert dropped.unique().tolist() == pytest.approx([0, 3 / (1 - share)])
    spread = (share * (1 - share) / VALUES.numel()) ** 0.5
    for those in (dropped, usual):
        assert float((those == 0).float().mean()) == pytest.approx(share, abs=5 * spread)


def test_neighbours_are_dropped_by_themselves() -> None:
    """Four decisions come from one number: none may tell the next."""
    torch.manual_seed(2)
    dropped = (Dropout(0.5)(torch.ones(400_000)) == 0).view(-1, 4).double()
    patterns = (dropped @ torch.tensor([8.0, 4, 2, 1]).double()).long().bincount(minlength=16) / len(dropped)
    assert patterns.tolist() == pytest.approx([1 / 16] * 16, abs=0.004)


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_values_and_gradients_are_dropped_in_the_same_places(kind: torch.dtype, layout: torch.memory_format) -> None:
    values = torch.rand(3, 5, 7, 9).to(kind, memory_format=layout).requires_grad_()
    dropped = Dropout(0.3)(values)
    assert dropped.dtype == kind
    assert dropped.is_contiguous(memory_format=layout)
    dropped.sum().backward()
    torch.testing.assert_close(dropped, values * values.grad)


def test_what_is_laid_out_in_no_order_is_dropped_too() -> None:
    values = torch.ones(64, 1).expand(64, 32)
    dropped = Dropout(0.5)(values)
    assert sorted(dropped.unique().tolist()) == [0, 2]
    assert dropped.std(dim=1).min() > 0


def test_nothing_is_dropped_and_no_number_drawn_while_nothing_is_learned_or_asked_for() -> None:
    state = torch.get_rng_state()
    assert torch.equal(Dropout(0.5).eval()(VALUES), VALUES)
    assert torch.equal(Dropout(0.0)(VALUES), VALUES)
    assert torch.equal(torch.get_rng_state(), state)


def test_the_same_seed_drops_the_same() -> None:
    dropped = []
    for _ in range(2):
        torch.manual_seed(3)
        dropped.append(Dropout(0.5)(VALUES))
    assert torch.equal(*dropped)
