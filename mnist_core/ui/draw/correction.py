"""A correction that the diagnosis found and people applied: the page then goes on with the corrected picture."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.ui.common import messages
from mnist_core.ui.common.section import section
from mnist_core.ui.draw import steps_choice
from mnist_core.ui.draw.current_digit import CurrentDigit, key_of

if TYPE_CHECKING:
    from mnist_core.diagnosis.diagnosis import Fix

_APPLIED = "applied_correction"


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """A correction of one picture.

    Attributes:
        original: The key of the picture as it came.
        picture: The picture after it, uint8 (H, W).
        steps: Steps of `preprocessing.steps` that belong to it; those of a drawing are switched on for good instead.
        words: What was done, in plain words.
    """

    original: str
    picture: NDArray[np.uint8]
    steps: frozenset[str]
    words: str


def of(picture: NDArray[np.uint8]) -> Applied | None:
    """The correction of that picture (H, W) as it came; for another picture, it is forgotten."""
    applied: Applied | None = st.session_state.get(_APPLIED)
    return applied if applied is not None and applied.original == key_of(picture) else None


def apply(fix: "Fix", subject: CurrentDigit) -> None:
    """Go on with the fix's picture and steps: for callbacks."""
    before: Applied | None = st.session_state.get(_APPLIED)
    again = before is not None and key_of(before.picture) == subject.key
    steps = frozenset(fix.steps)
    if not subject.is_mnist:
        steps_choice.choose(subject.steps | steps)
        steps = frozenset()
    if fix.repairs or steps:
        words = [before.words] if again and before else []
        st.session_state[_APPLIED] = Applied(
            original=before.original if again and before else subject.key,
            picture=fix.picture,
            steps=steps | (before.steps if again and before else frozenset()),
            words=", then ".join([*words, *fix.words]),
        )


@section("The correction")
def show_undo(subject: CurrentDigit) -> None:
    """Say what was corrected, with a button to take it back; nothing for a picture as it came."""
    applied: Applied | None = st.session_state.get(_APPLIED)
    if applied is None or key_of(applied.picture) != subject.key:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"Corrected: {messages.plain(applied.words)}.", icon=":material/healing:", width="stretch")
        st.button("Take it back", icon=":material/undo:", on_click=_on_task_done)


def _on_task_done() -> None:
    st.session_state.pop(_APPLIED, None)
