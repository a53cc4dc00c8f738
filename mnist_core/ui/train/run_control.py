"""Which run the Train page shows, and what is done to it: what buttons, sliders and links do."""

import dataclasses
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.ui import services
from mnist_core.ui.common import messages, query_params

if TYPE_CHECKING:
    from mnist_core.runs.queue.live import Live
    from mnist_core.runs.run import Run
    from mnist_core.runs.store.collection_store import FineTuneJob

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
    asked = query_params.new_param("run")
    if asked:
        st.session_state[_OPENED] = asked
        _tokens().setdefault(asked, st.query_params.get("owner", ""))
    run = _find(st.session_state.get(_OPENED))
    token = _tokens().get(run.id) if run and run.is_active else None
    query_params.put({"run": run.id if run else None, "owner": token or None})
    return run


def start(
    recipe: Recipe,
    name: str = "",
    teaching: "FineTuneJob | None" = None,
    *,
    continues: str | None = None,
    drawing: NDArray[np.float32] | None = None,
) -> None:
    """Put the recipe, or a lesson for a model of that recipe, in line and open its run: for a button's callback.

    Args:
        recipe: What to train.
        name: What to call the run; empty makes a name from the recipe.
        teaching: What to teach a trained model of that recipe.
        continues: The id of the run to go on with.
        drawing: What the model is asked to read while it learns, float32 (28, 28), 0 to 1.
    """
    try:
        run = services.engine().submit(recipe, name, session(), teaching, continues=continues, drawing=drawing)
    except UserError as error:
        st.session_state[_REFUSAL] = error
        return
    _tokens()[run.id] = run.owner_token
    open_run(run.id)


def session() -> str:
    """What this visitor's runs are told from others' by when they wait in line."""
    name: str = st.session_state.setdefault(_SESSION, secrets.token_hex(8))
    return name


def open_run(run_id: str) -> None:
    """Show that run: for a button's callback."""
    st.session_state[_OPENED] = run_id


def stop(run_id: str) -> None:
    """Stop the run: for a button's callback."""
    with _refused():
        services.engine().stop(run_id, _tokens().get(run_id, ""))


def pause(run_id: str) -> None:
    """Let the run wait after its current step: for a button's callback."""
    set_control(run_id, pause=True, until_step=0)


def resume(run_id: str) -> None:
    """Let the run go on: for a button's callback."""
    set_control(run_id, pause=False, until_step=0)


def take_step(run_id: str) -> None:
    """One step, then a pause: for a button's callback. Each press counts, however fast they come."""
    with _refused():
        set_control(run_id, pause=True, until_step=_asked_for(services.engine().live(run_id)) + 1)


def take_epoch(run_id: str, steps_an_epoch: int) -> None:
    """On to the end of an epoch, then a pause: for a button's callback."""
    with _refused():
        epochs_begun = _asked_for(services.engine().live(run_id)) // steps_an_epoch + 1
        set_control(run_id, pause=True, until_step=epochs_begun * steps_an_epoch)


def set_control(run_id: str, **changes: Any) -> None:
    """Want this of the run, beside what is wanted of it already (see `Control`): for callbacks."""
    with _refused():
        engine = services.engine()
        engine.set_control(run_id, _tokens().get(run_id, ""), dataclasses.replace(engine.control(run_id), **changes))


def can_control(run_id: str) -> bool:
    """Whether this session has shown a token for the run; the engine checks whether it is the right one."""
    return bool(_tokens().get(run_id))


def remember_token(run_id: str, token: str) -> None:
    """Keep what lets this session stop a run that the Train page does not show."""
    _tokens()[run_id] = token


def token(run_id: str) -> str:
    """What lets this session stop the run; empty when nothing does."""
    return _tokens().get(run_id, "")


def show_refusal() -> None:
    """Say why what was asked for last could not be done, once."""
    error = st.session_state.pop(_REFUSAL, None)
    if error is not None:
        messages.show_error(error)


def _asked_for(live: "Live") -> int:
    """The step (of a support vector machine, the border) that the run is at, or that it was told to reach."""
    done = live.fitted.done if live.fitted else live.steps_done
    return max(done, live.wishes.until_step if live.wishes.pause else 0)


@contextmanager
def _refused() -> Iterator[None]:
    """Keep a refusal for `show_refusal`: what a callback shows would stand above the page."""
    try:
        yield
    except UserError as error:
        st.session_state[_REFUSAL] = error


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
