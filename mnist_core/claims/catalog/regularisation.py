"""Claim: Dropout, L1 and L2 prevent overfitting."""

from mnist_core.claims.arms import learns_plainly
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec
from mnist_core.fields import Value


def _held(key: str, label: str, **changes: Value) -> Arm:
    return Arm(key, label, learns_plainly(1_000, epochs=30, **changes))


CLAIM = Claim(
    id="regularisation",
    title="Dropout, L1 and L2",
    statement="Dropout, L1 and L2 prevent overfitting.",
    setup=(
        "A two-layer network learns from 1,000 images for 30 epochs by Adam: with nothing against overfitting, or with "
        "a little up to very much of one thing. The primary metric is the gap between training and test accuracy, with "
        "the second strength, a usual one; test accuracy is a secondary metric."
    ),
    arms=(
        _held("none", "Nothing"),
        _held("dropout_2", "Dropout 0.2", dense_dropout=0.2),
        _held("dropout_5", "Dropout 0.5", dense_dropout=0.5),
        _held("dropout_8", "Dropout 0.8", dense_dropout=0.8),
        _held("l2_low", "L2 0.0001", weight_decay=1e-4),
        _held("l2_middle", "L2 0.001", weight_decay=1e-3),
        _held("l2_high", "L2 0.01", weight_decay=1e-2),
        _held("l2_huge", "L2 0.1", weight_decay=0.1),
        _held("l1_low", "L1 0.00001", l1=1e-5),
        _held("l1_middle", "L1 0.0001", l1=1e-4),
        _held("l1_high", "L1 0.001", l1=1e-3),
        _held("l1_huge", "L1 0.01", l1=1e-2),
    ),
    primary=(
        Comparison("none", "dropout_5", "gap", "lower", 0.01, "Dropout 0.5, the gap"),
        Comparison("none", "l2_middle", "gap", "lower", 0.01, "L2 0.001, the gap"),
        Comparison("none", "l1_middle", "gap", "lower", 0.01, "L1 0.0001, the gap"),
    ),
    secondary=(
        Comparison("none", "dropout_5", "test_accuracy", "higher", 0.005, "Dropout 0.5, test images"),
        Comparison("none", "l2_middle", "test_accuracy", "higher", 0.005, "L2 0.001, test images"),
        Comparison("none", "l1_middle", "test_accuracy", "higher", 0.005, "L1 0.0001, test images"),
        Comparison("none", "dropout_8", "gap", "lower", 0.01, "Dropout 0.8, the gap"),
        Comparison("none", "dropout_8", "test_accuracy", "lower", 0.005, "Dropout 0.8, test images"),
        Comparison("none", "l2_high", "gap", "lower", 0.01, "L2 0.01, the gap"),
        Comparison("none", "l2_high", "test_accuracy", "lower", 0.005, "L2 0.01, test images"),
        Comparison("none", "l1_high", "gap", "lower", 0.01, "L1 0.001, the gap"),
        Comparison("none", "l1_high", "test_accuracy", "lower", 0.005, "L1 0.001, test images"),
        Comparison("none", "l2_huge", "gap", "lower", 0.01, "L2 0.1, the gap"),
        Comparison("none", "l2_huge", "test_accuracy", "lower", 0.005, "L2 0.1, test images"),
        Comparison("none", "l1_huge", "gap", "lower", 0.01, "L1 0.01, the gap"),
        Comparison("none", "l1_huge", "test_accuracy", "lower", 0.005, "L1 0.01, test images"),
        Comparison("none", "dropout_5", "test_loss", "lower", 0.02, "Dropout 0.5, test loss"),
    ),
    figure=FigureSpec("forest", ("training_accuracy", "test_accuracy")),
    demo_link=("train", "model=mlp&train_images=1000&epochs=30&dense_dropout=0.5&batch_norm=false&label_smoothing=0.0"),
)
