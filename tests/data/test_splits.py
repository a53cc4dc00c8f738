import torch

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split


def rows(images: torch.Tensor) -> set[bytes]:
    return {image.numpy().tobytes() for image in images}


def test_55000_train_and_5000_validate_and_none_does_both() -> None:
    mnist = load_mnist()
    parts = split(mnist)
    assert parts.train_images.shape == (55_000, 28, 28)
    assert parts.validation_images.shape == (5_000, 28, 28)
    # MNIST's training images are all different, so equal bytes would mean the same image.
    assert len(rows(parts.train_images) | rows(parts.validation_images)) == len(rows(mnist.train_images))
    assert torch.equal(parts.test_images, mnist.test_images)


def test_it_is_stratified_to_within_one_image_a_digit() -> None:
    mnist = load_mnist()
    counts = torch.bincount(mnist.train_labels)
    validation = torch.bincount(split(mnist).validation_labels)
    assert ((validation - counts / 12).abs() <= 1).all()


def test_a_smaller_training_set_keeps_the_shares_and_leaves_the_rest_alone() -> None:
    mnist = load_mnist()
    full, small = split(mnist), split(mnist, 1000)
    assert len(small.train_images) == len(small.train_labels) == 1000
    shares = torch.bincount(small.train_labels) / 1000 - torch.bincount(full.train_labels) / 55_000
    assert shares.abs().max() < 0.002
    assert torch.equal(small.validation_images, full.validation_images)
    assert rows(small.train_images) <= rows(full.train_images)
