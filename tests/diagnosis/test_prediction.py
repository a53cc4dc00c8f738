import math

import numpy as np
import pytest
import torch
from torch import nn

from mnist_core.data.mnist_files import load_mnist
from mnist_core.diagnosis.prediction import predict, predict_batch
from mnist_core.preprocessing.pipeline import Preprocessed, preprocess
from mnist_core.preprocessing.steps import MNIST_STEPS, RAW
from mnist_core.preprocessing.strokes import Drawing, Stroke
from mnist_core.runs.registry import load_model
from mnist_core.training.models import Classifier


@pytest.fixture(scope="module")
def model():
    return load_model().model


def test_the_first_test_images_are_read(model) -> None:
    mnist = load_mnist()
    digits = [preprocess(image.numpy(), RAW) for image in mnist.test_images[:20]]
    assert [reading.digit for reading in predict_batch(model, digits)] == mnist.test_labels[:20].tolist()


def test_second_guess_and_margin_follow_from_the_probabilities(model) -> None:
    reading = predict(model, preprocess(load_mnist().test_images[8].numpy(), RAW))
    order = np.argsort(reading.probabilities)[::-1]
    assert (reading.digit, reading.second) == tuple(order[:2])
    assert reading.confidence == max(reading.probabilities)
    assert reading.margin == pytest.approx(reading.confidence - reading.probabilities[order[1]])
    assert sum(reading.probabilities) == pytest.approx(1, abs=1e-5)


def test_a_blank_is_no_digit_and_changes_no_other_reading(model) -> None:
    blank = preprocess(np.zeros((50, 50), np.uint8))
    three = preprocess(load_mnist().test_images[18].numpy(), RAW)
    first, second, third = predict_batch(model, [blank, three, blank])
    assert (first.digit, first.second, first.verdict) == (None, None, "blank")
    assert third == first
    assert second.digit == 3


def test_nothing_in_nothing_out(model) -> None:
    assert predict_batch(model, []) == []


def always(*logits: float) -> Classifier:
    """A model that gives the same logits for every picture."""
    last = nn.Linear(28 * 28, 10)
    nn.init.zeros_(last.weight)
    last.bias.data = torch.tensor(logits, dtype=torch.float32)
    return Classifier(nn.Sequential(nn.Flatten(), last)).eval()


def a_test_image() -> Preprocessed:
    return preprocess(load_mnist().test_images[0].numpy(), RAW)


def test_an_even_split_is_unsure() -> None:
    reading = predict(always(0, 0, 0, 0, 5, 0, 0, 0, 0, 5), a_test_image())
    assert reading.verdict == "unsure"
    assert {reading.digit, reading.second} == {4, 9}


def test_confidence_is_calibrated() -> None:
    model = always(0, 0, 0, 0, 0, 0, 0, 6, 0, 0)
    model.temperature = 3.0
    e = math.exp(6 / 3)
    assert predict(model, a_test_image()).confidence == pytest.approx(e / (e + 9), rel=1e-5)


def test_what_is_no_digit_is_none_however_sure_the_model_is() -> None:
    certain = always(0, 0, 0, 0, 0, 0, 0, 99, 0, 0)
    scrawl = np.zeros((280, 280), np.uint8)
    for start in (60, 130, 200):
        scrawl[start : start + 15, 50:230] = scrawl[50:230, start : start + 15] = 255
    grid, seven = predict_batch(certain, [preprocess(scrawl), a_test_image()])
    assert (grid.verdict, grid.confidence) == ("not_a_digit", pytest.approx(1))
    assert grid.ood_score > 0.9 > 0.1 > seven.ood_score
    assert grid.distance_percentile > seven.distance_percentile
    assert seven.verdict == "digit"


def test_the_steps_do_not_make_a_digit_strange(model) -> None:
    drawn = Drawing((Stroke(((20.0, 20.0), (80.0, 20.0), (45.0, 110.0)), 9.0),)).render()
    raw, prepared = (predict(model, preprocess(drawn, steps)) for steps in (RAW, MNIST_STEPS))
    assert raw.ood_score == prepared.ood_score
    assert raw.probabilities != prepared.probabilities
    assert prepared.verdict == "digit"


def test_hardly_a_digit_of_the_test_set_is_refused(model) -> None:
    mnist = load_mnist()
    digits = [preprocess(image.numpy()) for image in mnist.test_images[:400]]
    readings = predict_batch(model, digits)
    right = [one for one, label in zip(readings, mnist.test_labels.tolist(), strict=False) if one.digit == label]
    assert sum(one.verdict != "digit" for one in right) <= 0.015 * len(right)
