"""Compare models: the same digit through every shipped model and some of people's own, side by side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.section import section
from mnist_core.ui.draw.current_digit import CurrentDigit

if TYPE_CHECKING:
    from mnist_core.diagnosis.model_comparison import Comparison
    from mnist_core.runs.registry import LoadedModel

MOST_RUNS = 6
_ROW_PX = 35
_RUNS_AT_FIRST = 3
_HELP = (
    "If all models misread a digit, look for the cause in the drawing. If only some do, what those have in common is "
    "the cause: their architecture, or their training data."
)


@section("Compare models")
def show(subject: CurrentDigit) -> None:
    """What each model reads, the vote in a sentence, and whether it is the model."""
    from mnist_core.diagnosis.model_comparison import compare

    place = st.container()
    names = [one.name for one in services.shipped_choices()]
    with messages.explained():
        names += _chosen_runs(subject.model, names)
    models = []
    with place, st.spinner("Opening the models …", show_time=False):
        for name in names:
            with messages.explained():  # of one that cannot be opened, why not is said
                models.append(services.model(name))
    comparison = compare([(one.name, one.title, one.model) for one in models], subject.digit)
    with place:
        if not comparison.opinions:
            st.info("There is no ink to read.", icon=":material/ink_eraser:")
            return
        st.markdown(f"##### {comparison.headline}", help=_HELP)
        st.markdown(messages.plain(summary(comparison, subject, models)))
        _show_table(comparison, subject)


def votes(subject: CurrentDigit) -> tuple[int, int]:
    """How many of the shipped models read what was meant, and how many there are."""
    answers = [services.predict([subject.digit], one.name)[0].digit for one in services.shipped_choices()]
    return answers.count(subject.label), len(answers)


def summary(comparison: "Comparison", subject: CurrentDigit, models: "Sequence[LoadedModel]") -> str:
    """Who reads something else, and what follows when it is known what was meant."""
    from mnist_core.diagnosis.model_comparison import conclude, describe_others, traits_of

    others = describe_others(comparison, {one.name: traits_of(one.recipe) for one in models})
    conclusion = "" if subject.label is None else conclude(comparison, subject.label, subject.model)
    return " ".join(part for part in (others, conclusion) if part)


def _chosen_runs(asked: str, listed: Sequence[str]) -> list[str]:
    """The runs that people choose to ask too; the one that the page asks is among them."""
    runs = {one.name: one.title for one in services.trained_choices()}
    if not runs:
        st.caption("Models that you train on the Train page can be compared here, too.")
        return [] if asked in listed else [asked]
    chosen = st.multiselect(
        "Your own models",
        list(runs),
        default=list(runs)[:_RUNS_AT_FIRST],
        format_func=lambda name: runs.get(name, name),
        max_selections=MOST_RUNS,
        key="compared_runs",
        placeholder="Add some of your own models",
        help=f"Up to {MOST_RUNS} of the models trained here, the newest first.",
    )
    return chosen if asked in {*listed, *chosen} else [*chosen, asked]


def _show_table(comparison: "Comparison", subject: CurrentDigit) -> None:
    """A row a model: what it predicts, its confidence and its ten probabilities; to be sorted and downloaded."""
    opinions = comparison.opinions
    described = [_describe(one.name) for one in opinions]
    table: dict[str, Sequence[object]] = {
        "model": [f"▸ {one.title}" if one.name == subject.model else one.title for one in opinions],
        "digit": [str(one.digit) for one in opinions],
        "correct": ["✓" if one.digit == subject.label else "✗" for one in opinions],
        "confidence": [one.confidence * 100 for one in opinions],
        "probabilities": [list(one.probabilities) for one in opinions],
        "accuracy": [accuracy for accuracy, _ in described],
        "about": [about for _, about in described],
    }
    if subject.label is None:
        del table["correct"]
    marked = "▸ is the model that the rest of the page uses."
    st.dataframe(
        table,
        hide_index=True,
        height=_ROW_PX * (len(opinions) + 1) + 3,
        column_config={
            "model": st.column_config.TextColumn("Model", pinned=True, help=marked),
            "digit": st.column_config.TextColumn("Predicts", width=70),
            "correct": st.column_config.TextColumn("Correct", width=70, help=f"Whether it is the {subject.label}."),
            "confidence": st.column_config.ProgressColumn("Confidence", format="%.1f %%", min_value=0, max_value=100),
            "probabilities": st.column_config.BarChartColumn(
                "Probability of 0 … 9", y_min=0, y_max=1, help="Of the ten digits, 0 on the left."
            ),
            "accuracy": st.column_config.TextColumn("Accuracy"),
            "about": st.column_config.TextColumn("About"),
        },
        key="model_comparison",
        alt="What each model predicts",
    )


def _describe(name: str) -> tuple[str, str]:
    """Of a model: its accuracy in words, and what it is with what is known to go wrong with it."""
    for card in services.shipped_choices():
        if card.name == name:
            return f"{words.percent(card.test_accuracy, 2)} on the test set", f"{card.about} {card.weaknesses}"
    run = services.store().find(name)
    return words.result_of(run), f"Trained here {words.ago(run.created_at)}."
