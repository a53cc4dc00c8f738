"""Train: change one thing, train, and watch what it does."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_core.recipe import Recipe
from mnist_core.ui import navigation, services
from mnist_core.ui.common import messages
from mnist_core.ui.common.turns import fragment
from mnist_core.ui.train import recipe_form, run_control, run_view, runs_table
from mnist_core.ui.train.form import presets_picker, state

navigation.guard()


@fragment
@messages.explained(part="The training")
def train(recipe: Recipe, below: DeltaGenerator) -> None:
    """What starts a run, the run, and below the others: without the form, which pressing Start leaves as it is."""
    run = run_control.opened()
    start_row = st.container(key="start_row", horizontal=True, vertical_alignment="center")
    with start_row:
        run_view.show_start(recipe)
    if run is None:
        run_control.show_refusal()
        run_view.show_nothing_yet(recipe)
    else:
        run_view.show_difference(run, recipe)
    with below:
        runs_table.show(run.id if run else None)
    with start_row:
        run_view.show_tracked()
    if run is not None:  # last, because it goes on by itself
        every_s = run_view.every_s(run.id)
        fragment(watch, run_every=every_s)(run.id, every_s)


def watch(run_id: str, every_s: float | None) -> None:
    run_control.show_refusal()
    with messages.explained():
        if run_view.show(run_id) != every_s:
            st.rerun()  # the page with another timer, or without one


with messages.explained_or_stop():
    services.engine()
state.read_query_params()
messages.show_notices(state.notices())
with st.container(key="train_page"):  # by this name, a phone shows the second column first
    settings, training = st.columns([0.41, 0.59], gap="medium")
below = st.container()
with settings:
    form = recipe_form.show()
    navigation.link("data", "Look at its training images", form.recipe.to_query(), icon=":material/dataset:")
    presets_picker.show(form.recipe)
with training:
    train(form.recipe, below)
services.preload()
recipe_form.show_previews(form)  # last, because MNIST and torch may still have to be loaded
