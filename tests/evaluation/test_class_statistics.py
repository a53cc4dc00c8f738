import numpy as np
import torch

from mnist_core.data.mnist_files import load_mnist
from mnist_core.evaluation.class_statistics import class_pictures, ink_spread


def test_means_and_deviations_are_those_of_numpy() -> None:
    mnist = load_mnist()
    images, labels = mnist.train_images[:3000], mnist.train_labels[:3000]
    found = class_pictures(images, labels)
    for digit in range(10):
        pixels = images.numpy()[labels.numpy() == digit].astype(float)
        assert found.counts[digit] == len(pixels)
        assert np.abs(found.means[digit] - pixels.mean(axis=0)).max() <= 0.51
        assert np.abs(found.deviations[digit] - pixels.std(axis=0)).max() <= 0.51


def test_a_digit_without_images_is_black_and_has_no_ink() -> None:
    images, labels = torch.full((4, 28, 28), 200, dtype=torch.uint8), torch.tensor([1, 1, 1, 2])
    found = class_pictures(images, labels)
    assert found.counts.tolist() == [0, 3, 1, 0, 0, 0, 0, 0, 0, 0]
    assert not found.means[0].any()
    assert ink_spread(images, labels, 0) == ()


def test_ones_are_narrower_than_zeros_and_all_shares_add_up() -> None:
    mnist = load_mnist()
    images, labels = mnist.train_images[:2000], mnist.train_labels[:2000]
    of_ones, of_zeros = ({one.name: one for one in ink_spread(images, labels, digit)} for digit in (1, 0))
    assert of_ones["aspect"].value < of_zeros["aspect"].value / 1.5
    assert of_ones.keys() == of_zeros.keys() >= {"size", "aspect", "stroke", "slant", "rotation"}
    for finding in of_ones.values():
        assert max(finding.histogram.of_class) <= 1
        assert finding.sentence


def test_digits_that_were_made_to_lean_lean() -> None:
    mnist = load_mnist()
    images, labels = mnist.train_images[:1000], mnist.train_labels[:1000]
    leaning = torch.stack([torch.stack([row.roll((14 - y) // 3) for y, row in enumerate(one)]) for one in images])
    usual, slanted = (next(one for one in ink_spread(some, labels, 7) if one.name == "slant") for some in
                      (images, leaning))  # fmt: skip
    assert slanted.value - usual.value > 8
