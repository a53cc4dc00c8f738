"""Hints on the page: what a run shows, and the change that is worth trying, one press away."""

from collections.abc import Mapping, Sequence

import streamlit as st

from mnist_core.errors import UserError
from mnist_core.fields import Value
from mnist_core.recipe import FIELDS, Recipe
from mnist_core.setting_words import in_a_sentence, value_text
from mnist_core.training.hints import Hint
from mnist_core.ui.common import messages
from mnist_core.ui.common.section import section
from mnist_core.ui.train.form import state

MOST = 3
"""More at once is no help."""


@section("The hints")
def show(hints: Sequence[Hint], recipe: Recipe) -> None:
    """Show the first hints (they come the most important first), each with a button that changes the recipe.

    Args:
        hints: As `training.hints.hints` gives them; nothing is shown when there are none.
        recipe: The recipe of the run that they are about, which the change is made to.
    """
    for place, hint in enumerate(hints[:MOST]):
        with st.container(border=True, gap="xsmall", key=f"hint_{place}"):
            where = f" :gray[· step {hint.step:,}]" if hint.step is not None else ""
            st.markdown(f":material/lightbulb: **{messages.plain(hint.title)}**{where}")
            st.markdown(messages.plain(hint.text))
            try:
                tried = recipe.replace(**hint.change)
            except UserError:
                continue
            if tried != recipe:
                st.button(
                    f"Try it: {change_words(recipe, hint.change)}",
                    icon=":material/experiment:",
                    type="primary" if place == 0 else "secondary",
                    on_click=_try,
                    args=(tried,),
                    key=f"try_hint_{place}",
                    wrap=True,
                    help="Changes the recipe on this page; then press “Start training”.",
                )


def change_words(recipe: Recipe, change: Mapping[str, Value]) -> str:
    """The change in words: `learning rate 0.1 → 0.01, epochs 1 → 3`."""
    return ", ".join(
        f"{in_a_sentence(FIELDS[name].label)} {value_text(FIELDS[name], getattr(recipe, name))} → "
        f"{value_text(FIELDS[name], value)}"
        for name, value in change.items()
    )


def _try(recipe: Recipe) -> None:
    state.use(recipe)
    st.rerun()  # the whole page: hints may stand in a part that runs by itself, the form does not
