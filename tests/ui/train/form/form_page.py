"""A page with nothing on it but the form and its two ways to start, as the Train page puts them together."""

import streamlit as st

from mnist_core.ui.common import messages, query_params
from mnist_core.ui.train import recipe_form, run_control
from mnist_core.ui.train.form import presets_picker, state

query_params.enter("form")
run = run_control.opened()
state.read_query_params()
messages.show_notices(state.notices())
left, right = st.columns([0.44, 0.56], gap="medium")
with left:
    form = recipe_form.show()
    presets_picker.show(form.recipe)
with right:
    run_control.show_refusal()
    st.button("Start training", on_click=run_control.start, args=(form.recipe,))
    st.button("Train with a new seed", on_click=recipe_form.new_start, args=(form.recipe,))
    st.write(f"run {run.id}" if run else "no run")
recipe_form.show_previews(form)
