"""Which run the Train page shows, and what is done to it: what buttons, sliders and links do."""

import dataclasses
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.ui import services
from mnist_core.ui.common import messages, query_params
from mnist_core.ui.common.visitor import owner_name, visitor

if TYPE_CHECKING:
    from mnist_core.runs.fine_tune_job import FineTuneJob
    from mnist_core.runs.queue.live import Live
    from mnist_core.runs.run import Run

PARAMETERS = ("run", "owner")
"""What the page's address holds of a run: its id. `owner` stands in old links and gives no control of anything: a link
is for watching. Whose run it is, the browser tells by a cookie."""

_OPENED = "opened_run"
_REFUSAL = "run_refusal"


def opened() -> "Run | None":
    """The run that the page shows: the one that a link names, or the one opened last.

    Its id stays in the address, so that neither a rerun nor a closed tab loses it.
    """
    asked = query_params.new_param("run")
    if asked:
        st.session_state[_OPENED] = asked
    run = _find(st.session_state.get(_OPENED))
    query_params.put({"run": run.id if run else None, "owner": None})
    return run


def start(
    recipe: Recipe,
    name: str = "",
    teaching: "FineTuneJob | None" = None,
    *,
    continues: str | None = None,
    drawing: NDArray[np.float32] | None = None,
) -> None:
    """Queue the recipe, or a fine-tuning of a model of that recipe, and open its run: for a button's callback.

    Args:
        recipe: What to train.
        name: What to call the run; empty makes a name from the recipe.
        teaching: How to fine-tune a trained model of that recipe.
        continues: The id of the run to go on with.
        drawing: What the model is asked to read while it learns, float32 (28, 28), 0 to 1.
    """
    with messages.refusal_kept(_REFUSAL):
        run = services.engine().submit(
            recipe, name, owner_name(visitor()), teaching, continues=continues, drawing=drawing
        )
        open_run(run.id)


def open_run(run_id: str) -> None:
    """Show that run: for a button's callback."""
    st.session_state[_OPENED] = run_id


def stop(run_id: str) -> None:
    """Stop the run: for a button's callback."""
    with messages.refusal_kept(_REFUSAL):
        services.engine().stop(run_id, _token(run_id))


def rename(run_id: str, name: str) -> None:
    """Call a run of this browser so; an empty name gives it the one made from its recipe: for a button's callback."""
    with messages.refusal_kept(_REFUSAL):
        _own(run_id)
        services.store().rename(run_id, name)


def delete(run_ids: Iterable[str]) -> None:
    """Delete runs of this browser with all that is kept of them: for a button's callback."""
    with messages.refusal_kept(_REFUSAL):
        for run_id in run_ids:
            _own(run_id)
            services.store().delete(run_id)
            if st.session_state.get(_OPENED) == run_id:
                del st.session_state[_OPENED]


def take_steps(run_id: str, of: int) -> None:
    """On to the end of so many steps, an epoch's or one, then a pause: for a button's callback.

    Each press counts, however fast they come.
    """
    with messages.refusal_kept(_REFUSAL):
        begun = _asked_for(services.engine().live(run_id)) // of + 1
        set_control(run_id, pause=True, until_step=begun * of)


def set_control(run_id: str, **changes: Any) -> None:
    """Want this of the run, beside what is wanted of it already (see `Control`): for callbacks."""
    with messages.refusal_kept(_REFUSAL):
        engine = services.engine()
        engine.set_control(run_id, _token(run_id), dataclasses.replace(engine.control(run_id), **changes))


def can_control(run: "Run") -> bool:
    """Whether this browser started the run. Whoever opened its link elsewhere watches."""
    owner, _, _ = run.session.partition(".")  # in older runs, what told a browser's sessions apart follows
    return owner == owner_name(visitor())


def show_refusal() -> None:
    """Say why what was asked for last could not be done, once."""
    messages.show_refusal(_REFUSAL)


def _asked_for(live: "Live") -> int:
    """The step (of a support vector machine, the border) that the run is at, or that it was told to reach."""
    done = live.fitted.done if live.fitted else live.steps_done
    return max(done, live.control.until_step if live.control.pause else 0)


def _find(run_id: str | None) -> "Run | None":
    if run_id is None:
        return None
    try:
        return services.store().run(run_id)
    except UserError as error:
        messages.show_error(error)
        del st.session_state[_OPENED]
        return None


def _own(run_id: str) -> None:
    """Refuse what only the browser that started a run may do.

    Raises:
        UserError: `not_yours`, or `run_unknown`.
    """
    if not can_control(services.store().run(run_id)):
        raise UserError("not_yours", "This run was started in another browser.", "Rename and delete it there.")


def _token(run_id: str) -> str:
    """What the engine asks for; empty, which it refuses, when the run is somebody else's."""
    run = services.store().run(run_id)
    return run.owner_token if can_control(run) else ""
