"""What the Mistakes page looks at: a model's evaluation, A, and perhaps another one's to compare it with, B."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from mnist_core.ui import charts, services
from mnist_core.ui.common import messages, model_choice, test_badge, words
from mnist_core.ui.common.section import section
from mnist_core.ui.components.model_chips import Chip, model_chips

if TYPE_CHECKING:
    from mnist_core.evaluation.evaluation import Evaluation

Curve = TypeVar("Curve")

NAMES = ("A", "B")
"""What the two models are called beside each other; their lines and bars have the first two of `charts.STYLES`."""

MARKS = (":blue-badge[A]", ":orange-badge[B]")
"""The same as Markdown, each on its colour: at the head of a sentence, and on what there is to choose."""


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


def show_legend(comparison: Comparison, key: str) -> None:
    """Which letter, and which line of the charts, is which model; of one model its name."""
    letters = [""] if comparison.other is None else NAMES
    chips = [Chip(letter, model.title) for letter, model in zip(letters, comparison.models, strict=True)]
    model_chips(chips, "The models", key, lines=True)


def by_model(sentences: Sequence[str]) -> str:
    """A sentence a model as Markdown, a line each, with the model's letter when there are two."""
    if len(sentences) == 1:
        return sentences[0]
    return "  \n".join(f"{mark} {sentence}" for mark, sentence in zip(MARKS, sentences, strict=True))


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
    """In one line, the accuracy of each model and how many images it stands for: a long name is cut."""
    count = len(comparison.evaluation.labels)
    shown = [words.percent(one.accuracy, 2) for one in comparison.evaluations]
    if comparison.other is None:
        chips = [Chip("", "Accuracy", shown[0], words.wrong_of(comparison.evaluation.accuracy, count))]
    else:
        wrong = [f"{len(one.mistakes()):,} wrong" for one in comparison.evaluations]
        titles = [model.title for model in comparison.models]
        chips = [Chip(*told) for told in zip(NAMES, titles, shown, wrong, strict=True)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="content", key="mistakes_models"):
            model_chips(chips, "Accuracy", key="headline_models")
        test_badge.show(count)
