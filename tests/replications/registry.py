"""Which comparison of which claim each script repeats, and what its short form must show."""

from dataclasses import dataclass, field
from typing import Literal

Side = Literal["higher", "lower", "none", ""]


@dataclass(frozen=True, slots=True)
class Repeated:
    """One line that a script prints.

    Attributes:
        comparison: As the script calls it.
        control, treatment, metric: Arms of the claim, or of several that are tuned, and what is measured of them; empty
            where the claim has nothing of that kind.
        side: What the short form must find of the treatment; `none`: no effect that matters; empty: too small an
            effect for so few images, which only the long form looks at.
        least: The smallest effect that matters, for `none`.
    """

    comparison: str
    control: str = ""
    treatment: str = ""
    metric: str = ""
    side: Side = ""
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Replication:
    """A script beside this file, which has the claim's id for a name.

    Attributes:
        claim: The claim's id.
        repeated: What it prints, in any order.
        short: Its options in the short form: the fewest images that show all sides without a doubt.
    """

    claim: str
    repeated: tuple[Repeated, ...]
    short: tuple[str, ...] = field(default=("--images", "1000", "--test-images", "1000"))


def _fewer(images: int, test_images: int, *others: str) -> tuple[str, ...]:
    return ("--images", str(images), "--test-images", str(test_images), *others)


_ALL = (
    Replication(
        "centring",
        (
            Repeated("2 pixels off, small CNN", "cnn_0", "cnn_2", "read_accuracy", "lower"),
            Repeated("2 pixels off, two-layer network", "mlp_0", "mlp_2", "read_accuracy", "lower"),
        ),
    ),
    Replication(
        "imbalance",
        (
            Repeated("few fours, recall of fours", "even", "rare", "recall_4", "lower"),
            Repeated("few fours, fours predicted as 9", "even", "rare", "fours_read_as_9", "higher"),
        ),
        _fewer(1_000, 2_000),
    ),
    Replication(
        "epochs",
        (
            Repeated("1 instead of 10 epochs, training accuracy", "clean_10", "clean_1", "training_accuracy", "lower"),
            Repeated("1 instead of 10 epochs, test accuracy", "clean_10", "clean_1", "test_accuracy", "lower"),
            Repeated("100 instead of 10 epochs, test loss", "clean_10", "clean_100", "test_loss"),
            Repeated("100 instead of 10 epochs, gap", "clean_10", "clean_100", "gap"),
            Repeated("100 instead of 10 epochs, test accuracy", "clean_10", "clean_100", "test_accuracy"),
            Repeated(
                "20 % wrong labels, 100 instead of 10 epochs, test accuracy",
                "noisy_10", "noisy_100", "test_accuracy", "lower",
            ),
        ),
        _fewer(300, 1_000),
    ),
    Replication(
        "regularisation",
        (
            Repeated("dropout of the best strength, test loss", "none", "dropout", "test_loss", "lower"),
            Repeated("l2 of the best strength, test loss", "none", "l2", "test_loss", "lower"),
            Repeated("l1 of the best strength, test loss", "none", "l1", "test_loss"),
        ),
        _fewer(200, 500),
    ),
    Replication(
        "label_smoothing",
        (
            Repeated("smoothing 0.1, two-layer network", "overconfident_0", "overconfident_10", "calibration_error"),
            Repeated(
                "smoothing 0.1, two-layer network, after temperature scaling",
                "overconfident_0_scaled", "overconfident_10_scaled", "calibration_error",
            ),
            Repeated("smoothing 0.1, CNN", "calm_0", "calm_10", "calibration_error", "higher"),
            Repeated("smoothing 0.1, CNN, after temperature scaling"),
        ),
        _fewer(300, 1_000),
    ),
    Replication(
        "vanishing_gradients",
        (
            Repeated(
                "10 layers, sigmoid, weakest hidden layer's gradient per weight",
                "sigmoid_0", "sigmoid_8", "weakest_gradient", "lower",
            ),
            Repeated("10 layers, sigmoid, first layer's gradient", side="lower"),
            Repeated(
                "10 layers, tanh, weakest hidden layer's gradient per weight",
                "tanh_0", "tanh_8", "weakest_gradient", "none", 1.0,
            ),
            Repeated("10 layers, tanh, first layer's gradient", side="none", least=1.0),
            Repeated(
                "10 layers, ReLU, weakest hidden layer's gradient per weight",
                "relu_0", "relu_8", "weakest_gradient", "none", 1.0,
            ),
            Repeated("10 layers, ReLU, first layer's gradient", side="none", least=1.0),
        ),
        _fewer(1_000, 1_000, "--steps", "16"),
    ),
    Replication(
        "pixel_scale",
        (
            Repeated("0 to 255 instead of 0 to 1, SGD", "sgd_unit", "sgd_none", "test_accuracy", "lower"),
            Repeated("0 to 255 instead of 0 to 1, Adam", "adam_unit", "adam_none", "test_accuracy"),
        ),
        _fewer(2_000, 1_000),
    ),
    Replication(
        "standard_scaler_svm",
        (
            Repeated("the example instead of a linear model", "linear", "example", "test_accuracy", "lower"),
            Repeated("gamma=scale instead of 0.1", "example", "gamma", "test_accuracy", "higher"),
            Repeated(
                "no scaler, gamma=scale, C=10 instead of the example", "example", "all", "test_accuracy", "higher"
            ),
        ),
        _fewer(500, 500),
    ),
    Replication(
        "no_augmentation",
        (
            Repeated("augmentation, test images", "none", "all", "test_accuracy"),
            Repeated("augmentation, shifted by 3 pixels", "none", "all", "moved_accuracy", "higher"),
            Repeated("augmentation, rotated by 20 degrees", "none", "all", "rotated_accuracy"),
            Repeated("augmentation, gap", "none", "all", "gap", "lower"),
        ),
        _fewer(1_000, 1_000),
    ),
    Replication(
        "faulty_data",
        (
            Repeated("20 % wrong labels", "labels_0", "labels_20", "test_accuracy", "lower"),
            Repeated("20 % images of noise", "outliers_0", "outliers_20", "test_accuracy"),
            Repeated(
                "20 % wrong labels, suspects removed", "labels_20", "labels_cleaned_20", "test_accuracy", "higher"
            ),
        ),
        _fewer(1_000, 1_000),
    ),
    Replication(
        "simple_model",
        (
            Repeated("SVM instead of wide network, 100 images", "best_wide_100", "best_svm_100", "test_accuracy"),
            Repeated("SVM instead of CNN, 100 images", "best_cnn_100", "best_svm_100", "test_accuracy"),
            Repeated("SVM instead of wide network, 300 images", "best_wide_300", "best_svm_300", "test_accuracy"),
            Repeated("SVM instead of CNN, 300 images", "best_cnn_300", "best_svm_300", "test_accuracy"),
            Repeated("SVM instead of wide network, 1000 images", "best_wide_1000", "best_svm_1000", "test_accuracy"),
            Repeated("SVM instead of CNN, 1000 images", "best_cnn_1000", "best_svm_1000", "test_accuracy"),
        ),
        # It only runs: who is ahead shows only when the networks have learned all they can, and that takes minutes.
        _fewer(100, 500, "--rates", "0.001", "--steps", "50"),
    ),
    Replication(
        "keras_shear",
        (
            Repeated(
                "sheared by up to 0.1 degrees, slanted digits", "shear_0", "shear_0_1", "slanted_accuracy", "none", 0.01
            ),
            Repeated("sheared by up to 20 degrees, slanted digits", "shear_0", "shear_20", "slanted_accuracy"),
        ),
    ),
    Replication(
        "clipping",
        (
            Repeated(
                "clipping MNIST's own pixels", "outliers", "outliers_clipped", "read_accuracy", "none", 0.003
            ),
            Repeated("without the images of noise", "outliers", "clean", "read_accuracy"),
            Repeated("clipping broken pixels", "broken", "broken_clipped", "read_accuracy", "higher"),
        ),
    ),
    Replication(
        "confidence",
        (
            Repeated("small digits anywhere, accuracy", "test", "drawings", "read_accuracy", "lower"),
            Repeated("small digits anywhere, confidence", "test", "drawings", "read_confidence", "lower"),
            Repeated("small digits anywhere, overconfidence", "test", "drawings", "overconfidence", "higher"),
        ),
    ),
    Replication(
        "learning_rate",
        (
            Repeated("1 instead of 0.01, test accuracy", "rate_0_01", "rate_1", "test_accuracy", "lower"),
            Repeated("1 instead of 0.01, loss rises or is NaN", "rate_0_01", "rate_1", "loss_rose", "higher"),
            Repeated(
                "0.0001 instead of 0.01, test accuracy", "rate_0_01", "rate_0_0001", "test_accuracy", "lower"
            ),
            Repeated("0.0001 instead of 0.01, epochs to 90 %", "rate_0_01", "rate_0_0001", "epochs_to_90"),
        ),
    ),
)  # fmt: skip

REPLICATIONS = {each.claim: each for each in _ALL}
"""All of them by their claims' ids."""
