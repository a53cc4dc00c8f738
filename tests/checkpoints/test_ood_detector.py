import numpy as np
import pytest
import torch

from mnist_core.checkpoints.build import ood_detector as training
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.diagnosis.ood_detector import FEATURES, OOD_CLASS


@pytest.fixture(scope="module")
def pool():
    data = split(load_mnist())
    return training.make_pool(data.train_images[:200], data.train_labels[:200], 3)


def test_a_pool_holds_every_digit_and_strangers(pool) -> None:
    assert pool.images.shape == (len(pool.classes), 28, 28)
    assert pool.images.dtype == torch.uint8
    assert (torch.bincount(pool.classes, minlength=11) > 0).all()
    assert 0.3 < (pool.classes == OOD_CLASS).float().mean() < 0.5


def test_the_same_seed_makes_the_same_pool_and_network() -> None:
    data = split(load_mnist())
    pools = [training.make_pool(data.train_images[:70], data.train_labels[:70], 3) for _ in range(2)]
    assert torch.equal(pools[0].images, pools[1].images)
    first, again = (training.train_feature_net(pool, epochs=1, seed=1) for pool in pools)
    assert all(torch.equal(one, other) for one, other in zip(first.parameters(), again.parameters(), strict=True))


@pytest.fixture(scope="module")
def net(pool):
    return training.train_feature_net(pool, epochs=3, seed=1)


def test_training_learns(pool, net) -> None:
    with torch.inference_mode():
        right = (net(pool.images.unsqueeze(1).float() / 255).argmax(dim=1) == pool.classes).float().mean()
    assert right > 0.5  # three short epochs; guessing the commonest is right for less


def test_the_threshold_lets_the_promised_share_of_digits_through(pool, net) -> None:
    digits = pool.images[pool.classes != OOD_CLASS]
    detector = training.fit_ood_detector(net, digits[:100], digits, pool)
    refused = [one.ood_score >= 0.5 for one in detector.ood_scores((digits.float() / 255).numpy())]
    assert np.mean(refused) == pytest.approx(0.01, abs=0.005)
    assert detector.known.shape == (100, FEATURES)
    assert (detector.distances.diff() >= 0).all()
