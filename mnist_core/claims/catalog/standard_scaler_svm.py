"""Claim: StandardScaler and SVC(kernel='rbf', C=1, gamma=0.1) are a good baseline for MNIST."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol

_GOOD_GAMMA = {"per_pixel": 1 / 784, "unit": 0.0134}  # scikit-learn's gamma="scale" for either scaling


def _svm(key: str, label: str, scaling: str = "per_pixel", gamma: float = 0.1, c: float = 1.0) -> Arm:
    return Arm(key, label, learns(2_000, model="svm", scaling=scaling, svm_gamma=gamma, svm_c=c))


CLAIM = Claim(
    id="standard_scaler_svm",
    title="StandardScaler and SVC",
    statement="StandardScaler and SVC(kernel='rbf', C=1, gamma=0.1) are a good baseline for MNIST.",
    setup=(
        "Support vector machines learn from 2,000 images: as in the example, with one of its three choices changed "
        "(plain /255 instead of the scaler, gamma=“scale”, C=10), and with all of them. A good baseline is no worse "
        "than a linear model of the same images."
    ),
    protocol=Protocol(
        source=(
            "An example for MNIST that is copied from text to text: StandardScaler, then SVC(kernel='rbf', C=1, "
            "gamma=0.1)."
        ),
        definition=("A baseline is good when it does better than the simplest model, a linear one on the same images."),
        smallest="0.5 points of accuracy.",
        population=(
            "2,000 training images. The one fault that decides, a gamma far too high for 784 scaled pixels, does not "
            "go away with more images."
        ),
    ),
    arms=(
        Arm("linear", "Linear model", learns(2_000, model="linear", epochs=20)),
        _svm("example", "As in the example"),
        _svm("no_scaler", "/255 instead of the scaler", scaling="unit"),
        _svm("gamma", "Gamma “scale”", gamma=_GOOD_GAMMA["per_pixel"]),
        _svm("c", "C=10", c=10.0),
        _svm("no_scaler_gamma", "/255 and gamma “scale”", "unit", _GOOD_GAMMA["unit"]),
        _svm("gamma_c", "Gamma “scale” and C=10", gamma=_GOOD_GAMMA["per_pixel"], c=10.0),
        _svm("all", "/255, gamma “scale”, C=10", "unit", _GOOD_GAMMA["unit"], 10.0),
    ),
    primary=(
        Comparison("linear", "example", "test_accuracy", "higher", 0.005, "The example instead of a linear model"),
    ),
    secondary=(
        Comparison("example", "no_scaler", "test_accuracy", "higher", 0.01, "/255 instead of the scaler, alone"),
        Comparison("example", "gamma", "test_accuracy", "higher", 0.01, "Gamma “scale”, alone"),
        Comparison("example", "c", "test_accuracy", "higher", 0.01, "C=10, alone"),
        Comparison("example", "all", "test_accuracy", "higher", 0.01, "All three"),
        Comparison("gamma", "no_scaler_gamma", "test_accuracy", "higher", 0.01, "/255, with gamma “scale”"),
        Comparison("no_scaler_gamma", "all", "test_accuracy", "higher", 0.01, "C=10, with the other two"),
        Comparison("linear", "example", "training_accuracy", "higher", 0.01, "The example, training images"),
    ),
    figure=FigureSpec("forest", ("training_accuracy", "test_accuracy")),
    demo_link=("train", "model=svm&scaling=per_pixel&svm_c=1.0&svm_gamma=0.1&train_images=5000"),
    answers={
        ("does_not_hold",): (
            "No: it does far worse than a linear model. Its gamma is far too high for 784 scaled pixels; gamma "
            "“scale” mends most of it."
        ),
    },
)
