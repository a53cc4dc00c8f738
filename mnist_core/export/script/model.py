"""The part of a script that says what the network is."""

from collections.abc import Iterator
from inspect import signature

import torch
from torch import nn

from mnist_core.export.script.text import Part, Piece, block
from mnist_core.recipe import CONVOLUTIONAL, Recipe
from mnist_core.training.dropout import Dropout
from mnist_core.training.models import FIRST_WEIGHTS, SIDE, build
from mnist_core.training.pixels import each_pixel, in_levels, spread_of, standardise

_CLASSIFIER = '''
    class Classifier(nn.Module):
        """From images to ten logits; it scales the pixels itself, so nobody can forget."""

        def __init__({parameters}) -> None:
            super().__init__()
            self.layers = nn.Sequential(
                {layers}
            )
            {scaling}
            {first_weights}

        def forward(self, images: Tensor) -> Tensor:
            """Logits (N, 10) of images (N, 1, 28, 28), 0 paper to 1 ink."""
            return self.layers({scaled})
'''

# How the pixels are scaled: what is lifted for it, and the call.
_SCALINGS: dict[str, tuple[tuple[Piece, ...], str]] = {
    "standardised": ((standardise,), "standardise(images)"),
    "unit": ((), "images"),
    "none": ((in_levels,), "in_levels(images)"),
    "per_pixel": ((spread_of, each_pixel), "each_pixel(images, self.pixel_mean, self.pixel_spread)"),
}

_PER_PIXEL = """
    mean, spread = spread_of(images)
    self.register_buffer("pixel_mean", mean)
    self.register_buffer("pixel_spread", spread)
"""

_FIRST_WEIGHTS = """
    for layer in self.layers:
        if isinstance(layer, {kinds}):
            {weights}(layer.weight)
            {biases}
"""


def model_part(recipe: Recipe) -> Part:
    """The network as a class, with every layer written out."""
    lifted, scaled = _SCALINGS[recipe.scaling]
    per_pixel = recipe.scaling == "per_pixel"
    classifier = block(
        _CLASSIFIER,
        parameters="self, images: Tensor" if per_pixel else "self",
        layers=_layers(recipe),
        scaling=block(_PER_PIXEL) if per_pixel else (),
        first_weights=_first_weights(recipe),
        scaled=scaled,
    )
    dropout = [Dropout] if "Dropout(" in classifier else []
    begin = [] if recipe.initialization == "pytorch" else [FIRST_WEIGHTS[recipe.initialization]]
    return Part(blocks=(*lifted, *begin, *dropout, classifier))


def is_convolutional(recipe: Recipe) -> bool:
    """Whether the recipe's network looks at the picture in two dimensions."""
    return recipe.model in CONVOLUTIONAL


def _layers(recipe: Recipe) -> Iterator[str]:
    """The network's layers, a line each, with what they make of the picture's size."""
    values = torch.zeros(1, 1, SIDE, SIDE, device="meta")
    with torch.device("meta"):
        layers = build(recipe).eval().layers
    for layer in layers:
        before, values = values, layer(values)
        is_resized = values.ndim == 4 and before.shape[2:] != values.shape[2:]
        size = f"  # {values.shape[2]}x{values.shape[3]}" if is_resized else ""
        does_nothing = isinstance(layer, nn.Identity) or (isinstance(layer, nn.Dropout) and layer.p == 0)
        if not does_nothing:
            yield f"{_written(layer)},{size}"


def _written(layer: nn.Module) -> str:
    """The layer as Python makes it: what its class needs, and what differs from the defaults."""
    if isinstance(layer, nn.Flatten):
        return "nn.Flatten()"
    if isinstance(layer, nn.Dropout):
        return f"Dropout({layer.p})"  # the script has its own
    arguments = []
    for name, parameter in signature(type(layer)).parameters.items():
        value = getattr(layer, name, parameter.default)
        if name == "bias":
            value = layer.bias is not None  # batch normalisation has a shift of its own
        value = value[0] if isinstance(value, tuple) else value  # the same to both sides
        is_pools_own = name == "stride" and isinstance(layer, nn.MaxPool2d)
        if parameter.default is parameter.empty and hasattr(layer, name):
            arguments.append(str(value))
        elif value != parameter.default and not is_pools_own:
            arguments.append(f"{name}={value!r}")
    return f"nn.{type(layer).__name__}({', '.join(arguments)})"


def _first_weights(recipe: Recipe) -> str:
    if recipe.initialization == "pytorch":
        return ""
    everywhere = not recipe.batch_norm or recipe.model == "linear"
    biases = "nn.init.zeros_(layer.bias)"
    return block(
        _FIRST_WEIGHTS,
        kinds="nn.Conv2d | nn.Linear" if is_convolutional(recipe) else "nn.Linear",
        weights=FIRST_WEIGHTS[recipe.initialization].__name__,
        biases=[biases] if everywhere else ["if layer.bias is not None:", f"    {biases}"],
    )
