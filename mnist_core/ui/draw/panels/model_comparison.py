"""Is it the model? The same digit through every shipped model and some of people's own, side by side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.section import section
from mnist_core.ui.components.model_table import Row, opinions

if TYPE_CHECKING:
    from mnist_core.diagnosis.model_comparison import Comparison, Opinion
    from mnist_core.runs.cards import Card
    from mnist_core.runs.registry import LoadedModel
    from mnist_core.ui.draw.current_digit import CurrentDigit

MOST_RUNS = 6
_RUNS_AT_FIRST = 3


@section("Is it the model?")
def show(subject: "CurrentDigit") -> None:
    """What each model reads, the vote in a sentence, and whether it is the model."""
    place = st.container()
    names = [one.name for one in services.shipped_choices()]
    with messages.explained():
        names += _chosen_runs(subject.model, names)
    with place, messages.explained():
        models = _opened(names)
        comparison = _compare(subject, models)
        if not comparison.opinions:
            st.info("There is no ink to read.", icon=":material/ink_eraser:")
            return
        st.markdown(f"##### {comparison.headline}", help=_HELP)
        st.markdown(messages.plain(summary(comparison, subject, models)))
        opinions([_row(one, subject) for one in comparison.opinions], subject.label, key="opinions")


_HELP = (
    "If all models misread a digit, look for the cause in the drawing. If only some do, what those have in common is "
    "the cause: how they are built, or what they were trained on."
)


def summary(comparison: "Comparison", subject: "CurrentDigit", models: "Sequence[LoadedModel]") -> str:
    """Who reads something else, and what follows when it is known what was meant."""
    from mnist_core.diagnosis.model_comparison import conclude, describe_others, traits_of

    others = describe_others(comparison, {one.name: traits_of(one.recipe) for one in models})
    conclusion = "" if subject.label is None else conclude(comparison, subject.label, subject.model)
    return " ".join(part for part in (others, conclusion) if part)


def _chosen_runs(asked: str, listed: Sequence[str]) -> list[str]:
    """The runs that people choose to ask too; the one that the page asks is among them."""
    runs = {one.name: one.title for one in services.trained_choices()}
    if not runs:
        st.caption("What you train on the Train page can be asked here too.")
        return [] if asked in listed else [asked]
    chosen = st.multiselect(
        "Your own models",
        list(runs),
        default=list(runs)[:_RUNS_AT_FIRST],
        format_func=lambda name: runs.get(name, name),
        max_selections=MOST_RUNS,
        key="compared_runs",
        placeholder="Ask some of your own models too",
        help=f"Up to {MOST_RUNS} of the models trained here, the newest first.",
    )
    return chosen if asked in {*listed, *chosen} else [*chosen, asked]


def _opened(names: Sequence[str]) -> "list[LoadedModel]":
    """The models, opened; of one that cannot be, why not is said."""
    found = []
    with st.spinner("Opening the models …", show_time=False):
        for name in names:
            with messages.explained():
                found.append(services.model(name))
    return found


def _compare(subject: "CurrentDigit", models: "Sequence[LoadedModel]") -> "Comparison":
    from mnist_core.diagnosis.model_comparison import compare

    return compare([(one.name, one.title, one.model) for one in models], subject.digit)


def _row(opinion: "Opinion", subject: "CurrentDigit") -> Row:
    about, note, help_text = _describe(opinion.name)
    return Row(
        title=opinion.title,
        about=about,
        note=note,
        help=help_text,
        digit=opinion.digit,
        sure=f"{words.percent(opinion.confidence)} sure",
        probabilities=opinion.probabilities,
        right=None if subject.label is None else opinion.digit == subject.label,
        asked=opinion.name == subject.model,
    )


def _describe(name: str) -> tuple[str, str, str]:
    """Of a model: what it is, how right it is, and what is known to go wrong with it."""
    card = _cards().get(name)
    if card is not None:
        return card.about, f"{words.percent(card.test_accuracy, 2)} on the test set", f"{card.about} {card.weaknesses}"
    run = services.store().find(name)
    about = f"Trained here {words.ago(run.created_at)}."
    return about, words.result_of(run), about


@st.cache_resource(show_spinner=False)
def _cards() -> "dict[str, Card]":
    from mnist_core.runs.cards import shipped

    return {card.name: card for card in shipped()}
