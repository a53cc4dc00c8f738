"""Claim: With little data a simple model does better than a complex one."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec
from mnist_core.fields import Value

# About as many steps whatever the number of images: some 120 with 100 of them, some 300 with more.
_SIZES: tuple[tuple[int, dict[str, Value]], ...] = (
    (100, {"epochs": 20, "batch_size": 16}),
    (300, {"epochs": 15, "batch_size": 16}),
    (1_000, {"epochs": 10, "batch_size": 32}),
    (5_000, {"epochs": 4, "batch_size": 64}),
)


_MODELS: tuple[tuple[str, str, dict[str, Value]], ...] = (
    ("linear", "Linear", {"model": "linear"}),
    ("svm", "Support vector machine", {"model": "svm"}),
    ("mlp", "Two-layer network", {"model": "mlp"}),
    ("wide", "Two-layer network, 4 times as wide", {"model": "mlp", "width": 4.0}),
    ("cnn", "Small CNN", {"model": "cnn"}),
)


def _sized() -> tuple[Arm, ...]:
    return tuple(
        Arm(f"{key}_{images}", f"{series}, {images:,} images", learns(images, **how, **changes), images, series)
        for key, series, changes in _MODELS
        for images, how in _SIZES
    )


CLAIM = Claim(
    id="simple_model",
    title="Simple or complex",
    statement="With little data a simple model does better than a complex one.",
    setup=(
        "Five models learn from the same 100 to 5,000 images, with about as many steps. Simple is the linear model; "
        "complex are the small CNN, which shares its weights over the image, and a two-layer network four times as "
        "wide as usual, with 1.3 million weights, which does not. Little is 100 images."
    ),
    arms=_sized(),
    primary=(
        Comparison("cnn_100", "linear_100", "test_accuracy", "higher", 0.01, "Linear instead of CNN, 100 images"),
        Comparison("wide_100", "linear_100", "test_accuracy", "higher", 0.01, "Linear instead of wide, 100 images"),
    ),
    secondary=(
        Comparison("cnn_100", "svm_100", "test_accuracy", "higher", 0.01, "SVM instead of CNN, 100 images"),
        Comparison("cnn_300", "linear_300", "test_accuracy", "higher", 0.01, "Linear instead of CNN, 300 images"),
        Comparison("cnn_5000", "linear_5000", "test_accuracy", "higher", 0.01, "Linear instead of CNN, 5,000 images"),
        Comparison("wide_5000", "linear_5000", "test_accuracy", "higher", 0.01, "Linear instead of wide, 5,000 images"),
        Comparison("mlp_100", "wide_100", "test_accuracy", "lower", 0.01, "Four times as wide, 100 images"),
        Comparison("cnn_100", "linear_100", "gap", "lower", 0.01, "Linear instead of CNN, 100 images, gap"),
    ),
    figure=FigureSpec("lines", ("test_accuracy",), "Training images", log_x=True),
    demo_link=("train", "model=linear&train_images=100&epochs=20&batch_size=16"),
)
