"""What the claims are decided by: every number that is measured of an arm, and how to show it.

Nothing heavy is imported here: `measuring` measures, a page and the command line only need the names.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["share", "number", "epochs"]
Better = Literal["higher", "lower", "none"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that is measured of an arm.

    Attributes:
        key: Its name in results.
        title: Its name for people.
        kind: `share`: 0 to 1, shown as per cent, its differences as points; `number`; `epochs`.
        help: What it is, in a sentence.
        better: Which way is good; `none` when that depends.
    """

    key: str
    title: str
    kind: Kind
    help: str
    better: Better = "higher"

    def write(self, value: float) -> str:
        """A value as people read it: `97.3 %`, `0.042`, `12.4 epochs`."""
        if self.kind == "share":
            return _with_minus(f"{value:.1%}".replace("%", " %"))
        return f"{value:.1f} epochs" if self.kind == "epochs" else _with_minus(f"{value:.3g}")

    def write_effect(self, value: float) -> str:
        """A difference of two values, with its sign: `+2.3 points`, `−0.042`, `+12.4 epochs`."""
        if self.kind == "share":
            return _with_minus(f"{100 * value:+.{_places(100 * value)}f} points")
        return _with_minus(f"{value:+.1f} epochs" if self.kind == "epochs" else f"{value:+.3g}")


def _with_minus(text: str) -> str:
    """The number with a minus sign that is as wide as a plus, instead of a hyphen."""
    return text.replace("-", "−")


def _places(points: float) -> int:
    return 2 if abs(points) < 1 else 1


_METRICS = (
    Metric("test_accuracy", "Test accuracy", "share", "Share of MNIST's 10,000 test images that are read right."),
    Metric(
        "training_accuracy", "Training accuracy", "share",
        "Share of up to 2,000 of its own training images whose given label it reads, without augmentation.", "none",
    ),
    Metric(
        "gap", "Gap", "share",
        "Training accuracy less test accuracy: what was learned by heart, and does not carry over.", "lower",
    ),
    Metric(
        "test_loss", "Test loss", "number",
        "Mean cross-entropy on the test images, in nats: being wrong and sure costs most.", "lower",
    ),
    Metric(
        "moved_accuracy", "Moved test digits", "share",
        "Share of 2,000 test images read right after each was moved by 3 pixels, to eight sides in turn.",
    ),
    Metric(
        "rotated_accuracy", "Turned test digits", "share",
        "Share of 1,000 test images read right after a turn of 20°, once to the left and once to the right.",
    ),
    Metric(
        "zoomed_accuracy", "Resized test digits", "share",
        "Share of 1,000 test images read right at 70 % and at 130 % of their size.",
    ),
    Metric(
        "slanted_accuracy", "Slanted test digits", "share",
        "Share of 1,000 test images read right after a slant of 20°, once to the left and once to the right.",
    ),
    Metric(
        "drawn_accuracy", "Carelessly drawn digits", "share",
        "Share of 500 test digits read right when they are drawn at 60 % to 100 % of the usual size and up to 30 "
        "pixels off the middle of a canvas of 280 pixels, which is then plainly resized to 28.",
    ),
    Metric("read_accuracy", "Read right", "share", "Share of the pictures of this arm that are read right."),
    Metric(
        "read_confidence", "Confidence", "share",
        "Mean probability of the answer to the pictures of this arm, right or wrong.", "none",
    ),
    Metric(
        "overconfidence", "Overconfidence", "share",
        "Mean confidence less the share read right, on the pictures of this arm: 0 is honest, above 0 too sure.",
        "none",
    ),
    Metric(
        "mistake_confidence", "Confidence when wrong", "share",
        "Mean probability of the answer to test images that are read wrong.", "lower",
    ),
    Metric(
        "calibration_error", "Calibration error", "share",
        "How far confidence is from the share read right on the test images, on average (expected calibration error, "
        "fifteen bins).", "lower",
    ),
    Metric("recall_4", "Fours found", "share", "Share of the 982 fours among the test images that are read as 4."),
    Metric(
        "fours_read_as_9", "Fours read as 9", "share",
        "Share of the fours among the test images that are given to 9, the digit most like it.", "lower",
    ),
    Metric(
        "others_read_as_9", "Others read as 9", "share",
        "Share of the test images of the nine other digits that are read as 9.", "lower",
    ),
    Metric(
        "gradient_reach", "Gradient that reaches the first layer", "number",
        "The first layer's gradient over the last layer's, as a power of ten, the middle of the first steps: -3 says "
        "that a thousandth arrives.",
    ),
    Metric(
        "loss_oscillation", "Loss oscillation", "number",
        "By how much the loss of a step differs from that of the step before: standard deviation over the second half "
        "of the training, in nats. What diverged has none.", "lower",
    ),
    Metric(
        "epochs_to_90", "Epochs to 90 %", "epochs",
        "After how many epochs 90 % of the validation images were read right; one more than were trained when never.",
        "lower",
    ),
    Metric("epochs_trained", "Epochs trained", "epochs", "How many epochs the training took.", "lower"),
    Metric("diverged", "Diverged", "share", "1 when the loss stopped being a number, 0 when not.", "lower"),
)  # fmt: skip

METRICS: dict[str, Metric] = {metric.key: metric for metric in _METRICS}
"""All metrics by their keys."""
