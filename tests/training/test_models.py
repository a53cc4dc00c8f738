import pytest
import torch
from torch import nn

from mnist_core.activations import ACTIVATIONS
from mnist_core.data.mnist_files import load_mnist
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.training.models import Flat, build, count_parameters
from mnist_core.training.pixels import PIXEL_MEAN, PIXEL_STD

MODELS = list(FIELDS["model"].choices)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("activation", list(FIELDS["activation"].choices))
def test_every_model_gives_ten_logits_an_image_with_every_activation(model: str, activation: str) -> None:
    network = build(Recipe(model=model, activation=activation)).eval()
    assert network(torch.rand(3, 1, 28, 28)).shape == (3, 10)


# Counted by hand: weights and biases of each layer; batch normalisation has two numbers a channel.
@pytest.mark.parametrize(
    ("recipe", "count"),
    [
        (Recipe(model="linear"), 784 * 10 + 10),
        (Recipe(model="mlp", batch_norm=False), 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10),
        (Recipe(model="net", batch_norm=False), 1_199_882),  # the published count of PyTorch's MNIST example
        (
            Recipe(model="quick"),
            25 * 16 + 32 + 9 * 16 * 32 + 64 + 9 * 32 * 64 + 128 + 4 * 64 * 256 + 512 + 256 * 10 + 10,
        ),
        (
            Recipe(model="deep", batch_norm=False),
            9 * (32 + 32 * 32 + 32 * 64 + 64 * 64 + 64 * 128 + 128 * 128) + 2 * (32 + 64 + 128) + 128 * 10 + 10,
        ),
        (
            Recipe(model="cnn"),
            25 * 16 + 32 + 9 * 16 * 32 + 64 + 9 * 32 * 64 + 128 + 64 * 49 * 10 + 10,
        ),
    ],
)
def test_parameters_are_counted_without_building(recipe: Recipe, count: int) -> None:
    assert count_parameters(recipe) == count
    assert build(recipe).parameter_count == count


def test_a_machine_is_counted_as_if_it_kept_every_image_that_it_may_use() -> None:
    assert count_parameters(Recipe(model="svm", train_images=500)) == 9 * 500 + 45
    assert count_parameters(Recipe(model="svm")) == 9 * 10_000 + 45


def test_the_usual_net_is_pytorchs_example() -> None:
    torch.manual_seed(0)
    ours = build(Recipe(model="net", batch_norm=False)).eval()
    theirs = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10),
    )  # fmt: skip
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        other.data = mine.data
    images = torch.rand(4, 1, 28, 28)
    assert torch.allclose(ours(images), theirs((images - PIXEL_MEAN) / PIXEL_STD), atol=1e-5)


def test_pixels_are_standardised_as_mnist_is_spread() -> None:
    pixels = load_mnist().train_images.double() / 255
    assert pixels.mean() == pytest.approx(PIXEL_MEAN, abs=1e-4)
    assert pixels.std() == pytest.approx(PIXEL_STD, abs=1e-4)


def test_dropout_acts_in_its_own_place_and_only_while_training() -> None:
    for recipe, places in (
        (Recipe(model="cnn", conv_dropout=0.9), [0.9, 0.0]),
        (Recipe(model="net", dense_dropout=0.4), [0.0, 0.4]),
        (Recipe(model="mlp", dense_dropout=0.4), [0.4, 0.4]),
    ):
        model = build(recipe)
        assert [layer.p for layer in model.modules() if isinstance(layer, nn.Dropout)] == places
        images = torch.rand(8, 1, 28, 28)
        model.eval()
        assert torch.equal(model(images), model(images))
        model.train()
        assert not torch.equal(model(images), model(images))


def test_batch_normalisation_is_a_switch() -> None:
    for model in ("mlp", "cnn", "net"):
        kinds = {type(layer).__name__ for layer in build(Recipe(model=model, batch_norm=False)).modules()}
        assert not any(kind.startswith("BatchNorm") for kind in kinds)
        kinds = {type(layer).__name__ for layer in build(Recipe(model=model)).modules()}
        assert any(kind.startswith("BatchNorm") for kind in kinds)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu", "tanh", "sigmoid", "none"])
def test_values_are_bent_after_they_are_pooled_which_changes_none_of_them(activation: str) -> None:
    torch.manual_seed(0)
    for recipe in (Recipe(model="net", activation=activation), Recipe(model="deep", activation=activation)):
        model = build(recipe)
        layers = list(model.layers)
        for place, layer in enumerate(layers):
            if isinstance(layer, nn.MaxPool2d) and type(layers[place + 1]).__name__ == ACTIVATIONS[activation].module:
                layers[place : place + 2] = [layers[place + 1], layer]
        usual = nn.Sequential(*layers)
        assert [type(layer) for layer in usual] != [type(layer) for layer in model.layers]
        images = torch.rand(8, 1, 28, 28)
        assert torch.equal(usual(images), model.layers(images))


def test_flattening_gives_the_gradient_back_as_the_picture_lies_in_memory() -> None:
    pictures = torch.rand(2, 3, 4, 4).contiguous(memory_format=torch.channels_last).requires_grad_()
    halved = pictures / 2  # not a leaf: what a layer would get back
    weights, seen = torch.rand(48), []
    flat = Flat()(halved)
    halved.register_hook(seen.append)
    (flat * weights).sum().backward()
    (gradient,) = seen
    assert torch.equal(gradient, weights.view(3, 4, 4).expand(2, -1, -1, -1))
    assert gradient.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(Flat()(pictures), nn.Flatten()(pictures))
