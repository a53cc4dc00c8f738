import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.data.label_noise import MISTAKEN_FOR, flip_labels
from mnist_core.data.mnist_files import load_mnist


@given(st.lists(st.integers(0, 9), max_size=200), st.floats(0, 0.9), st.integers(0, 2**31 - 1))
def test_exactly_that_share_is_wrong_and_all_are_digits(labels: list[int], share: float, seed: int) -> None:
    true = torch.tensor(labels, dtype=torch.int64)
    noisy = flip_labels(true, share, seed)
    assert int((noisy != true).sum()) == round(share * len(labels))
    assert true.tolist() == labels
    assert all(0 <= label <= 9 for label in noisy.tolist())
    assert noisy.dtype == torch.int64


def test_every_other_digit_comes_about_as_often() -> None:
    counts = torch.bincount(flip_labels(torch.full((9_000,), 3), 1.0, seed=0), minlength=10)
    assert counts[3] == 0
    others = counts[torch.arange(10) != 3].double()
    assert float(((others - 1000) ** 2 / 1000).sum()) < 26.1  # chi-squared with 8 degrees of freedom, 99.9 %


def test_the_seed_decides_and_torchs_own_random_numbers_are_left_alone() -> None:
    labels = torch.arange(1000) % 10
    torch.manual_seed(5)
    before = torch.get_rng_state()
    assert torch.equal(flip_labels(labels, 0.3, 1), flip_labels(labels, 0.3, 1))
    assert not torch.equal(flip_labels(labels, 0.3, 1), flip_labels(labels, 0.3, 2))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("share", [0.0, 0.0004])
def test_a_share_of_less_than_half_an_image_is_none(share: float) -> None:
    labels = torch.arange(1000) % 10
    assert torch.equal(flip_labels(labels, share, 0), labels)


def test_confusing_noise_hits_the_same_images_and_gives_each_digit_its_partner() -> None:
    labels = torch.arange(1000) % 10
    noisy, random = flip_labels(labels, 0.3, 4, "confusing"), flip_labels(labels, 0.3, 4)
    assert torch.equal(noisy != labels, random != labels)
    pairs = set(zip(labels.tolist(), noisy.tolist(), strict=True))
    assert pairs == {(digit, digit) for digit in range(10)} | set(enumerate(MISTAKEN_FOR))


def test_the_partners_are_among_the_two_that_each_digit_lies_nearest_to(nearest_other) -> None:
    for digit, partner in enumerate(MISTAKEN_FOR):
        assert partner in nearest_other[digit].topk(2).indices.tolist(), digit


@pytest.fixture(scope="module")
def nearest_other() -> torch.Tensor:
    """How often an image's nearest image of another digit is one of each: counts (10, 10)."""
    mnist = load_mnist()
    pixels, labels = mnist.train_images[:4_000].flatten(1).float(), mnist.train_labels[:4_000]
    distances = torch.cdist(pixels, pixels).masked_fill(labels.unsqueeze(1) == labels, torch.inf)
    nearest = labels[distances.argmin(1)]
    return torch.bincount(labels * 10 + nearest, minlength=100).view(10, 10)
