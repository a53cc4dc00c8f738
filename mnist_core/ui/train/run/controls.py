"""How far a run is, and what its owner can do to it: pause it, step through it, and change its settings."""

import math
from typing import Any

import streamlit as st

from mnist_core.recipe import CONVOLUTIONAL, FIELDS, Recipe
from mnist_core.runs.queue.live import Live
from mnist_core.training.events import SettingChanged
from mnist_core.ui.common import messages, words
from mnist_core.ui.common.choice import select
from mnist_core.ui.common.section import section
from mnist_core.ui.train import run_control
from mnist_core.ui.train.form.controls import notches
from mnist_core.ui.train.run.snapshot import Record

SPEEDS = {0.0: "Full speed", 10.0: "10 steps per second", 3.0: "3 steps per second", 1.0: "1 step per second"}

_USED_BY = {
    "learning_rate": {"linear", "mlp", *CONVOLUTIONAL},
    "conv_dropout": CONVOLUTIONAL,
    "dense_dropout": {"mlp", *CONVOLUTIONAL},
}
"""The settings that can be changed on the way, and the models that have them."""

_SENT = "sent_changes"


@section("The progress of the run")
def show_progress(record: Record) -> None:
    """The run's name and state; while it goes on, how far it is, and how accurate."""
    live = record.live
    word, icon = words.STATES[live.state]
    st.markdown(f"##### {icon} {word} :gray[· {messages.plain(record.run.name)}]")
    if live.is_active:
        told = (progress_words(live, record.epochs), words.result_of(record.run))
        st.progress(words.share_done(live), text=" · ".join(filter(None, told)))


def progress_words(live: Live, epochs: int) -> str:
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


def _fitting_words(live: Live) -> str:
    if live.fitted is None:
        return "Fitting 45 one-vs-one SVMs"
    one, other = live.fitted.pair
    done = f"{live.fitted.done} of {live.fitted.of} SVMs"
    if live.is_paused:
        return f"Paused after {done}"
    return f"Fitted {done} · newest: {one} against {other}{words.left(live)}"


def _epoch_words(live: Live, epochs: int) -> str:
    done = live.steps_done * epochs / live.steps if live.steps else 0.0
    return f"epoch {min(int(done) + 1, epochs)} of {epochs}"


@section("The controls of the run")
def show(record: Record) -> None:
    """The buttons, and under them the settings; nothing for those who only watch."""
    run_id, live = record.run.id, record.live
    if not run_control.can_control(record.run):
        st.caption("You can watch this run, but not control it: it was started in another browser.")
        return
    is_steerable = live.steps is not None and live.position in (0, None) and live.can_pause
    with st.container(horizontal=True, gap="small", key="run_controls"):  # a phone keeps them in reach
        if is_steerable:
            _show_pause_and_steps(record)
        st.button("Stop", icon=":material/stop:", on_click=run_control.stop, args=(run_id,), key="stop")
        if is_steerable and live.steps:
            _show_speed(record)
    if is_steerable and live.steps:
        with (
            st.expander("Change settings while it trains", icon=":material/tune:", type="compact", key="live_settings"),
            st.grid(3, min_column_width=170, gap=("xsmall", "medium")),
        ):
            for name, models in _USED_BY.items():
                if record.run.recipe.model in models:
                    _show_setting(name, record)
        changed, recipe = record.insight.changed, record.run.recipe
        next_step = record.live.steps_done + 1 if record.live.is_paused else None
        said = [change_words(name, sent, changed, recipe, next_step) for name, sent in _sent(run_id).items()]
        if any(said):
            st.caption(" · ".join(filter(None, said)))


def steps_an_epoch(record: Record) -> int:
    """How many steps an epoch takes; at least 1."""
    return max(1, round((record.live.steps or 0) / record.epochs))


def change_words(
    name: str, sent: float, changed: tuple[SettingChanged, ...], recipe: Recipe, next_step: int | None = None
) -> str:
    """What became of a change that was sent: whether the run has it, and from which step it counts.

    Args:
        name, sent: The field, and its new value.
        changed: What the run says it has taken over.
        recipe: What it began with.
        next_step: Of a paused run, which takes it over before that step in any case.
    """
    taken = [change for change in changed if change.name == name]
    now = taken[-1].value if taken else float(getattr(recipe, name))
    label = f"{FIELDS[name].label} {sent:g}"
    if not math.isclose(now, sent, abs_tol=1e-12):
        return f"{label}: sent" if next_step is None else f"{label}: counts from step {next_step:,}"
    return f"{label}: counts from step {taken[-1].step + 1:,}" if taken else ""


def _show_pause_and_steps(record: Record) -> None:
    # Without `help`: Streamlit makes a button with help twice (1.67), and its key on the keyboard would press both.
    run_id, is_paused, is_svm = record.run.id, record.live.is_paused, not record.live.steps
    st.button(
        "Resume" if is_paused else "Pause",
        icon=":material/play_arrow:" if is_paused else ":material/pause:",
        type="primary" if is_paused else "secondary",
        on_click=run_control.set_control,
        args=(run_id,),
        kwargs={"pause": not is_paused, "until_step": 0},
        key="pause",  # one button in two states, so that it keeps the keyboard's focus
        shortcut="P",
    )
    ways = [("One pair" if is_svm else "One step", "skip_next", 1, "one_step", "S")]
    if not is_svm:
        ways.append(("One epoch", "fast_forward", steps_an_epoch(record), "one_epoch", "E"))
    for label, icon, steps, key, shortcut in ways:
        st.button(
            label,
            icon=f":material/{icon}:",
            on_click=run_control.take_steps,
            args=(run_id, steps),
            key=key,
            shortcut=shortcut,
        )


def _show_speed(record: Record) -> None:
    key = f"speed_{record.run.id}"
    now = record.live.control.steps_per_s
    select(
        "Speed",
        SPEEDS,
        key,
        index=list(SPEEDS).index(now) if now in SPEEDS else 0,
        on_change=lambda: run_control.set_control(record.run.id, steps_per_s=st.session_state[key]),
        label_visibility="collapsed",
        width=185,
    )


def _show_setting(name: str, record: Record) -> None:
    field, run_id = FIELDS[name], record.run.id
    key = f"live_{name}_{run_id}"
    begun = float(getattr(record.run.recipe, name))
    wanted = getattr(record.live.control, name)
    now = float(st.session_state.get(key, begun if wanted is None else wanted))

    def send() -> None:
        value = float(st.session_state[key])
        _sent(run_id)[name] = value
        run_control.set_control(run_id, **{name: value})

    shared: dict[str, Any] = {"value": now, "key": key, "on_change": send}
    if field.log:
        about = f"{field.help} The schedule goes on, scaled to it."
        st.select_slider(field.label, notches(field, begun), format_func="{:g}".format, help=about, **shared)
    else:
        st.slider(field.label, field.low, field.high, step=0.05, format="percent", help=field.help, **shared)


def _sent(run_id: str) -> dict[str, float]:
    """What this session has changed of that run, by the settings' names."""
    every: dict[str, dict[str, float]] = st.session_state.setdefault(_SENT, {})
    return every.setdefault(run_id, {})
