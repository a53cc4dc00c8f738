"""What is seen inside a network, against plain torch, numpy and scikit-learn."""

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix, log_loss
from torch.nn import functional as F

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.training import probes
from mnist_core.training.inference import predict_logits
from mnist_core.training.models import Classifier, build, named_layers
from mnist_core.training.probes import (
    FILTERS,
    HISTOGRAM_PARTS,
    TrainingProbe,
    check,
    dead_units,
    first_filters,
    gradient_norms,
    probe_steps,
    sample_of,
    weight_histograms,
)


@pytest.fixture(scope="module")
def data():
    return split(load_mnist(), 3_000)


def built(**settings) -> Classifier:
    torch.manual_seed(0)
    return build(Recipe(**settings))


# --- when ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "an_epoch", "batch"),
    [(1, 1, 8), (2, 1, 100), (16, 8, 128), (430, 430, 128), (8_600, 430, 128), (1_375_000, 6_875, 8), (200, 1, 1_000)],
)
def test_it_looks_at_the_first_steps_and_at_least_once_an_epoch(steps, an_epoch, batch) -> None:
    looks = probe_steps(steps, an_epoch, batch)
    assert looks == probe_steps(steps, an_epoch, batch)
    assert min(looks) == 1
    assert max(looks) == steps
    assert {2**power for power in range(30) if 2**power <= steps} <= looks
    assert set(range(an_epoch, steps + 1, an_epoch)) <= looks
    assert len(looks) <= 21 + 40 + steps // an_epoch


def test_the_looks_are_few_in_a_run_of_one_epoch_and_evenly_spread_in_a_long_one() -> None:
    assert len(probe_steps(430, 430, 128)) <= 0.08 * 430
    late = sorted(step for step in probe_steps(8_600, 8_600, 128) if step > 1_000)
    gaps = np.diff([step for step in late if step.bit_count() > 1])  # without the powers of two
    assert gaps.max() - gaps.min() <= 1


# --- inside -------------------------------------------------------------------------------------------------


def test_gradient_norms_are_those_of_plain_torch(data) -> None:
    model = built(model="mlp")
    loss = F.cross_entropy(model(data.train_images[:64].unsqueeze(1) / 255), data.train_labels[:64])
    loss.backward()
    expected = {name: np.linalg.norm(layer.weight.grad.numpy()) for name, layer in named_layers(model).items()}
    assert list(expected) == ["dense 1", "dense 2", "output"]
    assert gradient_norms(model) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("batch_norm", [True, False])
def test_a_unit_whose_bias_holds_it_down_is_dead(data, batch_norm) -> None:
    """Four of sixteen channels and half of the hidden units never get above zero."""
    model = built(model="net", width=0.5, batch_norm=batch_norm)
    with torch.no_grad():
        for layer in model.layers:
            if isinstance(layer, torch.nn.BatchNorm2d | torch.nn.Conv2d) and layer.bias is not None:
                layer.bias[:4] = -1e4
            if isinstance(layer, torch.nn.BatchNorm1d | torch.nn.Linear) and layer.bias is not None:
                layer.bias[:32] = -1e4
    dead = dead_units(model, data.validation_images[:50])
    assert list(dead) == ["conv 1", "conv 2", "dense 1"]
    assert dead["conv 1"] >= 4 / 16
    assert dead["dense 1"] >= 32 / 64
    assert dead == pytest.approx(_dead_by_hand(model, data.validation_images[:50]))


def _dead_by_hand(model: Classifier, images: torch.Tensor) -> dict[str, float]:
    model.eval()
    values = model.scale(images.unsqueeze(1).float() / 255)
    shares = []
    with torch.no_grad():
        for layer in model.layers:
            values = layer(values)
            if isinstance(layer, torch.nn.ReLU):
                highest = np.moveaxis(values.numpy(), 1, 0).reshape(values.shape[1], -1).max(axis=1)
                shares.append(float((highest <= 0).mean()))
    return dict(zip(["conv 1", "conv 2", "dense 1"], shares, strict=True))


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_a_saturated_unit_is_dead(data, activation) -> None:
    model = built(model="mlp", activation=activation, batch_norm=False)
    with torch.no_grad():
        assert dead_units(model, data.validation_images[:50])["dense 1"] < 0.1
        first = named_layers(model)["dense 1"]
        first.bias[:64], first.bias[64:128] = 1e3, -1e3
    assert dead_units(model, data.validation_images[:50])["dense 1"] >= 128 / 256


def test_where_nothing_bends_nothing_dies(data) -> None:
    assert dead_units(built(model="mlp", activation="none"), data.validation_images[:5]) == {}
    assert dead_units(built(model="linear"), data.validation_images[:5]) == {}


def test_no_hook_is_left_behind(data) -> None:
    model = built()
    dead_units(model, data.validation_images[:5])
    assert not any(layer._forward_hooks for layer in model.modules())


def test_histograms_are_numpys(data) -> None:
    model = built(model="cnn")
    limits, counts = weight_histograms(model)
    assert list(limits) == list(counts) == ["conv 1", "conv 2", "conv 3", "output"]
    for name, layer in named_layers(model).items():
        weights = layer.weight.detach().numpy().ravel()
        limit = np.abs(weights).max()
        expected, _ = np.histogram(weights, HISTOGRAM_PARTS, (-limit, limit))
        assert limits[name] == pytest.approx(limit)
        assert sum(counts[name]) == weights.size
        assert np.abs(np.subtract(counts[name], expected)).max() <= 2  # on an edge, single precision may differ


def test_weights_that_are_all_zero_are_one_bar() -> None:
    model = built(model="linear")
    with torch.no_grad():
        named_layers(model)["output"].weight.zero_()
    limits, counts = weight_histograms(model)
    assert limits == {"output": 1.0}
    assert max(counts["output"]) == sum(counts["output"]) == 7_840


@pytest.mark.parametrize(
    ("model", "shape"), [("cnn", (16, 5, 5)), ("net", (32, 3, 3)), ("mlp", (FILTERS, 28, 28)), ("linear", (10, 28, 28))]
)
def test_filters_are_the_first_layers_weights(model, shape) -> None:
    network = built(model=model)
    filters = first_filters(network)
    weights = next(network.parameters()).detach()
    assert tuple(filters.shape) == shape
    assert torch.equal(filters.flatten(), weights[: shape[0]].flatten())


def test_a_look_holds_all_of_it_and_follows_a_drawing(data) -> None:
    model = built(model="cnn")
    drawing = data.test_images[3].numpy()
    measured = TrainingProbe(model, data, drawing).probe(7, 0.5, {"conv 1": 1.0})
    assert measured is not None
    assert (measured.step, measured.epoch, measured.gradient_norms) == (7, 0.5, {"conv 1": 1.0})
    filters = np.frombuffer(measured.filters, "<f2").reshape(measured.filters_shape)
    assert np.allclose(filters, first_filters(model).numpy(), atol=1e-3)
    expected = predict_logits(model, data.test_images[3:4]).softmax(dim=1)[0]
    assert measured.drawing == pytest.approx(expected.tolist())
    assert TrainingProbe(model, data, drawing.astype(np.float32) / 255).probe(7, 0.5, {}).drawing == pytest.approx(
        measured.drawing, abs=1e-5
    )
    assert TrainingProbe(model, data).probe(7, 0.5, {}).drawing == []


def test_a_network_that_holds_no_numbers_any_more_is_not_looked_into(data) -> None:
    model = built(model="linear")
    probe = TrainingProbe(model, data)
    assert probe.probe(1, 0.1, {"output": float("inf")}) is None
    with torch.no_grad():
        named_layers(model)["output"].weight[0, 0] = float("nan")
    assert probe.probe(1, 0.1, {"output": 1.0}) is None


@pytest.mark.parametrize(
    "drawing", [np.zeros((28, 27)), np.zeros((1, 28, 28)), np.full((28, 28), np.nan), "a drawing"], ids=str
)
def test_what_is_no_drawing_is_an_error_in_words(data, drawing) -> None:
    with pytest.raises(UserError) as told:
        TrainingProbe(built(model="linear"), data, drawing)
    assert told.value.code == "drawing_invalid"


def test_looking_draws_no_random_numbers_and_moves_nothing(data) -> None:
    model = built(model="net", width=0.25, conv_dropout=0.5).train()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    state = torch.get_rng_state()
    TrainingProbe(model, data, data.test_images[0].numpy()).probe(1, 0.1, {})
    check(model, data, predict_logits(model, data.validation_images[:10]).repeat(500, 1), 1, 1)
    assert torch.equal(torch.get_rng_state(), state)
    assert model.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())


# --- after an epoch -----------------------------------------------------------------------------------------


def test_a_check_is_scikit_learns(data) -> None:
    model = built(model="mlp")
    logits = predict_logits(model, data.validation_images)
    checked = check(model, data, logits, epoch=2, step=9)
    assert (checked.epoch, checked.step, checked.images, checked.kernel_median) == (2, 9, 2_000, None)
    read = logits.argmax(dim=1)
    assert checked.confusion == confusion_matrix(data.validation_labels, read, labels=range(10)).tolist()
    images, labels = sample_of(data)
    probabilities = predict_logits(model, images).double().softmax(dim=1).numpy()
    assert checked.training_loss == pytest.approx(log_loss(labels, probabilities, labels=range(10)), rel=1e-4)
    assert checked.training_accuracy == pytest.approx((probabilities.argmax(1) == labels.numpy()).mean())


def test_contradicted_are_wrong_labels_of_which_the_model_is_sure(data, monkeypatch) -> None:
    logits = torch.full((4, 10), -9.0)
    logits[:, 3] = torch.tensor([9.0, 9.0, -9.0, -8.9])  # sure, sure, not at all, hardly
    labels = torch.tensor([3, 5, 5, 5])
    monkeypatch.setattr(probes, "predict_logits", lambda *_: logits)
    monkeypatch.setattr(probes, "sample_of", lambda _: (torch.zeros(4, 28, 28), labels))
    checked = check(None, data, torch.zeros(5_000, 10), 1, 1)
    assert (checked.training_accuracy, checked.contradicted, checked.images) == (0.25, 0.25, 4)


def test_the_sample_is_fixed_and_no_larger_than_there_are_images() -> None:
    few = split(load_mnist(), 500)
    images, labels = sample_of(few)
    assert len(images) == len(labels) == 500
    assert torch.equal(sample_of(few)[0], images)
    assert torch.equal(labels.sort().values, few.train_labels.sort().values)
