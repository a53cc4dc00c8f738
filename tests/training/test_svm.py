"""The machine against scikit-learn's own numbers."""

import numpy as np
import pytest
import torch
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from mnist_core.data.dataset import build_dataset
from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import DataSplits
from mnist_core.recipe import Recipe
from mnist_core.training import events
from mnist_core.training.control import stop_if
from mnist_core.training.events import Epoch, Failed, Stopped
from mnist_core.training.inference import predict_logits
from mnist_core.training.loop import train
from mnist_core.training.models import Classifier, build, fit_scaling
from mnist_core.training.support_vectors import CERTAINTY
from mnist_core.training.svm import Decisions, as_rows, kernel_median, pairs_of
from mnist_core.training.weights import from_bytes, to_bytes

RECIPE = Recipe(model="svm", train_images=600)


@pytest.fixture(scope="module")
def run() -> list[events.Event]:
    return list(train(RECIPE))


# The default; a rough border; a nearly flat kernel, where most images are support vectors; every scaling.
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"svm_gamma": 0.02, "svm_c": 1.0},
        {"svm_gamma": 1e-5, "svm_c": 0.1},
        {"scaling": "unit", "svm_gamma": 0.0134},
        {"scaling": "per_pixel"},
        {"scaling": "none", "svm_gamma": 1e-6},
    ],
    ids=str,
)
def test_its_borders_are_those_that_scikit_learn_finds_at_once(settings: dict[str, float | str]) -> None:
    recipe = RECIPE.replace(**settings)
    model, data = fitted(recipe)
    rows = as_rows(model, data.train_images)
    theirs = SVC(C=recipe.svm_c, gamma=recipe.svm_gamma, decision_function_shape="ovr", break_ties=True)
    theirs.fit(rows, data.train_labels.numpy())
    images = load_mnist().test_images[:800]
    unseen = as_rows(model, images).astype(np.float64)
    logits = predict_logits(model, images)
    assert np.abs(logits.numpy() / CERTAINTY - theirs.decision_function(unseen)).max() <= 1e-3
    assert (logits.argmax(1).numpy() == theirs.predict(unseen)).mean() >= 0.999
    again = from_bytes(recipe, to_bytes(model))
    assert torch.equal(predict_logits(again, images), logits)


def test_each_pixel_by_itself_is_scikit_learns_scaler() -> None:
    model, data = fitted(RECIPE.replace(scaling="per_pixel"))
    shares = data.train_images.flatten(1).numpy() / 255.0
    theirs = StandardScaler().fit(shares).transform(shares)
    assert np.abs(as_rows(model, data.train_images) - theirs).max() <= 1e-3


def test_the_default_gamma_is_what_scikit_learn_calls_scale() -> None:
    rows = as_rows(build(RECIPE), load_mnist().train_images[:5000])
    assert RECIPE.svm_gamma == pytest.approx(1 / (rows.shape[1] * rows.var()), rel=0.03)


def test_its_features_are_the_scaled_pixels() -> None:
    images = load_mnist().test_images[:3]
    model, _ = fitted(RECIPE)
    features = model.features(images.unsqueeze(1).float() / 255)
    assert np.allclose(features.numpy(), as_rows(model, images), atol=1e-6)


def test_the_kernels_median_tells_a_narrow_kernel_from_a_usual_one() -> None:
    rows = as_rows(build(RECIPE), load_mnist().train_images[:500])
    pairs = np.square(rows[::2] - rows[1::2]).sum(axis=1)
    assert kernel_median(rows, RECIPE.svm_gamma, 0) == pytest.approx(
        np.exp(-RECIPE.svm_gamma * np.median(pairs)), rel=0.2
    )
    assert kernel_median(rows, 0.1, 0) < 1e-6


def fitted(recipe: Recipe) -> tuple[Classifier, DataSplits]:
    data = build_dataset(recipe)
    model = build(recipe).eval()
    fit_scaling(model, data.train_images)
    rows = as_rows(model, data.train_images)
    found = Decisions.before_fitting(data.train_labels)
    for pair in pairs_of(data.train_labels):
        found.fit_pair(pair, rows, data.train_labels, recipe)
    found.load_into(model, data.train_images)
    return model, data


def test_a_run_tells_of_each_border(run) -> None:
    assert [events.kind_of(event) for event in run] == ["started", *["fitted"] * 45, "checked", "epoch", "finished"]
    started, *borders, checked, epoch, finished = run
    assert [border.done for border in borders] == list(range(1, 46))
    assert started.steps == 0
    assert (epoch.epoch, finished.epochs) == (1, 1)
    assert finished.test_accuracy > 0.85
    assert np.trace(checked.confusion) / np.sum(checked.confusion) == pytest.approx(epoch.validation_accuracy)
    model = from_bytes(RECIPE, epoch.weights)
    assert model.parameter_count <= started.parameters
    mnist = load_mnist()
    right = (predict_logits(model, mnist.test_images).argmax(1) == mnist.test_labels).double().mean()
    assert finished.test_accuracy == pytest.approx(float(right), abs=1e-9)


@pytest.mark.parametrize("heard", [0, 1, 7])
def test_a_stop_is_heard_between_two_borders(heard: int) -> None:
    answers = iter([False] * heard + [True])
    run = list(train(RECIPE.replace(train_images=200), stop_if(lambda: next(answers))))
    assert [events.kind_of(event) for event in run] == ["started", *["fitted"] * heard, "stopped"]
    assert isinstance(run[-1], Stopped)


def test_it_uses_a_bounded_number_of_images() -> None:
    assert len(build_dataset(Recipe(model="svm")).train_labels) == 10_000
    assert len(build_dataset(Recipe(model="svm", train_images=3_000)).train_labels) == 3_000


def test_augmentation_changes_what_it_is_fitted_to() -> None:
    recipe = RECIPE.replace(train_images=200)
    plain, moved = (next(e for e in train(r) if isinstance(e, Epoch)) for r in (recipe, recipe.replace(shift_x=0.2)))
    assert plain.weights != moved.weights


def test_a_digit_without_images_is_never_the_answer() -> None:
    *_, epoch, _ = train(RECIPE.replace(keep_9=0.0))
    assert isinstance(epoch, Epoch)
    model = from_bytes(RECIPE, epoch.weights)
    assert 9 not in predict_logits(model, load_mnist().test_images[:1000]).argmax(1)


def test_a_single_digit_is_a_failure_in_words() -> None:
    failed = list(train(RECIPE.replace(**{f"keep_{digit}": 0.0 for digit in range(1, 10)})))[-1]
    assert isinstance(failed, Failed)
    assert failed.code == "too_few_classes"


def test_an_answer_has_a_gradient() -> None:
    model, _ = fitted(RECIPE.replace(train_images=200))
    image = load_mnist().test_images[:1].unsqueeze(1).float().div(255).requires_grad_()
    model(image)[0, 7].backward()
    assert image.grad is not None
    assert torch.isfinite(image.grad).all()
    assert image.grad.abs().sum() > 0
