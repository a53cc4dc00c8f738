"""A page with nothing on it but the map of the linear model's test images."""

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import messages, query_params
from mnist_core.ui.mistakes import map
from mnist_core.ui.mistakes.comparison_state import Comparison

query_params.enter("map")
name = "linear"
looked = Comparison(services.model_option(name), services.evaluation(name))


@st.fragment
def look() -> None:
    with messages.explained():
        map.show(looked)


look()
