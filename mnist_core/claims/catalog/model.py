"""Claims about the model: how large, how deep, which bend, which first weights."""

from mnist_core.activations import ACTIVATIONS
from mnist_core.claims.catalog.arms import PLAIN, learns
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


_SIMPLE_MODEL = Claim(
    id="simple_model",
    title="Simple or complex",
    statement="With little data a simple model does better than a complex one.",
    setup=(
        "Five models learn from the same 100 to 5,000 images, with about as many steps. Simple is the linear model; "
        "complex are the small CNN, which shares its weights over the picture, and a two-layer network four times as "
        "wide as usual, with 1.3 million weights, which does not. Little is 100 images."
    ),
    arms=_sized(),
    comparisons=(
        Comparison("cnn_100", "linear_100", "test_accuracy", "higher", 0.01, "Linear instead of the CNN, 100 images"),
        Comparison(
            "wide_100", "linear_100", "test_accuracy", "higher", 0.01, "Linear instead of the wide network, 100 images"
        ),
        Comparison(
            "cnn_100", "svm_100", "test_accuracy", "higher", 0.01,
            "Support vectors instead of the CNN, 100 images", False,
        ),
        Comparison(
            "cnn_300", "linear_300", "test_accuracy", "higher", 0.01, "Linear instead of the CNN, 300 images", False
        ),
        Comparison(
            "cnn_5000", "linear_5000", "test_accuracy", "higher", 0.01, "Linear instead of the CNN, 5,000 images", False
        ),
        Comparison(
            "wide_5000", "linear_5000", "test_accuracy", "higher", 0.01,
            "Linear instead of the wide network, 5,000 images", False,
        ),
        Comparison("mlp_100", "wide_100", "test_accuracy", "lower", 0.01, "Four times as wide, 100 images", False),
        Comparison("cnn_100", "linear_100", "gap", "lower", 0.01, "Linear instead of the CNN, 100 images, gap", False),
    ),
    figure=FigureSpec("lines", ("test_accuracy",), "Training images", log_x=True),
    demo_link=("train", "model=linear&train_images=100&epochs=20&batch_size=16"),
)  # fmt: skip

_DEPTHS = (0, 2, 4, 8)
_FITTING_WEIGHTS = {"sigmoid": "xavier", "tanh": "xavier", "relu": "kaiming"}


def _deep(activation: str, extra: int, note: str = "", **changes: Value) -> Arm:
    """A network of two hidden layers and `extra` more."""
    key = "_".join(filter(None, (activation, str(extra), note.replace(" ", "_"))))
    series = ACTIVATIONS[activation].label + (f", {note}" if note else "")
    values: dict[str, Value] = {**PLAIN, "model": "mlp", "epochs": 5, "extra_layers": extra, "activation": activation}
    return Arm(key, f"{series}, {extra + 2} layers", learns(5_000, **{**values, **changes}), extra + 2, series)


def _depths() -> tuple[Arm, ...]:
    plain = [_deep(activation, extra) for activation in _FITTING_WEIGHTS for extra in _DEPTHS]
    fitting = [_deep(each, 8, "fitting weights", initialization=name) for each, name in _FITTING_WEIGHTS.items()]
    normed = [_deep(each, extra, "normed", batch_norm=True) for each in _FITTING_WEIGHTS for extra in (0, 8)]
    return (*plain, *fitting, *normed)


_VANISHING = Claim(
    id="vanishing_gradients",
    title="Vanishing gradients",
    statement="In deep networks gradients vanish with sigmoid and tanh, and not with ReLU.",
    setup=(
        "Networks of 2 to 10 hidden layers learn from 5,000 images for 5 epochs, with Adam and PyTorch's first "
        "weights. Arms differ in depth or activation; of the deepest, some have batch normalisation, or first weights "
        "that fit the activation: Xavier's for sigmoid and tanh, Kaiming's for ReLU."
    ),
    arms=_depths(),
    comparisons=(
        Comparison("sigmoid_0", "sigmoid_8", "gradient_reach", "lower", 1.0, "10 layers instead of 2, sigmoid"),
        Comparison("tanh_0", "tanh_8", "gradient_reach", "lower", 1.0, "10 layers instead of 2, tanh"),
        Comparison("tanh_8", "relu_8", "gradient_reach", "higher", 1.0, "ReLU instead of tanh, 10 layers"),
        Comparison("sigmoid_8", "relu_8", "gradient_reach", "higher", 1.0, "ReLU instead of sigmoid, 10 layers"),
        Comparison("relu_0", "relu_8", "gradient_reach", "lower", 1.0, "10 layers instead of 2, ReLU", False),
        Comparison("sigmoid_0", "sigmoid_8", "test_accuracy", "lower", 0.02, "10 layers, sigmoid, test images", False),
        Comparison("tanh_0", "tanh_8", "test_accuracy", "lower", 0.02, "10 layers, tanh, test images", False),
        Comparison("relu_0", "relu_8", "test_accuracy", "lower", 0.02, "10 layers, ReLU, test images", False),
        Comparison(
            "sigmoid_8", "sigmoid_8_normed", "test_accuracy", "higher", 0.02, "Batch normalisation, sigmoid", False
        ),
        Comparison("tanh_8", "tanh_8_normed", "test_accuracy", "higher", 0.02, "Batch normalisation, tanh", False),
        Comparison("relu_8", "relu_8_normed", "test_accuracy", "higher", 0.02, "Batch normalisation, ReLU", False),
        Comparison(
            "sigmoid_8", "sigmoid_8_fitting_weights", "test_accuracy", "higher", 0.02, "Xavier, sigmoid", False
        ),
        Comparison("tanh_8", "tanh_8_fitting_weights", "gradient_reach", "higher", 1.0, "Xavier, tanh", False),
        Comparison("relu_8", "relu_8_fitting_weights", "gradient_reach", "higher", 1.0, "Kaiming, ReLU", False),
    ),
    figure=FigureSpec("lines", ("gradient_reach", "test_accuracy"), "Hidden layers"),
    demo_link=("train", "model=mlp&activation=sigmoid&extra_layers=8&batch_norm=false&train_images=5000&epochs=5"),
)  # fmt: skip


def _begun(weights: str, label: str, normed: bool) -> Arm:
    recipe = learns(
        5_000, **{**PLAIN, "batch_norm": normed}, model="mlp", extra_layers=2, epochs=3, initialization=weights
    )
    with_norm = "with batch normalisation" if normed else "without batch normalisation"
    return Arm(f"{weights}_normed" if normed else weights, f"{label}, {with_norm}", recipe)


_WEIGHTS = {"kaiming": "Kaiming", "pytorch": "PyTorch's own", "small": "Too small", "large": "Too large"}

_FIRST_WEIGHTS = Claim(
    id="first_weights",
    title="Bad first weights",
    statement="Batch normalisation makes up for bad first weights.",
    setup=(
        "A network of four hidden layers with ReLU learns from 5,000 images for 3 epochs, from first weights that fit, "
        "that are too small (a deviation of 0.001) or too large (ten times Kaiming's), without and with batch "
        "normalisation."
    ),
    arms=tuple(_begun(weights, label, normed) for normed in (False, True) for weights, label in _WEIGHTS.items()),
    comparisons=(
        Comparison("small", "small_normed", "test_accuracy", "higher", 0.02, "Batch normalisation, weights too small"),
        Comparison("large", "large_normed", "test_accuracy", "higher", 0.02, "Batch normalisation, weights too large"),
        Comparison("kaiming", "small", "test_accuracy", "lower", 0.02, "Too small, without normalisation", False),
        Comparison("kaiming", "large", "test_accuracy", "lower", 0.02, "Too large, without normalisation", False),
        Comparison("kaiming_normed", "small_normed", "test_accuracy", "lower", 0.02, "Too small, normalised", False),
        Comparison("kaiming_normed", "large_normed", "test_accuracy", "lower", 0.02, "Too large, normalised", False),
        Comparison("kaiming", "kaiming_normed", "test_accuracy", "higher", 0.02, "Batch normalisation, Kaiming", False),
    ),
    figure=FigureSpec("bars", ("test_accuracy", "training_accuracy")),
    demo_link=("train", "model=mlp&extra_layers=2&initialization=small&batch_norm=false&train_images=5000&epochs=3"),
)

CLAIMS: tuple[Claim, ...] = (_SIMPLE_MODEL, _VANISHING, _FIRST_WEIGHTS)
"""Of this theme, in any order."""
