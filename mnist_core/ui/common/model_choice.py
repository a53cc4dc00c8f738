"""Which model is asked: chosen on one page, it stays chosen on the others, and can come with a link."""

from collections.abc import Sequence

import streamlit as st

from mnist_core.errors import UserError
from mnist_core.runs.cards import DEFAULT_MODEL
from mnist_core.ui import services
from mnist_core.ui.common import messages, query_params
from mnist_core.ui.common.choice import select

_CHOSEN = "chosen_model"


def selected() -> str:
    """The name of the chosen model: a shipped model's name or a run's id, perhaps one that does not exist.

    A `run` in the page's address counts once, when it appears there.
    """
    asked = query_params.new_param("run")
    if asked:
        st.session_state[_CHOSEN] = asked
    name: str = st.session_state.get(_CHOSEN, DEFAULT_MODEL)
    return name


def choose(key: str) -> services.ModelOption:
    """Show the models to choose from; the choice is kept and written to the page's address."""
    choices = listed()
    option = _find(selected(), choices)
    if option not in choices:
        choices.append(option)
    titles = {one.name: one.title for one in choices}
    st.session_state[key] = option.name
    select(
        "Model",
        titles,
        key,
        help="The model that came with Digit Clinic, or one of the models trained here.",
        on_change=lambda: st.session_state.update({_CHOSEN: st.session_state[key]}),
    )
    query_params.put({"run": None if option.name == DEFAULT_MODEL else option.name})
    return option


def listed() -> list[services.ModelOption]:
    """The shipped models and the newest runs; when the database cannot answer, that is said."""
    choices = [services.ModelOption(card.name, card.title) for card in services.shipped_choices()]
    with messages.explained():
        choices += services.trained_choices()
    return choices


def _find(name: str, choices: Sequence[services.ModelOption]) -> services.ModelOption:
    """The model of that name; the first one, with an error said, when there is none."""
    try:
        return next((one for one in choices if one.name == name), None) or services.model_option(name)
    except UserError as error:
        messages.show_error(error)
        st.session_state[_CHOSEN] = DEFAULT_MODEL
        return choices[0]
