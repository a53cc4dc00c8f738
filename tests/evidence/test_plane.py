import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

from mnist_core.data.mnist_files import load_mnist
from mnist_core.errors import UserError
from mnist_core.evidence.plane import Seen, kept_neighbors, lay_out_neighbors, sample, see
from mnist_core.recipe import Recipe
from mnist_core.runs.registry import open_model
from mnist_core.training import models
from mnist_core.training.inference import predict_features

IMAGES = load_mnist().test_images[:800].numpy()


def network(**recipe) -> models.Classifier:
    torch.manual_seed(0)
    return models.build(Recipe(**recipe)).eval()


@pytest.fixture(scope="module")
def model() -> models.Classifier:
    return open_model().model


@pytest.fixture(scope="module")
def seen(model: models.Classifier) -> Seen:
    return see(model, IMAGES)


def same_up_to_sign(one: np.ndarray, other: np.ndarray, tolerance: float) -> bool:
    signs = np.sign((one * other).sum(axis=0))
    return np.allclose(one * signs, other, atol=tolerance * other.std())


def test_the_places_are_scikit_learns_principal_components(model: models.Classifier, seen: Seen) -> None:
    features = predict_features(model, torch.from_numpy(IMAGES)).numpy().astype(float)
    exact = PCA(10, svd_solver="full").fit(features)
    assert same_up_to_sign(seen.values[:, :10], exact.transform(features), 1e-2)
    assert seen.shares[:10] == pytest.approx(exact.explained_variance_ratio_, rel=1e-2)
    assert np.array_equal(seen.places, seen.values[:, :2])
    assert seen.width == features.shape[1]


def test_what_is_found_on_a_part_is_nearly_what_all_would_give(
    model: models.Classifier, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnist_core.evidence.plane._FITTED_NUMBERS", seen.width * 400)
    part = see(model, IMAGES)
    assert part.values.shape == seen.values.shape
    for one, other in zip(part.places.T, seen.places.T, strict=True):
        assert abs(np.corrcoef(one, other)[0, 1]) > 0.98


def test_its_progress_is_told(model: models.Classifier) -> None:
    told: list[float] = []
    see(model, IMAGES[:50], told.append)
    assert told == sorted(told)
    assert told[-1] == 1


def test_neighbors_stay_neighbors(seen: Seen) -> None:
    places = lay_out_neighbors(seen.values)
    assert places.shape == (len(IMAGES), 2)
    assert trustworthiness(seen.values, places, n_neighbors=10) > 0.97
    assert trustworthiness(seen.values, places) > trustworthiness(seen.values, seen.places) + 0.05
    assert np.cov(places.T)[0, 1] == pytest.approx(0, abs=1e-3 * float(places.var()))
    assert places[:, 0].std() >= places[:, 1].std()


def test_the_same_images_get_the_same_places(seen: Seen) -> None:
    assert np.array_equal(lay_out_neighbors(seen.values[:100]), lay_out_neighbors(seen.values[:100]))


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_few_images_have_places_too(model: models.Classifier, count: int) -> None:
    if count == 1:
        with pytest.raises(UserError, match="alike"):  # of a single image nothing differs
            see(model, IMAGES[:1])
        return
    few = see(model, IMAGES[:count])
    assert np.isfinite(lay_out_neighbors(few.values)).all()
    assert lay_out_neighbors(few.values).shape == few.places.shape == (count, 2)


@pytest.mark.parametrize("kind", ["linear", "mlp", "svm"])
def test_every_kind_of_model_has_features(kind: str) -> None:
    made = see(network(model=kind), IMAGES[:60])
    assert made.places.shape == (60, 2)
    assert made.shares.sum() <= 1 + 1e-6


def only_layer(width: int) -> models.Classifier:
    layer = torch.nn.Linear(784, width)
    return models.Classifier(torch.nn.Sequential(torch.nn.Flatten(), layer, torch.nn.Linear(width, 10))).eval()


def test_a_single_feature_lies_on_a_line_that_neighbors_may_leave() -> None:
    torch.manual_seed(0)
    made = see(only_layer(1), IMAGES[:200])
    assert made.shares.tolist() == pytest.approx([1, 0])
    assert not made.places[:, 1].any()
    places = lay_out_neighbors(made.values)
    assert trustworthiness(made.values, places) > 0.95


def test_images_that_are_the_same_do_not_stop_it(seen: Seen) -> None:
    assert np.isfinite(lay_out_neighbors(np.repeat(seen.values[:20], 5, axis=0))).all()


def test_what_cannot_be_laid_out_says_why() -> None:
    dead = only_layer(4)
    torch.nn.init.zeros_(dead.layers[1].weight)
    with pytest.raises(UserError, match="alike"):
        see(dead, IMAGES[:20])
    torch.nn.init.constant_(dead.layers[1].weight, torch.nan)
    with pytest.raises(UserError, match="diverged"):
        see(dead, IMAGES[:20])


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=60), st.integers(0, 40))
def test_a_sample_holds_the_misread_and_an_even_part_of_the_others(images, count: int) -> None:
    labels = np.array([label for label, _ in images], np.int64)
    wrong = np.array([is_wrong for _, is_wrong in images], bool)
    taken = sample(labels, wrong, count)
    assert len(taken) == min(count, len(images))
    assert np.array_equal(taken, np.unique(taken))
    if wrong.sum() <= count // 2:
        assert set(np.flatnonzero(wrong)) <= set(taken)
    right = taken[~wrong[taken]]
    for digit in range(10):
        share = len(right) * np.mean(labels[~wrong] == digit) if (~wrong).any() else 0
        assert abs((labels[right] == digit).sum() - share) <= 1


def test_kept_neighbors_are_counted_as_scikit_learn_finds_them(seen: Seen) -> None:
    near, drawn = (
        NearestNeighbors(n_neighbors=10).fit(points).kneighbors(return_distance=False)
        for points in (seen.values, seen.places)
    )
    shared = [len(set(one) & set(other)) / 10 for one, other in zip(near, drawn, strict=True)]
    assert kept_neighbors(seen.values, seen.places) == pytest.approx(np.mean(shared), abs=1e-3)
    assert kept_neighbors(seen.values, seen.values) == 1
    assert kept_neighbors(seen.values[:1], seen.places[:1]) == 1
