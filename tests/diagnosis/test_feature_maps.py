import numpy as np
import pytest
import torch
from torch import nn

from mnist_core.data.mnist_files import load_mnist
from mnist_core.diagnosis.feature_maps import layer_maps
from mnist_core.recipe import Recipe
from mnist_core.training.inference import predict_logits
from mnist_core.training.models import Classifier, build

TITLES = {
    "linear": ["The score of each digit: 10 maps of 28 × 28", "The ten scores"],
    "mlp": ["After dense layer 1: 256 values", "After dense layer 2: 128 values", "The ten scores"],
    "cnn": [
        "After convolution 1: 16 maps of 14 × 14",
        "After convolution 2: 32 maps of 14 × 14",
        "After convolution 3: 64 maps of 7 × 7",
        "The score of each digit: 10 maps of 7 × 7",
        "The ten scores",
    ],
    "quick": [
        "After convolution 1: 16 maps of 12 × 12",
        "After pooling 1: 16 maps of 6 × 6",
        "After convolution 2: 32 maps of 6 × 6",
        "After convolution 3: 64 maps of 4 × 4",
        "After pooling 2: 64 maps of 2 × 2",
        "After dense layer 1: 256 values",
        "The ten scores",
    ],
    "deep": [
        "After convolution 1: 32 maps of 28 × 28",
        "After convolution 2: 32 maps of 28 × 28",
        "After pooling 1: 32 maps of 14 × 14",
        "After convolution 3: 64 maps of 14 × 14",
        "After convolution 4: 64 maps of 14 × 14",
        "After pooling 2: 64 maps of 7 × 7",
        "After convolution 5: 128 maps of 7 × 7",
        "After convolution 6: 128 maps of 7 × 7",
        "After the last pooling: 128 values",
        "The ten scores",
    ],
    "net": [
        "After convolution 1: 32 maps of 26 × 26",
        "After convolution 2: 64 maps of 24 × 24",
        "After pooling 1: 64 maps of 12 × 12",
        "After dense layer 1: 128 values",
        "The ten scores",
    ],
}


def model_of(kind: str) -> Classifier:
    torch.manual_seed(1)
    return build(Recipe(model=kind)).eval()


def digit(index: int = 0) -> np.ndarray:
    return (load_mnist().test_images[index].float() / 255).numpy()


@pytest.mark.parametrize("kind", TITLES)
def test_the_layers_are_named_and_the_last_gives_the_logits(kind: str) -> None:
    model = model_of(kind)
    layers = layer_maps(model, digit())
    assert [layer.title for layer in layers] == TITLES[kind]
    assert len({layer.name for layer in layers}) == len(layers)
    logits = predict_logits(model, load_mnist().test_images[:1])[0].numpy()
    np.testing.assert_allclose(layers[-1].maps.ravel(), logits, atol=1e-4)


@pytest.mark.parametrize("kind", ["linear", "cnn"])
def test_what_a_digit_adds_up_and_a_constant_is_its_score(kind: str) -> None:
    model = model_of(kind)
    *_, summands, scores = layer_maps(model, digit(3))
    constants = model.layers[-1].bias.detach().numpy()
    np.testing.assert_allclose(summands.maps.sum(axis=(1, 2)) + constants, scores.maps.ravel(), atol=1e-4)


@pytest.mark.parametrize(("kind", "class_"), [("cnn", nn.ReLU), ("mlp", nn.ReLU)])
def test_the_maps_are_what_the_activations_hand_on(kind: str, class_: type[nn.Module]) -> None:
    model, caught = model_of(kind), []
    for module in model.modules():
        if isinstance(module, class_):
            module.register_forward_hook(lambda _, __, output: caught.append(output[0].numpy()))
    predict_logits(model, torch.from_numpy(digit()).unsqueeze(0))
    expected = list(caught)
    layers = [layer for layer in layer_maps(model, digit()) if "convolution" in layer.name or "dense" in layer.name]
    assert len(layers) == len(expected)
    for layer, output in zip(layers, expected, strict=True):
        np.testing.assert_allclose(layer.maps.ravel()[: output.size], output.ravel(), atol=1e-5)
        assert layer.count == output.size


@pytest.mark.parametrize("kind", ["net", "deep"])
def test_maps_are_bent_before_they_are_pooled_though_the_network_does_it_afterwards(kind: str) -> None:
    layers = layer_maps(model_of(kind), digit())
    place = next(place for place, layer in enumerate(layers) if layer.name == "After pooling 1")
    before, after = layers[place - 1].maps, layers[place].maps
    assert before.min() == 0 < before.max()
    channels, height, width = after.shape
    largest = before.reshape(channels, height, 2, width, 2).max(axis=(2, 4))
    np.testing.assert_array_equal(after, largest)


def test_what_is_no_network_has_no_layers_to_look_into() -> None:
    assert layer_maps(Classifier(nn.Sequential(nn.Flatten(), nn.Identity())), digit()) == []
