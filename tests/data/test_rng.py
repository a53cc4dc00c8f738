import pytest
import torch

from mnist_core.data.rng import rng_for


def draws(seed: int, purpose: str) -> torch.Tensor:
    return torch.rand(2_000, generator=rng_for(seed, purpose), dtype=torch.float64)


def test_seeds_and_purposes_are_streams_of_their_own() -> None:
    streams = torch.stack([draws(seed, purpose) for seed in (0, 1, 2**31 - 1) for purpose in ("imbalance", "outliers")])
    correlations = torch.corrcoef(streams) - torch.eye(len(streams))
    assert correlations.abs().max() < 0.09  # four standard errors


def test_the_same_again_and_torchs_own_are_left_alone() -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    assert torch.equal(draws(3, "outliers"), draws(3, "outliers"))
    assert torch.equal(torch.get_rng_state(), before)


def test_an_unknown_purpose_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="tuple"):
        rng_for(0, "luck")
