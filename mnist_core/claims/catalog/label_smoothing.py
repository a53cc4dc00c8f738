"""Claim: Label smoothing makes a model better calibrated."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec


def _smoothed(share: float) -> Arm:
    recipe = learns(5_000, epochs=6, label_smoothing=share)
    return Arm(f"smoothing_{share * 100:.0f}", f"Smoothing {share:g}", recipe, share)


CLAIM = Claim(
    id="label_smoothing",
    title="Label smoothing",
    statement="Label smoothing makes a model better calibrated.",
    setup=(
        "A small CNN learns from 5,000 images for 6 epochs and is trained to give a fraction of the probability to the "
        "other digits. Calibration is measured on the test images, without a temperature. The usual fraction is 0.1. "
        "Arms differ in nothing but that fraction."
    ),
    arms=tuple(_smoothed(share) for share in (0.0, 0.02, 0.05, 0.1, 0.2)),
    primary=(
        Comparison("smoothing_0", "smoothing_10", "calibration_error", "lower", 0.003, "Smoothing 0.1, calibration"),
    ),
    secondary=(
        Comparison("smoothing_0", "smoothing_2", "calibration_error", "lower", 0.003, "0.02, calibration"),
        Comparison("smoothing_0", "smoothing_10", "test_accuracy", "higher", 0.003, "0.1, test images"),
        Comparison("smoothing_0", "smoothing_10", "overconfidence", "lower", 0.003, "0.1, overconfidence"),
        Comparison("smoothing_0", "smoothing_10", "mistake_confidence", "lower", 0.05, "0.1, confidence when wrong"),
    ),
    figure=FigureSpec("lines", ("calibration_error", "overconfidence"), "Label smoothing"),
    demo_link=("train", "label_smoothing=0.1&train_images=5000&epochs=6"),
)
