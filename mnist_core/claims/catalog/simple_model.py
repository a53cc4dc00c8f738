"""Claim: With little data a simple model does better than a complex one."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol, Tuned
from mnist_core.fields import Value

# About as many steps whatever the number of images: some 120 with 100 of them, some 300 with more.
_SIZES: dict[int, dict[str, Value]] = {
    100: {"epochs": 20, "batch_size": 16},
    300: {"epochs": 15, "batch_size": 16},
    1_000: {"epochs": 10, "batch_size": 32},
}

# Of each model the values that are tried, the usual one first.
_RATES: tuple[dict[str, Value], ...] = ({}, {"learning_rate": 0.003}, {"learning_rate": 0.03})
_KERNELS: tuple[dict[str, Value], ...] = ({}, {"svm_c": 1.0}, {"svm_gamma": 0.004})
_MODELS: dict[str, tuple[str, dict[str, Value], tuple[dict[str, Value], ...]]] = {
    "svm": ("Support vector machine", {"model": "svm"}, _KERNELS),
    "linear": ("Linear", {"model": "linear"}, ({},)),
    "wide": ("Wide two-layer network", {"model": "mlp", "width": 4.0}, _RATES),
    "cnn": ("Small CNN", {"model": "cnn"}, _RATES),
}


_TUNED = ("svm", "wide", "cnn")


def _arm(model: str, images: int, place: int) -> Arm:
    series, settings, tried = _MODELS[model]
    recipe = learns(images, **_SIZES[images], **settings, **tried[place])
    label, usual = f"{series}, {images:,} images", f"{model}_{images}"
    if place == 0:
        return Arm(usual, label, recipe, images, series)
    ((name, value),) = tried[place].items()
    return Arm(f"{usual}_{place}", f"{label}, {name.replace('_', ' ')} {value:g}", recipe)


def _best(model: str, images: int) -> Tuned:
    keys = tuple(_arm(model, images, place).key for place in range(len(_MODELS[model][2])))
    return Tuned(f"best_{keys[0]}", f"{_MODELS[model][0]}, {images:,} images, tuned", keys, keys[0], "validation_error")


def _instead(simple: str, complex_: str, images: int, label: str) -> Comparison:
    control, treatment = f"best_{complex_}_{images}", f"best_{simple}_{images}"
    return Comparison(control, treatment, "test_accuracy", "higher", 0.01, f"{label}, {images:,} images")


CLAIM = Claim(
    id="simple_model",
    title="Simple or complex",
    statement="With little data a simple model does better than a complex one.",
    setup=(
        "Four models learn from the same 100, 300 or 1,000 images, with about as many steps. Of all but the linear "
        "model, the best of three settings counts, by the validation error for each seed: the learning rate of the "
        "networks, C and gamma of the support vector machine."
    ),
    protocol=Protocol(
        source="Often given as advice: with little data, prefer *a well-tuned SVM* to a deep network.",
        definition=(
            "Simple is a support vector machine that was tuned; complex are a two-layer network four times as wide as "
            "usual, with 1.3 million weights, and a small CNN, both tuned as well. Better is a higher test accuracy."
        ),
        smallest=(
            "1 point of accuracy: 100 of the 10,000 test images, more than the seeds of one recipe usually differ."
        ),
        population=(
            "100, 300 and 1,000 images, three settings each. The validation set is as large as ever (5,000 images): "
            "with as little data to choose by, the choice would be worse. The linear model is shown beside, with one "
            "rate."
        ),
    ),
    arms=(
        *(_arm(model, images, 0) for model in _MODELS for images in _SIZES),
        *(_arm(model, images, place) for model in _TUNED for images in _SIZES for place in (1, 2)),
    ),
    tuned=tuple(_best(model, images) for model in _TUNED for images in _SIZES),
    primary=(
        *(_instead("svm", "wide", images, "SVM instead of wide network") for images in _SIZES),
        *(_instead("svm", "cnn", images, "SVM instead of CNN") for images in _SIZES),
    ),
    figure=FigureSpec("lines", ("test_accuracy",), "Training images", log_x=True),
    demo_link=("train", "model=svm&train_images=100"),
    answers={
        ("holds", "holds", "does_not_hold", "undecided", "does_not_hold", "does_not_hold"): (
            "A tuned SVM does better than a wide network with up to 300 images; a small CNN does better than it from "
            "300 images on, and with 100 it stays open."
        ),
        ("holds", "holds", "does_not_hold", "does_not_hold", "does_not_hold", "does_not_hold"): (
            "A tuned SVM does better than a wide network with up to 300 images, but not better than a small CNN, "
            "which beats it from 300 images on."
        ),
    },
)
