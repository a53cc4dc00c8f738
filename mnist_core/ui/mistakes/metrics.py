"""The figures of a model's mistakes: each digit's, how sure it is against how right, and what refusing brings."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import words
from mnist_core.ui.common.section import section
from mnist_core.ui.mistakes import gallery_view
from mnist_core.ui.mistakes.comparison_state import Comparison
from mnist_core.ui.mistakes.plots import LOOKS, QUIET, Look, legend, told_apart

if TYPE_CHECKING:
    from mnist_core.evaluation.evaluation import Evaluation
    from mnist_core.evaluation.reliability import Answered, Reliability

REFUSED = 0.02
"""The share of the images that a model may refuse to answer in the sentence about refusing."""

Table = dict[str, list[Any]]

_DIGITS_KEY = "figures_digits"
_ROW_PX = 35
_HEIGHT_PX = 340
_FINE = 0.9  # thresholds from which on every tenth of a per cent is drawn
_MEANINGS = {
    "precision": "Of all images that it takes for this digit, the share that are this digit.",
    "recall": "Of all images of this digit, the share that it finds.",
    "f1": "The harmonic mean of precision and recall: high only when both are.",
    "support": "How many images of this digit there are in MNIST's test set.",
}
_CALIBRATION_HELP = (
    "Images are sorted into fifteen bins by how sure the model was of its answer (its confidence). Of a calibrated "
    "model, 80 % are right where it is 80 % sure: its dots lie on the diagonal. Below it, the model is too sure of "
    "itself, above it not sure enough. The thin bars are where the true share lies with 95 % certainty: where few "
    "images are, it may be almost anywhere."
)
_ERROR_HELP = (
    "The expected calibration error: how far confidence and share of right answers are apart, on average over all "
    "images, in fifteen bins (Guo et al., 2017). 0 is perfect."
)
_TEMPERATURE_HELP = (
    "A model's logits divided by its temperature, a number found on the validation images, make it as sure as it is "
    "right. Its answers stay the same. The Draw page shows confidences with it; the rest of this page shows them as "
    "the model was trained to give them."
)
_REFUSING_HELP = (
    "Where a wrong answer costs more than none, a model should say nothing when it is unsure. The higher the "
    "threshold, the fewer images it answers, and the more of its answers are right, if it knows what it does not know."
)


@section("Figures")
def show(looked: Comparison) -> None:
    """Three parts: the figures of each digit, the calibration, and accuracy against the confidence threshold."""
    if looked.other is not None:
        st.markdown(legend(looked))
    _show_digits(looked)
    left, right = st.columns(2, gap="large")
    with left:
        models = _show_calibration(looked)
    with right:
        _show_refusing(models)


def _models(looked: Comparison) -> list["Evaluation"]:
    second = [] if looked.other_evaluation is None else [looked.other_evaluation]
    return [looked.evaluation, *second]


# --- each digit -----------------------------------------------------------------------------------------


def _show_digits(looked: Comparison) -> None:
    models = _models(looked)
    st.markdown("##### Each digit")
    st.markdown(told_apart([weakest(one) for one in models]))
    table = digits_table(models)
    picked = st.dataframe(
        table,
        hide_index=True,
        height=_ROW_PX * (len(table["digit"]) + 1) + 3,
        column_config=_columns(table),
        on_select="rerun",
        selection_mode="single-row",
        key=_DIGITS_KEY,
        alt="Precision, recall and F1 of each digit",
    )
    _show_mistakes_of(looked, picked["selection"].get("rows", []))


def digits_table(models: "Sequence[Evaluation]") -> Table:
    """A row a digit: how many images there are, and each model's precision, recall and F1 in per cent."""
    table: Table = {"digit": [str(digit) for digit in range(10)]}
    table["support"] = models[0].confusion.sum(axis=1).tolist()
    for figure in ("precision", "recall", "f1"):
        for look, evaluation in zip(LOOKS, models, strict=False):
            table[f"{figure}_{look.name.lower()}"] = (getattr(evaluation, figure) * 100).tolist()
    return table


def weakest(evaluation: "Evaluation") -> str:
    """Which digit is found worst and which is claimed worst, in a sentence, with the mean of all F1."""
    mean = f"Mean F1 of the ten digits: {words.percent(float(evaluation.f1.mean()), 2)}."
    counts, called = evaluation.confusion.sum(axis=1), evaluation.confusion.sum(axis=0)
    missed = counts - np.diag(evaluation.confusion)
    if not missed.any():
        return f"Every image is read right. {mean}"
    worst = int(np.where(counts > 0, evaluation.recall, 2).argmin())
    claimed = int(np.where(called > 0, evaluation.precision, 2).argmin())
    taken = called[claimed] - evaluation.confusion[claimed, claimed]
    return (
        f"It finds {worst}s worst: {missed[worst]:,} of {counts[worst]:,} are missed. It is wrong most often when it "
        f"says {claimed}: {taken:,} of {called[claimed]:,} are something else. {mean}"
    )


def _columns(table: Table) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "digit": st.column_config.TextColumn("Digit", width="small", help="Press the box before a row for its images."),
        "support": st.column_config.NumberColumn("Images", format="localized", help=_MEANINGS["support"]),
    }
    figures = [name for name in table if name not in columns]
    low = bar_start(min(min(table[name]) for name in figures))
    for column in figures:
        figure, which = column.split("_")
        title = "F1" if figure == "f1" else figure.capitalize()
        columns[column] = st.column_config.ProgressColumn(
            title if len(figures) == 3 else f"{title}, {which}",
            help=f"{_MEANINGS[figure]} The bar goes from {low} to 100 %.",
            format="%.2f %%",
            min_value=low,
            max_value=100,
        )
    return columns


def bar_start(lowest: float) -> int:
    """Where the bars begin, in per cent: a round number below all of them, so that small differences are seen."""
    return max(0, int((lowest - 1) // 10) * 10)


def _show_mistakes_of(looked: Comparison, rows: Sequence[int]) -> None:
    """The images of a digit that are misread, and those that are taken for it."""
    if not rows or rows[0] not in range(10):
        st.caption("Tick a row to see the images behind its figures.")
        return
    digit = int(rows[0])
    missed, taken = looked.evaluation.mistakes(true=digit), looked.evaluation.mistakes(predicted=digit)
    title = f"{len(missed):,} {digit}s that are missed, {len(taken):,} others that are taken for {digit}"
    gallery_view.show(looked, np.concatenate([missed, taken]), title, key="figures")


# --- calibration ----------------------------------------------------------------------------------------


def _show_calibration(looked: Comparison) -> list["Evaluation"]:
    """The reliability curve; the models as it shows them."""
    from mnist_core.evaluation.reliability import reliability_curve

    st.markdown("##### Is it as sure as it is right?", help=_CALIBRATION_HELP)
    models = _models(looked)
    if st.toggle("With its temperature", key="figures_temperature", persist_state="session", help=_TEMPERATURE_HELP):
        models = _calibrated(looked, models)
    with st.container(horizontal=True, gap="medium"):
        for look, one in zip(LOOKS, models, strict=False):
            title = "Calibration error" if len(models) == 1 else f"Calibration error, {look.name.lower()}"
            st.metric(title, words.percent(one.calibration_error, 2), help=_ERROR_HELP, width="content")
    said = told_apart([sureness(one) for one in models])
    st.markdown(said)
    figure = reliability_figure([reliability_curve(one) for one in models])
    st.plotly_chart(figure, height=_HEIGHT_PX, key="figures_reliability", config=QUIET, alt=f"Calibration. {said}")
    st.caption(f"{len(looked.evaluation.labels):,} images of MNIST's test set. Below: how many fall into each bin.")
    return models


def sureness(evaluation: "Evaluation") -> str:
    """How sure it is on average, beside how often it is right."""
    sure, right = float(evaluation.confidence.mean()), evaluation.accuracy
    gap = abs(sure - right) * 100
    lead = f"On average it is {words.percent(sure)} sure and {words.percent(right)} right"
    if gap < 0.05:
        return f"{lead}."
    return f"{lead}: {gap:.1f} points too {'sure of itself' if sure > right else 'unsure'}."


def reliability_figure(curves: "Sequence[Reliability]") -> dict[str, Any]:
    """Above, right answers against confidence, with a diagonal to compare with; below, how many images a bin holds."""
    diagonal = {"x": [0, 1], "y": [0, 1], "mode": "lines", "hoverinfo": "skip"}
    line = {"dash": "dot", "width": 1, "color": "gray"}
    most = max(int(curve.counts.max()) for curve in curves)
    dots = [_dots(curve, look, _who(look, curves)) for curve, look in zip(curves, LOOKS, strict=False)]
    bars = [_bars(curve, look, _who(look, curves)) for curve, look in zip(curves, LOOKS, strict=False)]
    return {
        "data": [*dots, {"type": "scatter", **diagonal, "line": line}, *bars],
        "layout": _layout(
            bottom=0.24,
            x={"range": [0, 1.02], "tickformat": ".0%", "title": {"text": "How sure it is"}},
            y={"range": [0, 1.04], "tickformat": ".0%", "title": {"text": "Read right"}},
            y2={"type": "log", "title": {"text": "Images"}, "dtick": 1, "range": [-0.3, math.log10(most) + 0.2]},
        )
        | {"barmode": "group", "hovermode": "closest"},
    }


def _dots(curve: "Reliability", look: Look, who: str) -> dict[str, Any]:
    from mnist_core.stats import wilson_interval

    filled = np.flatnonzero(curve.counts)
    likely = [wilson_interval(int(curve.right[place]), int(curve.counts[place])) for place in filled]
    accuracy = curve.accuracy[filled]
    texts = [
        f"{who}{words.percent(float(curve.confidence[place]))} sure, "
        f"{words.percent(float(curve.accuracy[place]))} right<br>"
        f"{curve.right[place]:,} of {curve.counts[place]:,} images"
        for place in filled
    ]
    return {
        "type": "scatter",
        "x": curve.confidence[filled].tolist(),
        "y": accuracy.tolist(),
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, high - share) for (_, high), share in zip(likely, accuracy, strict=True)],
            "arrayminus": [max(0.0, share - low) for (low, _), share in zip(likely, accuracy, strict=True)],
            "thickness": 1,
            "width": 2,
        },
        "mode": "lines+markers",
        "line": {"dash": look.dash, "color": look.color},
        "marker": {"symbol": look.mark, "size": 7},
        "hovertemplate": "%{customdata}<extra></extra>",
        "customdata": texts,
    }


def _bars(curve: "Reliability", look: Look, who: str) -> dict[str, Any]:
    bins = len(curve.counts)
    return {
        "type": "bar",
        "x": [(place + 0.5) / bins for place in range(bins)],
        "y": [int(count) or None for count in curve.counts],
        "yaxis": "y2",
        "marker": {"color": look.color, "pattern": {"shape": look.pattern}},
        "hovertemplate": f"{who}%{{y:,}} images<extra></extra>",
    }


def _calibrated(looked: Comparison, models: "Sequence[Evaluation]") -> list["Evaluation"]:
    from mnist_core.evaluation.reliability import at_temperature

    choices = [looked.model, *([looked.other] if looked.other else [])]
    with st.spinner("Opening the model …", show_time=False):
        temperatures = [services.model(choice.name).model.temperature for choice in choices]
    st.caption("Temperature: " + ", ".join(f"{temperature:.2f}" for temperature in temperatures))
    return [at_temperature(one, temperature) for one, temperature in zip(models, temperatures, strict=False)]


# --- refusing -------------------------------------------------------------------------------------------


def _show_refusing(models: "Sequence[Evaluation]") -> None:
    from mnist_core.evaluation.reliability import refusing, threshold_curve

    st.markdown("##### If it may say “I do not know”", help=_REFUSING_HELP)
    said = told_apart([refusing_words(refusing(one, REFUSED), one.accuracy) for one in models])
    st.markdown(said)
    threshold = st.slider(
        "It answers when it is at least so sure", 0, 100, 90, format="%d %%", key="figures_threshold",
        persist_state="session",
    )  # fmt: skip
    asked = np.array([threshold / 100])
    st.markdown(told_apart([answered_words(threshold_curve(one, asked)[0]) for one in models]))
    drawn = [threshold_curve(one, _thresholds()) for one in models]
    alt = f"Right answers and share answered by threshold. {said}"
    figure = threshold_figure(drawn, threshold / 100)
    st.plotly_chart(figure, height=_HEIGHT_PX, key="figures_refusing", config=QUIET, alt=alt)


def refusing_words(answered: "Answered", before: float) -> str:
    """What comes of refusing the images that it is least sure of, in a sentence."""
    if answered.accuracy is None or not answered.refused:
        return "It is equally sure of too many images to refuse only a few of them."
    share = f"{answered.refused / answered.count * 100:.2g}"
    right = words.percent(answered.accuracy, 2)
    change = "as" if round(answered.accuracy, 4) == round(before, 4) else "instead of"
    return (
        f"If it may refuse the {share} % of the images that it is least sure of, it reads **{right}** of the rest "
        f"right, {change} {words.percent(before, 2)} of all."
    )


def answered_words(answered: "Answered") -> str:
    """What comes of that threshold, in a sentence."""
    if answered.accuracy is None:
        return f"So sure it never is: it refuses all {answered.count:,} images."
    share = words.percent(answered.refused / answered.count)
    right = words.percent(answered.accuracy, 2)
    return (
        f"It refuses {answered.refused:,} of {answered.count:,} images ({share}) and reads {right} of the others "
        f"right: {answered.wrong:,} wrong answer{'' if answered.wrong == 1 else 's'} left."
    )


def threshold_figure(curves: "Sequence[Sequence[Answered]]", threshold: float) -> dict[str, Any]:
    """Above, the share of the answers that are right; below, the share of the images that are answered."""
    lines = [_right_line(answers, look, _who(look, curves)) for answers, look in zip(curves, LOOKS, strict=False)]
    shares = [_share_line(answers, look) for answers, look in zip(curves, LOOKS, strict=False)]
    chosen = {"type": "line", "x0": threshold, "x1": threshold, "yref": "paper", "y0": 0, "y1": 1}
    return {
        "data": [*lines, *shares],
        "layout": _layout(
            bottom=0.36,
            x={"range": [-0.01, 1.01], "tickformat": ".0%", "title": {"text": "Answers when at least so sure"}},
            y={"tickformat": ".2~%", "title": {"text": "Of these, right"}},
            y2={"range": [0, 1.05], "tickformat": ".0%", "title": {"text": "Answered"}},
        )
        | {"hovermode": "x unified", "shapes": [chosen | {"line": {"dash": "dot", "width": 1, "color": "gray"}}]},
    }


def _right_line(answers: "Sequence[Answered]", look: Look, who: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [one.threshold for one in answers],
        "y": [one.accuracy for one in answers],
        "mode": "lines",
        "line": {"dash": look.dash, "color": look.color},
        "customdata": [f"{who}{_answered_shortly(one)}" for one in answers],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _share_line(answers: "Sequence[Answered]", look: Look) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [one.threshold for one in answers],
        "y": [one.answered / one.count for one in answers],
        "yaxis": "y2",
        "mode": "lines",
        "line": {"dash": look.dash, "color": look.color},
        "hoverinfo": "skip",
    }


def _answered_shortly(answered: "Answered") -> str:
    if answered.accuracy is None:
        return "refuses all"
    return f"{words.percent(answered.accuracy, 2)} right, {answered.wrong:,} wrong, {answered.refused:,} refused"


def _thresholds() -> Any:
    """Every per cent, and every tenth of one where most images are."""
    return np.concatenate([np.arange(0, round(_FINE * 100)) / 100, np.arange(round(_FINE * 1000), 1001) / 1000])


# --- both charts ----------------------------------------------------------------------------------------


def _layout(bottom: float, x: dict[str, Any], y: dict[str, Any], y2: dict[str, Any]) -> dict[str, Any]:
    """Two charts one above the other with one axis along both; the lower one takes that share of the height."""
    return {
        "margin": {"l": 4, "r": 10, "t": 8, "b": 4},
        "showlegend": False,
        "dragmode": False,
        "xaxis": {"fixedrange": True, "anchor": "y2", "showgrid": False} | x,
        "yaxis": {"fixedrange": True, "domain": [bottom + 0.08, 1]} | y,
        "yaxis2": {"fixedrange": True, "domain": [0, bottom], "anchor": "x"} | y2,
    }


def _who(look: Look, curves: Sequence[object]) -> str:
    """Who something is about, as the beginning of a line; empty when there is only one model."""
    return f"{look.name}: " if len(curves) > 1 else ""
