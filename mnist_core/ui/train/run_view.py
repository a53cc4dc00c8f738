"""A run on the page: how far it is, what can be done to it, its curves, and what came of it."""

from contextlib import suppress

import streamlit as st

from mnist_core import setting_words
from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.queue.live import Live
from mnist_core.runs.run import Run
from mnist_core.ui import services
from mnist_core.ui.common.section import section
from mnist_core.ui.train import hints_view, recipe_form, run_control
from mnist_core.ui.train.form import state
from mnist_core.ui.train.run import controls, epochs, run_charts, run_summary, tracked_drawing
from mnist_core.ui.train.run.snapshot import record_of

POLL_S = 0.5
"""How often a run that is not over is looked at."""
_WAITING_POLL_S = 2.0  # with others before it, nothing happens so soon: twenty waiting pages took most of the processor

_TOLD = 3


@section("Start training")
def show_start(recipe: Recipe) -> None:
    """What starts a training."""
    st.button(
        "Start training",
        icon=":material/play_arrow:",
        type="primary",
        on_click=start,
        args=(recipe,),
        key="start_training",  # by this name, a phone keeps it in reach
    )
    st.button(
        "Train with a new seed",
        icon=":material/casino:",
        on_click=_start_anew,
        args=(recipe,),
        help="Trains the same recipe with other random numbers (initial weights, order of images): how much of "
        "the result is chance?",
    )


@section("The drawing to track")
def show_tracked() -> None:
    """The drawing that the next run can track. To come last, because MNIST may still have to be loaded."""
    with suppress(UserError):  # without MNIST there is none to track, and the previews say so
        tracked_drawing.offer()


def start(recipe: Recipe) -> None:
    """Train the recipe, and track the drawing that is to be tracked: for a button's callback."""
    try:
        drawing = tracked_drawing.wanted()
    except UserError:
        drawing = None  # without MNIST there is none to track, and the run itself will say so
    run_control.start(recipe, drawing=drawing)


def _start_anew(recipe: Recipe) -> None:
    recipe_form.new_start(recipe, start)
    st.rerun()  # the whole page: the form, which shows the seed, stands elsewhere


def every_s(run_id: str) -> float | None:
    """How often the run is looked at, in seconds; None when it is over.

    Raises:
        UserError: When the database cannot answer.
    """
    return _every_s(services.engine().live(run_id))


def _every_s(live: Live) -> float | None:
    if not live.is_active:
        return None
    return _WAITING_POLL_S if (live.position or 0) > 1 else POLL_S


def show(run_id: str) -> float | None:
    """The run as it stands at this moment; how often it is to be looked at, as `every_s`.

    Raises:
        UserError: When the database cannot answer.
    """
    record = record_of(run_id)
    is_active = record.run.is_active
    controls.show_progress(record)
    (controls if is_active else run_summary).show(record)
    if record.live.position and not record.curve.steps:
        run_charts.show_empty(record.epochs)  # there is nothing to be told of it yet
    else:
        run_charts.show(record, [*record.marks(), *([] if is_active else epochs.mark(record))])
        hints_view.show(record.hints(), record.run.recipe)
    if not is_active:
        epochs.show(record)
    return _every_s(record.live)


@section("The empty chart")
def show_nothing_yet(recipe: Recipe) -> None:
    """What stands in a run's place before there is one: its empty axes."""
    st.markdown("##### No run yet :gray[· press Start training and watch the curves]")
    run_charts.show_empty(recipe.epochs_used)


@section("The run's own recipe")
def show_difference(run: Run, recipe: Recipe) -> None:
    """Say that the run has another recipe than the form, and offer it; nothing when both are the same."""
    changed = setting_words.differences(run.recipe, recipe)
    if changed:
        with st.container(horizontal=True, vertical_alignment="center"):
            names = ", ".join(field.label for field in changed[:_TOLD]) + (
                " and others" if len(changed) > _TOLD else ""
            )
            st.caption(f"This run has other settings than the form: {names}.", width="content")
            st.button("Use its settings", icon=":material/tune:", type="tertiary", on_click=_use, args=(run.recipe,))


def _use(recipe: Recipe) -> None:
    state.use(recipe)
    st.rerun()  # the whole page: the form stands elsewhere
