"""How well a run learns: loss, accuracy and learning rate over its epochs."""

from collections.abc import Iterable, Sequence

from mnist_core.runs.run import Curve
from mnist_core.training.events import EpochCheck
from mnist_core.ui.components.curves import Axis, Line, LineChart, Mark, Point, drawable, lowest_accuracy, thin

MAX_LOSS = 5
"""Where the loss chart ends: guessing blindly costs 2.3, and a run that diverges would flatten all the rest."""

MAX_DIVERGED_LOSS = 1_000
"""Where that of a run that diverged ends: it may go on to 1e17, beside which its first steps would all look level."""

BATCHES, TRAINING, VALIDATION = "Each batch", "Training", "Validation"

ABOUT = (
    "“Training” and “Validation” compare fairly: after each epoch, both are evaluated without augmentation or dropout. "
    "“Each batch” is the loss during training."
)


def loss_chart(
    curve: Curve,
    checked: Sequence[EpochCheck],
    epochs: int,
    marks: Sequence[Mark] = (),
    *,
    diverged: bool = False,
) -> LineChart:
    """The loss of each batch, and after each epoch that of training and validation images.

    Of a run that diverged, up to its last step and on a log axis: how the loss grew is what there is to see.
    """
    lines = (
        _training((one.epoch, one.training_loss) for one in checked),
        _validation((row.epoch, row.validation_loss) for row in curve.epochs),
        # Last, so that training and validation have the same colours in both charts.
        Line(BATCHES, thin(drawable((step.epoch, step.loss) for step in curve.steps)), faint=True),
    )
    highest = max((value for line in lines for _, value in line.points), default=0.0)
    if diverged and lines[-1].points:
        alt = "Loss by epoch. " + _last_words(lines, "{:.3g}")
        is_cut = highest > MAX_DIVERGED_LOSS
        title = f"Loss (log), cut off at {MAX_DIVERGED_LOSS:,}: it went on to rise" if is_cut else "Loss (log)"
        axis = Axis("log", high=MAX_DIVERGED_LOSS if is_cut else None, number="%.3g")
        return LineChart(title, alt, lines[-1].points[-1][0], lines, axis, marks)
    return LineChart(
        title=f"Loss, cut off at {MAX_LOSS}" if highest > MAX_LOSS else "Loss",
        alt="Loss by epoch. " + _last_words(lines, "{:.3f}"),
        epochs=epochs,
        lines=lines,
        axis=Axis(low=0, high=MAX_LOSS if highest > MAX_LOSS else None),
        marks=marks,
    )


def accuracy_chart(curve: Curve, checked: Sequence[EpochCheck], epochs: int, marks: Sequence[Mark] = ()) -> LineChart:
    """After each epoch, the share of training and of validation images that are read right.

    Where nobody read training images in the way of validation images, what was right while learning is shown.
    """
    lines = (
        _training((row.epoch, row.training_accuracy) for row in checked or curve.epochs),
        _validation((row.epoch, row.validation_accuracy) for row in curve.epochs),
    )
    return LineChart(
        title="Accuracy",
        alt="Accuracy by epoch. " + _last_words(lines, "{:.2%}"),
        epochs=epochs,
        lines=lines,
        axis=Axis("share", low=lowest_accuracy(lines), high=1, number="%.2f %%"),
        marks=marks,
        texts="bottom",
        tells_values=len(curve.epochs) == 1,  # two dots on an empty chart say nothing without their numbers
    )


def rate_chart(curve: Curve, epochs: int, marks: Sequence[Mark] = ()) -> LineChart:
    """The learning rate of each step."""
    line = Line("Learning rate", thin([(step.epoch, step.learning_rate) for step in curve.steps]))
    newest = f"It is at {line.points[-1][1]:g}." if line.points else ""
    alt = f"Learning rate by epoch. {newest}"
    return LineChart("Learning rate", alt, epochs, (line,), Axis(low=0, number="%.6g"), marks)


def kernel_words(checked: Sequence[EpochCheck]) -> str:
    """How alike two training images are to a support vector machine, and what that means."""
    likeness = checked[-1].kernel_median if checked else None
    if likeness is None:
        return ""
    return (
        f"The median kernel value of two different training images is **{likeness:.2g}** (1: the same image, "
        "0: nothing in common). Near 0, the kernel matrix is close to the identity: the training images are "
        "memorised. Near 1, all images look the same to it. **Gamma** decides."
    )


def _training(points: Iterable[Point]) -> Line:
    return Line(TRAINING, drawable(points), symbol="rect")


def _validation(points: Iterable[Point]) -> Line:
    return Line(VALIDATION, drawable(points), dash="dashed", symbol="circle")


def _last_words(lines: Sequence[Line], number: str) -> str:
    names = {BATCHES: "In the newest batch, training"}
    drawn = [line for line in lines if line.points]
    return " ".join(f"{names.get(line.name, line.name)} is at {number.format(line.points[-1][1])}." for line in drawn)
