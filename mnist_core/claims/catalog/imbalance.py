"""Claim: When one digit is rare in training, predictions lean towards the common ones."""

from mnist_core.claims.arms import learns
from mnist_core.claims.claim import Arm, Claim, Comparison, FigureSpec, Protocol
from mnist_core.fields import Value

_RARE: dict[str, Value] = {"epochs": 4, "keep_4": 0.01}


_CROWD: dict[str, Value] = {f"keep_{digit}": 0.05 for digit in range(10)}


CLAIM = Claim(
    id="imbalance",
    title="Class imbalance",
    statement="When one digit is rare in training, predictions lean towards the common ones.",
    setup=(
        "A small CNN learns for 4 epochs from 5,000 images with 10 fours instead of 500; then with rare digits "
        "oversampled, or weighted in the loss. And the other way round: 50 images of each digit, against the same and "
        "450 more nines."
    ),
    protocol=Protocol(
        source=(
            "Often given as a reason in answers to why an MNIST model predicts wrongly; H. He and E. Garcia, "
            "*Learning from Imbalanced Data*, 2009."
        ),
        definition=(
            "Predictions lean towards the common digits when the rare one is missed more often (its recall falls) and "
            "is taken for a common one."
        ),
        smallest="5 points of recall, one four in twenty; 2 points of the fours taken for nines.",
        population=(
            "A small CNN, 5,000 images, fours fifty times as rare as the others: far more than occurs by itself. "
            "*Digit out of balance* tests what occurs."
        ),
    ),
    arms=(
        Arm("even", "As many of each", learns(5_000, epochs=4)),
        Arm("rare", "Few fours", learns(5_000, **_RARE)),
        Arm("resampled", "Few fours, oversampled", learns(5_000, **_RARE, balance="resample")),
        Arm("weighted", "Few fours, weighted loss", learns(5_000, **_RARE, balance="loss_weights")),
        Arm("few", "50 of each", learns(5_000, **_CROWD, epochs=20, batch_size=32)),
        Arm("crowd", "50 of each, 500 nines", learns(5_000, **{**_CROWD, "keep_9": 0.5}, epochs=20, batch_size=32)),
    ),
    primary=(
        Comparison("even", "rare", "recall_4", "lower", 0.05, "Few fours, recall of fours"),
        Comparison("even", "rare", "fours_read_as_9", "higher", 0.02, "Few fours, fours predicted as 9"),
    ),
    secondary=(
        Comparison("rare", "resampled", "recall_4", "higher", 0.05, "Oversampled, recall of fours"),
        Comparison("rare", "weighted", "recall_4", "higher", 0.05, "Weighted loss, recall of fours"),
        Comparison("rare", "resampled", "test_accuracy", "higher", 0.003, "Oversampled, test images"),
        Comparison("rare", "weighted", "test_accuracy", "higher", 0.003, "Weighted loss, test images"),
        Comparison("few", "crowd", "others_read_as_9", "higher", 0.005, "450 more nines, others predicted as 9"),
        Comparison("few", "crowd", "test_accuracy", "higher", 0.003, "450 more nines, test images"),
    ),
    figure=FigureSpec("forest", ("recall_4", "fours_read_as_9", "others_read_as_9", "test_accuracy")),
    demo_link=("train", "keep_4=0.01&train_images=5000&epochs=4"),
    answers={
        ("holds", "holds"): (
            "Yes: with ten fours the model misses most fours, and takes many of them for nines; class weights in the "
            "loss mend it."
        ),
    },
)
