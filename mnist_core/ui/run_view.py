"""A run on the page: how far it is, its curves, and what came of it."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.recipe import Recipe
from mnist_core.ui import messages, navigation, recipe_form, run_control, services, words
from mnist_core.ui.components.curves import Curves, Point, curves

if TYPE_CHECKING:
    from mnist_core.runs.live import Live
    from mnist_core.runs.run import Curve, Run

POLL_S = 0.5
"""How often a run that is not over is looked at."""

_LISTED = 12
_NOISE_HELP = "Two trainings that differ only in their seed differ by about 0.1 points: less than that says little."


def show_size(recipe: Recipe) -> None:
    """What will be trained, in numbers."""
    epochs = "epoch" if recipe.epochs_used == 1 else "epochs"
    most = "at most " if recipe.model == "svm" else ""
    st.markdown(
        f"{most}**{services.parameter_count(recipe):,}** parameters · **{recipe.images_used:,}** images · "
        f"**{recipe.epochs_used}** {epochs}",
        width="content",
        help="Parameters are the numbers that the model learns. An epoch shows it every training image once.",
    )


def show(run_id: str) -> bool:
    """The run as it stands at this moment, and whether it goes on.

    Raises:
        UserError: When the database cannot answer.
    """
    live, run = services.engine().live(run_id), services.store().run(run_id)
    _show_state(run, live)
    if not run.is_active:
        _show_end(run)
    # Named after the run: another run's curves are another chart, the same run's move within theirs.
    curves(_curves(services.store().curve(run_id), run.recipe.epochs_used), key=f"curves_{run_id}")
    return run.is_active


def show_nothing_yet(recipe: Recipe) -> None:
    """What stands in a run's place before there is one: its empty axes."""
    st.markdown("##### :material/show_chart: No run yet")
    st.caption("Start one: its curves grow here while it learns.")
    curves(Curves(recipe.epochs_used), key="curves_of_nothing")


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


def _show_state(run: "Run", live: "Live") -> None:
    word, icon = words.STATES[live.state]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"##### {icon} {word} :gray[· {messages.plain(run.name)}]", width="content")
        if live.is_active and run_control.may_stop(run.id):
            st.button("Stop", icon=":material/stop:", on_click=run_control.stop, args=(run.id,), key="stop")
    if live.is_active:
        share = live.step.step / live.steps if live.step and live.steps else 0.0
        st.progress(min(1.0, share), text=_progress_words(live, run.recipe.epochs_used))


def _progress_words(live: "Live", epochs: int) -> str:
    if live.position:
        return f"Place {live.position} in line"
    if live.steps == 0:  # a support vector machine takes no steps
        return "Fitting in one go: this takes some seconds, and cannot be stopped on the way"
    if live.step is None or live.steps is None:
        return "A worker is getting ready"
    epoch = min(int(live.step.epoch) + 1, epochs)
    left = "" if live.remaining_s is None else f" · about {words.duration(live.remaining_s)} left"
    return f"Epoch {epoch} of {epochs} · step {live.step.step:,} of {live.steps:,}{left}"


def _show_end(run: "Run") -> None:
    if run.error is not None:
        messages.show_error(run.error)
    if run.state != "finished":
        st.info(_kept_words(run), icon=":material/inventory_2:")
    if run.test_accuracy is not None:
        _show_result(run, run.test_accuracy)
    with st.container(horizontal=True, vertical_alignment="center"):
        if run.epochs_done:
            navigation.link("mistakes", "See its mistakes", {"run": run.id}, icon=":material/grid_on:")
            navigation.link("draw", "Draw with it", {"run": run.id}, icon=":material/draw:")
        st.button(
            "Use its settings", icon=":material/tune:", type="tertiary", on_click=recipe_form.use, args=(run.recipe,)
        )


def _kept_words(run: "Run") -> str:
    if not run.epochs_done:
        return "No epoch was finished, so there is no model to look at."
    accuracy = words.percent(run.validation_accuracy or 0.0, 2)
    return f"The model after epoch {run.epochs_done} is kept: {accuracy} on the validation images."


def _show_result(run: "Run", accuracy: float) -> None:
    """The test accuracy beside what it can be compared with."""
    count = services.test_count()
    standards = services.standards(run)
    places = st.columns(1 + len(standards))
    places[0].metric(
        "Test accuracy",
        words.percent(accuracy, 2),
        words.wrong_of(accuracy, count),
        delta_color="off",
        delta_arrow="off",
        help=f"Share of MNIST's {count:,} test images read right, looked at once, when the run ended.",
    )
    for place, (name, standard) in zip(places[1:], standards.items(), strict=True):
        place.metric(
            f"Against {name}",
            words.points(accuracy - standard),
            f"it has {words.percent(standard, 2)}",
            delta_color="off",
            delta_arrow="off",
            help=_NOISE_HELP,
        )


def _curves(curve: "Curve", epochs: int) -> Curves:
    return Curves(
        epochs=epochs,
        training_loss=_finite((step.epoch, step.loss) for step in curve.steps),
        validation_loss=_finite((row.epoch, row.validation_loss) for row in curve.epochs),
        training_accuracy=_finite((row.epoch, row.training_accuracy) for row in curve.epochs),
        validation_accuracy=_finite((row.epoch, row.validation_accuracy) for row in curve.epochs),
    )


def _finite(points: Iterable[Point]) -> list[Point]:
    """Without what cannot be drawn: the loss of a run that diverged."""
    return [point for point in points if math.isfinite(point[1])]
