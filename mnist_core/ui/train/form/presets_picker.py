"""The presets: augmentation, goals, tutorial code and failures, behind one button."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from mnist_core.presets import PRESETS, Preset
from mnist_core.recipe import Recipe
from mnist_core.ui.common.choice import choose, select, set_button
from mnist_core.ui.train.form import setting_words, state

_KINDS = {"augmentation": "Augmentation", "goal": "Goals", "literature": "Code you'll find online", "fault": "Failures"}
_SAID = {
    "augmentation": "Sets the augmentation and leaves everything else unchanged.",
    "goal": "Whole recipes that were tuned for one goal: speed or accuracy.",
    "literature": "Three popular tutorial examples: what they do, what is wrong with them, and the fixed versions.",
    "fault": "A whole recipe that fails in one way, to train and examine.",
}
_POPOVER = "presets"
_KIND = "preset_kind"
_EXAMPLE = "preset_example"


def show(recipe: Recipe) -> None:
    """What can be started from, behind one button."""
    # Its state is asked for, so that it can be told to close.
    with st.popover("Presets", icon=":material/menu_book:", key=_POPOVER, on_change=lambda: None):
        kind = choose("Kind of preset", _KINDS, _KIND, label_visibility="collapsed")
        st.caption(_SAID[kind])
        found = {preset.key: preset for preset in PRESETS.values() if preset.kind == kind}
        if kind == "literature":
            _show_examples(found, recipe)
            return
        for preset in found.values():
            with st.container(gap="xsmall"):
                target = preset.apply(recipe)
                set_button(preset.title, target == recipe, partial(_use, target), key=f"preset_{preset.key}")
                st.caption(" ".join(text for text in (preset.about, preset.wrong) if text))


def _show_examples(examples: dict[str, Preset], recipe: Recipe) -> None:
    titles = {key: preset.title for key, preset in examples.items()}
    preset = examples[select("Which example", titles, _EXAMPLE, label_visibility="collapsed")]
    st.markdown(preset.about)
    st.code(preset.code, language="python")
    st.caption(f"From {preset.source}." if preset.source else "")
    st.markdown(f"**What is wrong with it.** {preset.wrong}")
    if preset.corrections:
        st.markdown("**Fixed:**")
        st.table(corrections_table(preset), hide_index=True)
    # The example is asked for when the button is pressed: whoever chooses one and presses at once, before the page has
    # followed, means the one just chosen.
    with st.container(horizontal=True):
        use_written = partial(_use_example, lambda chosen: chosen.recipe)
        set_button("Use original", preset.recipe == recipe, use_written, key="use_written")
        if preset.corrected:
            use_fixed = partial(_use_example, lambda chosen: chosen.corrected or chosen.recipe)
            set_button("Use the fixed version", preset.corrected == recipe, use_fixed, key="use_corrected")


def _use(recipe: Recipe) -> None:
    """Set the form to that recipe and close the presets, which cover what comes of it."""
    state.use(recipe)
    st.session_state[_POPOVER] = False


def _use_example(version: Callable[[Preset], Recipe]) -> None:
    _use(version(PRESETS[st.session_state[_EXAMPLE]]))


def corrections_table(preset: Preset) -> dict[str, list[str]]:
    """The settings in which the corrected recipe differs from the one as written, in columns."""
    corrected = preset.corrected or preset.recipe
    fields = setting_words.differences(preset.recipe, corrected)
    why = {one.name: one.why for one in preset.corrections}
    return {
        "Setting": [field.label for field in fields],
        "Original": [setting_words.value_text(field, getattr(preset.recipe, field.name)) for field in fields],
        "Fixed": [setting_words.value_text(field, getattr(corrected, field.name)) for field in fields],
        "Why": [why[field.name] for field in fields],
    }
