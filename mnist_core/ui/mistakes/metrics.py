"""Metrics: precision, recall and F1 of each digit, calibration, and selective prediction."""

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from mnist_core.ui import charts, services
from mnist_core.ui.common import words
from mnist_core.ui.common.section import section
from mnist_core.ui.mistakes import gallery_view, image_detail
from mnist_core.ui.mistakes.comparison_state import NAMES, Comparison, by_model, by_series, show_legend

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from mnist_core.evaluation.evaluation import Evaluation
    from mnist_core.evaluation.reliability import Answered, Reliability

ABSTAINED = 0.02
"""The share of the images on which a model may abstain in the sentence about it."""

Table = dict[str, list[Any]]

_TABLE = "figures_digits"
_ROW_PX = 35
_HEIGHT_PX = 340
_FINE = 0.9  # thresholds from which on every tenth of a per cent is drawn
_MEANINGS = {
    "precision": "Of all images predicted as this digit, the share that are this digit.",
    "recall": "Of all images of this digit, the share that is predicted as it.",
    "f1": "The harmonic mean of precision and recall: high only when both are.",
    "support": "How many images of this digit there are in MNIST's test set.",
}
_CALIBRATION_HELP = (
    "Images are sorted into fifteen bins by confidence. Of a calibrated model, 80 % are right where its confidence is "
    "80 %: its dots lie on the diagonal. Below it the model is over-confident, above it under-confident. The thin bars "
    "are 95 % confidence intervals: where few images are, the true share may be almost anywhere."
)
_ERROR_HELP = (
    "The expected calibration error: the mean distance of confidence from accuracy over all images, in fifteen bins "
    "(Guo et al., 2017). 0 is perfect."
)
_TEMPERATURE_HELP = (
    "Dividing a model's logits by its temperature, a number found on the validation images, calibrates it. Its "
    "predictions stay the same. The Draw page and an open image show calibrated confidences; the rest of this page "
    "shows them as the model was trained to give them."
)
_ABSTENTION_HELP = (
    "Where a wrong answer costs more than none, a model should abstain when its confidence is low. The higher the "
    "threshold, the fewer images it answers, and the more of its answers are right, if its confidence means something."
)


@section("Metrics")
def show(comparison: Comparison) -> None:
    """Three parts: each digit, calibration, and accuracy against the confidence threshold."""
    if comparison.other is not None:
        show_legend(comparison, key="figures_models")
    _show_digits(comparison)
    left, right = st.columns(2, gap="large")
    with left:
        models = _show_calibration(comparison)
    with right:
        _show_abstention(models)


# --- each digit -----------------------------------------------------------------------------------------


def _show_digits(comparison: Comparison) -> None:
    """A row a digit; beside it the images behind the row that is ticked."""
    st.markdown("##### Each digit")
    st.markdown(by_model([weakest(one) for one in comparison.evaluations]))
    digit = _ticked()
    if digit is None and not image_detail.is_open(comparison):
        _show_table(comparison)
        st.caption("Tick a row to see the images behind its numbers.")
        return
    beside = partial(image_detail.show_elsewhere if digit is None else partial(_show_images, digit=digit), comparison)
    image_detail.show_beside(comparison, partial(_show_table, comparison), beside, [0.52, 0.48])


def _show_table(comparison: Comparison) -> None:
    table = digits_table(comparison.evaluations)
    st.dataframe(
        table,
        hide_index=True,
        height=_ROW_PX * (len(table["digit"]) + 1) + 3,
        column_config=_columns(table),
        on_select=image_detail.close,  # another row has other images
        selection_mode="single-row",
        key=_TABLE,
        alt="Precision, recall and F1 of each digit",
    )


def _ticked() -> int | None:
    """The digit whose row is ticked."""
    rows = st.session_state.get(_TABLE, {}).get("selection", {}).get("rows", [])
    return int(rows[0]) if rows and rows[0] in range(10) else None


def _show_images(comparison: Comparison, digit: int) -> None:
    missed, taken = comparison.evaluation.mistakes(true=digit), comparison.evaluation.mistakes(predicted=digit)
    title = f"{len(missed):,} {digit}s missed, {len(taken):,} other digits predicted as {digit}"
    gallery_view.show(comparison, np.concatenate([missed, taken]), title, key="figures")


def digits_table(evaluations: "Sequence[Evaluation]") -> Table:
    """A row a digit: how many images there are, and each model's precision, recall and F1 in per cent."""
    table: Table = {"digit": [str(digit) for digit in range(10)]}
    table["support"] = evaluations[0].confusion.sum(axis=1).tolist()
    for metric in ("precision", "recall", "f1"):
        for name, evaluation in zip(NAMES, evaluations, strict=False):
            table[f"{metric}_{name.lower()}"] = (getattr(evaluation, metric) * 100).tolist()
    return table


def weakest(evaluation: "Evaluation") -> str:
    """Which digit has the lowest recall and which the lowest precision, in a sentence, with the mean of all F1."""
    mean = f"Mean F1 of the ten digits: {words.percent(float(evaluation.f1.mean()), 2)}."
    counts, predicted = evaluation.confusion.sum(axis=1), evaluation.confusion.sum(axis=0)
    missed = counts - np.diag(evaluation.confusion)
    if not missed.any():
        return f"Every image is classified correctly. {mean}"
    found = int(np.where(counts > 0, evaluation.recall, 2).argmin())
    named = int(np.where(predicted > 0, evaluation.precision, 2).argmin())
    wrong = predicted[named] - evaluation.confusion[named, named]
    return (
        f"Lowest recall: {found} ({missed[found]:,} of {counts[found]:,} missed). Lowest precision: {named} "
        f"({wrong:,} of {predicted[named]:,} predictions are wrong). {mean}"
    )


def _columns(table: Table) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "digit": st.column_config.TextColumn("Digit", width="small", help="Tick the box before a row for its images."),
        "support": st.column_config.NumberColumn("Images", format="localized", help=_MEANINGS["support"]),
    }
    metrics = [name for name in table if name not in columns]
    low = bar_start(min(min(table[name]) for name in metrics))
    for column in metrics:
        metric, model = column.split("_")
        title = "F1" if metric == "f1" else metric.capitalize()
        columns[column] = st.column_config.ProgressColumn(
            title if len(metrics) == 3 else f"{title}, {model.upper()}",
            help=f"{_MEANINGS[metric]} The bar goes from {low} to 100 %.",
            format="%.2f %%",
            min_value=low,
            max_value=100,
        )
    return columns


def bar_start(lowest: float) -> int:
    """Where the bars begin, in per cent: a round number below all of them, so that small differences are seen."""
    return max(0, int((lowest - 1) // 10) * 10)


# --- calibration ----------------------------------------------------------------------------------------


def _show_calibration(comparison: Comparison) -> "list[Evaluation]":
    """The reliability diagram; the evaluations as it shows them."""
    from mnist_core.evaluation.reliability import reliability_curve

    st.markdown("##### Calibration", help=_CALIBRATION_HELP)
    evaluations = comparison.evaluations
    if st.toggle(
        "With temperature scaling", key="figures_temperature", persist_state="session", help=_TEMPERATURE_HELP
    ):
        evaluations = _calibrated(comparison)
    with st.container(horizontal=True, gap="medium"):
        for name, one in zip(NAMES, evaluations, strict=False):
            title = "Calibration error" if len(evaluations) == 1 else f"Calibration error of {name}"
            st.metric(title, words.percent(one.calibration_error, 2), help=_ERROR_HELP, width="content")
    said = by_model([confidence_gap(one) for one in evaluations])
    st.markdown(said)
    figure = reliability_figure([reliability_curve(one) for one in evaluations])
    charts.show(figure, height_px=_HEIGHT_PX, key="figures_reliability", alt=f"Calibration. {said}")
    st.caption(f"{len(comparison.evaluation.labels):,} test images. Below: how many fall into each bin.")
    return evaluations


def confidence_gap(evaluation: "Evaluation") -> str:
    """The mean confidence beside the accuracy."""
    confidence, accuracy = float(evaluation.confidence.mean()), evaluation.accuracy
    gap = abs(confidence - accuracy) * 100
    lead = f"Mean confidence {words.percent(confidence)}, accuracy {words.percent(accuracy)}"
    if gap < 0.05:
        return f"{lead}."
    return f"{lead}: {gap:.1f} points {'over' if confidence > accuracy else 'under'}-confident."


def reliability_figure(curves: "Sequence[Reliability]") -> "go.Figure":
    """Above, accuracy against confidence, with a diagonal to compare with; below, how many images a bin holds."""
    most = max(int(curve.counts.max()) for curve in curves)
    series = by_series(curves)
    diagonal = charts.line([0, 1], [0, 1], charts.Style(charts.GRAY, "dot", "circle", ""), line_width=1)
    return charts.figure(
        [
            *(_reliability_line(curve, style, who) for who, curve, style in series),
            diagonal,
            *(_bin_counts(curve, style, who) for who, curve, style in series),
        ],
        barmode="group",
        hovermode="closest",
        **charts.stacked(
            0.24,
            x={"range": [0, 1.02], "tickformat": ".0%", "title": "Confidence"},
            upper={"range": [0, 1.04], "tickformat": ".0%", "title": "Accuracy"},
            lower={"type": "log", "title": "Images", "dtick": 1, "range": [-0.3, math.log10(most) + 0.2]},
        ),
    )


def _reliability_line(curve: "Reliability", style: charts.Style, who: str) -> "go.Scatter":
    from mnist_core.stats import wilson_interval

    filled = np.flatnonzero(curve.counts)
    intervals = [wilson_interval(int(curve.right[bin_]), int(curve.counts[bin_])) for bin_ in filled]
    texts = [
        f"{who}confidence {words.percent(float(curve.confidence[bin_]))}, "
        f"accuracy {words.percent(float(curve.accuracy[bin_]))}<br>"
        f"{curve.right[bin_]:,} of {curve.counts[bin_]:,} images"
        for bin_ in filled
    ]
    return charts.line(
        curve.confidence[filled].tolist(),
        curve.accuracy[filled].tolist(),
        style,
        texts=texts,
        markers=True,
        interval=([low for low, _ in intervals], [high for _, high in intervals]),
    )


def _bin_counts(curve: "Reliability", style: charts.Style, who: str) -> "go.Bar":
    bins = len(curve.counts)
    middles = [(bin_ + 0.5) / bins for bin_ in range(bins)]
    counts = [int(count) or None for count in curve.counts]  # a log axis has no zero
    return charts.bars(middles, counts, style, hover=f"{who}%{{y:,}} images", yaxis="y2")


def _calibrated(comparison: Comparison) -> "list[Evaluation]":
    from mnist_core.evaluation.reliability import at_temperature

    with st.spinner("Opening the model …", show_time=False):
        temperatures = [services.model(model.name).model.temperature for model in comparison.models]
    st.caption("Temperature: " + ", ".join(f"{temperature:.2f}" for temperature in temperatures))
    pairs = zip(comparison.evaluations, temperatures, strict=False)
    return [at_temperature(evaluation, temperature) for evaluation, temperature in pairs]


# --- selective prediction -------------------------------------------------------------------------------


def _show_abstention(evaluations: "Sequence[Evaluation]") -> None:
    from mnist_core.evaluation.reliability import refusing, threshold_curve

    st.markdown("##### Selective prediction", help=_ABSTENTION_HELP)
    said = by_model([abstention_words(refusing(one, ABSTAINED), one.accuracy) for one in evaluations])
    st.markdown(said)
    threshold = st.slider(
        "Confidence threshold", 0, 100, 90, format="%d %%", key="figures_threshold", persist_state="session",
        help="Below it, the model abstains.",
    )  # fmt: skip
    asked = np.array([threshold / 100])
    st.markdown(by_model([threshold_words(threshold_curve(one, asked)[0]) for one in evaluations]))
    # Every per cent, and every tenth of one where most images are.
    thresholds = np.concatenate([np.arange(0, round(_FINE * 100)) / 100, np.arange(round(_FINE * 1000), 1001) / 1000])
    figure = threshold_figure([threshold_curve(one, thresholds) for one in evaluations], threshold / 100)
    alt = f"Accuracy and share of images answered by threshold. {said}"
    charts.show(figure, height_px=_HEIGHT_PX, key="figures_refusing", alt=alt)


def abstention_words(answered: "Answered", before: float) -> str:
    """What comes of abstaining on the images with the lowest confidence, in a sentence."""
    if answered.accuracy is None or not answered.refused:
        return "Too many images have the same confidence: it cannot abstain on only a few of them."
    share = f"{answered.refused / answered.count * 100:.2g}"
    accuracy = words.percent(answered.accuracy, 2)
    change = "as" if round(answered.accuracy, 4) == round(before, 4) else "instead of"
    return (
        f"If it abstains on the {share} % of images with the lowest confidence, accuracy on the rest is "
        f"**{accuracy}**, {change} {words.percent(before, 2)} on all."
    )


def threshold_words(answered: "Answered") -> str:
    """What comes of that threshold, in a sentence."""
    if answered.accuracy is None:
        return f"No confidence is that high: it abstains on all {answered.count:,} images."
    share = words.percent(answered.refused / answered.count)
    accuracy = words.percent(answered.accuracy, 2)
    return (
        f"It abstains on {answered.refused:,} of {answered.count:,} images ({share}); accuracy on the others is "
        f"{accuracy}: {answered.wrong:,} wrong answer{'' if answered.wrong == 1 else 's'} left."
    )


def threshold_figure(curves: "Sequence[Sequence[Answered]]", threshold: float) -> "go.Figure":
    """Above, the accuracy of the answers; below, the share of the images that are answered."""
    series = by_series(curves)
    thresholds = [one.threshold for one in curves[0]]
    accuracies = [
        charts.line(thresholds, [one.accuracy for one in answers], style, texts=[_shortly(one, who) for one in answers])
        for who, answers, style in series
    ]
    shares = [
        charts.line(thresholds, [one.answered / one.count for one in answers], style, yaxis="y2")
        for _, answers, style in series
    ]
    return charts.figure(
        [*accuracies, *shares],
        hovermode="x unified",
        shapes=[charts.guide(x=threshold)],
        **charts.stacked(
            0.36,
            x={"range": [-0.01, 1.01], "tickformat": ".0%", "title": "Confidence threshold"},
            upper={"tickformat": ".2~%", "title": "Accuracy"},
            lower={"range": [0, 1.05], "tickformat": ".0%", "title": "Answered"},
        ),
    )


def _shortly(answered: "Answered", who: str) -> str:
    if answered.accuracy is None:
        return f"{who}abstains on all"
    accuracy = words.percent(answered.accuracy, 2)
    return f"{who}accuracy {accuracy}, {answered.wrong:,} wrong, abstains on {answered.refused:,}"
