"""Which steps prepare the digit: switched on the page, and brought and kept by its address."""

from functools import partial

import streamlit as st

from mnist_core.preprocessing.steps import MNIST_STEPS, RAW, STEP_NAMES
from mnist_core.ui.common import messages, query_params
from mnist_core.ui.common.choice import set_button

_CHOSEN = "chosen_steps"
_PARAMETER = "steps"
_WORDS = {"raw": RAW, "mnist": MNIST_STEPS}


def selected() -> frozenset[str]:
    """The names of the steps that are switched on; MNIST's own at first. The address is brought in step."""
    asked = query_params.new_param(_PARAMETER)
    if asked is not None:
        _take(asked)
    steps: frozenset[str] = st.session_state.get(_CHOSEN, MNIST_STEPS)
    query_params.put({_PARAMETER: None if steps == MNIST_STEPS else as_text(steps)})
    return steps


def choose(steps: frozenset[str]) -> None:
    """Switch on these steps and no others: for callbacks."""
    st.session_state[_CHOSEN] = steps


def switch(step: str, on: bool) -> None:
    """Switch one step on or off: for callbacks."""
    now: frozenset[str] = st.session_state.get(_CHOSEN, MNIST_STEPS)
    choose(now | {step} if on else now - {step})


def show_presets(steps: frozenset[str]) -> None:
    """Buttons for the two sets that people compare: MNIST's own steps, and a plain resize."""
    presets = (
        ("Prepare like MNIST", MNIST_STEPS, "All the steps that MNIST's own digits were made with."),
        ("Just shrink it", RAW, "A plain resize of the whole picture to 28 × 28, as most notebooks do it."),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, preset, help in presets:
            set_button(label, steps == preset, partial(choose, preset), f"preset_{as_text(preset)}", help)


def as_text(steps: frozenset[str]) -> str:
    """The steps as the address says them: `raw`, or their names with commas, in their order."""
    return "raw" if steps == RAW else ",".join(name for name in STEP_NAMES if name in steps)


def _take(text: str) -> None:
    if text.strip().lower() in _WORDS:
        choose(_WORDS[text.strip().lower()])
        return
    names = {name.strip() for name in text.split(",") if name.strip()}
    if unknown := names - set(STEP_NAMES):
        some = ", ".join(sorted(unknown))[:60]
        messages.show_notices([f"There is no step “{some}” in the preparation; the others were taken."])
    choose(frozenset(names & set(STEP_NAMES)))
