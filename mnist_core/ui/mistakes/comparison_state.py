"""What the Mistakes page looks at: a model's evaluation, and perhaps another one's to hold it against."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import messages, model_choice, query_params, test_badge, words
from mnist_core.ui.common.section import section

if TYPE_CHECKING:
    from mnist_core.evaluation.evaluation import Evaluation

_AGAINST = "against"
_CHOSEN = "mistakes_against"
_NONE = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the page looks at.

    Attributes:
        model, evaluation: The chosen model, and how it reads the test set.
        other, other_evaluation: A second model to hold it against; None without one.
    """

    model: services.ModelOption
    evaluation: "Evaluation"
    other: services.ModelOption | None = None
    other_evaluation: "Evaluation | None" = None


def choose() -> tuple[services.ModelOption, services.ModelOption | None]:
    """Show the models to choose from, and those to compare with; both are in the page's address."""
    model = model_choice.choose("mistakes_model")
    return model, _choose_other(model)


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
def show_headline(looked: Comparison) -> None:
    """The accuracy, with how many images it stands for and, beside another model, the difference."""
    evaluation, count = looked.evaluation, len(looked.evaluation.labels)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.metric(
            "Read right",
            words.percent(evaluation.accuracy, 2),
            words.wrong_of(evaluation.accuracy, count),
            delta_color="off",
            delta_arrow="off",
            width="content",
        )
        if looked.other and looked.other_evaluation:
            st.metric(
                f"{messages.plain(looked.other.title)}",
                words.percent(looked.other_evaluation.accuracy, 2),
                words.wrong_of(looked.other_evaluation.accuracy, count),
                delta_color="off",
                delta_arrow="off",
                width="content",
            )
        test_badge.show(count)


def _choose_other(model: services.ModelOption) -> services.ModelOption | None:
    asked = query_params.new_param(_AGAINST)
    if asked is not None:
        st.session_state[_CHOSEN] = asked
    others = [one for one in model_choice.listed() if one.name != model.name]
    chosen = _known(st.session_state.get(_CHOSEN, _NONE), model, others)
    titles = {_NONE: "No other model", **{one.name: one.title for one in others}}
    key = "mistakes_other"
    st.session_state[key] = chosen
    st.selectbox(
        "Compare with",
        list(titles),
        format_func=lambda name: titles.get(name, name),
        key=key,
        help="A second model on the same images: what it reads right that the first reads wrong, and the other way "
        "round.",
        on_change=lambda: st.session_state.update({_CHOSEN: st.session_state[key]}),
    )
    query_params.put({_AGAINST: chosen or None})
    return next((one for one in others if one.name == chosen), None)


def _known(name: str, model: services.ModelOption, others: list[services.ModelOption]) -> str:
    """The name, if it is that of another model; what is wrong with it is said."""
    if name in (_NONE, model.name) or any(one.name == name for one in others):
        return _NONE if name == model.name else name
    with messages.explained():
        found = services.model_option(name)
        if found.name != model.name:
            others.append(found)
            return found.name
    st.session_state[_CHOSEN] = _NONE
    return _NONE
