"""The training digits that look most like a digit to a model: nearest in what its last layer decides on."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnist_core.data.mnist_files import Mnist, load_mnist
from mnist_core.data.splits import split_indexes
from mnist_core.training.inference import predict_features
from mnist_core.training.models import Classifier

_AT_ONCE = 1000
_DIRECTIONS = 64  # of the model's features are kept of each training image: 14 MB for 55,000
_FITTED_ON = 5000
_CANDIDATES = 100  # nearest in those directions, compared exactly: they hold 99.9 % of the five truly nearest
_VALIDATION_CANDIDATES = 3  # enough for the distance itself: see `Neighbors.usual`


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """The nearest training digits of one digit, the nearest first.

    Attributes:
        indexes: Their places among MNIST's training images as the file holds them, int64 (K,).
        labels: int64 (K,), 0 to 9.
        distances: Euclidean, in the model's features, float32 (K,).
    """

    indexes: NDArray[np.int64]
    labels: NDArray[np.int64]
    distances: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Bank:
    """Training images along the few directions of a model's features in which they differ most.

    Attributes:
        middle: The mean of the features, (F,).
        directions: (F, 64) or, when there are fewer features, (F, F).
        images: Where each image is along them, (N, 64) or (N, F).
    """

    middle: Tensor
    directions: Tensor
    images: Tensor

    def nearest(self, features: Tensor, count: int) -> Tensor:
        """The places in the bank that are nearest to each of the features (M, F), along the directions, (M, count)."""
        seen = (features - self.middle) @ self.directions
        # |a - b|² less |a|², which is the same for all b.
        far = torch.addmm(self.images.square().sum(dim=1), seen, self.images.T, alpha=-2)
        return far.topk(min(count, len(self.images)), dim=1, largest=False).indices


@dataclass(frozen=True, slots=True, eq=False)
class Neighbors:
    """A bank of training images as a model sees them.

    Attributes:
        model: Whose features they are.
        mnist: Where the images are.
        indexes: Which of MNIST's training images are in the bank, int64 (N,).
        usual: How far each validation digit is from its nearest one in the bank, float32 (5000,).
        usual_labels: Their labels, int64 (5000,).
    """

    model: Classifier
    mnist: Mnist
    indexes: Tensor
    usual: Tensor
    usual_labels: Tensor
    _bank: _Bank

    def __len__(self) -> int:
        """How many training images are in the bank."""
        return len(self.indexes)

    def nearest(self, pixels: NDArray[np.float32], count: int = 5) -> Near:
        """The training digits nearest to what the model sees, (28, 28) as `Preprocessed.pixels`."""
        feature = predict_features(self.model, torch.from_numpy(pixels).unsqueeze(0))
        candidates = self._bank.nearest(feature, max(count, _CANDIDATES))[0]
        images = self.mnist.train_images[self.indexes[candidates]]
        distances = torch.cdist(feature, predict_features(self.model, images))[0]
        order = distances.argsort()[:count]
        chosen = self.indexes[candidates[order]]
        return Near(chosen.numpy(), self.mnist.train_labels[chosen].numpy(), distances[order].numpy())

    def disagreement(
        self, images: NDArray[np.uint8], labels: NDArray[np.int64], count: int = 10
    ) -> NDArray[np.float64]:
        """Of the training digits nearest to each image, the share that has another label than it.

        Nearest along the directions that the bank keeps, which holds nearly all of the truly nearest.

        Args:
            images: uint8 (N, 28, 28).
            labels: Of these images, int64 (N,).
            count: How many of the nearest count.

        Returns:
            Shares, 0 to 1, (N,).
        """
        found = []
        for part, given in zip(torch.split(torch.from_numpy(images), _AT_ONCE),
                               torch.split(torch.from_numpy(labels), _AT_ONCE), strict=True):  # fmt: skip
            near = self._bank.nearest(predict_features(self.model, part), count)
            found.append(self.mnist.train_labels[self.indexes[near]] != given.unsqueeze(1))
        return torch.cat(found).double().mean(dim=1).numpy()


def build(model: Classifier, every: int = 1, on_progress: Callable[[float], None] = lambda _: None) -> Neighbors:
    """Lay out MNIST's training images as the model sees them; some ten seconds for the `cnn` on one core.

    Args:
        model: A network in evaluation mode.
        every: Take only every so manieth training image, for a slow model.
        on_progress: Called with the share of the work that is done, 0 to 1.
    """
    mnist = load_mnist()
    images = mnist.train_images
    train, validation = split_indexes(mnist.train_labels)
    train = train[::every]
    middle, directions = _directions(predict_features(model, images[train[:: max(1, len(train) // _FITTED_ON)]]))
    parts = []
    for part in torch.split(train, _AT_ONCE):
        parts.append((predict_features(model, images[part]) - middle) @ directions)
        on_progress(0.8 * len(parts) * _AT_ONCE / len(train))
    bank = _Bank(middle, directions, torch.cat(parts))
    usual = []
    for part in torch.split(validation, _AT_ONCE):
        features = predict_features(model, images[part])
        candidates = train[bank.nearest(features, _VALIDATION_CANDIDATES)]
        ways = [predict_features(model, images[chosen]) - features for chosen in candidates.T]
        usual.append(torch.stack([way.square().sum(dim=1).sqrt() for way in ways]).amin(dim=0))
    return Neighbors(model, mnist, train, torch.cat(usual), mnist.train_labels[validation], bank)


def _directions(features: Tensor) -> tuple[Tensor, Tensor]:
    """The middle of the features (N, F), and the few directions, (F, 64), in which they differ most."""
    middle = features.mean(dim=0)
    if features.shape[1] <= _DIRECTIONS:
        return middle, torch.eye(features.shape[1])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        _, _, directions = torch.pca_lowrank(features, _DIRECTIONS)
    return middle, directions
