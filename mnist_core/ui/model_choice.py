"""Which model is asked: chosen on one page, it stays chosen on the others, and can come with a link."""

from collections.abc import Sequence

import streamlit as st

from mnist_core.errors import UserError
from mnist_core.ui import address, messages, services

_CHOSEN = "chosen_model"


def chosen() -> str:
    """The name of the chosen model: a shipped model's name or a run's id, perhaps one that does not exist.

    A `run` in the page's address counts once, when it appears there.
    """
    asked = address.arrived("run")
    if asked:
        st.session_state[_CHOSEN] = asked
    name: str = st.session_state.get(_CHOSEN, services.DEFAULT_MODEL)
    return name


def choose(key: str) -> services.Choice:
    """Show the models to choose from; the choice is kept and written to the page's address."""
    listed = [*services.shipped_choices()]
    with messages.explained():
        listed += services.trained_choices()
    selected = _find(chosen(), listed)
    if selected not in listed:
        listed.append(selected)
    titles = {one.name: one.title for one in listed}
    st.session_state[key] = selected.name
    st.selectbox(
        "Model",
        list(titles),
        format_func=lambda name: titles.get(name, name),
        key=key,
        help="The model that came with Digit Clinic, or one of the models trained here.",
        on_change=lambda: _keep(st.session_state[key]),
    )
    address.put({"run": None if selected.name == services.DEFAULT_MODEL else selected.name})
    return selected


def _find(name: str, listed: Sequence[services.Choice]) -> services.Choice:
    """The model of that name; the first one, with an error said, when there is none."""
    for one in listed:
        if one.name == name:
            return one
    try:
        return services.choice(name)
    except UserError as error:
        messages.show_error(error)
        _keep(services.DEFAULT_MODEL)
        return listed[0]


def _keep(name: str) -> None:
    st.session_state[_CHOSEN] = name
