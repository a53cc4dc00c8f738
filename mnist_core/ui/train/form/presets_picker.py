"""The presets: what can be shown and reached as cards that say what will be seen, and tutorial code behind a button."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from mnist_core import setting_words
from mnist_core.presets import PRESETS, Preset
from mnist_core.recipe import Recipe
from mnist_core.ui.common import messages
from mnist_core.ui.common.choice import select, set_button
from mnist_core.ui.common.section import section
from mnist_core.ui.train.form import state

_POPOVER = "presets"
_EXAMPLE = "preset_example"


@section("The presets")
def show(recipe: Recipe) -> None:
    """The cards, and of the preset that the recipe is, what it does and what was measured of it."""
    with st.container(key="show_me"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown("##### Show me", width="content")
            _show_literature(recipe)
        with st.grid(2, min_column_width=210, gap="xsmall"):
            for preset in PRESETS.values():
                if preset.shows:
                    _show_card(preset, preset.recipe == recipe)
        for preset in PRESETS.values():
            if preset.shows and preset.recipe == recipe:
                st.caption(f"**{preset.title}:** {messages.plain(f'{preset.about} {preset.wrong}')}")


def _show_card(preset: Preset, is_set: bool) -> None:
    st.button(
        f"**{preset.title}:** {preset.shows}",
        icon=":material/check:" if is_set else None,
        type="primary" if is_set else "secondary",
        on_click=state.use,
        args=(preset.recipe,),
        key=f"show_me_{preset.key}",
        width="stretch",
        wrap=True,
    )


def _show_literature(recipe: Recipe) -> None:
    """The tutorial examples, behind a button."""
    # Its state is asked for, so that it can be told to close.
    popover = st.popover("Code you'll find online", icon=":material/menu_book:", key=_POPOVER, on_change=lambda: None)
    examples = {preset.key: preset for preset in PRESETS.values() if preset.kind == "literature"}
    if popover.open and examples:
        with popover:
            _show_examples(examples, recipe)


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


def _use_example(version: Callable[[Preset], Recipe]) -> None:
    """Set the form to the chosen example and close the popover, which covers what comes of it."""
    state.use(version(PRESETS[st.session_state[_EXAMPLE]]))
    st.session_state[_POPOVER] = False


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
