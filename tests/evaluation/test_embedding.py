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
from mnist_core.evaluation.embedding import Embedding, embed, neighborhood_preservation, sample, tsne
from mnist_core.recipe import Recipe
from mnist_core.runs.registry import load_model
from mnist_core.training import models
from mnist_core.training.inference import predict_features

IMAGES = load_mnist().test_images[:800].numpy()


def network(**recipe) -> models.Classifier:
    torch.manual_seed(0)
    return models.build(Recipe(**recipe)).eval()


@pytest.fixture(scope="module")
def model() -> models.Classifier:
    return load_model().model


@pytest.fixture(scope="module")
def seen(model: models.Classifier) -> Embedding:
    return embed(model, IMAGES)


def same_up_to_sign(one: np.ndarray, other: np.ndarray, tolerance: float) -> bool:
    signs = np.sign((one * other).sum(axis=0))
    return np.allclose(one * signs, other, atol=tolerance * other.std())


def test_the_places_are_scikit_learns_principal_components(model: models.Classifier, seen: Embedding) -> None:
    features = predict_features(model, torch.from_numpy(IMAGES)).numpy().astype(float)
    exact = PCA(10, svd_solver="full").fit(features)
    assert same_up_to_sign(seen.values[:, :10], exact.transform(features), 1e-2)
    assert seen.shares[:10] == pytest.approx(exact.explained_variance_ratio_, rel=1e-2)
    assert np.array_equal(seen.coordinates, seen.values[:, :2])
    assert seen.width == features.shape[1]


def test_what_is_found_on_a_part_is_nearly_what_all_would_give(
    model: models.Classifier, seen: Embedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnist_core.evaluation.embedding._FITTED_NUMBERS", seen.width * 400)
    part = embed(model, IMAGES)
    assert part.values.shape == seen.values.shape
    for one, other in zip(part.coordinates.T, seen.coordinates.T, strict=True):
        assert abs(np.corrcoef(one, other)[0, 1]) > 0.98


def test_its_progress_is_told(model: models.Classifier) -> None:
    told: list[float] = []
    embed(model, IMAGES[:50], told.append)
    assert told == sorted(told)
    assert told[-1] == 1


def test_neighbors_stay_neighbors(seen: Embedding) -> None:
    places = tsne(seen.values)
    assert places.shape == (len(IMAGES), 2)
    assert trustworthiness(seen.values, places, n_neighbors=10) > 0.97
    assert trustworthiness(seen.values, places) > trustworthiness(seen.values, seen.coordinates) + 0.05
    assert np.cov(places.T)[0, 1] == pytest.approx(0, abs=1e-3 * float(places.var()))
    assert places[:, 0].std() >= places[:, 1].std()


def test_the_same_images_get_the_same_places(seen: Embedding) -> None:
    assert np.array_equal(tsne(seen.values[:100]), tsne(seen.values[:100]))


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_few_images_have_places_too(model: models.Classifier, count: int) -> None:
    if count == 1:
        with pytest.raises(UserError, match="same output for all images"):  # of a single image nothing differs
            embed(model, IMAGES[:1])
        return
    few = embed(model, IMAGES[:count])
    assert np.isfinite(tsne(few.values)).all()
    assert tsne(few.values).shape == few.coordinates.shape == (count, 2)


@pytest.mark.parametrize("kind", ["linear", "mlp", "svm"])
def test_every_kind_of_model_has_features(kind: str) -> None:
    made = embed(network(model=kind), IMAGES[:60])
    assert made.coordinates.shape == (60, 2)
    assert made.shares.sum() <= 1 + 1e-6


def only_layer(width: int) -> models.Classifier:
    layer = torch.nn.Linear(784, width)
    return models.Classifier(torch.nn.Sequential(torch.nn.Flatten(), layer, torch.nn.Linear(width, 10))).eval()


def test_a_single_feature_lies_on_a_line_that_neighbors_may_leave() -> None:
    torch.manual_seed(0)
    made = embed(only_layer(1), IMAGES[:200])
    assert made.shares.tolist() == pytest.approx([1, 0])
    assert not made.coordinates[:, 1].any()
    places = tsne(made.values)
    assert trustworthiness(made.values, places) > 0.95


def test_images_that_are_the_same_do_not_stop_it(seen: Embedding) -> None:
    assert np.isfinite(tsne(np.repeat(seen.values[:20], 5, axis=0))).all()


def test_what_cannot_be_laid_out_says_why() -> None:
    dead = only_layer(4)
    torch.nn.init.zeros_(dead.layers[1].weight)
    with pytest.raises(UserError, match="same output for all images"):
        embed(dead, IMAGES[:20])
    torch.nn.init.constant_(dead.layers[1].weight, torch.nan)
    with pytest.raises(UserError, match="diverged"):
        embed(dead, IMAGES[:20])


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


def test_kept_neighbors_are_counted_as_scikit_learn_finds_them(seen: Embedding) -> None:
    near, drawn = (
        NearestNeighbors(n_neighbors=10).fit(points).kneighbors(return_distance=False)
        for points in (seen.values, seen.coordinates)
    )
    shared = [len(set(one) & set(other)) / 10 for one, other in zip(near, drawn, strict=True)]
    assert neighborhood_preservation(seen.values, seen.coordinates) == pytest.approx(np.mean(shared), abs=1e-3)
    assert neighborhood_preservation(seen.values, seen.values) == 1
    assert neighborhood_preservation(seen.values[:1], seen.coordinates[:1]) == 1
