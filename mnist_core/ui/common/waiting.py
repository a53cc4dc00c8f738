"""How a page waits for what takes seconds to make: with a bar that says what is being done."""

from typing import TypeVar

import streamlit as st

from mnist_core.ui.common.background_task import Preparing

Made = TypeVar("Made")

NEIGHBORS = "Computing embeddings (once) …"

_LOOK_AGAIN_S = 0.2


def wait_for(made: Preparing[Made], words: str) -> Made:
    """What is being made, once it is ready; until then its progress is shown.

    Raises:
        UserError: As whatever makes it.
    """
    if not made.wait(0):
        bar = st.progress(made.share, words)
        while not made.wait(_LOOK_AGAIN_S):
            bar.progress(made.share, words)
        bar.empty()
    return made.result()
