"""How well suspects are ranked: against what was put in, on real MNIST, and by scikit-learn on made-up orders."""

import numpy as np
import pytest
import torch
from sklearn.metrics import precision_recall_curve

from mnist_core.data.cleaning import FEWEST_IMAGES, suspects
from mnist_core.data.dataset import build_dataset, corruption_masks
from mnist_core.data.label_errors import Ranking, curve, rank, score
from mnist_core.recipe import Recipe


def ranked(**faults) -> tuple[Ranking, np.ndarray, np.ndarray]:
    recipe = Recipe(train_images=5_000).replace(**faults)
    data, found = build_dataset(recipe), corruption_masks(recipe)
    return rank(data.train_images, data.train_labels), found.wrong_label.numpy(), found.outlier.numpy()


@pytest.mark.parametrize("kind", ["random", "confusing"])
def test_of_the_first_as_many_as_were_put_in_at_least_95_of_100_are_wrong_labels(kind: str) -> None:
    found, wrong, _ = ranked(label_noise=0.05, label_noise_kind=kind)
    at = score(found.most_contradicted(), wrong, int(wrong.sum()))
    assert at.precision >= 0.95
    assert at.precision == at.recall  # as many are looked at as there are


def test_three_models_rank_better_than_one() -> None:
    recipe = Recipe(train_images=10_000, label_noise=0.05, label_noise_kind="confusing", seed=5)
    data, wrong = build_dataset(recipe), corruption_masks(recipe).wrong_label.numpy()
    alone = suspects(data.train_images, data.train_labels).contradiction.numpy()
    together = rank(data.train_images, data.train_labels).most_contradicted()
    count = int(wrong.sum())
    assert score(together, wrong, count).right > score(np.argsort(-alone), wrong, count).right


def test_the_strangest_pictures_are_the_outliers() -> None:
    found, _, outlier = ranked(outliers=0.05, outlier_kind="noise")
    assert score(found.most_unusual(), outlier, int(outlier.sum())).precision >= 0.99


def test_what_they_read_instead_is_mostly_what_the_digit_was() -> None:
    recipe = Recipe(train_images=5_000, label_noise=0.05)
    data, wrong = build_dataset(recipe), corruption_masks(recipe).wrong_label
    true = build_dataset(recipe.replace(label_noise=0.0)).train_labels
    found = rank(data.train_images, data.train_labels)
    read = torch.from_numpy(found.read_as)
    assert float((read[wrong] == true[wrong]).double().mean()) >= 0.95
    assert (read[~wrong] == data.train_labels[~wrong]).double().mean() >= 0.95


def test_progress_only_grows_and_ends_at_one() -> None:
    data = build_dataset(Recipe(train_images=1_000))
    told: list[float] = []
    rank(data.train_images, data.train_labels, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 5


def test_too_few_images_are_ranked_without_an_opinion() -> None:
    data = build_dataset(Recipe(train_images=100, keep_1=0.0, keep_0=0.0))
    assert len(data.train_images) < FEWEST_IMAGES
    found = rank(data.train_images, data.train_labels)
    assert sorted(found.most_contradicted().tolist()) == list(range(len(data.train_images)))
    assert np.array_equal(found.read_as, data.train_labels.numpy())
    assert found.found_wrong == found.found_outliers == 0


def test_scores_agree_with_scikit_learn() -> None:
    dice = np.random.default_rng(3)
    evidence, truth = dice.permutation(200).astype(float), dice.random(200) < 0.2
    order = np.argsort(-evidence)
    precision, recall, thresholds = precision_recall_curve(truth, evidence)
    for first in (1, 17, 200):
        at = score(order, truth, first)
        place = int(np.flatnonzero(thresholds == evidence[order[first - 1]])[0])
        assert (at.precision, at.recall) == pytest.approx((precision[place], recall[place]))


def test_where_nothing_was_put_in_nothing_is_found() -> None:
    order, truth = np.arange(10), np.zeros(10, bool)
    assert score(order, truth, 5).recall == score(order, truth, 5).precision == 0
    assert score(order, truth, 0).precision == 0


def test_a_curve_reaches_twice_as_far_as_there_are() -> None:
    truth = np.zeros(1_000, bool)
    truth[:100] = True
    points = curve(np.arange(1_000), truth)
    assert [points[0].first, points[-1].first] == [1, 200]
    assert (points[-1].precision, points[-1].recall) == (0.5, 1.0)
