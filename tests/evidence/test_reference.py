import numpy as np
import pytest
import torch

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.digits.batch import sample
from mnist_core.digits.measurements import NAMES, measure_all
from mnist_core.evidence.reference import ALL, load_reference


@pytest.fixture(scope="module")
def ones() -> torch.Tensor:
    """The measures of some training ones, made here."""
    data = split(load_mnist())
    images = data.train_images[data.train_labels == 1][::6].float() / 255
    return measure_all(sample(images, torch.eye(3).expand(len(images), 3, 3)))


def test_the_shipped_quantiles_are_mnists(ones) -> None:
    reference = load_reference()
    assert torch.isfinite(reference.quantiles).all()
    assert torch.allclose(reference.middle(1), ones.median(dim=0).values, rtol=0.06, atol=0.3)


def test_percentiles_count_the_smaller_ones(ones) -> None:
    stroke = NAMES.index("stroke")
    for value in (2.0, 2.5, 3.0):
        share = 100 * np.mean(ones[:, stroke].numpy() < value)
        assert load_reference().percentile(1, stroke, value) == pytest.approx(share, abs=4)
    assert load_reference().percentile(ALL, stroke, 0.0) == 0
    assert load_reference().percentile(ALL, stroke, 100.0) == 100


def test_most_digits_are_near_and_none_is_unusual_on_average(ones) -> None:
    far = load_reference().distance(1, ones)
    assert far.abs().median(dim=0).values.max() < 1
    assert load_reference().distance(1, load_reference().middle(1).unsqueeze(0)).abs().max() < 1e-5


def test_every_digit_is_centred_by_mass_in_mnist() -> None:
    for digit in range(10):
        low, high = load_reference().usual(digit, NAMES.index("mass_right"))
        assert -0.6 < low < high < 1.6
