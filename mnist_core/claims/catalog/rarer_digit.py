"""Claim: A single digit out of balance biases predictions."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol

_KEPT = {"half": ("Half as many fours", 0.25), "fifth": ("A fifth of the fours", 0.1), "tenth": ("A tenth", 0.05)}

CLAIM = Claim(
    id="rarer_digit",
    title="One digit out of balance",
    statement="A single digit out of balance biases predictions.",
    setup=(
        "A small CNN learns for 4 epochs from 5,000 images: as many of each digit, or half, a fifth or a tenth of the "
        "fours, or twice as many nines. Arms differ in nothing else."
    ),
    protocol=Protocol(
        source="Often given as a reason in answers to why an MNIST model predicts wrongly.",
        definition=(
            "Predictions are biased when the rarer digit is missed more often (its recall falls), or when more fours "
            "are taken for the digit that is more frequent."
        ),
        smallest="1 point: ten of the 982 fours in the test set.",
        population=(
            "Shares as they occur: in MNIST the most frequent digit (1) has 1.24 times as many images as the rarest "
            "(5); by hand one may come to half or a fifth. A small CNN, 5,000 images. *Class imbalance* has a digit "
            "that is fifty times as rare."
        ),
    ),
    arms=(
        Arm("even", "As many of each", learns(5_000, epochs=4)),
        *(Arm(key, label, learns(5_000, epochs=4, keep_4=kept)) for key, (label, kept) in _KEPT.items()),
        Arm("twice", "Twice as many nines", learns(5_000, epochs=4, keep_9=1.0)),
    ),
    primary=(
        Comparison("even", "half", "recall_4", "lower", 0.01, "Half as many fours, recall of fours"),
        Comparison("even", "fifth", "recall_4", "lower", 0.01, "A fifth of the fours, recall of fours"),
        Comparison("even", "tenth", "recall_4", "lower", 0.01, "A tenth of the fours, recall of fours"),
        Comparison("even", "twice", "fours_read_as_9", "higher", 0.01, "Twice as many nines, fours predicted as 9"),
    ),
    secondary=(
        Comparison("even", "half", "test_accuracy", "lower", 0.003, "Half as many fours"),
        Comparison("even", "fifth", "test_accuracy", "lower", 0.003, "A fifth of the fours"),
        Comparison("even", "twice", "test_accuracy", "lower", 0.003, "Twice as many nines"),
    ),
    figure=FigureSpec("forest", ("recall_4", "fours_read_as_9")),
    demo_link=("train", "keep_4=0.5&train_images=5000&epochs=4"),
    answers={
        ("holds", "holds", "holds", "does_not_hold"): (
            "Half as many images of a digit already make the model miss it more often; twice as many of another "
            "digit hardly draw predictions to it."
        ),
    },
)
