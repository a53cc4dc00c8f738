"""Which run the Train page shows, and starting and stopping it: what buttons and links do."""

import secrets
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.ui import address, messages, services

if TYPE_CHECKING:
    from mnist_core.runs.my_digits import Teaching
    from mnist_core.runs.run import Run

PARAMETERS = ("run", "owner")
"""The run in the page's address: its id, and while it trains the token that lets its owner stop it."""

_OPENED = "opened_run"
_TOKENS = "run_tokens"  # of the runs that this session may stop, by their ids
_SESSION = "session_name"
_REFUSAL = "run_refusal"


def opened() -> "Run | None":
    """The run that the page shows: the one that a link names, or the one opened last.

    Its id stays in the address, so that neither a rerun nor a closed tab loses it.
    """
    asked = address.arrived("run")
    if asked:
        st.session_state[_OPENED] = asked
        _tokens().setdefault(asked, st.query_params.get("owner", ""))
    run = _find(st.session_state.get(_OPENED))
    token = _tokens().get(run.id) if run and run.is_active else None
    address.put({"run": run.id if run else None, "owner": token or None})
    return run


def start(recipe: Recipe, name: str = "", teaching: "Teaching | None" = None) -> None:
    """Put the recipe, or a lesson for a model of that recipe, in line and open its run: for a button's callback."""
    session = st.session_state.setdefault(_SESSION, secrets.token_hex(8))
    try:
        run = services.engine().submit(recipe, name, session, teaching)
    except UserError as error:
        st.session_state[_REFUSAL] = error
        return
    _tokens()[run.id] = run.owner_token
    open_run(run.id)


def open_run(run_id: str) -> None:
    """Show that run: for a button's callback."""
    st.session_state[_OPENED] = run_id


def stop(run_id: str) -> None:
    """Stop the run: for a button's callback."""
    try:
        services.engine().stop(run_id, _tokens().get(run_id, ""))
    except UserError as error:
        st.session_state[_REFUSAL] = error


def may_stop(run_id: str) -> bool:
    """Whether this session has shown a token for the run; the engine checks whether it is the right one."""
    return bool(_tokens().get(run_id))


def show_refusal() -> None:
    """Say why the last press of Start or Stop could not be followed, once."""
    error = st.session_state.pop(_REFUSAL, None)
    if error is not None:
        messages.show_error(error)


def _find(run_id: str | None) -> "Run | None":
    if run_id is None:
        return None
    try:
        return services.store().run(run_id)
    except UserError as error:
        messages.show_error(error)
        del st.session_state[_OPENED]
        return None


def _tokens() -> dict[str, str]:
    tokens: dict[str, str] = st.session_state.setdefault(_TOKENS, {})
    return tokens
