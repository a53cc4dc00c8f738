"""The models: four networks, from one weight a pixel to the CNN of every tutorial, and a support vector machine."""

from collections.abc import Callable
from itertools import chain

import torch
from torch import Tensor, nn

from mnist_core.recipe import Recipe
from mnist_core.training.pixels import PIXEL_MEAN as PIXEL_MEAN
from mnist_core.training.pixels import PIXEL_STD as PIXEL_STD
from mnist_core.training.pixels import standardise
from mnist_core.training.support_vectors import SupportVectors

CLASSES = 10
SIDE = 28

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "none": nn.Identity,
}


class Classifier(nn.Module):
    """A network from images to logits.

    Standardising the pixels is part of the network, so that nobody who uses it can forget to.
    """

    temperature = 1.0
    """What logits are divided by before people are told probabilities: a net is often surer than it is right, or
    less sure. Found on the validation set (Guo et al., *On Calibration of Modern Neural Networks*, 2017)."""

    def __init__(self, layers: nn.Sequential) -> None:
        super().__init__()
        self.layers = layers

    def forward(self, images: Tensor) -> Tensor:
        """Logits (N, 10) of images (N, 1, 28, 28), float32, 0 paper to 1 ink."""
        logits: Tensor = self.layers(standardise(images))
        return logits

    def features(self, images: Tensor) -> Tensor:
        """What the last layer decides on, (N, F); see `forward`.

        Of a linear model and of a support vector machine that is the pixels themselves: what is near for the
        machine's radial kernel is what is near in pixels.
        """
        values: Tensor = self.layers[:-1](standardise(images))
        return values

    @property
    def parameter_count(self) -> int:
        """How many numbers the model has learned; of a support vector machine, those that fitting found."""
        found = sum(layer.learned for layer in self.modules() if isinstance(layer, SupportVectors))
        return found + sum(parameter.numel() for parameter in self.parameters())

    @property
    def device(self) -> torch.device:
        """Where its numbers are."""
        return next(chain(self.parameters(), self.buffers())).device


def build(recipe: Recipe) -> Classifier:
    """The recipe's model with fresh weights, drawn from torch's global random numbers.

    A support vector machine begins without any support vectors.
    """
    return Classifier(_BUILDERS[recipe.model](recipe))


def count_parameters(recipe: Recipe) -> int:
    """How many numbers the recipe's model learns, without making any of them.

    How many support vectors a machine will have is known when it is fitted; before, this says how many numbers
    it can have at most: those of a machine that keeps every training image.
    """
    with torch.device("meta"):
        model = build(recipe)
        for layer in model.modules():
            if isinstance(layer, SupportVectors):
                layer.make_room(recipe.images_used)
        return model.parameter_count


def _linear(_: Recipe) -> nn.Sequential:
    return nn.Sequential(nn.Flatten(), nn.Linear(SIDE * SIDE, CLASSES))


def _mlp(recipe: Recipe) -> nn.Sequential:
    return nn.Sequential(
        nn.Flatten(),
        *_dense(SIDE * SIDE, 256, recipe),
        *_dense(256, 128, recipe),
        nn.Linear(128, CLASSES),
    )


def _cnn(recipe: Recipe) -> nn.Sequential:
    """Small and fast: strides halve the picture, so most of the work is done on 14x14 and 7x7."""
    return nn.Sequential(
        *_convolution(1, 16, recipe, kernel_size=5, stride=2, padding=2),  # 14x14
        *_convolution(16, 32, recipe, kernel_size=3, padding=1),
        *_convolution(32, 64, recipe, kernel_size=3, stride=2, padding=1),  # 7x7
        nn.Dropout(recipe.conv_dropout),
        nn.Flatten(),
        nn.Dropout(recipe.dense_dropout),
        nn.Linear(64 * 7 * 7, CLASSES),
    )


def _net(recipe: Recipe) -> nn.Sequential:
    """The network of PyTorch's MNIST example: conv 32, conv 64, pool, dense 128."""
    return nn.Sequential(
        *_convolution(1, 32, recipe, kernel_size=3),
        *_convolution(32, 64, recipe, kernel_size=3),
        nn.MaxPool2d(2),
        nn.Dropout(recipe.conv_dropout),
        nn.Flatten(),
        *_dense(64 * 12 * 12, 128, recipe),
        nn.Linear(128, CLASSES),
    )


def _svm(recipe: Recipe) -> nn.Sequential:
    return nn.Sequential(nn.Flatten(), SupportVectors(recipe.svm_gamma))


_BUILDERS: dict[str, Callable[[Recipe], nn.Sequential]] = {
    "linear": _linear,
    "mlp": _mlp,
    "cnn": _cnn,
    "net": _net,
    "svm": _svm,
}


def _convolution(
    inputs: int, outputs: int, recipe: Recipe, *, kernel_size: int, stride: int = 1, padding: int = 0
) -> list[nn.Module]:
    # Batch normalisation has a shift of its own: a bias before it would do nothing.
    convolution = nn.Conv2d(inputs, outputs, kernel_size, stride, padding, bias=not recipe.batch_norm)
    norm = [nn.BatchNorm2d(outputs)] if recipe.batch_norm else []
    return [convolution, *norm, ACTIVATIONS[recipe.activation]()]


def _dense(inputs: int, outputs: int, recipe: Recipe) -> list[nn.Module]:
    norm = [nn.BatchNorm1d(outputs)] if recipe.batch_norm else []
    return [
        nn.Linear(inputs, outputs, bias=not recipe.batch_norm),
        *norm,
        ACTIVATIONS[recipe.activation](),
        nn.Dropout(recipe.dense_dropout),
    ]
