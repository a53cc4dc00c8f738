"""A run's curve as a table that any spreadsheet reads."""

import csv
import io

from mnist_core.errors import UserError
from mnist_core.export.facts import Facts

_STEP = ("step", "loss", "learning_rate")
_EPOCH = ("training_loss", "training_accuracy", "validation_loss", "validation_accuracy", "wall_s")
COLUMNS = ("epoch", *_STEP, *_EPOCH)
"""`epoch` counts epochs done, as a fraction in the rows of steps; the others mean what they mean in
`training.events.Step` and `training.events.Epoch`."""


def curve_csv(facts: Facts) -> bytes:
    """A row for each step that was kept and each epoch, in the order of time; what a row does not have is empty.

    Raises:
        UserError: `curve_unknown` for a shipped model, or a run without any step.
    """
    if not facts.epochs and not facts.steps:
        raise UserError(
            "curve_unknown",
            f"{facts.title} has no curve: it is a shipped model, or it has not trained yet.",
            "Export the curve of one of your own runs.",
        )
    rows = [{name: getattr(step, name) for name in ("epoch", *_STEP)} for step in facts.steps]
    rows += [{name: getattr(epoch, name) for name in ("epoch", *_EPOCH)} for epoch in facts.epochs]
    rows.sort(key=lambda row: float(row["epoch"]))
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()
