import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors

from mnist_core.data.mnist_files import load_mnist
from mnist_core.diagnosis import ood_detector
from mnist_core.diagnosis.ood_detector import FILE, OOD_THRESHOLD, load_ood_detector, nearest, save_ood_detector
from mnist_core.diagnosis.outlier_exposure import as_seen, draw_non_digits
from mnist_core.training.augmentation.pen_variants import add_pen_variants


@pytest.fixture(scope="module")
def detector():
    return load_ood_detector()


@pytest.fixture(scope="module")
def test_digits():
    return load_mnist().test_images[:1000].float() / 255


@pytest.fixture(scope="module")
def strangers():
    made = draw_non_digits(300, np.random.default_rng(77))
    return as_seen(torch.from_numpy(made).float() / 255)


def test_digits_are_familiar_and_strangers_are_strange(detector, test_digits, strangers) -> None:
    digits, others = (
        np.array([one.ood_score for one in detector.ood_scores(x.numpy())]) for x in (test_digits, strangers)
    )
    assert (digits >= OOD_THRESHOLD).mean() < 0.01
    assert (others >= OOD_THRESHOLD).mean() > 0.95
    assert roc_auc_score([0] * len(digits) + [1] * len(others), np.concatenate([digits, others])) > 0.99


def test_a_habit_of_the_pen_makes_a_digit_no_stranger(detector) -> None:
    mnist = load_mnist()
    digits, labels = mnist.test_images[:2000].float() / 255, mnist.test_labels[:2000]
    changed = add_pen_variants(digits, labels, 1.0, torch.Generator().manual_seed(5))
    habitual = (changed - digits).abs().amax(dim=(1, 2)) > 0.1
    assert habitual.sum() > 300
    strange = np.array([one.ood_score for one in detector.ood_scores(changed[habitual].numpy())]) >= OOD_THRESHOLD
    assert strange.mean() < 0.03
    assert strange[(labels[habitual] == 0).numpy()].mean() < 0.1  # slashed zeros are the most_unusual


def test_each_sign_alone_tells_them_apart_too(detector, test_digits, strangers) -> None:
    strange = [0] * len(test_digits) + [1] * len(strangers)
    for sign in zip(detector.scores(test_digits), detector.scores(strangers), strict=True):
        assert roc_auc_score(strange, torch.cat(sign).numpy()) > 0.95


def test_the_distance_is_scikit_learns_nearest_neighbour(detector) -> None:
    features = torch.rand(50, ood_detector.FEATURES, generator=torch.Generator().manual_seed(1))
    unit = (features / features.norm(dim=1, keepdim=True)).numpy()
    expected = NearestNeighbors(n_neighbors=1).fit(detector.known.numpy()).kneighbors(unit)[0][:, 0]
    assert nearest(features, detector.known).numpy() == pytest.approx(expected, abs=1e-3)


def test_what_is_farther_is_a_share_of_mnists_own_digits(detector, test_digits) -> None:
    shares = np.array([one.distance_percentile for one in detector.ood_scores(test_digits.numpy())])
    assert shares.min() >= 0
    assert shares.max() <= 1
    # Test digits are as far as validation digits are, so their shares are spread evenly.
    assert np.quantile(shares, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.06)


def test_many_are_judged_as_each_alone(detector, strangers) -> None:
    together = detector.ood_scores(strangers[:5].numpy())
    alone = [detector.ood_scores(one[None].numpy())[0] for one in strangers[:5]]
    assert [one.ood_score for one in together] == pytest.approx([one.ood_score for one in alone], abs=1e-4)


def test_what_is_written_is_what_is_read(tmp_path, detector, strangers, monkeypatch) -> None:
    save_ood_detector(detector, tmp_path / "again.safetensors")
    monkeypatch.setattr(ood_detector, "FILE", tmp_path / "again.safetensors")
    again = ood_detector.load_ood_detector.__wrapped__()
    for first, second in zip(detector.scores(strangers), again.scores(strangers), strict=True):
        assert torch.allclose(first, second, atol=1e-3)


def test_the_file_is_small_and_holds_numbers_only() -> None:
    assert FILE.stat().st_size < 1_000_000
    assert all(torch.isfinite(tensor).all() for tensor in load_file(FILE).values())
