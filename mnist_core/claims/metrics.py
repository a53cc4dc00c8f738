"""What claims are decided by: every number that is measured of an arm, and how to show it.

Nothing heavy is imported here: `metric_functions` measures, a page and the command line only need the names.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["share", "difference", "yes_no", "number", "epochs"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that is measured of an arm.

    Attributes:
        key: Its name in results.
        title: Its name for people.
        kind: `share`: 0 to 1, shown as per cent, its differences as points; `difference` of two shares, in points;
            `yes_no`: 1 or 0 of each run, its mean shown as per cent of the runs; `number`; `epochs`.
        help: What it is, in a sentence.
    """

    key: str
    title: str
    kind: Kind
    help: str

    @property
    def is_share(self) -> bool:
        """Whether it is told in per cent or points."""
        return self.kind in ("share", "difference", "yes_no")

    def write(self, value: float) -> str:
        """A value as people read it: `97.3 %`, `2.1 points`, `80 % of runs`, `0.042`, `12.4 epochs`."""
        formats = {
            "share": f"{100 * value:.1f} %", "difference": f"{100 * value:.1f} points",
            "yes_no": f"{100 * value:.0f} % of runs", "number": f"{value:.3g}", "epochs": f"{value:.1f} epochs",
        }  # fmt: skip
        return formats[self.kind].replace("-", "−")

    def write_effect(self, value: float) -> str:
        """A difference of two values, with its sign: `+2.3 points`, `−0.042`, `+12.4 epochs`."""
        points = f"{100 * value:+.{2 if abs(value) < 0.01 else 1}f} points"
        formats = {"number": f"{value:+.3g}", "epochs": f"{value:+.1f} epochs"}
        return formats.get(self.kind, points).replace("-", "−")  # a minus sign is as wide as a plus


_METRICS = (
    Metric("test_accuracy", "Test accuracy", "share", "Accuracy on MNIST's 10,000 test images."),
    Metric(
        "training_accuracy", "Training accuracy", "share",
        "Accuracy on up to 2,000 of its own training images, by their given labels, without augmentation.",
    ),
    Metric(
        "gap", "Gap", "difference",
        "Training accuracy minus test accuracy: what was memorised and does not generalise.",
    ),
    Metric(
        "test_loss", "Test loss", "number",
        "Mean cross-entropy on the test images, in nats: confident mistakes cost most.",
    ),
    Metric(
        "validation_loss", "Validation loss", "number",
        "Mean cross-entropy on the validation images, in nats: by it settings are chosen, for the test images have no "
        "part in that.",
    ),
    Metric(
        "validation_error", "Validation error", "share",
        "Fraction of the validation images that are misclassified: by it settings are chosen.",
    ),
    Metric(
        "validation_loss_rise", "Rise of the validation loss", "number",
        "Validation loss after the last epoch minus its lowest value after any epoch, in nats: what overfitting by too "
        "many epochs is.",
    ),
    Metric(
        "moved_accuracy", "Shifted test digits", "share",
        "Accuracy on 2,000 test images, each shifted by 3 pixels, in eight directions in turn.",
    ),
    Metric(
        "rotated_accuracy", "Rotated test digits", "share",
        "Accuracy on 1,000 test images rotated by 20°, once to the left and once to the right.",
    ),
    Metric(
        "zoomed_accuracy", "Resized test digits", "share",
        "Accuracy on 1,000 test images at 70 % and at 130 % of their size.",
    ),
    Metric(
        "slanted_accuracy", "Slanted test digits", "share",
        "Accuracy on 1,000 test images slanted by 20°, once to the left and once to the right.",
    ),
    Metric(
        "drawn_accuracy", "Carelessly drawn digits", "share",
        "Accuracy on 500 test digits drawn at 60 % to 100 % of the usual size and up to 30 pixels off the middle of a "
        "canvas of 280 pixels, which is then only resized to 28.",
    ),
    Metric("read_accuracy", "Accuracy", "share", "Accuracy on the images of this arm."),
    Metric(
        "read_confidence", "Confidence", "share",
        "Mean probability of the prediction on the images of this arm, correct or not.",
    ),
    Metric(
        "overconfidence", "Overconfidence", "difference",
        "Mean confidence minus accuracy, on the images of this arm: 0 is well calibrated, above 0 overconfident.",
    ),
    Metric(
        "mistake_confidence", "Confidence when wrong", "share",
        "Mean probability of the prediction on misclassified test images.",
    ),
    Metric(
        "calibration_error", "Calibration error", "share",
        "Mean distance between confidence and accuracy on the test images (expected calibration error, 15 bins).",
    ),
    Metric("recall_4", "Recall of fours", "share", "Fraction of the 982 fours in the test set predicted as 4."),
    Metric(
        "fours_read_as_9", "Fours predicted as 9", "share",
        "Fraction of the fours in the test set predicted as 9, the most similar digit.",
    ),
    Metric(
        "others_read_as_9", "Others predicted as 9", "share",
        "Fraction of the test images of the nine other digits predicted as 9.",
    ),
    Metric(
        "weakest_gradient", "Weakest gradient", "number",
        "log10 of the gradient per weight (root mean square) in the hidden layer where it is smallest, over that of "
        "the last layer; median of the first steps: -3 means a thousandth.",
    ),
    Metric(
        "loss_oscillation", "Loss oscillation", "number",
        "Standard deviation of the change in loss from step to step, over the second half of training, in nats; none "
        "where it diverged.",
    ),
    Metric(
        "epochs_to_90", "Epochs to 90 %", "epochs",
        "Epochs until validation accuracy reached 90 %; one more than were trained when it never did.",
    ),
    Metric("epochs_trained", "Epochs trained", "epochs", "How many epochs were trained."),
    Metric("diverged", "Diverged", "yes_no", "Whether the loss became NaN (not a number)."),
    Metric(
        "loss_rose", "Loss rose", "yes_no",
        "Whether the loss of some step was more than twice that of the first, or became NaN: training took the model "
        "away from what it began with.",
    ),
)  # fmt: skip

METRICS: dict[str, Metric] = {metric.key: metric for metric in _METRICS}
"""All metrics by their keys."""
