"""Claims about how sure a model is."""

from mnist_core.claims.catalog.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Pictures


def _shown(key: str, label: str, pictures: Pictures, calibrated: bool = False) -> Arm:
    return Arm(
        key, label, learns(5_000, epochs=4, label_smoothing=0.0), test_inputs=pictures, calibrated=calibrated
    )  # fmt: skip


_CONFIDENCE = Claim(
    id="confidence",
    title="Confidence",
    statement="Confidence says when the model is wrong.",
    setup=(
        "A small CNN learns from 5,000 images for 4 epochs and reads the test images, test digits drawn at half size "
        "anywhere on a canvas and plainly resized, and letters that look like no digit. If confidence says when it is "
        "wrong, it is at least 25 points lower for what it cannot read."
    ),
    arms=(
        _shown("test", "Test images", "test"),
        _shown("drawings", "Drawings, plainly resized", "drawn_raw"),
        _shown("prepared", "Drawings, prepared as MNIST was", "drawn_prepared"),
        _shown("letters", "Letters", "letters"),
        _shown("test_calibrated", "Test images, calibrated", "test", True),
        _shown("drawings_calibrated", "Drawings, plainly resized, calibrated", "drawn_raw", True),
        _shown("letters_calibrated", "Letters, calibrated", "letters", True),
    ),
    comparisons=(
        Comparison("test", "drawings", "read_confidence", "lower", 0.25, "Plainly resized drawings, confidence"),
        Comparison("test", "letters", "read_confidence", "lower", 0.25, "Letters, confidence"),
        Comparison("test", "drawings", "read_accuracy", "lower", 0.25, "Plainly resized drawings, read right", False),
        Comparison("test", "drawings", "overconfidence", "higher", 0.05, "Drawings, overconfidence", False),
        Comparison("test", "prepared", "overconfidence", "higher", 0.05, "Prepared drawings, overconfidence", False),
        Comparison(
            "drawings", "drawings_calibrated", "overconfidence", "lower", 0.05, "Calibration, on drawings", False
        ),
        Comparison("letters", "letters_calibrated", "read_confidence", "lower", 0.05, "Calibration, letters", False),
        Comparison("test", "test_calibrated", "calibration_error", "lower", 0.002, "Calibration, test images", False),
    ),
    figure=FigureSpec("bars", ("read_accuracy", "read_confidence")),
    demo_link=("draw", ""),
)


def _smoothed(share: float) -> Arm:
    recipe = learns(5_000, epochs=6, label_smoothing=share)
    return Arm(f"smoothing_{share * 100:.0f}", f"Smoothing {share:g}", recipe, share)


_SMOOTHING = Claim(
    id="label_smoothing",
    title="Label smoothing",
    statement="Label smoothing makes a model better calibrated.",
    setup=(
        "A small CNN learns from 5,000 images for 6 epochs and is asked to leave a share of its certainty to the other "
        "digits. Calibration is measured on the test images, without a temperature. The usual share is 0.1. Arms "
        "differ in nothing but that share."
    ),
    arms=tuple(_smoothed(share) for share in (0.0, 0.02, 0.05, 0.1, 0.2)),
    comparisons=(
        Comparison("smoothing_0", "smoothing_10", "calibration_error", "lower", 0.003, "Smoothing 0.1, calibration"),
        Comparison("smoothing_0", "smoothing_2", "calibration_error", "lower", 0.003, "0.02, calibration", False),
        Comparison("smoothing_0", "smoothing_10", "test_accuracy", "higher", 0.003, "0.1, test images", False),
        Comparison("smoothing_0", "smoothing_10", "overconfidence", "lower", 0.003, "0.1, overconfidence", False),
        Comparison("smoothing_0", "smoothing_10", "mistake_confidence", "lower", 0.05, "0.1, sure when wrong", False),
    ),
    figure=FigureSpec("lines", ("calibration_error", "overconfidence"), "Share of the certainty that is spread"),
    demo_link=("train", "label_smoothing=0.1&train_images=5000&epochs=6"),
)

CLAIMS: tuple[Claim, ...] = (_CONFIDENCE, _SMOOTHING)
"""Of this theme, in any order."""
