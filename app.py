"""Digit Clinic: draw a digit, break the model, find out why."""

import streamlit as st

if __name__ == "__main__":  # as Streamlit runs it for a visitor
    from mnist_core.ui import navigation

    navigation.set_up()
    navigation.run()
else:  # as `streamlit run app.py` imports it, once, to serve it
    from mnist_core.ui import front_door, serving

    serving.prepare()
    app = st.App(__file__, **front_door.options())
