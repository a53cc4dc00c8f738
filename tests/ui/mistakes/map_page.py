"""A page with nothing on it but the map of the linear model's test images."""

import streamlit as st

from mnist_core.ui import address, messages, services
from mnist_core.ui.mistakes import map
from mnist_core.ui.mistakes.looked import Looked

address.enter("map")
name = "linear"
looked = Looked(services.choice(name), services.evaluation(name))


@st.fragment
def look() -> None:
    with messages.explained():
        map.show(looked)
    st.caption(f"open: {st.session_state.get('mistakes_image')}")


look()
