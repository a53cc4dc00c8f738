"""Claims that examples make, which everybody copies."""

from mnist_core.claims.catalog.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Pictures
from mnist_core.fields import Value

_GOOD_GAMMA = {"per_pixel": 1 / 784, "unit": 0.0134}  # scikit-learn's gamma="scale" for either scaling
_SVM: dict[str, Value] = {"model": "svm"}


def _svm(key: str, label: str, scaling: str = "per_pixel", gamma: float = 0.1, c: float = 1.0) -> Arm:
    return Arm(key, label, learns(2_000, **_SVM, scaling=scaling, svm_gamma=gamma, svm_c=c))


_STANDARD_SCALER = Claim(
    id="standard_scaler_svm",
    title="StandardScaler and SVC",
    statement="StandardScaler and SVC(kernel='rbf', C=1, gamma=0.1) are a good baseline for MNIST.",
    setup=(
        "Support vector machines learn from 2,000 images: as the example has it, with one of its three choices "
        "changed (plain /255 for the scaler, gamma as “scale” has it, C=10), and with all of them. A good baseline is "
        "no worse than a linear model of the same images."
    ),
    arms=(
        Arm("linear", "Linear model", learns(2_000, model="linear", epochs=20)),
        _svm("example", "As the example has it"),
        _svm("no_scaler", "/255 for the scaler", scaling="unit"),
        _svm("gamma", "Gamma “scale”", gamma=_GOOD_GAMMA["per_pixel"]),
        _svm("c", "C=10", c=10.0),
        _svm("no_scaler_gamma", "/255 and gamma “scale”", "unit", _GOOD_GAMMA["unit"]),
        _svm("gamma_c", "Gamma “scale” and C=10", gamma=_GOOD_GAMMA["per_pixel"], c=10.0),
        _svm("all", "/255, gamma “scale”, C=10", "unit", _GOOD_GAMMA["unit"], 10.0),
    ),
    comparisons=(
        Comparison("linear", "example", "test_accuracy", "higher", 0.005, "The example instead of a linear model"),
        Comparison("example", "no_scaler", "test_accuracy", "higher", 0.01, "/255 for the scaler, alone", False),
        Comparison("example", "gamma", "test_accuracy", "higher", 0.01, "Gamma “scale”, alone", False),
        Comparison("example", "c", "test_accuracy", "higher", 0.01, "C=10, alone", False),
        Comparison("example", "all", "test_accuracy", "higher", 0.01, "All three", False),
        Comparison("gamma", "no_scaler_gamma", "test_accuracy", "higher", 0.01, "/255, with gamma “scale”", False),
        Comparison("no_scaler_gamma", "all", "test_accuracy", "higher", 0.01, "C=10, with the other two", False),
        Comparison("linear", "example", "training_accuracy", "higher", 0.01, "The example, training images", False),
    ),
    figure=FigureSpec("bars", ("training_accuracy", "test_accuracy")),
    demo_link=("train", "model=svm&scaling=per_pixel&svm_c=1.0&svm_gamma=0.1&train_images=5000"),
)

_READ: dict[str, Value] = {"epochs": 4}


def _clipped(key: str, label: str, pictures: Pictures, **changes: Value) -> Arm:
    return Arm(key, label, learns(5_000, **{**_READ, **changes}), test_inputs=pictures)


_CLIPPING = Claim(
    id="clipping",
    title="Clipping outliers",
    statement="Clipping pixels to [0, 255] takes care of MNIST's outliers.",
    setup=(
        "A small CNN learns from 5,000 images for 4 epochs, 10 % of them pictures of noise, and reads the test images "
        "as they are or clipped to [0, 255]. MNIST's pixels are whole numbers from 0 to 255, so clipping leaves "
        "training images as they are. Then 2 % of the pixels of each test image are broken: they have values from "
        "-1,000 to 1,000."
    ),
    arms=(
        _clipped("outliers", "Noise among the training images", "test", outliers=0.1),
        _clipped("outliers_clipped", "The same, clipped", "clipped", outliers=0.1),
        _clipped("clean", "Clean training images", "test"),
        _clipped("broken", "Broken pixels", "broken"),
        _clipped("broken_clipped", "Broken pixels, clipped", "broken_clipped"),
    ),
    comparisons=(
        Comparison("outliers", "outliers_clipped", "read_accuracy", "higher", 0.003, "Clipping MNIST's own pixels"),
        Comparison("outliers", "clean", "read_accuracy", "higher", 0.003, "Without the pictures of noise", False),
        Comparison("broken", "broken_clipped", "read_accuracy", "higher", 0.01, "Clipping broken pixels", False),
        Comparison("clean", "broken_clipped", "read_accuracy", "lower", 0.01, "What broken pixels still cost", False),
    ),
    figure=FigureSpec("bars", ("read_accuracy",)),
    demo_link=("data", "outliers=0.1&train_images=5000&epochs=4"),
)

CLAIMS: tuple[Claim, ...] = (_STANDARD_SCALER, _CLIPPING)
"""Of this theme, in any order."""
