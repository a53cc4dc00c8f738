"""What the Mistakes page looks at: a model's evaluation, A, and perhaps another one's to compare it with, B."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from mnist_core.ui import charts, services
from mnist_core.ui.common import messages, model_choice, test_badge, words
from mnist_core.ui.common.section import section

if TYPE_CHECKING:
    from mnist_core.evaluation.evaluation import Evaluation

Curve = TypeVar("Curve")

NAMES = ("A", "B")
"""What the two models are called beside each other; their lines and bars have the first two of `charts.STYLES`."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the page looks at.

    Attributes:
        model, evaluation: The chosen model, and its predictions on the test set.
        other, other_evaluation: A second model to compare it with; None without one.
    """

    model: services.ModelOption
    evaluation: "Evaluation"
    other: services.ModelOption | None = None
    other_evaluation: "Evaluation | None" = None

    @property
    def models(self) -> list[services.ModelOption]:
        """The one or two models."""
        return [self.model] if self.other is None else [self.model, self.other]

    @property
    def evaluations(self) -> "list[Evaluation]":
        """Their evaluations."""
        return [self.evaluation] if self.other_evaluation is None else [self.evaluation, self.other_evaluation]

    @property
    def legend(self) -> str:
        """Which line is which model, as Markdown; the model's title when there is only one."""
        titles = [messages.plain(model.title) for model in self.models]
        if len(titles) == 1:
            return f"**{titles[0]}**"
        return f"● solid, A: **{titles[0]}** · ◇ dashed, B: **{titles[1]}**"


def by_model(sentences: Sequence[str]) -> str:
    """A sentence a model as Markdown, a line each, with the model's letter when there are two."""
    if len(sentences) == 1:
        return sentences[0]
    return "  \n".join(f"**{name}:** {sentence}" for name, sentence in zip(NAMES, sentences, strict=True))


def by_series(curves: Sequence[Curve]) -> list[tuple[str, Curve, charts.Style]]:
    """Each model's curve, with what tells whose it is, which is empty when there is only one, and with its look."""
    names = [""] if len(curves) == 1 else [f"{name}: " for name in NAMES]
    return list(zip(names, curves, charts.STYLES, strict=False))


def choose() -> tuple[services.ModelOption, services.ModelOption | None]:
    """Show the models to choose from, and those to compare with; both are in the page's address."""
    model = model_choice.choose("mistakes_model")
    return model, model_choice.choose_other("mistakes_other", model)


def look_at(model: services.ModelOption, other: services.ModelOption | None) -> Comparison:
    """The models' evaluations; without the second one, when that cannot be made, which is said.

    Raises:
        UserError: When the first one cannot be made.
    """
    evaluation = services.evaluation(model.name)
    if other is not None:
        with messages.explained(other.title):
            return Comparison(model, evaluation, other, services.evaluation(other.name))
    return Comparison(model, evaluation)


@section("The headline")
def show_headline(comparison: Comparison) -> None:
    """The accuracy of each model, and how many images it stands for."""
    count = len(comparison.evaluation.labels)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        for name, model, evaluation in zip(NAMES, comparison.models, comparison.evaluations, strict=False):
            st.metric(
                "Accuracy" if comparison.other is None else f"Accuracy of {name}",
                words.percent(evaluation.accuracy, 2),
                words.wrong_of(evaluation.accuracy, count),
                delta_color="off",
                delta_arrow="off",
                width="content",
                help=None if comparison.other is None else messages.plain(model.title),
            )
        test_badge.show(count)
