"""Each setting of the model group reaches the network, and does there what its words say."""

import pytest
import torch
from torch import Tensor, nn

from mnist_core.data.mnist_files import load_mnist
from mnist_core.recipe import Recipe
from mnist_core.training.events import Epoch, ProbeResult
from mnist_core.training.loop import train
from mnist_core.training.models import Classifier, build, fit_scaling

SMALL = Recipe(model="mlp", train_images=1_000, epochs=2)
DEEP = SMALL.replace(batch_norm=False, extra_layers=3, epochs=1)


def first_gradient(recipe: Recipe) -> float:
    look = next(event for event in train(recipe) if isinstance(event, ProbeResult))
    return look.gradient_norms["dense 1"]


def last_epoch(recipe: Recipe) -> Epoch:
    return [event for event in train(recipe) if isinstance(event, Epoch)][-1]


def weights_of(recipe: Recipe) -> list[Tensor]:
    torch.manual_seed(0)
    return [p.detach() for p in build(recipe).parameters() if p.ndim > 1]


def test_sigmoid_with_small_weights_makes_the_first_gradient_vanish() -> None:
    healthy = first_gradient(DEEP.replace(initialization="kaiming"))
    assert healthy > 100 * first_gradient(DEEP.replace(activation="sigmoid", initialization="small"))


def test_much_dropout_lowers_the_training_accuracy() -> None:
    usual = last_epoch(SMALL.replace(dense_dropout=0.0)).training_accuracy
    assert last_epoch(SMALL.replace(dense_dropout=0.9)).training_accuracy < usual - 0.2
    cnn = SMALL.replace(model="cnn")
    assert last_epoch(cnn.replace(conv_dropout=0.9)).training_accuracy < last_epoch(cnn).training_accuracy - 0.1


@pytest.mark.parametrize(
    ("settings", "parameters"),
    [
        ({"model": "linear"}, 7_850),
        ({"model": "mlp", "batch_norm": False}, 785 * 256 + 257 * 128 + 129 * 10),
        ({"model": "mlp", "batch_norm": False, "width": 0.5}, 785 * 128 + 129 * 64 + 65 * 10),
        ({"model": "mlp", "batch_norm": False, "extra_layers": 2}, 785 * 256 + 257 * 128 + 2 * 129 * 128 + 129 * 10),
    ],
    ids=str,
)
def test_width_and_layers_make_as_many_parameters_as_counted_by_hand(settings, parameters: int) -> None:
    assert build(Recipe(**settings)).parameter_count == parameters


def test_each_beginning_has_the_spread_it_is_named_after() -> None:
    inputs, outputs = 784, 256
    spreads = {"kaiming": (2 / inputs) ** 0.5, "xavier": (2 / (inputs + outputs)) ** 0.5, "small": 0.001}
    for name, spread in spreads.items():
        assert float(weights_of(SMALL.replace(initialization=name))[0].std()) == pytest.approx(spread, rel=0.05)
    large, kaiming = (float(weights_of(SMALL.replace(initialization=n))[0].std()) for n in ("large", "kaiming"))
    assert large == pytest.approx(10 * kaiming, rel=0.05)


def test_without_activation_it_is_a_linear_model() -> None:
    model = build(SMALL.replace(activation="none", batch_norm=False)).eval()
    one, other = torch.rand(2, 1, 1, 28, 28)
    with torch.no_grad():
        middle = model((one + other) / 2)
        assert torch.allclose(middle, (model(one) + model(other)) / 2, atol=1e-4)


def test_each_scaling_is_what_it_says() -> None:
    images = load_mnist().train_images[:2_000]
    pixels = images.float().unsqueeze(1) / 255
    scaled = {name: scale_of(name, images)(pixels) for name in ("unit", "none", "standardised", "per_pixel")}
    assert (scaled["unit"].min(), scaled["unit"].max()) == (0, 1)
    assert (scaled["none"].min(), scaled["none"].max()) == (0, 255)
    assert abs(float(scaled["standardised"].mean())) < 0.02
    assert float(scaled["standardised"].std()) == pytest.approx(1, abs=0.02)
    inked = pixels.flatten(1).std(dim=0) > 0
    by_pixel = scaled["per_pixel"].flatten(1)[:, inked]
    assert float(by_pixel.mean(dim=0).abs().max()) < 1e-3
    assert float((by_pixel.std(dim=0, unbiased=False) - 1).abs().max()) < 1e-3


def scale_of(name: str, images: Tensor):
    model: Classifier = build(Recipe(model="linear", scaling=name))
    fit_scaling(model, images)
    return model.scale


def test_raw_pixels_make_training_unsteady_without_batch_normalisation() -> None:
    raw = SMALL.replace(scaling="none", batch_norm=False)
    assert last_epoch(raw).validation_loss > 2 * last_epoch(raw.replace(scaling="unit")).validation_loss


def test_l1_makes_weights_small_and_weight_decay_too() -> None:
    free = SMALL.replace(weight_decay=0.0)
    usual = size_after(free)
    assert size_after(free.replace(l1=0.01)) < 0.7 * usual
    assert size_after(free.replace(weight_decay=1.0)) < 0.95 * usual


def size_after(recipe: Recipe) -> float:
    from mnist_core.training.weights import from_bytes

    model = from_bytes(recipe, last_epoch(recipe).weights)
    return sum(float(layer.weight.detach().abs().sum()) for layer in model.modules() if isinstance(layer, nn.Linear))
