"""What came of a run: its accuracy, where to go with it, how to continue it, and how to export it."""

from contextlib import suppress
from functools import partial
from itertools import dropwhile

import streamlit as st

from mnist_core.errors import UserError
from mnist_core.export.files import FORMATS, Format
from mnist_core.recipe import FIELDS
from mnist_core.runs.run import Run
from mnist_core.ui import navigation, services
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.section import section
from mnist_core.ui.train import run_control
from mnist_core.ui.train.run.snapshot import Record

_NOISE_HELP = "Two runs that differ only in their seed differ by about 0.1 points: less than that says little."
_MORE_EPOCHS = 3
_LISTED = 30  # runs among which the one before is looked for


@section("The result of the run")
def show(record: Record) -> None:
    """All of that."""
    run = record.run
    if run.state == "diverged":  # the hint says why, and what to do
        st.caption(_kept_words(record))
    elif run.state != "finished":
        if run.error is not None:
            messages.show_error(run.error)
        st.info(_kept_words(record), icon=":material/inventory_2:")
    if run.test_accuracy is not None:
        _show_result(run, run.test_accuracy)
    with st.container(horizontal=True, vertical_alignment="center"):
        if run.epochs_done:
            navigation.link("mistakes", "See its mistakes", {"run": run.id}, icon=":material/grid_on:")
            navigation.link("draw", "Draw with it", {"run": run.id}, icon=":material/draw:")
        if run.epochs_done:
            _show_train_longer(run)
            _show_downloads(run)


def why_not_longer(run: Run) -> str:
    """Why a run cannot go on from where it ended; empty when it can."""
    if run.recipe.model == "svm":
        return "A support vector machine is fitted in one go: there is nothing to continue."
    if run.epochs_done >= FIELDS["epochs"].high:
        return f"It has {run.epochs_done} epochs: more are not possible."
    if not _has_resume_point(run.id, run.epochs_done):
        return "Its last checkpoint was not kept."
    return ""


def _kept_words(record: Record) -> str:
    if not record.run.epochs_done:
        return "No epoch was finished, so there is no model."
    row = next((row for row in record.curve.epochs if row.epoch == record.kept_epoch), record.curve.epochs[-1])
    accuracy = words.percent(row.validation_accuracy, 2)
    return f"The model after epoch {row.epoch} is kept: {accuracy} on the validation images."


def _show_result(run: Run, accuracy: float) -> None:
    """The test accuracy beside what it can be compared with."""
    count = services.test_count()
    about = f"Accuracy on MNIST's {count:,} test images, evaluated once, when the run ended."
    figures = [("Test accuracy", words.percent(accuracy, 2), words.wrong_of(accuracy, count), about)]
    for name, standard in _standards(run).items():
        beside = f"its accuracy: {words.percent(standard, 2)}"
        figures.append((f"Compared with {name}", words.points(accuracy - standard), beside, _NOISE_HELP))
    for place, (label, value, beside, about) in zip(st.columns(len(figures)), figures, strict=True):
        place.metric(label, value, beside, delta_color="off", delta_arrow="off", help=about)


def _standards(run: Run) -> dict[str, float]:
    """The test accuracies that a run can be compared with, by what they are called."""
    found = {"the shipped model": services.shipped_choices()[0].test_accuracy}
    # In the order in which they were made: the clock may have been set back in between.
    earlier = list(dropwhile(lambda other: other.id != run.id, services.store().runs(_LISTED)))[1:]
    before = next((other.test_accuracy for other in earlier if other.test_accuracy is not None), None)
    return found if before is None else {**found, "the run before": before}


def _show_downloads(run: Run) -> None:
    """A file of each kind; each is made when it is asked for."""
    with st.popover("Export", icon=":material/download:", type="tertiary"):
        for name, format in FORMATS.items():
            st.download_button(
                format.label,
                partial(_export, run.id, format),
                file_name=f"digit-clinic-{run.id}{format.suffix}",
                mime=format.mime,
                on_click="ignore",
                help=format.about,
                icon=":material/download:",
                key=f"download_{name}",
                width="stretch",
            )


def _export(run_id: str, format: Format) -> bytes:
    from mnist_core.runs.export_facts import facts_of

    return format.make(facts_of(run_id, services.store()))


def _show_train_longer(run: Run) -> None:
    reason = why_not_longer(run)
    left = max(1, int(FIELDS["epochs"].high) - run.epochs_done)
    missing = run.recipe.epochs - run.epochs_done
    with st.popover(
        "Train longer", icon=":material/playlist_add:", type="tertiary", disabled=bool(reason), help=reason or None
    ):
        more = st.number_input(
            "More epochs",
            min_value=1,
            max_value=left,
            value=min(left, missing if missing > 0 else _MORE_EPOCHS),
            key=f"more_epochs_{run.id}",
        )
        st.caption(
            f"Continues from the end of epoch {run.epochs_done} as a new run; this one stays as it is. The schedule "
            "is stretched over all epochs."
        )
        st.button(
            f"Train {more} more",
            icon=":material/play_arrow:",
            type="primary",
            on_click=_train_longer,
            args=(run, int(more)),
            key="train_longer",
        )


def _train_longer(run: Run, more: int) -> None:
    run_control.start(run.recipe.replace(epochs=run.epochs_done + more), continues=run.id)
    st.rerun()  # the whole page, which shows the new run: the button stands in a part that runs by itself


@st.cache_resource(show_spinner=False, max_entries=200)
def _has_resume_point(run_id: str, epochs_done: int) -> bool:  # noqa: ARG001
    with suppress(UserError):
        return services.store().can_go_on(run_id)
    return False
