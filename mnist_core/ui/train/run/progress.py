"""How far a run is: its state, how much is done, and how long it will still take."""

from typing import TYPE_CHECKING

import streamlit as st

from mnist_core.ui.common import messages, words
from mnist_core.ui.common.section import section
from mnist_core.ui.train.run.snapshot import Record

if TYPE_CHECKING:
    from mnist_core.runs.queue.live import Live


@section("The progress of the run")
def show(record: Record) -> None:
    """The run's name and state; while it goes on, how far it is."""
    live = record.live
    word, icon = words.STATES[live.state]
    st.markdown(f"##### {icon} {word} :gray[· {messages.plain(record.run.name)}]")
    if live.is_active:
        st.progress(words.share_done(live), text=progress_words(live, record.epochs))


def progress_words(live: "Live", epochs: int) -> str:
    """How much of the run is done in words, with the time that is left where it is known."""
    if live.position:
        return words.waiting(live)
    if live.steps == 0:  # a support vector machine takes no steps
        return _fitting_words(live)
    if not live.steps or not live.steps_done:
        return "Paused before the first step" if live.is_paused else "Starting worker"
    if live.is_paused:
        return f"Paused after step {live.steps_done:,} of {live.steps:,} · {_epoch_words(live, epochs)}"
    return f"Step {live.steps_done:,} of {live.steps:,} · {_epoch_words(live, epochs)}{words.left(live)}"


def _fitting_words(live: "Live") -> str:
    if live.fitted is None:
        return "Fitting 45 one-vs-one SVMs"
    one, other = live.fitted.pair
    done = f"{live.fitted.done} of {live.fitted.of} SVMs"
    if live.is_paused:
        return f"Paused after {done}"
    return f"Fitted {done} · newest: {one} against {other}{words.left(live)}"


def _epoch_words(live: "Live", epochs: int) -> str:
    done = live.steps_done * epochs / live.steps if live.steps else 0.0
    return f"epoch {min(int(done) + 1, epochs)} of {epochs}"
