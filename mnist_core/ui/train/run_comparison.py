"""Some runs side by side: their curves in one chart each, and only what differs between them."""

from collections.abc import Mapping, Sequence

import streamlit as st

from mnist_core.recipe import FIELDS
from mnist_core.runs.run import Curve, Run
from mnist_core.setting_words import value_text
from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.section import section
from mnist_core.ui.components.curves import Axis, Line, LineChart, drawable, line_chart, lowest_accuracy, thin
from mnist_core.ui.train.run.learning import MAX_LOSS

MOST = 4
"""More curves in one chart cannot be told apart."""

_LETTERS = "ABCD"
_POINTS = 60  # of a loss: its batches differ more than the runs do


@section("The comparison")
def show(runs: Sequence[Run]) -> None:
    """The first of the runs, at most `MOST` of them.

    Raises:
        UserError: When the database cannot answer, or a run's recipe cannot be read.
    """
    if len(runs) > MOST:
        st.caption(f"The first {MOST} of them:")
    compared = dict(zip(_LETTERS, runs[:MOST], strict=False))
    curves = {letter: _curve(run.id, (run.state, run.steps_done)) for letter, run in compared.items()}
    epochs = max(run.recipe.epochs_used for run in compared.values())
    name = "_".join(run.id for run in compared.values())
    left, right = st.columns(2)
    with left:
        line_chart(loss_chart(curves, epochs), f"compared_loss_{name}")
    with right:
        line_chart(accuracy_chart(curves, epochs), f"compared_accuracy_{name}")
    st.table(differences_table(compared), hide_index=True)


def loss_chart(curves: Mapping[str, Curve], epochs: int) -> LineChart:
    """The training loss of each run, by their letters."""
    lines = [
        Line(letter, thin(drawable((step.epoch, step.loss) for step in curve.steps), _POINTS))
        for letter, curve in curves.items()
    ]
    is_cut = any(value > MAX_LOSS for line in lines for _, value in line.points)
    title = f"Training loss, cut off at {MAX_LOSS}" if is_cut else "Training loss"
    axis = Axis(low=0, high=MAX_LOSS if is_cut else None)
    return LineChart(title, f"{title} by epoch. {_newest(lines, '{:.3f}')}", epochs, lines, axis, named_ends=True)


def accuracy_chart(curves: Mapping[str, Curve], epochs: int) -> LineChart:
    """The validation accuracy of each run after its epochs, by their letters."""
    lines = [
        Line(letter, drawable((row.epoch, row.validation_accuracy) for row in curve.epochs), symbol="circle")
        for letter, curve in curves.items()
    ]
    alt = f"Validation accuracy by epoch. {_newest(lines, '{:.2%}')}"
    axis = Axis("share", low=lowest_accuracy(lines), high=1, number="%.2f %%")
    return LineChart("Validation accuracy", alt, epochs, lines, axis, named_ends=True)


def differences_table(runs: Mapping[str, Run]) -> dict[str, list[str]]:
    """The runs' names and accuracies, and the settings in which they differ, in a column for each letter."""
    recipes = {letter: run.recipe for letter, run in runs.items()}
    fields = [
        field for name, field in FIELDS.items() if len({getattr(recipe, name) for recipe in recipes.values()}) > 1
    ]
    columns = {
        letter: [
            messages.plain(run.name),
            words.result_of(run) or words.STATES[run.state][0],
            *(value_text(field, getattr(recipes[letter], field.name)) for field in fields),
        ]
        for letter, run in runs.items()
    }
    return {"Compared": ["Name", "Accuracy", *(field.label for field in fields)], **columns}


def _newest(lines: Sequence[Line], number: str) -> str:
    return " ".join(f"{line.name} is at {number.format(line.points[-1][1])}." for line in lines if line.points)


@st.cache_resource(show_spinner=False, max_entries=64)
def _curve(run_id: str, moment: tuple[object, ...]) -> Curve:  # noqa: ARG001
    return services.store().curve(run_id)
