"""A run on the page: how far it is, what can be done to it, its curves, and what came of it."""

from contextlib import suppress

import streamlit as st

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.runs.queue.live import Live
from mnist_core.runs.run import Run
from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.section import section
from mnist_core.ui.train import hints_view, recipe_form, run_control
from mnist_core.ui.train.form import setting_words, state
from mnist_core.ui.train.run import controls, epochs, run_charts, run_summary, tracked_drawing
from mnist_core.ui.train.run.snapshot import record_of

POLL_S = 0.5
"""How often a run that is not over is looked at."""
_WAITING_POLL_S = 2.0  # with others before it, nothing happens so soon: twenty waiting pages took most of the processor

_LISTED = 12
_TOLD = 3
_LIST_POLL_S = 3.0


@section("Start training")
def show_start(recipe: Recipe) -> None:
    """What starts a training, how large it will be, and the drawing that it can track."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Start training",
            icon=":material/play_arrow:",
            type="primary",
            on_click=start,
            args=(recipe,),
            key="start_training",
        )
        st.button(
            "Train with a new seed",
            icon=":material/casino:",
            on_click=_start_anew,
            args=(recipe,),
            help="Trains the same recipe with other random numbers (initial weights, order of images): how much of "
            "the result is chance?",
        )
        epochs = "epoch" if recipe.epochs_used == 1 else "epochs"
        st.markdown(
            f"**{recipe.images_used:,}** images · **{recipe.epochs_used}** {epochs}",
            width="content",
            help="An epoch shows the model every training image once. The same recipe with the same seed gives the "
            f"same curve again; the seed is {recipe.seed}.",
        )
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
    run_charts.show(record, [*record.marks(), *([] if is_active else epochs.mark(record))])
    hints_view.show(record.hints(), record.run.recipe)
    if not is_active:
        epochs.show(record)
    return _every_s(record.live)


@section("The empty chart")
def show_nothing_yet(recipe: Recipe) -> None:
    """What stands in a run's place before there is one: its empty axes."""
    st.markdown("##### :material/show_chart: No run yet")
    st.caption("Press Start training and watch the curves.")
    run_charts.show_empty(recipe.epochs_used)


def show_recent(opened_id: str | None) -> None:
    """The newest runs; pressing one opens it. The list follows runs that have not ended."""
    with messages.explained(part="Recent runs"):
        is_any_active = any(run.is_active for run in services.store().runs(_LISTED))
        st.fragment(_show_recent, run_every=_LIST_POLL_S if is_any_active else None)(opened_id)


@section("Recent runs")
def _show_recent(opened_id: str | None) -> None:
    runs = services.store().runs(_LISTED)
    st.markdown("##### Recent runs")
    if not runs:
        st.caption("None yet. The runs you train are listed here.")
    with st.container(gap="xsmall"):
        for run in runs:
            word, icon = words.STATES[run.state]
            told = " · ".join(part for part in (word.lower(), words.result_of(run), words.ago(run.created_at)) if part)
            st.button(
                f"{messages.plain(run.name)} :gray[· {messages.plain(told)}]",
                icon=icon,
                type="secondary" if run.id == opened_id else "tertiary",
                on_click=_open,
                args=(run.id,),
                key=f"open_{run.id}",
                wrap=True,
            )


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


def _open(run_id: str) -> None:
    run_control.open_run(run_id)
    st.rerun()  # the whole page: the list runs by itself
