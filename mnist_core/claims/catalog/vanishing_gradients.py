"""Claim: In deep networks gradients vanish with sigmoid and tanh, and not with ReLU."""

from mnist_core.activations import ACTIVATIONS
from mnist_core.claims.arms import learns_plainly
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol
from mnist_core.fields import Value

_DEPTHS = (0, 2, 4, 8)


_FITTING_WEIGHTS = {"sigmoid": "xavier", "tanh": "xavier", "relu": "kaiming"}


def _deep(activation: str, extra: int, note: str = "", **changes: Value) -> Arm:
    """A network of two hidden layers and `extra` more."""
    key = "_".join(filter(None, (activation, str(extra), note.replace(" ", "_"))))
    series = ACTIVATIONS[activation].label + (f", {note}" if note else "")
    recipe = learns_plainly(5_000, epochs=5, extra_layers=extra, activation=activation, **changes)
    return Arm(key, f"{series}, {extra + 2} layers", recipe, extra + 2, series)


def _depths() -> tuple[Arm, ...]:
    plain = [_deep(activation, extra) for activation in _FITTING_WEIGHTS for extra in _DEPTHS]
    fitting = [_deep(each, 8, "fitting weights", initialization=name) for each, name in _FITTING_WEIGHTS.items()]
    normed = [_deep(each, extra, "normed", batch_norm=True) for each in _FITTING_WEIGHTS for extra in (0, 8)]
    return (*plain, *fitting, *normed)


CLAIM = Claim(
    id="vanishing_gradients",
    title="Vanishing gradients",
    statement="In deep networks gradients vanish with sigmoid and tanh, and not with ReLU.",
    setup=(
        "Networks of 2 to 10 hidden layers learn from 5,000 images for 5 epochs, with Adam and PyTorch's initial "
        "weights. Arms differ in depth or activation; of the deepest, some have batch normalisation, or initial "
        "weights that fit the activation: Xavier's for sigmoid and tanh, Kaiming's for ReLU."
    ),
    protocol=Protocol(
        source=(
            "S. Hochreiter, 1991; X. Glorot and Y. Bengio, *Understanding the difficulty of training deep feedforward "
            "neural networks*, 2010."
        ),
        definition=(
            "A gradient vanishes when a weight of some layer gets far less of it than one of the last layer. Measured "
            "is the root mean square per weight, in the hidden layer where it is smallest, in the first 64 steps."
        ),
        smallest="A factor of ten: by less, optimisers with a rate for each weight (Adam) are hardly slowed.",
        population=(
            "Networks of 2 and 10 hidden layers of equal width with PyTorch's initial weights, without normalisation. "
            "Other initial weights and batch normalisation are shown beside them."
        ),
    ),
    arms=_depths(),
    primary=(
        Comparison("sigmoid_0", "sigmoid_8", "weakest_gradient", "lower", 1.0, "10 layers instead of 2, sigmoid"),
        Comparison("tanh_0", "tanh_8", "weakest_gradient", "lower", 1.0, "10 layers instead of 2, tanh"),
        Comparison("tanh_8", "relu_8", "weakest_gradient", "higher", 1.0, "ReLU instead of tanh, 10 layers"),
        Comparison("sigmoid_8", "relu_8", "weakest_gradient", "higher", 1.0, "ReLU instead of sigmoid, 10 layers"),
    ),
    secondary=(
        Comparison("relu_0", "relu_8", "weakest_gradient", "lower", 1.0, "10 layers instead of 2, ReLU"),
        Comparison("sigmoid_0", "sigmoid_8", "test_accuracy", "lower", 0.02, "10 layers, sigmoid, test images"),
        Comparison("tanh_0", "tanh_8", "test_accuracy", "lower", 0.02, "10 layers, tanh, test images"),
        Comparison("relu_0", "relu_8", "test_accuracy", "lower", 0.02, "10 layers, ReLU, test images"),
        Comparison("sigmoid_8", "sigmoid_8_normed", "test_accuracy", "higher", 0.02, "Batch norm, sigmoid"),
        Comparison("tanh_8", "tanh_8_normed", "test_accuracy", "higher", 0.02, "Batch norm, tanh"),
        Comparison("relu_8", "relu_8_normed", "test_accuracy", "higher", 0.02, "Batch norm, ReLU"),
        Comparison("sigmoid_8", "sigmoid_8_fitting_weights", "test_accuracy", "higher", 0.02, "Xavier, sigmoid"),
        Comparison("tanh_8", "tanh_8_fitting_weights", "weakest_gradient", "higher", 1.0, "Xavier, tanh"),
        Comparison("relu_8", "relu_8_fitting_weights", "weakest_gradient", "higher", 1.0, "Kaiming, ReLU"),
    ),
    figure=FigureSpec("lines", ("weakest_gradient", "test_accuracy"), "Hidden layers"),
    demo_link=("train", "model=mlp&activation=sigmoid&extra_layers=8&batch_norm=false&train_images=5000&epochs=5"),
    answers={
        ("holds", "does_not_hold", "does_not_hold", "holds"): (
            "Gradients vanish with sigmoid; with tanh they do not in ten layers, where ReLU keeps no more of them "
            "than tanh."
        ),
    },
)
