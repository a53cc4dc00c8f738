import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support

from mnist_core.data.mnist_files import load_mnist
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.ui import services
from mnist_core.ui.mistakes import metrics
from tests.ui.app import parts, run, texts
from tests.ui.mistakes.panel import looked_at, made_up, open_panel, plots


def test_the_table_agrees_with_scikit_learn() -> None:
    shown = open_panel("metrics", looked_at("mlp")).dataframe[0].value
    read = services.evaluation("mlp").probabilities.argmax(axis=1)
    truth = load_mnist().test_labels.numpy()
    for column, wanted in zip(
        ("precision", "recall", "f1"), precision_recall_fscore_support(truth, read), strict=False
    ):
        np.testing.assert_allclose(shown[f"{column}_a"], wanted * 100)
    assert shown["support"].tolist() == np.bincount(truth).tolist()
    assert shown["digit"].tolist() == [str(digit) for digit in range(10)]


def test_both_models_are_in_every_part() -> None:
    looked = looked_at("mlp", "linear")
    app = open_panel("metrics", looked)
    shown = app.dataframe[0].value
    np.testing.assert_allclose(shown["recall_b"], looked.other_evaluation.recall * 100)
    for evaluation, metric in zip((looked.evaluation, looked.other_evaluation), app.metric, strict=True):
        assert metric.value == f"{evaluation.calibration_error * 100:.2f} %"
    reliability, abstention = plots(app)
    assert {line["line"]["dash"] for line in reliability["data"] if line["type"] == "scatter"} == {
        "solid",
        "dash",
        "dot",
    }
    for which, evaluation in enumerate((looked.evaluation, looked.other_evaluation)):
        assert abstention["data"][which]["y"][0] == pytest.approx(evaluation.accuracy)
    assert texts(app).count(":orange-badge[B] ") == 4


def test_the_bars_count_all_images() -> None:
    reliability = plots(open_panel("metrics", looked_at("mlp")))[0]
    (bars,) = [one for one in reliability["data"] if one["type"] == "bar"]
    assert sum(count or 0 for count in bars["y"]) == 10_000


def test_the_temperature_makes_it_as_sure_as_it_is_right() -> None:
    app = open_panel("metrics", looked_at("default"))
    before = float(app.metric[0].value.split()[0])
    app.toggle(key="figures_temperature").set_value(True)
    app = run(app)
    assert float(app.metric[0].value.split()[0]) < before / 5
    assert f"Temperature: {services.model('default').model.temperature:.2f}" in texts(app)


def test_the_sentence_of_abstention_counts_the_lowest_confidence() -> None:
    looked = looked_at("default")
    kept = np.argsort(looked.evaluation.confidence, kind="stable")[200:]
    right = (looked.evaluation.predicted == looked.evaluation.labels)[kept].mean()
    assert f"the 2 % of images with the lowest confidence, accuracy on the rest is **{right * 100:.2f} %**" in texts(
        open_panel("metrics", looked)
    )


def test_the_threshold_moves_what_is_said() -> None:
    looked = looked_at("default")
    app = open_panel("metrics", looked)
    app.slider(key="figures_threshold").set_value(50)
    refused = int((looked.evaluation.confidence < 0.5).sum())
    assert f"It abstains on {refused:,} of 10,000 images" in texts(run(app))


def test_a_ticked_row_shows_the_images_behind_its_figures() -> None:
    looked = looked_at("default")
    app = open_panel("metrics", looked, figures_digits={"selection": {"rows": [9], "columns": [], "cells": []}})
    wrong = looked.evaluation.mistakes()
    expected = [at for at in wrong if 9 in (looked.evaluation.labels[at], looked.evaluation.predicted[at])]
    assert {tile["id"] for tile in parts(app, "gallery")[0]["tiles"]} == {int(at) for at in expected}


def test_a_model_without_mistakes() -> None:
    looked = made_up(list(range(10)) * 3, list(range(10)) * 3)
    app = open_panel("metrics", looked, figures_digits={"selection": {"rows": [4]}})
    assert "Every image is classified correctly. Mean F1 of the ten digits: 100.00 %." in texts(app)
    assert "Mean confidence 100.0 %, accuracy 100.0 %." in texts(app)
    assert "the same confidence" in texts(app)
    assert "0 wrong answers left" in texts(app)


def test_a_model_that_always_says_the_same() -> None:
    app = open_panel("metrics", made_up([3, 3, 4, 5], [3, 3, 3, 3], sure=0.7))
    assert "Lowest recall: 4 (1 of 1 missed)." in texts(app)
    assert "Lowest precision: 3 (2 of 4 predictions are wrong)." in texts(app)
    assert "20.0 points over-confident" in texts(app)
    assert "it abstains on all 4 images" in texts(app)


@pytest.mark.parametrize("read", [2, 7])
def test_a_single_image(read: int) -> None:
    app = open_panel("metrics", made_up([7], [read]))
    assert not app.error
    assert len(plots(app)) == 2


@pytest.mark.parametrize(("lowest", "start"), [(99.2, 90), (90.0, 80), (88.8, 80), (10.5, 0), (0.0, 0), (100, 90)])
def test_bars_begin_at_a_round_number_below_all(lowest: float, start: int) -> None:
    assert metrics.bar_start(lowest) == start


def test_under_confident_is_told_from_over_confident() -> None:
    rows = np.full((2, 10), 0.05, np.float32)
    rows[:, 1] = 0.55
    assert "45.0 points under-confident" in metrics.confidence_gap(Evaluation(np.array([1, 1]), rows))
