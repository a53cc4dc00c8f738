"""Every model that can be asked for a reading: the shipped ones and those of finished epochs."""

from contextlib import suppress
from dataclasses import dataclass

import torch

from mnist_core.data.mnist_files import load_mnist
from mnist_core.errors import UserError
from mnist_core.evaluation.calibration import calibrate
from mnist_core.evaluation.evaluation import Evaluation
from mnist_core.recipe import Recipe
from mnist_core.runs.cards import DEFAULT_MODEL, shipped, shipped_card, weights_of
from mnist_core.runs.store.store import Store
from mnist_core.training.inference import predict_probabilities
from mnist_core.training.models import Classifier
from mnist_core.training.weights import from_bytes


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model ready to read.

    Attributes:
        name: A shipped model's name or a run's id.
        title: What people see.
        recipe: How it was trained.
        model: The network, in evaluation mode.
    """

    name: str
    title: str
    recipe: Recipe
    model: Classifier


def load_model(name: str = DEFAULT_MODEL, store: Store | None = None) -> LoadedModel:
    """The shipped model of that name, or the kept epoch of that run (see `Store.kept_epoch`), with its temperature set.

    A shipped model's temperature stands in its card; a run's is found here, on the validation images.

    Args:
        name: A shipped model's name, or a run's id, the start of its id, or its name.
        store: Where runs are kept; without one only shipped models are known.

    Raises:
        UserError: `model_unknown`, `run_without_epochs`, or what is wrong with the weights.
    """
    if card := shipped_card(name):
        model = from_bytes(card.recipe, weights_of(card))
        model.temperature = card.temperature
        return LoadedModel(card.name, card.title, card.recipe, model)
    if store is None:
        raise UserError(
            "model_unknown",
            f"There is no shipped model “{name[:40]}”.",
            "The shipped models are: " + ", ".join(card.name for card in shipped()) + ".",
        )
    run = store.find(name)
    model = from_bytes(run.recipe, store.weights(run.id))
    with suppress(UserError):  # without MNIST it reads all the same, as sure as it was trained to be
        model.temperature = calibrate(model).temperature
    return LoadedModel(run.id, run.name, run.recipe, model)


def open_epoch(run_id: str, epoch: int, store: Store) -> LoadedModel:
    """The run's model as it was after that epoch; as sure as it was trained to be, because calibration takes seconds.

    Raises:
        UserError: `run_unknown`, `epoch_unknown`, or what is wrong with the weights.
    """
    run = store.run(run_id)
    return LoadedModel(run.id, run.name, run.recipe, from_bytes(run.recipe, store.weights(run.id, epoch)))


def evaluate(name: str = DEFAULT_MODEL, store: Store | None = None) -> Evaluation:
    """The model's evaluation on MNIST's test set.

    A finished run's was kept when it ended; for others the model answers the test images now.

    Raises:
        UserError: As `load_model`.
    """
    mnist = load_mnist()
    labels = mnist.test_labels.numpy()
    if store is not None and shipped_card(name) is None:
        kept = store.test_probabilities(store.find(name).id)
        if kept is not None:
            return Evaluation.from_bytes(labels, kept)
    probabilities = predict_probabilities(load_model(name, store).model, mnist.test_images)
    # As exact as what a run keeps, so that one model gives one evaluation either way.
    return Evaluation(labels, probabilities.to(torch.float16).float().numpy())
