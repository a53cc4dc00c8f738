"""Claim: Too few epochs underfit and too many overfit."""

from mnist_core.claims.arms import learns_plainly
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol

_WRONG = {"clean": ("True labels", 0.0), "noisy": ("20 % wrong labels", 0.2)}


def _long(key: str, epochs: int) -> Arm:
    series, share = _WRONG[key]
    recipe = learns_plainly(1_000, epochs=epochs, label_noise=share)
    return Arm(f"{key}_{epochs}", f"{series}, {epochs} epochs", recipe, epochs, series)


def _stopped(key: str) -> Arm:
    series, share = _WRONG[key]
    recipe = learns_plainly(1_000, epochs=100, label_noise=share, early_stopping=5)
    return Arm(f"{key}_stopped", f"{series}, stopped early", recipe)


CLAIM = Claim(
    id="epochs",
    title="Number of epochs",
    statement="Too few epochs underfit and too many overfit.",
    setup=(
        "A two-layer network learns from 1,000 images, with Adam at a constant rate and nothing against overfitting, "
        "for 1 to 100 epochs; with the true labels, and with 20 % wrong ones. Arms differ in nothing but the epochs; "
        "early stopping ends when the validation loss has not improved for 5 epochs."
    ),
    protocol=Protocol(
        source="I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, 2016, sections 5.2 and 7.8.",
        definition=(
            "To underfit is to do badly even on the training images. Too many epochs overfit when the validation loss "
            "rises again, and when the gap between training and test images grows. Both belong to the verdict; whether "
            "accuracy falls, too, is shown beside them."
        ),
        smallest=(
            "1 point of training accuracy; 0.02 nats of loss, about a twentieth of it; half a point of the gap in "
            "accuracy."
        ),
        population=(
            "A two-layer network, 1,000 images with true labels and standardised pixels, Adam at 0.001. With wrong "
            "labels there is more to memorise: those are shown beside. With pixels only divided by 255 the network "
            "has not learned its images after 10 epochs, and the gap does grow: by 3.0 points in a plain script (1.3 "
            "to 4.6, 5 seeds)."
        ),
    ),
    arms=(
        *(_long(key, epochs) for key in _WRONG for epochs in (1, 3, 10, 30, 100)),
        *map(_stopped, _WRONG),
    ),
    primary=(
        Comparison("clean_10", "clean_1", "training_accuracy", "lower", 0.01, "1 epoch instead of 10"),
        Comparison("clean_10", "clean_100", "validation_loss_rise", "higher", 0.02, "100 epochs instead of 10"),
        Comparison("clean_10", "clean_100", "gap", "higher", 0.005, "100 epochs instead of 10"),
    ),
    secondary=(
        Comparison("clean_10", "clean_1", "test_accuracy", "lower", 0.01, "1 epoch instead of 10"),
        Comparison("clean_10", "clean_100", "test_accuracy", "lower", 0.005, "100 epochs instead of 10"),
        Comparison("clean_10", "clean_100", "test_loss", "higher", 0.02, "100 epochs instead of 10"),
        Comparison("noisy_10", "noisy_100", "test_accuracy", "lower", 0.005, "100 epochs, wrong labels"),
        Comparison("clean_100", "clean_stopped", "epochs_trained", "lower", 5, "Early stopping instead of 100"),
        Comparison("clean_100", "clean_stopped", "test_accuracy", "higher", 0.005, "Early stopping"),
        Comparison("clean_100", "clean_stopped", "test_loss", "lower", 0.02, "Early stopping"),
        Comparison("noisy_100", "noisy_stopped", "test_accuracy", "higher", 0.005, "Early stopping, wrong labels"),
    ),
    figure=FigureSpec("lines", ("test_accuracy", "training_accuracy", "test_loss"), "Epochs", log_x=True),
    demo_link=("train", "model=mlp&train_images=1000&epochs=100&optimizer=adam&learning_rate=0.001&schedule=constant"),
    answers={
        ("holds", "holds", "does_not_hold"): (
            "Too few epochs underfit; too many raise the validation loss, but with true labels the gap in accuracy "
            "does not grow."
        ),
    },
)
