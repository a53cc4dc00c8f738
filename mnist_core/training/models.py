"""The models: networks, from one weight a pixel to six convolutions, and a support vector machine."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain

import torch
from torch import Tensor, nn

from mnist_core.activations import ACTIVATIONS
from mnist_core.recipe import Recipe
from mnist_core.training.dropout import Dropout
from mnist_core.training.pixels import each_pixel, in_levels, spread_of, standardise
from mnist_core.training.support_vectors import PAIRS, SupportVectors

CLASSES = 10
SIDE = 28


class Classifier(nn.Module):
    """A network from images to logits.

    Scaling the pixels is part of the network, so that nobody who uses it can forget to. `scaling` is one of the
    recipe's; only `per_pixel` has numbers of its own, which `fit_scaling` finds:
    `pixel_mean` and `pixel_spread`, float32 (1, 28, 28), of images from 0 paper to 1 ink.
    `initialization`, one of the recipe's too, says where the weights have begun.
    """

    pixel_mean: Tensor
    pixel_spread: Tensor

    temperature = 1.0
    """What logits are divided by before people are told probabilities: a net is often over-confident, or
    under-confident. Found on the validation set (Guo et al., *On Calibration of Modern Neural Networks*, 2017)."""

    def __init__(self, layers: nn.Sequential, scaling: str = "standardised", initialization: str = "pytorch") -> None:
        super().__init__()
        self.layers = layers
        self.scaling = scaling
        self.initialization = initialization
        if scaling == "per_pixel":
            self.register_buffer("pixel_mean", torch.zeros(1, SIDE, SIDE))
            self.register_buffer("pixel_spread", torch.ones(1, SIDE, SIDE))
        for layer in layers:
            if isinstance(layer, SupportVectors):
                layer.scale = self.scale  # what it compares the pixels with is scaled as they are

    def forward(self, images: Tensor) -> Tensor:
        """Logits (N, 10) of images (N, 1, 28, 28), float32, 0 paper to 1 ink."""
        logits: Tensor = self.layers(self.scale(images))
        return logits

    def scale(self, images: Tensor) -> Tensor:
        """What the first layer gets of images (N, 1, 28, 28), 0 paper to 1 ink: the same shape."""
        if self.scaling == "per_pixel":
            return each_pixel(images, self.pixel_mean, self.pixel_spread)
        return _SCALINGS[self.scaling](images)

    def features(self, images: Tensor) -> Tensor:
        """What the last layer decides on, (N, F); see `forward`.

        Of a linear model and of a support vector machine that is the pixels themselves: what is near for the
        machine's radial kernel is what is near in pixels.
        """
        values: Tensor = self.layers[:-1](self.scale(images))
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


class Flat(nn.Flatten):
    """`nn.Flatten`, whose gradient lies in memory as what was flattened does.

    Otherwise it comes back channel by channel, and the layers before, which have the channels last, gather it from all
    over the memory: that costs a tenth of a step.
    """

    def forward(self, images: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C · H · W)."""
        if images.requires_grad and images.is_contiguous(memory_format=torch.channels_last):
            images.register_hook(lambda one: one.contiguous(memory_format=torch.channels_last))  # type: ignore[no-untyped-call]
        return super().forward(images)


def build(recipe: Recipe) -> Classifier:
    """The recipe's model with fresh weights, drawn from torch's global random numbers.

    A support vector machine begins without any support vectors; see `fit_scaling` for pixels that are scaled each by
    itself.
    """
    model = Classifier(_BUILDERS[recipe.model](recipe), recipe.scaling, recipe.initialization)
    initialize(model)
    return model


def outline(recipe: Recipe) -> Classifier:
    """The recipe's model without any numbers, on torch's meta device: for counting, in milliseconds."""
    with torch.device("meta"):
        # Not initialized: to draw no numbers from a normal distribution takes torch seconds, the first time.
        return Classifier(_BUILDERS[recipe.model](recipe), recipe.scaling)


def fit_scaling(model: Classifier, images: Tensor) -> None:
    """Let the model scale each pixel by its mean and spread over images uint8 (N, 28, 28); see `pixels.spread_of`.

    A model with any other scaling has nothing to find, and is left as it is.
    """
    if model.scaling == "per_pixel":
        mean, spread = spread_of(images)
        model.pixel_mean.copy_(mean.unsqueeze(0))
        model.pixel_spread.copy_(spread.unsqueeze(0))


@torch.no_grad()
def initialize(model: Classifier) -> None:
    """Give the layers the first weights that `model.initialization` names; biases begin at 0."""
    begin = FIRST_WEIGHTS.get(model.initialization)
    for layer in model.modules():
        if begin is not None and isinstance(layer, nn.Conv2d | nn.Linear):
            begin(layer.weight)
            if layer.bias is not None:
                layer.bias.zero_()


def named_layers(model: Classifier) -> dict[str, nn.Conv2d | nn.Linear]:
    """The layers with weights, as people count them: `conv 1`, `conv 2`, ..., `dense 1`, ..., `output`.

    From the input to the output. A support vector machine has none.
    """
    weighted = [layer for layer in model.layers if isinstance(layer, nn.Conv2d | nn.Linear)]
    count = Counter[str]()
    names: dict[str, nn.Conv2d | nn.Linear] = {}
    for layer in weighted:
        kind = "conv" if isinstance(layer, nn.Conv2d) else "dense"
        count[kind] += 1
        names["output" if layer is weighted[-1] else f"{kind} {count[kind]}"] = layer
    return names


def is_activation(layer: nn.Module) -> bool:
    """Whether the layer is one of `ACTIVATIONS`."""
    return type(layer).__name__ in {each.module for each in ACTIVATIONS.values()}


def named_activations(model: Classifier) -> dict[str, nn.Module]:
    """The activations, under the names that `named_layers` gives the layers before them.

    With the activation `none` they are `nn.Identity`.
    """
    name_of = {id(layer): name for name, layer in named_layers(model).items()}
    names, name = {}, ""
    for layer in model.layers:
        name = name_of.get(id(layer), name)
        if is_activation(layer):
            names[name] = layer
    return names


def count_parameters(recipe: Recipe) -> int:
    """How many numbers the recipe's model learns, without making any of them.

    How many support vectors a machine will have is known when it is fitted; before, this says how many numbers
    it can have at most: those of a machine that keeps every training image.
    """
    model = outline(recipe)
    with torch.device("meta"):
        for layer in model.modules():
            if isinstance(layer, SupportVectors):
                layer.allocate(recipe.images_used)
    return model.parameter_count


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
            side //= int(layer.kernel_size)  # type: ignore[arg-type]
        elif isinstance(layer, nn.Conv2d):
            side = (side + 2 * int(layer.padding[0]) - layer.kernel_size[0]) // layer.stride[0] + 1
            total += layer.weight.numel() * side**2  # the same weights at each place
        elif isinstance(layer, nn.Linear):
            total += layer.weight.numel()
    return total


def _linear(_: Recipe) -> nn.Sequential:
    return nn.Sequential(Flat(), nn.Linear(SIDE * SIDE, CLASSES))


def _mlp(recipe: Recipe) -> nn.Sequential:
    first, last = _wide(256, recipe), _wide(128, recipe)
    return nn.Sequential(
        Flat(),
        *_dense(SIDE * SIDE, first, recipe),
        *_dense(first, last, recipe),
        *chain(*(_dense(last, last, recipe) for _ in range(recipe.extra_layers))),
        nn.Linear(last, CLASSES),
    )


def _quick(recipe: Recipe) -> nn.Sequential:
    """The least work: the picture is a twentieth as large before most of it is done, and a dense layer does the rest.

    It halves by pools: strides of 2 would take as many multiply-adds, but twice the time for the gradients of each. The
    first convolution reads the paper's edge without being given more of it: MNIST's digits keep 4 pixels away from it.
    """
    first, second, third, dense = (_wide(channels, recipe) for channels in (16, 32, 64, 256))
    return nn.Sequential(
        *_pooled_at_once(_convolution(1, first, recipe, kernel_size=5, stride=2)),  # 6x6
        *_convolution(first, second, recipe, kernel_size=3, padding=1),
        *_pooled_at_once(_convolution(second, third, recipe, kernel_size=3)),  # 2x2
        *_more_convolutions(third, recipe),
        Dropout(recipe.conv_dropout),
        Flat(),
        *_dense(third * 2 * 2, dense, recipe),
        nn.Linear(dense, CLASSES),
    )


def _pooled_at_once(convolution: list[nn.Module]) -> list[nn.Module]:
    """The convolution's values are pooled before anything else is done with them: a quarter is left to normalise."""
    first, *others = convolution
    return [first, nn.MaxPool2d(2), *others]


def _cnn(recipe: Recipe) -> nn.Sequential:
    """Small and fast: strides halve the picture, so most of the work is done on 14x14 and 7x7."""
    first, second, last = (_wide(channels, recipe) for channels in (16, 32, 64))
    return nn.Sequential(
        *_convolution(1, first, recipe, kernel_size=5, stride=2, padding=2),  # 14x14
        *_convolution(first, second, recipe, kernel_size=3, padding=1),
        *_convolution(second, last, recipe, kernel_size=3, stride=2, padding=1),  # 7x7
        *_more_convolutions(last, recipe),
        Dropout(recipe.conv_dropout),
        Flat(),
        Dropout(recipe.dense_dropout),
        nn.Linear(last * 7 * 7, CLASSES),
    )


def _net(recipe: Recipe) -> nn.Sequential:
    """The network of PyTorch's MNIST example: conv 32, conv 64, pool, dense 128."""
    first, second, dense = (_wide(channels, recipe) for channels in (32, 64, 128))
    return nn.Sequential(
        *_convolution(1, first, recipe, kernel_size=3),
        *_convolution(first, second, recipe, kernel_size=3, pool=2),  # 12x12
        *_more_convolutions(second, recipe),  # after the pool: before it, each would cost four times as much
        Dropout(recipe.conv_dropout),
        Flat(),
        *_dense(second * 12 * 12, dense, recipe),
        nn.Linear(dense, CLASSES),
    )


def _deep(recipe: Recipe) -> nn.Sequential:
    """Two convolutions on each size, as in VGG (Simonyan and Zisserman, 2015); of each last channel, the largest value.

    What is left after the last pool says whether a pattern stands somewhere, not where.
    """
    first, second, last = (_wide(channels, recipe) for channels in (32, 64, 128))
    return nn.Sequential(
        *_convolution(1, first, recipe, kernel_size=3, padding=1),
        *_convolution(first, first, recipe, kernel_size=3, padding=1, pool=2),  # 14x14
        *_convolution(first, second, recipe, kernel_size=3, padding=1),
        *_convolution(second, second, recipe, kernel_size=3, padding=1, pool=2),  # 7x7
        *_convolution(second, last, recipe, kernel_size=3, padding=1),
        *_convolution(last, last, recipe, kernel_size=3, padding=1),
        *_more_convolutions(last, recipe),
        Dropout(recipe.conv_dropout),
        nn.MaxPool2d(7),
        Flat(),
        Dropout(recipe.dense_dropout),
        nn.Linear(last, CLASSES),
    )


def _svm(recipe: Recipe) -> nn.Sequential:
    exact = recipe.scaling == "per_pixel" or recipe.svm_gamma * _SQUARES[recipe.scaling] > _SAFE_EXPONENT
    return nn.Sequential(Flat(), SupportVectors(recipe.svm_gamma, exact=exact))


def _wide(usual: int, recipe: Recipe) -> int:
    return max(1, round(usual * recipe.width))


def _more_convolutions(channels: int, recipe: Recipe) -> Iterator[nn.Module]:
    for _ in range(recipe.extra_layers):
        yield from _convolution(channels, channels, recipe, kernel_size=3, padding=1)


_BUILDERS: dict[str, Callable[[Recipe], nn.Sequential]] = {
    "linear": _linear,
    "mlp": _mlp,
    "quick": _quick,
    "cnn": _cnn,
    "net": _net,
    "deep": _deep,
    "svm": _svm,
}

_SCALINGS: dict[str, Callable[[Tensor], Tensor]] = {
    "standardised": standardise,
    "unit": lambda images: images,
    "none": in_levels,
}

# Sum of squares of a usual image. Where gamma times it is large, the distance of an image to itself, which is a
# difference of such sums, would not be zero enough in single precision.
_SQUARES = {"standardised": 784.0, "unit": 79.0, "none": 79.0 * 255**2}
_SAFE_EXPONENT = 50.0


def small_weights(weight: Tensor) -> None:
    """Too small: a standard deviation of 0.001."""
    nn.init.normal_(weight, std=0.001)


@torch.no_grad()
def large_weights(weight: Tensor) -> None:
    """Too large: ten times Kaiming's."""
    nn.init.kaiming_normal_(weight, nonlinearity="relu")
    weight.mul_(10)


def kaiming_weights(weight: Tensor) -> None:
    """He et al., Delving Deep into Rectifiers, 2015: normal, by the number of inputs."""
    nn.init.kaiming_normal_(weight, nonlinearity="relu")


def xavier_weights(weight: Tensor) -> None:
    """Glorot and Bengio, Understanding the difficulty of training deep networks, 2010."""
    nn.init.xavier_uniform_(weight)


FIRST_WEIGHTS: dict[str, Callable[[Tensor], object]] = {
    "kaiming": kaiming_weights,
    "xavier": xavier_weights,
    "small": small_weights,
    "large": large_weights,
}
"""What begins a layer's weights, in place; PyTorch's own are those of a new layer."""


def _activation(recipe: Recipe) -> nn.Module:
    layer: nn.Module = getattr(nn, ACTIVATIONS[recipe.activation].module)()
    return layer


def _convolution(
    inputs: int, outputs: int, recipe: Recipe, *, kernel_size: int, stride: int = 1, padding: int = 0, pool: int = 1
) -> list[nn.Module]:
    """A convolution with what belongs to it, which hands on the largest of each `pool` x `pool` values.

    They are pooled before the activation, not after: with an activation that never falls both are the same to the bit,
    and the activation of what is left takes a quarter of the time.
    """
    # Batch normalisation has a shift of its own: a bias before it would do nothing.
    convolution = nn.Conv2d(inputs, outputs, kernel_size, stride, padding, bias=not recipe.batch_norm)
    norm = [nn.BatchNorm2d(outputs)] if recipe.batch_norm else []
    pools = [nn.MaxPool2d(pool)] if pool > 1 else []
    return [convolution, *norm, *pools, _activation(recipe)]


def _dense(inputs: int, outputs: int, recipe: Recipe) -> list[nn.Module]:
    norm = [nn.BatchNorm1d(outputs)] if recipe.batch_norm else []
    return [
        nn.Linear(inputs, outputs, bias=not recipe.batch_norm),
        *norm,
        _activation(recipe),
        Dropout(recipe.dense_dropout),
    ]
