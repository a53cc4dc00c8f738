"""How many multiply-adds a model takes, counted before it exists."""

from torch import nn

from mnist_core.recipe import Recipe
from mnist_core.training.models import CLASSES, SIDE, outline
from mnist_core.training.support_vectors import PAIRS


def count_multiply_adds(recipe: Recipe) -> int:
    """How many multiplications with a following addition one image's answer takes: one for each use of a weight.

    Convolutions and dense layers are counted; what batch normalisation, activations and pooling take is little
    beside them. Of a support vector machine this is the most it can be, if it keeps every training image: it then
    compares all their pixels with the image's, and adds up 45 decisions and three rounds of votes.
    """
    if recipe.model == "svm":
        return recipe.images_used * (SIDE * SIDE + len(PAIRS)) + 3 * len(PAIRS) * CLASSES
    # Sizes are worked out by hand: running a model without numbers takes seconds, the first time.
    total, side = 0, SIDE
    for layer in outline(recipe).layers:
        if isinstance(layer, nn.MaxPool2d):
            side //= _pooled(layer)
        elif isinstance(layer, nn.Conv2d):
            side = _side_after(layer, side)
            total += layer.weight.numel() * side**2  # the same weights at each place
        elif isinstance(layer, nn.Linear):
            total += layer.weight.numel()
    return total


def count_training_multiply_adds(recipe: Recipe) -> int:
    """How many multiplications with a following addition a network learns from one image with.

    As many as its answer takes, as many for the gradients of the weights, and as many for those of what the layers
    get, which the first layer is spared: nothing learns before it. See `count_multiply_adds`.
    """
    answer = count_multiply_adds(recipe)
    first = next(layer for layer in outline(recipe).layers if isinstance(layer, nn.Conv2d | nn.Linear))
    places = _side_after(first, SIDE) ** 2 if isinstance(first, nn.Conv2d) else 1
    return 3 * answer - first.weight.numel() * places


def _pooled(layer: nn.MaxPool2d) -> int:
    """How many pixels a side the layer makes one of."""
    size = layer.kernel_size
    return size if isinstance(size, int) else size[0]


def _side_after(layer: nn.Conv2d, side: int) -> int:
    """How wide and high what a convolution makes of a picture `side` pixels wide and high is."""
    return (side + 2 * int(layer.padding[0]) - layer.kernel_size[0]) // layer.stride[0] + 1
