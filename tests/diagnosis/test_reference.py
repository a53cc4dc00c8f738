import numpy as np
import pytest
import torch
from scipy import stats

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.diagnosis.reference import ALL, load_reference, share_above, share_below, usual_range
from mnist_core.preprocessing.measurements import NAMES, count_shapes, measure_all
from mnist_core.preprocessing.pipeline_batched import sample
from mnist_core.preprocessing.rotation import measure_rotation


@pytest.fixture(scope="module")
def ones() -> torch.Tensor:
    """The measures of some training ones, made here."""
    data = split(load_mnist())
    images = data.train_images[data.train_labels == 1][::6].float() / 255
    return measure_all(sample(images, torch.eye(3).expand(len(images), 3, 3)))


def test_the_shipped_quantiles_are_mnists(ones) -> None:
    reference = load_reference()
    assert torch.isfinite(reference.quantiles).all()
    assert torch.allclose(reference.median(1), ones.median(dim=0).values, rtol=0.06, atol=0.3)


def test_percentiles_count_the_smaller_ones(ones) -> None:
    stroke = NAMES.index("stroke")
    shipped = load_reference().values(1, "stroke")
    for value in (2.0, 2.5, 3.0):
        share = np.mean(ones[:, stroke].numpy() < value)
        assert share_below(shipped, value) == pytest.approx(share, abs=0.04)
    assert share_below(load_reference().values(ALL, "stroke"), 0.0) == 0
    assert share_below(load_reference().values(ALL, "stroke"), 100.0) == 1


def test_rotations_and_shapes_are_mnists() -> None:
    reference, data = load_reference(), split(load_mnist())
    fives = data.train_images[data.train_labels == 5][::10].float() / 255
    turned = measure_rotation(fives, reference.averages[5])
    for share in (0.1, 0.5, 0.9):
        shipped = float(reference.values(5, "rotation")[round(1000 * share)])
        assert shipped == pytest.approx(float(torch.quantile(turned, share)), abs=4)
    single = np.mean([count_shapes(five) == 1 for five in fives.numpy()])
    assert float(reference.shapes[5, 0]) == pytest.approx(single, abs=0.03)
    assert torch.allclose(reference.shapes.sum(dim=1), torch.ones(11), atol=2e-3)


def test_shares_are_counted_on_both_sides_of_ties() -> None:
    # 0, 1, 1, 1, 2: the quantiles of these at 0, 25, ... 100 %
    values = torch.tensor([0.0, 1, 1, 1, 2])
    assert (share_below(values, 1), share_above(values, 1)) == (0.25, 0.25)
    assert (share_below(values, 1.5), share_above(values, 1.5)) == (0.875, 0.125)
    assert (share_below(values, -1), share_above(values, -1)) == (0, 1)
    assert (share_below(values, 3), share_above(values, 3)) == (1, 0)


def test_shares_are_those_of_scipy() -> None:
    random = np.random.default_rng(0).normal(size=20_000)
    quantiles = torch.quantile(torch.from_numpy(random).float(), torch.linspace(0, 1, 1001))
    for value in (-2.5, -0.3, 0.0, 1.7, 3.0):
        assert share_below(quantiles, value) == pytest.approx(stats.percentileofscore(random, value) / 100, abs=1e-3)


def test_most_digits_are_near_and_none_is_unusual_on_average(ones) -> None:
    far = load_reference().z_score(1, ones)
    assert far.abs().median(dim=0).values.max() < 1
    assert load_reference().z_score(1, load_reference().median(1).unsqueeze(0)).abs().max() < 1e-5


def test_every_digit_is_centred_by_mass_in_mnist() -> None:
    for digit in range(10):
        low, high = usual_range(load_reference().values(digit, "mass_right"))
        assert -0.6 < low < high < 1.6
