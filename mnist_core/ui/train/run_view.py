"""A run on the page: how far it is, what can be done to it, its curves, and what came of it."""

from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.errors import UserError
from mnist_core.recipe import Recipe
from mnist_core.ui import services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.section import section
from mnist_core.ui.train import hints_view, recipe_form, run_control
from mnist_core.ui.train.run import controls, epochs, progress, run_charts, run_summary, tracked_drawing
from mnist_core.ui.train.run.snapshot import record_of

if TYPE_CHECKING:
    from mnist_core.runs.run import Run

POLL_S = 0.5
"""How often a run that is not over is looked at."""

_LISTED = 12


@section("Start training")
def show_start(recipe: Recipe) -> None:
    """What starts a training, how large it will be, and the drawing that it can follow."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Start training",
            icon=":material/play_arrow:",
            type="primary",
            on_click=start,
            args=(recipe,),
            key="start_training",
            help=f"Trains the recipe. Its random numbers start at seed {recipe.seed}: the same recipe gives the same "
            "curve again.",
        )
        st.button(
            "New start",
            icon=":material/casino:",
            on_click=recipe_form.new_start,
            args=(recipe, start),
            help="Trains the same recipe with other first weights and another order: how much of a result is chance?",
        )
        _show_size(recipe)
    with suppress(UserError):  # without MNIST there is none to follow, and the previews say so
        tracked_drawing.offer()


def _show_size(recipe: Recipe) -> None:
    epochs = "epoch" if recipe.epochs_used == 1 else "epochs"
    st.markdown(
        f"**{recipe.images_used:,}** images · **{recipe.epochs_used}** {epochs}",
        width="content",
        help="An epoch shows the model every training image once.",
    )


def start(recipe: Recipe) -> None:
    """Train the recipe, and follow the drawing that is to be followed: for a button's callback."""
    try:
        drawing = tracked_drawing.wanted()
    except UserError:
        drawing = None  # without MNIST there is none to follow, and the run itself will say so
    run_control.start(recipe, drawing=drawing)


def show(run_id: str) -> bool:
    """The run as it stands at this moment, and whether it goes on.

    Raises:
        UserError: When the database cannot answer.
    """
    record = record_of(run_id)
    progress.show(record)
    if record.run.is_active:
        controls.show(record)
        run_charts.show(record, record.marks())
        hints_view.show(record.hints(), record.run.recipe)
    else:
        run_summary.show(record)
        run_charts.show(record, [*record.marks(), *epochs.mark(record)])
        hints_view.show(record.hints(), record.run.recipe)
        epochs.show(record)
    return record.run.is_active


@section("The empty chart")
def show_nothing_yet(recipe: Recipe) -> None:
    """What stands in a run's place before there is one: its empty axes."""
    st.markdown("##### :material/show_chart: No run yet")
    st.caption("Start one: its curves grow here while it learns.")
    run_charts.show_empty(recipe.epochs_used)


@section("Recent runs")
def show_recent(opened_id: str | None) -> None:
    """The newest runs; pressing one opens it."""
    runs = services.store().runs(_LISTED)
    st.markdown("##### Recent runs")
    if not runs:
        st.caption("None yet: what is trained is listed here.")
    with st.container(gap="xsmall"):
        for run in runs:
            _show_in_list(run, is_opened=run.id == opened_id)


def _show_in_list(run: "Run", *, is_opened: bool) -> None:
    # The list stands still while a run moves on, so it does not tell waiting from training.
    word, icon = ("Under way", ":material/pending:") if run.is_active else words.STATES[run.state]
    told = " · ".join(part for part in (word.lower(), words.result_of(run), words.ago(run.created_at)) if part)
    st.button(
        f"{messages.plain(run.name)} :gray[· {messages.plain(told)}]",
        icon=icon,
        type="secondary" if is_opened else "tertiary",
        on_click=run_control.open_run,
        args=(run.id,),
        key=f"open_{run.id}",
        wrap=True,
    )
