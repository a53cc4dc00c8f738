"""Digit Clinic: draw a digit, break the model, find out why."""

import streamlit as st

if __name__ == "__main__":  # as Streamlit runs it for a visitor
    from mnist_core.ui import navigation

    navigation.set_up()
    navigation.run()
else:  # as `streamlit run app.py` imports it, once, to serve it
    from streamlit.runtime.pages_manager import PagesManager

    from mnist_core.ui import front_door, theme_message

    PagesManager.uses_pages_directory = False  # else a fresh server shows a sidebar with file names for a moment
    theme_message.keep()
    app = st.App(__file__, **front_door.options())
