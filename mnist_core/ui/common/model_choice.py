"""Which model is asked: chosen on one page, it stays chosen on the others, and can come with a link."""

from collections.abc import Sequence

import streamlit as st

from mnist_core.errors import UserError
from mnist_core.runs.cards import DEFAULT_MODEL
from mnist_core.ui import services
from mnist_core.ui.common import messages, query_params
from mnist_core.ui.common.choice import select

_CHOSEN, _OTHER = "chosen_model", "mistakes_against"
_NONE = services.ModelOption("", "No other model")


def selected() -> str:
    """The name of the chosen model: a shipped model's name or a run's id, perhaps one that does not exist.

    A `run` in the page's address counts once, when it appears there.
    """
    return _asked("run", _CHOSEN) or DEFAULT_MODEL


def choose(key: str) -> services.ModelOption:
    """Show the models to choose from; the choice is kept and written to the page's address."""
    help_text = "The model that came with Digit Clinic, or one of the models trained here."
    return _choose("Model", key, _listed(), "run", _CHOSEN, help_text)


def choose_other(key: str, model: services.ModelOption) -> services.ModelOption | None:
    """Show the models to compare that one with; None until one is chosen."""
    others = [_NONE, *(one for one in _listed() if one != model)]
    help_text = (
        "A second model on the same images: what it gets right that the first gets wrong, and the other way round."
    )
    other = _choose("Compare with", key, others, "against", _OTHER, help_text, without=model.name)
    return None if other == _NONE else other


def _choose(
    label: str,
    key: str,
    choices: list[services.ModelOption],
    parameter: str,
    kept_as: str,
    help_text: str,
    without: str | None = None,
) -> services.ModelOption:
    """The chosen one, or the first: when none is chosen, when the chosen one cannot be had, or is to be left out."""
    first = choices[0]
    option = _find(_asked(parameter, kept_as) or first.name, choices, kept_as)
    if option.name == without:
        option = first
    titles = {one.name: one.title for one in (*choices, option)}
    st.session_state[key] = option.name
    select(
        label, titles, key, help=help_text, on_change=lambda: st.session_state.update({kept_as: st.session_state[key]})
    )
    query_params.put({parameter: None if option == first else option.name})
    return option


def _asked(parameter: str, kept_as: str) -> str:
    """The name that the address has newly, or that was chosen last; empty for none."""
    asked = query_params.new_param(parameter)
    if asked:
        st.session_state[kept_as] = asked
    name: str = st.session_state.get(kept_as, "")
    return name


def _listed() -> list[services.ModelOption]:
    """The shipped models and the newest runs; when the database cannot answer, that is said."""
    choices = [services.ModelOption(card.name, card.title) for card in services.shipped_choices()]
    with messages.explained():
        choices += services.trained_choices()
    return choices


def _find(name: str, choices: Sequence[services.ModelOption], kept_as: str) -> services.ModelOption:
    """The model of that name; the first one, with an error said, when there is none."""
    try:
        return next((one for one in choices if one.name == name), None) or services.model_option(name)
    except UserError as error:
        messages.show_error(error)
        st.session_state[kept_as] = choices[0].name
        return choices[0]
