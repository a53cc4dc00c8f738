import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.diagnosis.neighbors import Neighbors, build
from mnist_core.recipe import Recipe
from mnist_core.runs.registry import load_model
from mnist_core.training import models
from mnist_core.training.inference import predict_features

EVERY = 12  # of the training images, so that the whole is made in a few seconds
ASKED = 40


@pytest.fixture(scope="module")
def model() -> models.Classifier:
    return load_model().model


@pytest.fixture(scope="module")
def neighbors(model: models.Classifier) -> Neighbors:
    return build(model, EVERY)


@pytest.fixture(scope="module")
def exact(model: models.Classifier) -> NearestNeighbors:
    """scikit-learn on all features of the same images."""
    features = predict_features(model, split(load_mnist()).train_images[::EVERY])
    return NearestNeighbors(n_neighbors=5, algorithm="brute").fit(features.numpy())


def test_the_nearest_are_those_of_scikit_learn(model, neighbors: Neighbors, exact: NearestNeighbors) -> None:
    mnist = load_mnist()
    images = mnist.test_images[:ASKED]
    distances, places = exact.kneighbors(predict_features(model, images).numpy())
    found = [neighbors.nearest(image.numpy().astype(np.float32) / 255) for image in images]
    same = [set(near.indexes) & set(neighbors.indexes[row].numpy()) for near, row in zip(found, places, strict=True)]
    assert sum(map(len, same)) >= 0.99 * 5 * ASKED
    assert np.allclose([near.distances for near in found], distances, rtol=2e-3)
    for near in found:
        assert near.labels.tolist() == mnist.train_labels[near.indexes].tolist()


def test_a_training_image_is_its_own_nearest(neighbors: Neighbors) -> None:
    index = int(neighbors.indexes[100])
    near = neighbors.nearest(load_mnist().train_images[index].numpy().astype(np.float32) / 255, 3)
    assert near.indexes[0] == index
    assert near.distances[0] == pytest.approx(0, abs=1e-2)
    assert len(near.indexes) == 3


def test_what_is_usual_is_the_distance_of_validation_digits(
    model, neighbors: Neighbors, exact: NearestNeighbors
) -> None:
    validation = split(load_mnist()).validation_images[::50]
    distances = exact.kneighbors(predict_features(model, validation).numpy(), 1)[0][:, 0]
    ratio = neighbors.usual[::50].numpy() / distances
    assert ratio.min() >= 0.999  # no candidate is nearer than the nearest
    assert np.median(ratio) < 1.01
    assert np.mean(ratio) < 1.05


def test_a_scribble_is_far_from_all_digits(neighbors: Neighbors) -> None:
    checks = np.kron(np.indices((7, 7)).sum(axis=0) % 2, np.ones((4, 4))).astype(np.float32)
    assert (neighbors.usual < float(neighbors.nearest(checks).distances[0])).float().mean() > 0.99


@pytest.mark.parametrize("kind", ["linear", "mlp"])
def test_every_width_of_features_will_do(kind: str) -> None:
    torch.manual_seed(0)
    model = models.build(Recipe(model=kind)).eval()
    told: list[float] = []
    made = build(model, every=200, on_progress=told.append)
    assert len(made) == 275
    assert told == sorted(told)
    image = load_mnist().train_images[made.indexes[7]].numpy().astype(np.float32) / 255
    assert made.nearest(image).indexes[0] == made.indexes[7]
