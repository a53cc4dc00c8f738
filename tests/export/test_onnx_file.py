"""ONNX files against the models they were made of, answered by another program."""

import json

import numpy as np
import onnxruntime
import pytest
import torch

from mnist_core.data.dataset import build_dataset
from mnist_core.data.mnist_files import load_mnist
from mnist_core.export.onnx_file import export_onnx
from mnist_core.recipe import Recipe
from mnist_core.runs.registry import load_model
from mnist_core.training.inference import predict_logits
from mnist_core.training.loop import train
from mnist_core.training.models import Classifier, build, fit_scaling
from mnist_core.training.weights import from_bytes

IMAGES = load_mnist().test_images[:50]


def trained(text: str) -> tuple[Recipe, Classifier]:
    """A network as it begins, but with batch normalisation that has seen images; a machine that was fitted."""
    recipe = Recipe.from_text(text.split())
    if recipe.model == "svm":
        epoch = next(event for event in train(recipe) if hasattr(event, "weights"))
        return recipe, from_bytes(recipe, epoch.weights)
    model = build(recipe)
    images = build_dataset(recipe).train_images[:200]
    fit_scaling(model, images)
    model.train()(images.unsqueeze(1).float() / 255)
    return recipe, model


def answers(content: bytes, images: torch.Tensor) -> np.ndarray:
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    given = images.unsqueeze(1).float().numpy() / 255
    return session.run(["logits"], {"images": given})[0]


@pytest.mark.parametrize(
    "text",
    [
        "model=linear scaling=none",
        "model=mlp scaling=per_pixel activation=gelu dense_dropout=0.3 extra_layers=1",
        "model=cnn activation=elu conv_dropout=0.2",
        "model=net width=0.25 batch_norm=false activation=silu scaling=unit",
        "model=svm train_images=200 scaling=per_pixel svm_gamma=0.001",
    ],
)
def test_it_answers_as_the_model_does(text) -> None:
    recipe, model = trained(text)
    content = export_onnx(model, recipe)
    for count in (1, 2, 50):  # any number of images
        ours = predict_logits(model, IMAGES[:count]).numpy()
        theirs = answers(content, IMAGES[:count])
        assert theirs.shape == (count, 10)
        assert theirs.dtype == np.float32
        assert np.abs(ours - theirs).max() <= 1e-4


def test_it_says_what_it_is_and_nothing_of_where_it_was_made() -> None:
    trained_one = load_model("cnn_plain")
    mode = trained_one.model.training
    content = export_onnx(trained_one.model, trained_one.recipe)
    assert trained_one.model.training == mode
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (given,), (answer,) = session.get_inputs(), session.get_outputs()
    assert (given.name, given.type, given.shape[1:]) == ("images", "tensor(float)", [1, 28, 28])
    assert isinstance(given.shape[0], str)  # any number
    assert (answer.name, answer.shape[1:]) == ("logits", [10])
    facts = session.get_modelmeta().custom_metadata_map
    assert Recipe.from_json(facts["recipe"]) == trained_one.recipe
    assert json.loads(facts["temperature"]) == trained_one.model.temperature != 1
    assert b"mnist_core" not in content
    right = (
        answers(content, load_mnist().test_images[:1000]).argmax(1) == load_mnist().test_labels[:1000].numpy()
    ).mean()
    assert right > 0.98
