"""Train: change one thing, train, and watch what it does."""

import streamlit as st

from mnist_core.recipe import GROUPS
from mnist_core.ui import augmentation_preview, messages, navigation, recipe_form, run_control, run_view, services

navigation.guard()
services.warm()

with messages.explained_or_stop():
    services.engine()
    run = run_control.opened()
recipe_form.take_up_address()
messages.show_notices(recipe_form.notices())
settings, training = st.columns([0.44, 0.56], gap="medium")

with settings:
    title = st.container()
    tabs = dict(zip(GROUPS, st.tabs(list(GROUPS.values())), strict=True))
    for group, tab in tabs.items():
        with tab:
            recipe_form.controls(group)
    recipe = recipe_form.settle()
    with title:
        recipe_form.show_title(recipe)


def watch(run_id: str, was_active: bool) -> None:
    run_control.show_refusal()
    with messages.explained():
        is_active = run_view.show(run_id)
        if was_active and not is_active:
            st.rerun()  # the page without the timer


with training:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.button(
            "Start training", icon=":material/play_arrow:", type="primary", on_click=run_control.start, args=(recipe,)
        )
        run_view.show_size(recipe)
    if run is None:
        run_control.show_refusal()
        run_view.show_nothing_yet(recipe)
    else:
        st.fragment(watch, run_every=run_view.POLL_S if run.is_active else None)(run.id, run.is_active)

with training, messages.explained():
    run_view.show_recent(run.id if run else None)
with tabs["augmentation"], messages.explained():  # last, because MNIST may still have to be loaded
    augmentation_preview.show(recipe)
