"""The curves of a run and what was measured inside it, a tab each; only what is open is made."""

from collections.abc import Callable, Sequence

import streamlit as st

from mnist_core.runs.run import Curve
from mnist_core.training.events import EpochCheck
from mnist_core.ui.common.section import section
from mnist_core.ui.components.curves import Mark, line_chart
from mnist_core.ui.components.image_strip import strip
from mnist_core.ui.train.run import filters, layer_charts, learning, tracked_drawing
from mnist_core.ui.train.run.snapshot import Record

Marks = Sequence[Mark]

_NOT_YET = "Nothing was measured yet: the first measurement comes with the first step."


@section("The charts of the run")
def show(record: Record, marks: Marks) -> None:
    """The tabs; a linear model has no units that could die, and a support vector machine nothing but its accuracy."""
    model = record.run.recipe.model
    if model == "svm":
        _svm(record)
        return
    shown = {title: render for title, render in CHARTS.items() if model != "linear" or render is not _units}
    # Another set of tabs is another choice: Streamlit refuses a chosen tab that is not there.
    tabs = st.tabs(list(shown), key=f"looks_{len(shown)}", on_change="rerun")
    for tab, render in zip(tabs, shown.values(), strict=True):
        if tab.open:
            with tab:
                render(record, marks)


def show_empty(epochs: int) -> None:
    """The axes of a run that was not started yet."""
    _side_by_side(Curve((), ()), (), epochs, (), "nothing")


@section("Loss & accuracy")
def _learning(record: Record, marks: Marks) -> None:
    checked = record.insight.checked
    # Named after the run: another run's curves are another chart, the same run's move within theirs.
    diverged = record.run.state == "diverged"
    _side_by_side(record.curve, checked, record.epochs, marks, record.run.id, diverged=diverged)
    if checked:
        st.caption(learning.ABOUT)


def _side_by_side(
    curve: Curve, checked: Sequence[EpochCheck], epochs: int, marks: Marks, name: str, *, diverged: bool = False
) -> None:
    """Loss and accuracy (one above the other on a phone)."""
    loss, accuracy = st.columns(2)
    with loss:
        line_chart(learning.loss_chart(curve, checked, epochs, marks, diverged=diverged), f"loss_{name}")
    with accuracy:
        line_chart(learning.accuracy_chart(curve, checked, epochs, marks), f"accuracy_{name}")


@section("The accuracy of the run")
def _svm(record: Record) -> None:
    """What there is to see of a support vector machine, which is fitted in one go."""
    if not record.curve.epochs:
        st.caption("It is evaluated when the last SVM is fitted.")
        return
    left, right = st.columns(2, vertical_alignment="center")
    checked = record.insight.checked
    with left:
        line_chart(learning.accuracy_chart(record.curve, checked, record.epochs), f"accuracy_{record.run.id}")
    with right:
        st.markdown(learning.kernel_words(checked))


@section("Learning rate")
def _rate(record: Record, marks: Marks) -> None:
    line_chart(learning.rate_chart(record.curve, record.epochs, marks), f"rate_{record.run.id}")


@section("Gradients")
def _gradients(record: Record, marks: Marks) -> None:
    measured = record.insight.measured
    line_chart(layer_charts.gradients_chart(measured, record.epochs, marks), f"gradients_{record.run.id}")
    st.caption(f"{layer_charts.gradient_words(measured)} {layer_charts.ABOUT_GRADIENTS}" if measured else _NOT_YET)


@section("Units")
def _units(record: Record, marks: Marks) -> None:
    measured = record.insight.measured
    line_chart(layer_charts.units_chart(measured, record.epochs, marks), f"units_{record.run.id}")
    st.caption(f"{layer_charts.unit_words(measured)} {layer_charts.ABOUT_UNITS}" if measured else _NOT_YET)


@section("Weights")
def _weights(record: Record, marks: Marks) -> None:  # noqa: ARG001
    measured = record.insight.measured
    if not measured:
        st.caption(_NOT_YET)
        return
    st.echarts_chart(
        layer_charts.weights_spec(measured),
        height=layer_charts.weights_height_px(measured),
        key=f"weights_{record.run.id}",
        alt=layer_charts.weight_words(measured),
    )
    st.caption(f"Now: after step {measured[-1].step:,}. {layer_charts.ABOUT_WEIGHTS}")


@section("Filters")
def _filters(record: Record, marks: Marks) -> None:  # noqa: ARG001
    kept = {one.step: one for one in record.insight.measured if one.filters}
    if not kept:
        st.caption(_NOT_YET)
        return
    step = max(kept)
    if not record.run.is_active and len(kept) > 1:  # while it grows, the newest is what is looked at
        step = st.select_slider(
            "After step", list(kept), value=step, key=f"filters_at_{record.run.id}", format_func=lambda at: f"{at:,}"
        )
    strip(filters.pictures_of(kept[step]), f"The first layer's filters after step {step:,}", "filters", small=True)
    st.caption(f"After step {step:,}. {filters.ABOUT}")


@section("My drawing")
def _drawing(record: Record, marks: Marks) -> None:
    measured = [one for one in record.insight.measured if one.drawing]
    pixels = tracked_drawing.of_run(record.run.id)
    if pixels is None:
        st.caption("This run tracks no drawing. Switch it on beside “Start training” before you start one.")
        return
    tracked_drawing.show_picture(pixels, tracked_drawing.newest_words(measured))
    line_chart(tracked_drawing.chart(measured, record.epochs, marks), f"drawing_{record.run.id}")
    st.caption(tracked_drawing.ABOUT)


CHARTS: dict[str, Callable[[Record, Marks], None]] = {
    "Loss & accuracy": _learning,
    "Learning rate": _rate,
    "Gradients": _gradients,
    "Units": _units,
    "Weights": _weights,
    "Filters": _filters,
    "My drawing": _drawing,
}
"""The tabs of a run, in their order: their titles, and what shows each."""
