"""The machine against scikit-learn's own numbers."""

import numpy as np
import pytest
import torch

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import Split
from mnist_core.recipe import Recipe
from mnist_core.training import events
from mnist_core.training.events import Epoch, Failed, Finished, Started, Stopped
from mnist_core.training.inference import predict_logits
from mnist_core.training.lesson import lesson_of
from mnist_core.training.loop import train
from mnist_core.training.support_vectors import CERTAINTY
from mnist_core.training.svm import as_classifier, as_rows, fit
from mnist_core.training.weights import from_bytes, to_bytes

RECIPE = Recipe(model="svm", train_images=600)


@pytest.fixture(scope="module")
def run() -> list[events.Event]:
    return list(train(RECIPE))


# The default; a rough border; a nearly flat kernel, where most images are support vectors.
@pytest.mark.parametrize(
    "settings", [{}, {"svm_gamma": 0.02, "svm_c": 1.0}, {"svm_gamma": 1e-5, "svm_c": 0.1}], ids=str
)
def test_it_answers_as_scikit_learn_does(settings: dict[str, float]) -> None:
    recipe = RECIPE.replace(**settings)
    data = lesson_of(recipe)
    machine = fit(data.train_images, data.train_labels, recipe)
    model = from_bytes(recipe, to_bytes(as_classifier(machine, data.train_images, recipe)))
    images = load_mnist().test_images[:800]
    rows = as_rows(images).astype(np.float64)
    logits = predict_logits(model, images)
    assert np.abs(logits.numpy() / CERTAINTY - machine.decision_function(rows)).max() <= 1e-4
    assert (logits.argmax(1).numpy() == machine.predict(rows)).all()


def test_the_default_gamma_is_what_scikit_learn_calls_scale() -> None:
    rows = as_rows(load_mnist().train_images[:5000])
    assert RECIPE.svm_gamma == pytest.approx(1 / (rows.shape[1] * rows.var()), rel=0.03)


def test_its_features_are_the_standardised_pixels() -> None:
    images = load_mnist().test_images[:3]
    model = from_bytes(RECIPE, to_bytes(as_classifier_of(RECIPE)))
    features = model.features(images.unsqueeze(1).float() / 255)
    assert np.allclose(features.numpy(), as_rows(images), atol=1e-6)


def as_classifier_of(recipe: Recipe):
    data = lesson_of(recipe)
    return as_classifier(fit(data.train_images, data.train_labels, recipe), data.train_images, recipe)


def test_a_run_is_one_epoch(run) -> None:
    assert [events.kind_of(event) for event in run] == ["started", "epoch", "finished"]
    started, epoch, finished = run
    assert isinstance(started, Started)
    assert isinstance(epoch, Epoch)
    assert isinstance(finished, Finished)
    assert (started.steps, epoch.epoch, finished.epochs) == (0, 1, 1)
    assert finished.test_accuracy > 0.85
    model = from_bytes(RECIPE, epoch.weights)
    assert model.parameter_count <= started.parameters
    mnist = load_mnist()
    right = (predict_logits(model, mnist.test_images).argmax(1) == mnist.test_labels).double().mean()
    assert finished.test_accuracy == pytest.approx(float(right), abs=1e-9)


@pytest.mark.parametrize("looks", [1, 2])
def test_a_stop_is_heard_before_and_after_the_fit(looks: int) -> None:
    answers = iter([False] * (looks - 1) + [True])
    run = list(train(RECIPE.replace(train_images=200), lambda: next(answers)))
    assert [events.kind_of(event) for event in run] == ["started", "stopped"]
    assert isinstance(run[-1], Stopped)


def test_it_uses_a_bounded_number_of_images() -> None:
    assert len(lesson_of(Recipe(model="svm")).train_labels) == 10_000
    assert len(lesson_of(Recipe(model="svm", train_images=3_000)).train_labels) == 3_000


def test_augmentation_changes_what_it_is_fitted_to() -> None:
    recipe = RECIPE.replace(train_images=200)
    plain, moved = (next(e for e in train(r) if isinstance(e, Epoch)) for r in (recipe, recipe.replace(shift_x=0.2)))
    assert plain.weights != moved.weights


def test_a_digit_without_images_is_a_failure_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_nines(recipe: Recipe) -> Split:
        data = lesson_of(recipe)
        kept = data.train_labels != 9
        return Split(
            data.train_images[kept], data.train_labels[kept],
            data.validation_images, data.validation_labels, data.test_images, data.test_labels,
        )  # fmt: skip

    monkeypatch.setattr("mnist_core.training.loop.lesson_of", without_nines)
    failed = list(train(RECIPE))[-1]
    assert isinstance(failed, Failed)
    assert failed.code == "too_few_classes"


def test_an_answer_has_a_gradient() -> None:
    model = as_classifier_of(RECIPE.replace(train_images=200))
    image = load_mnist().test_images[:1].unsqueeze(1).float().div(255).requires_grad_()
    model(image)[0, 7].backward()
    assert image.grad is not None
    assert torch.isfinite(image.grad).all()
    assert image.grad.abs().sum() > 0
