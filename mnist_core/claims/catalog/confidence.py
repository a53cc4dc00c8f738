"""Claim: Confidence says when the model is wrong."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol, TestInputs


def _shown(key: str, label: str, pictures: TestInputs, calibrated: bool = False) -> Arm:
    recipe = learns(5_000, epochs=4, label_smoothing=0.0)
    return Arm(key, label, recipe, test_inputs=pictures, calibrated=calibrated)


CLAIM = Claim(
    id="confidence",
    title="Confidence",
    statement="Confidence says when the model is wrong.",
    setup=(
        "A small CNN learns from 5,000 images for 4 epochs and is tested on the test images, on digits drawn at half "
        "size anywhere on a canvas and only resized, and on letters that look like no digit. If confidence says when "
        "it is wrong, it is at least 25 points lower for what it cannot classify."
    ),
    protocol=Protocol(
        source=(
            "How softmax is often read; against it: A. Nguyen, J. Yosinski and J. Clune, *Deep Neural Networks are "
            "Easily Fooled*, 2015, and D. Hendrycks and K. Gimpel, *A Baseline for Detecting Misclassified and "
            "Out-of-Distribution Examples*, 2017."
        ),
        definition=(
            "Confidence is the probability of the prediction. If it says when the model is wrong, it is far lower "
            "where it is wrong: on digits that were only resized, and on letters, of which no answer is right."
        ),
        smallest="25 points: by less, no threshold tells the two apart without rejecting many good answers.",
        population="A small CNN, 5,000 images, without label smoothing; with and without a temperature.",
    ),
    arms=(
        _shown("test", "Test images", "test"),
        _shown("drawings", "Drawings, only resized", "drawn_raw"),
        _shown("prepared", "Drawings, prepared as MNIST was", "drawn_prepared"),
        _shown("letters", "Letters", "letters"),
        _shown("test_calibrated", "Test images, calibrated", "test", True),
        _shown("drawings_calibrated", "Drawings, only resized, calibrated", "drawn_raw", True),
        _shown("letters_calibrated", "Letters, calibrated", "letters", True),
    ),
    primary=(
        Comparison("test", "drawings", "read_confidence", "lower", 0.25, "Drawings, only resized, confidence"),
        Comparison("test", "letters", "read_confidence", "lower", 0.25, "Letters, confidence"),
    ),
    secondary=(
        Comparison("test", "drawings", "read_accuracy", "lower", 0.25, "Drawings, only resized, accuracy"),
        Comparison("test", "drawings", "overconfidence", "higher", 0.05, "Drawings, overconfidence"),
        Comparison("test", "prepared", "overconfidence", "higher", 0.05, "Prepared drawings, overconfidence"),
        Comparison("drawings", "drawings_calibrated", "overconfidence", "lower", 0.05, "Calibration, on drawings"),
        Comparison("letters", "letters_calibrated", "read_confidence", "lower", 0.05, "Calibration, letters"),
        Comparison("test", "test_calibrated", "calibration_error", "lower", 0.002, "Calibration, test images"),
    ),
    figure=FigureSpec("forest", ("read_accuracy", "read_confidence")),
    demo_link=("draw", ""),
    answers={
        ("holds", "does_not_hold"): (
            "Confidence falls on digits that were only resized, most of which the model misreads; on letters, of "
            "which every answer is wrong, it stays high."
        ),
    },
)
