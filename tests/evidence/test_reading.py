import numpy as np
import pytest
import torch

from mnist_core.data.mnist_files import load_mnist
from mnist_core.digits.ink import digitize
from mnist_core.digits.steps import RAW
from mnist_core.evidence.reading import read, read_all
from mnist_core.runs.registry import open_model


@pytest.fixture(scope="module")
def model():
    return open_model().model


def test_the_first_test_images_are_read(model) -> None:
    mnist = load_mnist()
    digits = [digitize(image.numpy(), RAW) for image in mnist.test_images[:20]]
    assert [reading.digit for reading in read_all(model, digits)] == mnist.test_labels[:20].tolist()


def test_second_guess_and_margin_follow_from_the_probabilities(model) -> None:
    reading = read(model, digitize(load_mnist().test_images[8].numpy(), RAW))
    order = np.argsort(reading.probabilities)[::-1]
    assert (reading.digit, reading.second) == tuple(order[:2])
    assert reading.confidence == max(reading.probabilities)
    assert reading.margin == pytest.approx(reading.confidence - reading.probabilities[order[1]])
    assert sum(reading.probabilities) == pytest.approx(1, abs=1e-5)


def test_a_blank_is_no_digit_and_changes_no_other_reading(model) -> None:
    blank = digitize(np.zeros((50, 50), np.uint8))
    three = digitize(load_mnist().test_images[18].numpy(), RAW)
    first, second, third = read_all(model, [blank, three, blank])
    assert (first.digit, first.second, first.verdict) == (None, None, "blank")
    assert third == first
    assert second.digit == 3


def test_nothing_in_nothing_out(model) -> None:
    assert read_all(model, []) == []


def test_an_even_split_is_unsure() -> None:
    class Undecided(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))

        def forward(self, images):
            logits = torch.zeros(len(images), 10)
            logits[:, [4, 9]] = 5.0
            return logits

    reading = read(Undecided(), digitize(load_mnist().test_images[0].numpy(), RAW))
    assert reading.verdict == "unsure"
    assert {reading.digit, reading.second} == {4, 9}
