"""What each layer of a network makes of one digit."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from mnist_core.diagnosis.attribution import in_evaluation_mode
from mnist_core.training.inference import as_input
from mnist_core.training.models import Classifier, is_activation

Values = npt.NDArray[np.float32]

_OPENING = (nn.Conv2d, nn.Linear, nn.MaxPool2d)
_REARRANGING = (nn.Flatten, nn.Dropout)


@dataclass(frozen=True, slots=True, eq=False)
class LayerMaps:
    """What one layer hands on.

    Attributes:
        name: Which layer, in plain words ("After convolution 1").
        help: What its maps tell, in plain words.
        maps: float32 (C, H, W): C pictures; a layer without places is one picture whose pixels are its values.
        count: How many values the layer has; fewer than the picture's pixels when it has no places.
        of_classes: Whether map d belongs to the digit d.
    """

    name: str
    help: str
    maps: Values
    count: int
    of_classes: bool = False

    @property
    def title(self) -> str:
        """The name and the size ("After convolution 1: 16 maps of 14 × 14")."""
        channels, height, width = self.maps.shape
        if height == width == 1:
            return self.name
        size = f"{channels} maps of {height} × {width}" if channels > 1 else f"{self.count} values"
        return f"{self.name}: {size}"


def layer_maps(model: Classifier, pixels: Values) -> list[LayerMaps]:
    """Of each layer what it makes of `pixels`, float32 (28, 28), from the first to the ten scores.

    A layer is a convolution or dense layer with what belongs to it (batch normalisation, activation), or a pooling.
    A model that is made of anything else (a support vector machine) has none.
    """
    layers = getattr(model, "layers", None)
    if not isinstance(layers, nn.Sequential):
        return []
    with in_evaluation_mode(model), torch.inference_mode():
        image = as_input(torch.from_numpy(pixels).unsqueeze(0))
        return list(_walk(layers, model.scale(image)))


def _walk(layers: nn.Sequential, values: Tensor) -> Iterator[LayerMaps]:
    """Go through the layers; what one made is told when the next one begins."""
    opened, made, number = None, values, Counter[type]()
    for place, layer in enumerate(layers):
        if isinstance(layer, _OPENING):
            if opened is not None:
                yield _told(opened, _activated(made, layers[place:]), number[type(opened)])
            opened = layer
            number[type(layer)] += 1
        if layer is not layers[-1]:
            values = layer(values)
            made = made if isinstance(layer, _REARRANGING) else values
    if isinstance(opened, nn.Linear):
        yield from _scores(opened, values, made)


def _activated(made: Tensor, following: nn.Sequential) -> Tensor:
    """What a layer hands on; when the next one pools before it is bent, with the bend that comes after the pool."""
    pools = len(following) > 1 and isinstance(following[0], nn.MaxPool2d)
    is_bent_afterwards = pools and is_activation(following[1])
    return following[1](made) if is_bent_afterwards else made


def _told(layer: nn.Module, made: Tensor, number: int) -> LayerMaps:
    if isinstance(layer, nn.Conv2d):
        help_ = "Each map shows where one small pattern occurs: bright where the digit has it."
        return LayerMaps(f"After convolution {number}", help_, made[0].numpy(), made[0].numel())
    if isinstance(layer, nn.MaxPool2d) and made.shape[2:] == (1, 1):
        help_ = "Only the largest value of each map is kept: the pattern counts wherever it is."
        return LayerMaps("After the last pooling", help_, _squared(made.flatten()), made[0].numel())
    if isinstance(layer, nn.MaxPool2d):
        help_ = "The largest of each 2 × 2 values is kept: moving the digit by a pixel changes little."
        return LayerMaps(f"After pooling {number}", help_, made[0].numpy(), made[0].numel())
    help_ = "Each square is one unit connected to all values before it: bright where it is active."
    return LayerMaps(f"After dense layer {number}", help_, _squared(made[0]), made[0].numel())


def _scores(layer: nn.Linear, values: Tensor, made: Tensor) -> Iterator[LayerMaps]:
    """The last layer: where each class gets its score from, when there are places left, and the ten scores."""
    flat = values.flatten()
    if made.dim() == 4 and made.shape[2:] != (1, 1):
        summands = (layer.weight * flat).reshape(len(layer.weight), *made.shape[1:]).sum(dim=1)
        help_ = "Where each digit gets its score from: what all places add up to, and a constant, is its score."
        yield LayerMaps("The score of each digit", help_, summands.numpy(), summands.numel(), of_classes=True)
    scores = layer(values)[0]
    help_ = "The highest score is the answer; the differences between them become the probabilities."
    yield LayerMaps("The ten scores", help_, scores.reshape(-1, 1, 1).numpy(), scores.numel(), of_classes=True)


def _squared(values: Tensor) -> Values:
    """Values (F,) as one picture (1, H, W), row by row, as square as can be; what is left over is 0."""
    width = math.ceil(math.sqrt(len(values)))
    height = math.ceil(len(values) / width)
    picture = torch.zeros(height * width)
    picture[: len(values)] = values
    return picture.reshape(1, height, width).numpy()
